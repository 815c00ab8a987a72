"""What a form is answered with: for htmx a part of a page, for a browser by itself a page."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponse]

# A form may be sent from any of these, and its browser is sent back there.
PAGES = {"page", "project", "person", "profile"}


class SeeOther(HttpResponseRedirect):
    """What comes next is a page, whatever has been asked for: GET it."""

    status_code = 303


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx puts the answer into a part of the page. A boosted form is after a page, like
    one without htmx."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-Boosted" not in headers


def done(request: HttpRequest, text: str, to: str | None = None) -> HttpResponse:
    """`text` for the line of messages: at once by htmx, whose page hears of what has changed from
    the header; on the page to go to by anything else."""
    if wants_part(request):
        return toast(request, text)
    messages.success(request, text)
    return SeeOther(to or back(request))


def refused(request: HttpRequest, text: str, status: int = 422) -> HttpResponse:
    """The same where nothing has changed."""
    if wants_part(request):
        return toast(request, text, status)
    messages.error(request, text)
    return SeeOther(back(request))


def toast(request: HttpRequest, text: str, status: int = 200) -> HttpResponse:
    """Goes into the line of messages, wherever the form would have its answer."""
    context = {"text": text, "failed": status >= 400}
    response = render(request, "pages/partials/toast.html", context, status=status)
    response["HX-Retarget"] = "#status"
    response["HX-Reswap"] = "innerHTML"
    return response


def words(error: ValidationError) -> str:
    """All that the error says."""
    return " ".join(error.messages)


def back(request: HttpRequest) -> str:
    """The page that the form was on, if it says so and it is one of ours; else the first one."""
    url = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(url)
    try:
        known = resolve(parts.path).url_name in PAGES
    except Resolver404:
        known = False
    return parts._replace(scheme="", netloc="").geturl() if known else "/"


def members_only(view: View) -> View:
    """Others are told to log in: they are on a page that is older than their log-out."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return refused(request, "Log in to change something.", status=403)
        return view(request, *args, **kwargs)

    return checked

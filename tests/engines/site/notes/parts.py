"""Pages and parts of pages for htmx. A test writes the templates, so that it shows the HTML it is about."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.utils.html import format_html
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_POST, require_safe
from django_mizan import client

from .client import save, text_of

POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; script-src 'self'"
)

templates: dict[str, tuple[str, Mapping[str, str]]] = {}


class Texts:
    """For templates: `{{ texts.5 }}` is the text of note 5."""

    def __getitem__(self, note_id: str) -> str:
        return text_of(int(note_id)).text


@csrf_exempt
@conditional_page
def template(request: HttpRequest, name: str) -> HttpResponse:
    """PUT keeps a template, and headers for its answers; GET shows what it makes."""
    if request.method == "PUT":
        given = json.loads(request.body)
        templates[name] = given["template"], given["headers"]
        return HttpResponse(status=204)
    text, headers = templates[name]
    page = engines["django"].from_string(text).render({"texts": Texts()}, request)
    return HttpResponse(page, headers={"Content-Security-Policy": POLICY, **headers})


@require_safe
@conditional_page
def part(request: HttpRequest, note_id: int) -> HttpResponse:
    """One note, for as long as `cache` says. `says`: what it tells to invalidate, which a read may not."""
    response = HttpResponse(format_html("<b>{}</b>", text_of(note_id).text))
    response["Cache-Control"] = request.GET.get("cache", "no-cache")
    if "says" in request.GET:
        response["X-Mizan-Invalidate"] = request.GET["says"]
    return response


@require_POST
@client(
    affects=["note", "bulletin"],
    affects_params={n: ["note_id"] for n in ("note", "bulletin")},
    htmx=True,
)
def edit(request: HttpRequest, note_id: int) -> HttpResponse:
    """Writes a note. Answers with its part, or as the query says: `status` and `to`, or a header of htmx's."""
    save(note_id, request.POST["text"])
    for header in ("HX-Location", "HX-Redirect"):
        if header in request.GET:
            return HttpResponse(status=204, headers={header: request.GET[header]})
    if "to" in request.GET:
        response: HttpResponse = redirect(request.GET["to"])
        response.status_code = int(request.GET.get("status", 302))
        return response
    return HttpResponse(format_html("<b>{}</b>", text_of(note_id).text))


@require_POST
@client(affects=[])
def say(request: HttpRequest) -> HttpResponse:
    """Tells to invalidate what the query lists."""
    return HttpResponse("Said.", headers={"X-Mizan-Invalidate": request.GET["list"]})


def hop(request: HttpRequest) -> HttpResponse:
    """On the way of a redirect, knowing nothing of Mizan."""
    return redirect(request.GET["to"])


@csrf_exempt
def abroad(request: HttpRequest, note_id: int) -> Any:
    """The same edit for pages of other origins, whose scripts see of the header what `expose` allows."""
    response = edit(request, note_id)
    response["Access-Control-Allow-Origin"] = "*"
    if "expose" in request.GET:
        response["Access-Control-Expose-Headers"] = request.GET["expose"]
    return response

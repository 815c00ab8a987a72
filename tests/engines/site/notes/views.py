"""The pages, the package under test, a classic form, and what renews tokens."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.static import serve
from django_mizan import client

from . import tokens
from .client import save

SITE = Path(__file__).resolve().parent.parent
PACKAGE = SITE.parents[2] / "pkg" / "dist"
NODE_MODULES = SITE.parents[2] / "node_modules"

POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; script-src 'self'"
)


@require_safe
def page(
    request: HttpRequest, note_id: int = 0, wasm: bool = True, script: str = ""
) -> HttpResponse:
    """A page that does what a test tells it. Browsers may keep it for the way back."""
    response = render(request, "page.html", {"note_id": note_id, "script": script})
    response["Content-Security-Policy"] = POLICY + (" 'wasm-unsafe-eval'" if wasm else "")
    return response


@require_safe
@never_cache
def asset(request: HttpRequest, name: str, folder: Path) -> HttpResponse:
    response: HttpResponse = serve(request, name, folder)
    return response


def script(request: HttpRequest, name: str) -> HttpResponse:
    return asset(request, f"{name}.js", SITE)


def htmx(request: HttpRequest, version: int) -> HttpResponse:
    return asset(request, "htmx.min.js", NODE_MODULES / f"htmx{version}" / "dist")


@require_safe
@never_cache
def still(request: HttpRequest) -> HttpResponse:
    """Changes nothing, and sets a cookie if that is asked for: all that was said before has come by then."""
    response = HttpResponse("Still here.")
    if "cookie" in request.GET:
        response.set_cookie(request.GET["cookie"], max_age=1)
    return response


@require_POST
@client(affects=["note", "bulletin"], affects_params={n: ["note_id"] for n in ("note", "bulletin")})
def edit(request: HttpRequest, note_id: int) -> HttpResponse:
    """What a form sends. Says what it changed, then redirects if that is asked for."""
    save(note_id, request.POST["text"])
    return (
        redirect("note", note_id=note_id) if "redirect" in request.GET else HttpResponse("Saved.")
    )


@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """A new token for the user of the session."""
    return JsonResponse({"token": tokens.issue(request.user)})

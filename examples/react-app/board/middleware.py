"""A strict content security policy, and a request log for tests."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Next = Callable[[HttpRequest], HttpResponse]

# No eval, no inline script; which scripts there are, each project says.
POLICY = "; ".join(
    [
        "default-src 'none'",
        f"script-src {settings.SCRIPT_SOURCES}",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


class ContentSecurityPolicyMiddleware:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response


class RequestLogMiddleware:
    """Appends `METHOD path?query status` per request to the file settings.REQUEST_LOG."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        self.path = Path(settings.REQUEST_LOG)
        self.lock = Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        line = f"{request.method} {request.get_full_path()} {response.status_code}\n"
        with self.lock, self.path.open("a", encoding="utf-8") as log:
            log.write(line)
        return response

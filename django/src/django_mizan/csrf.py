"""The CSRF check of the endpoints: on every POST without a Bearer token, whatever `auth=` says."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware

from .identity import bearer_token
from .problems import Problem, logger


class _Check(CsrfViewMiddleware):
    """Django's own check, which reports its reason instead of answering with a page."""

    def _reject(self, request: HttpRequest, reason: str) -> Any:
        return reason


def _unused(request: HttpRequest) -> HttpResponse:
    raise AssertionError("the check calls no view")


_check = _Check(_unused)


def check_csrf(request: HttpRequest) -> None:
    """Raises `Problem` of kind "csrf", after which a client fetches `session/` and tries again."""
    if bearer_token(request) is not None:
        return
    _check.process_request(request)
    reason = _check.process_view(request, _unused, (), {})
    if reason is not None:
        logger.warning("CSRF check failed: %s: %s", reason, request.path)
        raise Problem("csrf", str(reason))

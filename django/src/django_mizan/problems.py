"""Errors on the wire: RFC 9457 problem details, never cached, never echoing input."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pydantic
from django.conf import settings
from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise

CONTENT_TYPE: Final = "application/problem+json"
MAX_ERRORS: Final = 20
MAX_TEXT: Final = 200
MAX_NAME: Final = 64

logger = logging.getLogger("django_mizan")

_KINDS: Final[dict[str, tuple[int, str]]] = {
    "malformed": (400, "The request is malformed"),
    "not-canonical": (400, "The query is not canonical"),
    "unauthenticated": (401, "Authentication is required"),
    "forbidden": (403, "Not allowed"),
    "csrf": (403, "The CSRF check failed"),
    "not-found": (404, "Not found"),
    "method-not-allowed": (405, "The method is not allowed"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "The media type is not supported"),
    "invalid-arguments": (422, "The arguments are invalid"),
    "invalid": (422, "The data is invalid"),
    "too-many-requests": (429, "Too many requests"),
    "internal": (500, "The server failed"),
}

ErrorDetail = dict[str, Any]
"""`{"loc": [...], "msg": "...", "type": "..."}`; `loc` begins with the name of the argument."""


class Problem(Exception):
    """An error with its place on the wire. `kind` is the last part of the problem's `type` URN."""

    def __init__(
        self,
        kind: str,
        detail: str = "",
        *,
        errors: Iterable[ErrorDetail] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail or kind)
        self.kind = kind
        self.status, self.title = _KINDS[kind]
        self.detail = detail
        self.errors = list(errors)[:MAX_ERRORS]
        self.headers = dict(headers or {})

    @property
    def document(self) -> dict[str, Any]:
        """The members of RFC 9457, section 3.1, and `errors` where there are some."""
        document: dict[str, Any] = {
            "type": f"urn:mizan:problem:{self.kind}",
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            document["detail"] = self.detail
        if self.errors:
            document["errors"] = self.errors
        return document

    def response(self) -> HttpResponse:
        return HttpResponse(
            json.dumps(self.document, ensure_ascii=False, separators=(",", ":")),
            status=self.status,
            content_type=CONTENT_TYPE,
            headers={**self.headers, "Cache-Control": "no-store"},
        )


class TooManyRequests(Problem):
    """Raise it inside a function to answer 429, with `Retry-After` in seconds where given."""

    def __init__(self, detail: str = "", *, retry_after: int | None = None) -> None:
        headers = None if retry_after is None else {"Retry-After": str(retry_after)}
        super().__init__("too-many-requests", detail, headers=headers)


def problem_from(error: BaseException, request: HttpRequest) -> Problem:
    """The problem that `error`, caught while `request` was handled, is answered with.

    An exception with no place of its own is a bug in the application: it is logged and reported
    as Django does for a view that raises, and its text leaves the process only under DEBUG.
    """
    match error:
        case Problem():
            return error
        case PermissionDenied():
            return Problem("forbidden", _authored(error))
        case Http404():
            return Problem("not-found", _authored(error))
        case ValidationError():
            return Problem("invalid", errors=errors_of_django(error))
        case RequestDataTooBig():
            return Problem("too-large", "The body exceeds DATA_UPLOAD_MAX_MEMORY_SIZE.")
        case UnreadablePostError() | MultiPartParserError():
            return Problem("malformed", "The body could not be read.")
        case SuspiciousOperation():
            return Problem("malformed")
    got_request_exception.send(sender=problem_from, request=request)
    logging.getLogger("django.request").error(
        "Internal Server Error: %s",
        request.path,
        exc_info=sys.exc_info(),
        extra={"status_code": 500, "request": request},
    )
    return Problem("internal", f"{type(error).__name__}: {error}" if settings.DEBUG else "")


def _authored(error: Exception) -> str:
    """The text that the application gave, if it gave a text: Http404 may carry a dict."""
    given = error.args[0] if error.args else ""
    return str(given) if isinstance(given, str | Promise) else ""


def error_detail(loc: Iterable[str | int], msg: str, kind: str) -> ErrorDetail:
    """A name in `loc` may be the client's own, so it is cut where no legal name is longer."""
    return {
        "loc": [part[:MAX_NAME] if isinstance(part, str) else part for part in loc],
        "msg": msg[:MAX_TEXT],
        "type": kind,
    }


def errors_of_pydantic(error: pydantic.ValidationError) -> list[ErrorDetail]:
    """At most `MAX_ERRORS` details, without the input, the context or the link of each."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        error_detail(each["loc"], _without_input(each["type"], each["msg"]), each["type"])
        for each in found[:MAX_ERRORS]
    ]


def _without_input(kind: str, msg: str) -> str:
    """pydantic quotes the tag that it was given; every other message speaks of what is expected."""
    return "Input tag is none of the expected tags" if kind == "union_tag_invalid" else msg


def errors_of_django(error: ValidationError) -> list[ErrorDetail]:
    """A detail for each message: `loc` is the field, or empty for errors of the whole."""
    if not hasattr(error, "error_dict"):
        return [_django_detail([], each) for each in error.error_list]
    return [
        _django_detail([] if name == NON_FIELD_ERRORS else [name], each)
        for name, listed in error.error_dict.items()
        for each in listed
    ]


def _django_detail(loc: list[str], error: ValidationError) -> ErrorDetail:
    return error_detail(loc, " ".join(map(str, error.messages)), error.code or "invalid")

"""The body of a call: JSON, or a form that has the JSON as a part and files as arguments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn, NotRequired

import pydantic
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from pydantic import TypeAdapter
from pydantic_core import to_json
from typing_extensions import TypedDict

from .problems import Problem

JSON: Final = "application/json"
FORM: Final = "multipart/form-data"
PART: Final = "call"


class _Addressed(TypedDict):
    function: str
    args: NotRequired[dict[str, Any]]


_addressed = TypeAdapter(_Addressed)


@dataclass(frozen=True)
class Body:
    """`args` is JSON that is still to be validated; `files` are those of the form, by argument."""

    args: bytes
    files: Mapping[str, list[UploadedFile[Any]]] = field(default_factory=dict)

    def addressed(self) -> tuple[str, Body]:
        """The function and its arguments, of a body `{"function": …, "args": {…}}`."""
        try:
            call = _addressed.validate_json(self.args)
        except pydantic.ValidationError:
            detail = 'The body is not a JSON object with a "function" and "args".'
            raise Problem("malformed", detail) from None
        return call["function"], Body(to_json(call.get("args", {})), self.files)


def body_of(request: HttpRequest) -> Body:
    """Raises `Problem` for any other media type, and for JSON that is none."""
    if request.content_type == JSON:
        body = Body(request.body)
    elif request.content_type == FORM:
        part = request.POST.get(PART)
        if part is None:
            raise Problem("malformed", f"The form has no part {PART!r}.")
        body = Body(part.encode(), dict(request.FILES.lists()))
    else:
        raise Problem("unsupported-media-type", f"A call is sent as {JSON} or {FORM}.")
    _refuse_constants(body.args)
    return body


def _refuse_constants(text: bytes) -> None:
    """NaN and Infinity are no JSON (RFC 8259, section 6), but pydantic's parser takes them."""
    if b"NaN" in text or b"Infinity" in text:
        try:
            json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise Problem("malformed", "The body is not valid JSON.") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)

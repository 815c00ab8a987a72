"""Islands: elements that a component of the page's own bundle takes over, with props from here."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from pydantic_core import PydanticSerializationError, to_jsonable_python

from .keys import MAX_INTEGER, PARAM, InvalidValue

ELEMENT: Final = "mizan-island"
OF_THE_ELEMENT: Final = ("id", "class", "style", "slot")

_COMPONENT = re.compile(r"[A-Za-z_$][A-Za-z0-9_$.-]*")
_TEXT = re.compile(r'(?!(?:true|false|null)\s*\Z)[^\s\d"\[{\0-][^\r\0]*')
"""A text that reads as no JSON, and that the parser of HTML leaves as it is."""


def island(name: str, props: Mapping[str, Any], values: Mapping[str, Any]) -> SafeString:
    """The element of the component `name`. None among `values` is "not given".

    What is no text, or would be read as something else, is written as JSON. Where a name might
    mean something to HTML (`hidden`, `onclick`), which no name with an underscore does, its value
    stands in the attribute `props`.

    Raises `InvalidValue` for what has no place in an element or no exact JSON.
    """
    if not _COMPONENT.fullmatch(name):
        raise InvalidValue(
            f"{name!r} is no name of a component: letters, digits, `_`, `$`, `.`, `-`"
        )
    attributes = {"name": name}
    others: dict[str, Any] = {}
    for key, value in values.items():
        if value is None:
            continue
        if key in OF_THE_ELEMENT:
            attributes[key] = str(value)
        elif PARAM.fullmatch(key) and "_" in key:
            attributes[key] = _text(_plain(name, key, value))
        else:
            others[key] = value
    for key in props.keys() & values.keys():
        raise InvalidValue(f"{name}: the prop {key!r} is given twice, by itself and in `props`")
    others.update(props)
    if others:
        attributes["props"] = _json({key: _plain(name, key, each) for key, each in others.items()})
    written = format_html_join("", ' {}="{}"', attributes.items())
    return format_html("<{}{}></{}>", ELEMENT, written, ELEMENT)


def _plain(component: str, prop: str, value: Any) -> Any:
    """What a reader of its JSON gets."""
    try:
        text = _json(to_jsonable_python(value, fallback=_translated))
        return json.loads(text, parse_int=_exact)
    except (ValueError, PydanticSerializationError, RecursionError) as error:
        raise InvalidValue(f"{component}: the prop {prop!r} has no JSON: {error}") from None


def _translated(value: Any) -> str:
    if isinstance(value, Promise):
        return str(value)
    raise ValueError(f"{type(value).__name__} is none of what JSON can say")


def _exact(digits: str) -> int:
    value = int(digits)
    if abs(value) > MAX_INTEGER:
        raise ValueError(f"JavaScript would round {digits[:40]}: give it as a string")
    return value


def _text(value: Any) -> str:
    if isinstance(value, str) and _TEXT.fullmatch(value):
        return value
    return _json(value)


def _json(value: Any) -> str:
    """In ASCII: what HTML would change in a text is an escape."""
    return json.dumps(value, separators=(",", ":"), allow_nan=False)

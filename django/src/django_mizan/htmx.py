"""`HX-Trigger`: what a view invalidates, as events that htmx raises by itself.

For pages that load htmx and no script of ours: `hx-trigger="mizan:user from:document"`. Not from
the body: where the element that asked is gone by then, htmx 4 raises the event on the document.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, Final, TypeAlias

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .invalidation import (
    EVERYTHING,
    LIMIT,
    Invalidation,
    is_redirect,
    read_field,
    request_id,
)
from .invalidation import HEADER as FIELD
from .keys import InvalidValue, canonical, scalar
from .problems import logger
from .registry import registry

HEADER: Final = "HX-Trigger"
PREFIX: Final = "mizan:"

RESERVED: Final = frozenset({"cancelled", "elt", "error", "target"})
"""What htmx reads in a detail: a param of that name would send the event elsewhere or nowhere."""

Detail: TypeAlias = Mapping[str, str]
"""The canonical texts of the params, as in the events of the script."""

Events: TypeAlias = Mapping[str, Detail]


def write_trigger(request: HttpRequest, response: HttpResponseBase, origin: str) -> None:
    """Adds an event for each context that the field of `response` names, if htmx will read it.

    With the script in the page, the events are the script's to raise. An answer to an unsafe
    method is not stored (RFC 9110, section 9.3), so there is no `Vary`.
    """
    field = response.get(FIELD, "")
    if not field or request.headers.get("HX-Request") != "true" or request_id(request) is not None:
        return
    if is_redirect(response):
        _warn_of_redirect(origin)
        return
    own = _own(response.get(HEADER, ""), origin)
    events = _events(field)
    text = _serialized(events, own)
    if len(text) > LIMIT:
        # Names stay, whatever their length: it is the project's alone, and checked (mizan.W006).
        text = _serialized({event: {} for event in events}, own)
    response[HEADER] = text


def widest() -> int:
    """The length of the header that names every context."""
    return len(_serialized(_events(EVERYTHING), {}))


def _events(field: str) -> Events:
    """What two members of one context have in common stands for both: a name is a key only once."""
    try:
        members: Iterable[Invalidation] = read_field(field)
    except InvalidValue:
        members = [Invalidation(EVERYTHING)]
    found: dict[str, Detail] = {}
    for each in members:
        names = registry.names if each.context == EVERYTHING else [each.context]
        detail = _detail(each)
        for event in (PREFIX + name for name in names):
            found[event] = _common(found.get(event, detail), detail)
    return found


def _detail(invalidation: Invalidation) -> Detail:
    return {name: text for name, text in invalidation.identity[1] if name not in RESERVED}


def _common(one: Detail, other: Mapping[str, Any]) -> Detail:
    return {name: text for name, text in one.items() if _is(other.get(name), text)}


def _is(value: Any, text: str) -> bool:
    """Whether a value of the view's own event is the one that the canonical text says."""
    try:
        plain = scalar(value)
        return plain is not None and canonical(plain) == text
    except InvalidValue:
        return False


def _serialized(events: Events, own: Mapping[str, Any]) -> str:
    """Ours come first: in htmx 2, the `target` of an event is that of all later ones, too."""
    merged: dict[str, Any] = {**events, **own}
    for name in events.keys() & own.keys():
        merged[name] = _common(events[name], own[name] if isinstance(own[name], dict) else {})
    return json.dumps(merged, separators=(",", ":"))


def _own(text: str, origin: str) -> dict[str, Any]:
    """The events that the view has set itself: names in a list, or a JSON object.

    One that is neither raises nothing in a browser, and would take ours along.
    """
    text = text.strip()
    if not text.startswith("{"):
        return {name: {} for each in text.split(",") if (name := each.strip())}
    try:
        events: dict[str, Any] = json.loads(text, parse_float=_number, parse_constant=_number)
    except (ValueError, RecursionError):
        logger.warning("%s of %s is no JSON, and is left out: %.200s", HEADER, origin, text)
        return {}
    return events


def _number(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value


@functools.cache
def _warn_of_redirect(origin: str) -> None:
    logger.warning(
        "%s answered htmx by a redirect, whose %s no script can see: put {%% mizan_htmx %%} into "
        "the page, or answer 204 with HX-Location",
        origin,
        HEADER,
    )

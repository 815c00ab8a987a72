"""What a response invalidates, and the RFC 9651 List that says so: `X-Mizan-Invalidate`."""

from __future__ import annotations

import re
import secrets
from base64 import b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

import http_sf
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from http_sf.types import BareItemType

from .keys import NAME, PARAM, InvalidValue, Scalar, canonical, scalar

HEADER: Final = "X-Mizan-Invalidate"
LIMIT: Final = 4096
"""Bytes of header value, above which the scope is widened."""

COOKIE_PREFIX: Final = "mizan_inv_"
COOKIE_SECONDS: Final = 10
COOKIE_LIMIT: Final = 3800
"""Bytes of cookie value: a browser drops a cookie whose name and value exceed 4,096 bytes."""

REQUEST_HEADER: Final = "X-Mizan-Request"

EVERYTHING: Final = "*"

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_PRINTABLE = re.compile(r"[\x20-\x7e]*")
_REQUEST = re.compile(r"[A-Za-z0-9_-]{8,64}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{8,73}")


@dataclass(frozen=True)
class Invalidation:
    """Every key of `context` whose params contain all of `params`, compared by canonical text.

    The context `*` stands for every context.
    """

    context: str
    params: tuple[tuple[str, Scalar], ...] = ()

    @property
    def identity(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Equal for two invalidations of one meaning. Raises `InvalidValue`."""
        return self.context, tuple(sorted((name, canonical(v)) for name, v in self.params))

    @property
    def wire(self) -> str | dict[str, object]:
        """The form inside a JSON `invalidate` list."""
        if not self.params:
            return self.context
        return {"context": self.context, "params": dict(self.params)}


def invalidation_of(context: str, params: Mapping[str, Any]) -> Invalidation:
    """Raises `InvalidValue` for a param that no key can hold; None is "not given"."""
    pairs: list[tuple[str, Scalar]] = []
    for name, value in params.items():
        if not PARAM.fullmatch(name):
            raise InvalidValue(f"{name!r} is not a legal param name")
        plain = scalar(value)
        if plain is not None:
            canonical(plain)
            pairs.append((name, plain))
    return Invalidation(context, tuple(pairs))


def distinct(invalidations: Iterable[Invalidation]) -> list[Invalidation]:
    """Each invalidation once, in the order of first mention."""
    return list({each.identity: each for each in invalidations}.values())


def field_value(
    invalidations: Iterable[Invalidation],
    limit: int = LIMIT,
    measure: Callable[[str], int] = len,
) -> str:
    """The value of the header field; "" for an empty list.

    Above `limit` the scope is widened, never cut: first the params go, then the names.
    """
    members = distinct(invalidations)
    for scope in (members, distinct(Invalidation(each.context) for each in members)):
        text = _serialized(scope)
        if measure(text) <= limit:
            return text
    return EVERYTHING


def _serialized(members: list[Invalidation]) -> str:
    structure: http_sf.ListType = []
    for name, params in (each.identity for each in members):
        structure.append((http_sf.Token(name), {key: _bare_item(text) for key, text in params}))
    return http_sf.ser(structure) if structure else ""


def _bare_item(text: str) -> BareItemType:
    if _INTEGER.fullmatch(text):
        return int(text)
    return text if _PRINTABLE.fullmatch(text) else http_sf.DisplayString(text)


def read_field(text: str) -> list[Invalidation]:
    """The invalidations that a field says, every value as its canonical text.

    Raises `InvalidValue` for a text that is no such field, or has a date beyond those of Python.
    """
    try:
        structure: Any = http_sf.parse(text.encode(), tltype="list")
    except ValueError as error:
        raise InvalidValue(str(error)) from None
    return [_member(each) for each in structure]


def _member(member: Any) -> Invalidation:
    item, params = member
    name = str(item)
    if not isinstance(item, http_sf.Token) or not (name == EVERYTHING or NAME.fullmatch(name)):
        raise InvalidValue(f"{item!r} is no name of a context")
    texts = {key: _text(value) for key, value in params.items()}
    invalidation = invalidation_of(name, texts)
    return Invalidation(EVERYTHING) if name == EVERYTHING else invalidation


def _text(item: BareItemType) -> str:
    """The canonical text of a bare item of any type."""
    match item:
        case datetime():
            return str(int(item.timestamp()))
        case bytes():
            return b64encode(item).decode()
        case Decimal():
            return canonical(float(item))
        case http_sf.Token() | http_sf.DisplayString():
            return str(item)
    return canonical(item)


def write_field(
    request: HttpRequest, response: HttpResponseBase, invalidations: list[Invalidation]
) -> None:
    """Puts the header on `response` and, on a redirect, the cookie that page code can read.

    Both say what the view wrote into the header by itself, too.

    A header on a 3xx is invisible to fetch and XHR; a cookie survives the hop. The name holds a
    nonce, so that every tab applies each response once and none has to delete it. Where the page
    has named its request, the nonce begins with that name: it then knows what is the answer's own.
    """
    own = response.get(HEADER, "")
    if not own and not invalidations:
        return
    response[HEADER] = _joined(own, invalidations, LIMIT, len)
    if is_redirect(response):
        narrow = _joined(own, invalidations, COOKIE_LIMIT, lambda value: len(_encoded(value)))
        response.set_cookie(
            COOKIE_PREFIX + _new_nonce(request),
            _encoded(narrow),
            max_age=COOKIE_SECONDS,
            path="/",
            samesite="Lax",
            secure=request.is_secure(),
        )


def is_redirect(response: HttpResponseBase) -> bool:
    """Whether a browser goes on to another URL, and shows no script this answer."""
    return 300 <= response.status_code < 400 and response.status_code != 304


def request_id(request: HttpRequest) -> str | None:
    """What the page's script calls this request; None without the script, or for no legal id.

    Only a header says it. No form or link can send one, and a script of another origin only where
    the project's CORS policy allows this very header. Who can send it chooses the name of a cookie
    that begins with `mizan_inv_`, on the answer to its own request, and nothing of its value.
    """
    given = request.headers.get(REQUEST_HEADER, "")
    return given if _REQUEST.fullmatch(given) else None


def seen_nonces(request: HttpRequest) -> list[str]:
    """Those of the redirects that came before this request, as far as their cookies live."""
    names = [name for name in request.COOKIES if name.startswith(COOKIE_PREFIX)]
    nonces = [name.removeprefix(COOKIE_PREFIX) for name in names]
    return [each for each in nonces if _NONCE.fullmatch(each)]


def _new_nonce(request: HttpRequest) -> str:
    """Begins with the id of the request, which a 307 takes to a second view with a cookie, too."""
    given = request_id(request)
    return secrets.token_hex(8) if given is None else f"{given}-{secrets.token_hex(4)}"


def _joined(
    own: str, invalidations: list[Invalidation], limit: int, measure: Callable[[str], int]
) -> str:
    """The field of both. An own one that cannot be read may mean anything, and stays to be seen."""
    try:
        return field_value([*read_field(own), *invalidations], limit, measure)
    except InvalidValue:
        text = f"{own}, {EVERYTHING}"
        return text if measure(text) <= limit else EVERYTHING


def _encoded(value: str) -> str:
    return quote(value, safe="")

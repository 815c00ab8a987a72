"""Canonical text of param values and the key of a context (PROTOCOL.md, "Names, params, keys").

Two values are equal exactly when their canonical texts are equal, in every language that takes
part: the number 5, the string "5" and the header's `5` are one value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from typing import Final, TypeAlias
from urllib.parse import quote

from pydantic_core import PydanticSerializationError, to_jsonable_python

Scalar: TypeAlias = str | bool | int | float

NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
"""Legal names of contexts and functions."""

PARAM: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
"""Legal names of params: each is then an RFC 9651 key without escapes."""

MAX_INTEGER: Final = 2**53 - 1
"""The largest magnitude that JavaScript holds without rounding."""


class InvalidValue(ValueError):
    """The value has no canonical text."""


class InvalidKey(ValueError):
    """`at` is the name of the param at fault, or "context"."""

    def __init__(self, message: str, *, at: str) -> None:
        super().__init__(message)
        self.at = at


def canonical(value: Scalar) -> str:
    """The one text of `value`.

    Raises `InvalidValue` for NaN, infinities, integral numbers beyond ±(2**53 - 1), strings that
    are not Unicode (lone surrogates), and for what is not a scalar.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = str.__str__(value)
        try:
            text.encode()
        except UnicodeEncodeError:
            raise InvalidValue("a string with a lone surrogate is not Unicode") from None
        return text
    if isinstance(value, int):
        return str(_within_range(int(value)))
    if isinstance(value, float):
        if not isfinite(value):
            raise InvalidValue("NaN and infinities are not values")
        if value.is_integer():
            return str(_within_range(int(value)))
        return _fraction(value)
    raise InvalidValue(f"a param is a string, a boolean or a number, not {type(value).__name__}")


def _within_range(value: int) -> int:
    if abs(value) > MAX_INTEGER:
        raise InvalidValue(
            "an integer beyond ±(2**53 - 1) is not exact in JavaScript: use a string"
        )
    return value


def _fraction(value: float) -> str:
    """ECMAScript Number::toString for a finite number that is not integral.

    Python's `repr` finds the same shortest digits; only the layout differs.
    """
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    assert isinstance(exponent, int)
    text = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + exponent
    if point > 0:
        body = f"{text[:point]}.{text[point:]}"
    elif point > -6:
        body = f"0.{'0' * -point}{text}"
    else:
        mantissa = text if len(text) == 1 else f"{text[0]}.{text[1:]}"
        body = f"{mantissa}e-{1 - point}"
    return f"-{body}" if sign else body


def scalar(value: object) -> Scalar | None:
    """`value` as JSON would carry it: a UUID, a date or an enum member becomes its scalar.

    None stays None ("not given"). Raises `InvalidValue` for lists, objects and the unknown.
    """
    if value is None or type(value) in (str, bool, int, float):
        return value  # type: ignore[return-value]
    try:
        plain = to_jsonable_python(value)
    except (PydanticSerializationError, UnicodeDecodeError):
        plain = value
    if plain is None or isinstance(plain, str | bool | int | float):
        return plain
    raise InvalidValue(f"a param is a string, a boolean or a number, not {type(value).__name__}")


def query(params: Mapping[str, Scalar | None]) -> str:
    """The query string of `params`: sorted by name, values percent-encoded, None left out.

    Raises `InvalidKey`, which names the param.
    """
    pairs = []
    for name in sorted(params):
        value = params[name]
        if value is None:
            continue
        if not PARAM.fullmatch(name):
            raise InvalidKey(f"{name!r} is not a legal param name", at=name)
        try:
            text = canonical(value)
        except InvalidValue as error:
            raise InvalidKey(f"param {name}: {error}", at=name) from None
        pairs.append(f"{name}={quote(text, safe='')}")
    return "&".join(pairs)


def context_key(context: str, params: Mapping[str, Scalar | None] | None = None) -> str:
    """`name` or `name?k=v&k2=v2`. Raises `InvalidKey`, which names what is at fault."""
    if not NAME.fullmatch(context):
        raise InvalidKey(f"{context!r} is not a legal context name", at="context")
    text = query(params or {})
    return f"{context}?{text}" if text else context

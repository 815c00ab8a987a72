"""The result of a function: validated against the declared type, then written as exact JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from math import isfinite
from typing import Any, Final

from pydantic import TypeAdapter

from .json_schema import Generator
from .keys import MAX_INTEGER

_ANY_DIGIT_IS_ZERO: Final = bytes.maketrans(b"123456789", b"000000000")
_LONG_RUN: Final = b"0" * len(str(MAX_INTEGER))
_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?')


class InexactResult(ValueError):
    """The result holds a number that JSON, or JavaScript, cannot carry exactly."""


class Result:
    """What a function returns. The same value gives the same bytes in every process."""

    def __init__(self, annotation: Any) -> None:
        self.annotation = annotation

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.annotation)

    def encode(self, value: Any) -> tuple[Any, bytes]:
        """`value` as its declared type, and its JSON: UTF-8, no whitespace, members in order.

        Raises `pydantic.ValidationError`, `PydanticSerializationError` or `InexactResult`.
        """
        valid = self.adapter.validate_python(value)
        body = self.adapter.dump_json(valid, warnings="error")
        if self._may_hold_floats and b"null" in body:
            _refuse_not_finite(self.adapter.dump_python(valid))
        # Finds a run of digits some twenty times faster than an expression does.
        if _LONG_RUN in body.translate(_ANY_DIGIT_IS_ZERO):
            _refuse_long_integers(body)
        return valid, body

    @cached_property
    def _may_hold_floats(self) -> bool:
        return any(_open_to_floats(each) for each in _nodes(self.schema))

    @property
    def schema(self) -> dict[str, Any]:
        return self.adapter.json_schema(mode="serialization", schema_generator=Generator)

    @property
    def has_unordered_set(self) -> bool:
        """Whether a set is written in its own order, which differs from process to process."""
        return any(
            node.get("type") in ("set", "frozenset") and "serialization" not in node
            for node in _nodes(self.adapter.core_schema)
        )


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every dict in a schema."""
    if isinstance(tree, Mapping):
        yield dict(tree)
        for each in tree.values():
            yield from _nodes(each)
    elif isinstance(tree, list | tuple):
        for each in tree:
            yield from _nodes(each)


def _open_to_floats(node: dict[str, Any]) -> bool:
    """A number, or a place that a schema leaves open and where one may hide."""
    match node.get("type"):
        case "number":
            return True
        case "array":
            return "items" not in node and "prefixItems" not in node
        case "object":
            return node.get("additionalProperties", "properties" not in node) is True
    return not node.keys() - {"title", "description", "default"}


def _refuse_not_finite(value: Any) -> None:
    """pydantic writes NaN and infinities as null: a lie that the reader cannot see."""
    if isinstance(value, float):
        if not isfinite(value):
            raise InexactResult(f"{value!r} has no JSON form; declare the member as `float | None`")
    elif isinstance(value, Mapping):
        for each in value.values():
            _refuse_not_finite(each)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            _refuse_not_finite(each)


def _refuse_long_integers(body: bytes) -> None:
    for found in _TOKEN.finditer(body):
        digits = found[0].lstrip(b"-")
        if digits.isdigit() and (len(digits) > len(_LONG_RUN) or int(digits) > MAX_INTEGER):
            raise InexactResult(
                f"the integer {found[0][:40].decode()} is beyond ±(2**53 - 1), where JavaScript "
                "rounds; declare the member as a string"
            )

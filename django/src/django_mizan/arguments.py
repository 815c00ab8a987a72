"""The arguments of a function: their types, and their validation from JSON, a query or a URL."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NoReturn, NotRequired, TypeAlias

import pydantic
from pydantic import ConfigDict, TypeAdapter
from typing_extensions import TypedDict

from .keys import Scalar, canonical, scalar
from .problems import Problem, errors_of_pydantic

Extra: TypeAlias = Literal["forbid", "ignore"]


@dataclass(frozen=True)
class Param:
    """One argument after `request`."""

    name: str
    annotation: Any
    default: Any = inspect.Parameter.empty

    @property
    def required(self) -> bool:
        return self.default is inspect.Parameter.empty

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.annotation)

    def parse(self, text: str) -> Any:
        """The value that `text` of a query stands for. Raises `pydantic.ValidationError`."""
        try:
            return self.adapter.validate_strings(text)
        except pydantic.ValidationError:
            # Literal[1, 2] takes no strings, only the numbers that they spell.
            try:
                return self.adapter.validate_json(text)
            except pydantic.ValidationError:
                pass
            raise

    def scalar(self, value: Any) -> Scalar | None:
        """`value` as it stands in a key. Raises `InvalidValue`."""
        return scalar(self.adapter.dump_python(value, mode="json"))

    def canonical(self, value: Any) -> str | None:
        """The canonical text of `value`; None for "not given". Raises `InvalidValue`."""
        plain = self.scalar(value)
        return None if plain is None else canonical(plain)


class Arguments:
    """The arguments of one function, by name, in the order of its signature."""

    def __init__(self, title: str, module: str, params: Mapping[str, Param]) -> None:
        self.params = dict(params)
        self._title = title
        self._module = module

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(each.name for each in self.params.values() if each.required)

    @cached_property
    def type(self) -> Any:
        """A TypedDict that refuses extra members; an argument with a default may be absent."""
        return self._typed_dict(
            self._title,
            {
                each.name: each.annotation if each.required else NotRequired[each.annotation]
                for each in self.params.values()
            },
        )

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.type)

    @cached_property
    def _envelope(self) -> TypeAdapter[Any]:
        fields = {"function": str, "args": self.type}
        return TypeAdapter(self._typed_dict("Call", fields, extra="ignore"))

    def _typed_dict(self, title: str, fields: dict[str, Any], extra: Extra = "forbid") -> Any:
        # A TypedDict and not a model: a model has attributes of its own (`json`, `copy`), which
        # an argument may not shadow.
        make: Any = TypedDict
        made = make(title, fields)
        # Arbitrary types for the sake of UploadedFile: what has no JSON Schema, a check refuses.
        made.__pydantic_config__ = ConfigDict(
            extra=extra, allow_inf_nan=False, arbitrary_types_allowed=True
        )
        made.__module__, made.__qualname__ = self._module, title
        return made

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        return {each.name: each.default for each in self.params.values() if not each.required}

    def from_body(self, body: bytes) -> dict[str, Any]:
        """The arguments from a body that is the args object. Raises `Problem`."""
        return self._defaults | _validated(self.adapter.validate_json, body)

    def from_envelope(self, body: bytes) -> dict[str, Any]:
        """The arguments from a body `{"function": …, "args": {…}}`. Raises `Problem`."""
        envelope = _validated(self._envelope.validate_json, body, skip=1)
        arguments: dict[str, Any] = envelope["args"]
        return self._defaults | arguments

    def from_url(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a view, from what its URL pattern captured. Raises `Problem`."""
        return self._defaults | _validated(self.adapter.validate_python, kwargs)


def _validated(validate: Callable[[Any], Any], data: Any, skip: int = 0) -> dict[str, Any]:
    if isinstance(data, bytes):
        _refuse_constants(data)
    try:
        valid: dict[str, Any] = validate(data)
    except pydantic.ValidationError as error:
        errors = errors_of_pydantic(error)
        # `skip` steps lead from the body to the arguments: what fails there, the client wrote.
        if any(each["type"] == "json_invalid" or len(each["loc"]) < skip for each in errors):
            raise Problem("malformed", "The body is not valid JSON.") from None
        errors = [{**each, "loc": each["loc"][skip:]} for each in errors]
        if any(not each["loc"] for each in errors):
            raise Problem("malformed", "The arguments are not a JSON object.") from None
        raise Problem("invalid-arguments", errors=errors) from None
    return valid


def _refuse_constants(body: bytes) -> None:
    """NaN and Infinity are no JSON (RFC 8259, section 6), but pydantic's parser takes them."""
    if b"NaN" in body or b"Infinity" in body:
        try:
            json.loads(body, parse_constant=_refuse)
        except ValueError:
            raise Problem("malformed", "The body is not valid JSON.") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def params_of(signature: inspect.Signature, hints: Mapping[str, Any]) -> dict[str, Param]:
    """The params after `request`, by name. Raises `TypeError` with what is wrong."""
    listed = list(signature.parameters.values())
    if not listed or listed[0].kind not in (
        inspect.Parameter.POSITIONAL_ONLY,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
    ):
        raise TypeError("its first parameter must be the request")
    params = {}
    for each in listed[1:]:
        if each.kind not in (
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            inspect.Parameter.KEYWORD_ONLY,
        ):
            raise TypeError(f"parameter {each.name!r} must be one that a caller can name")
        if each.name not in hints:
            raise TypeError(f"parameter {each.name!r} has no annotation")
        params[each.name] = Param(each.name, hints[each.name], each.default)
    return params

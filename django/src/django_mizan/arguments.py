"""The arguments of a function: their types, and their validation from JSON, a query or a URL."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NotRequired, get_args, get_origin

import pydantic
from django.core.files.uploadedfile import UploadedFile
from pydantic import ConfigDict, TypeAdapter
from pydantic_core import from_json
from typing_extensions import TypedDict

from .body import Body
from .keys import Scalar, canonical, scalar
from .problems import Problem, errors_of_pydantic


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
    def takes_files(self) -> bool:
        return any(
            isinstance(part, type) and issubclass(part, UploadedFile)
            for each in self.params.values()
            for part in parts(each.annotation)
        )

    @cached_property
    def shape(self) -> Any:
        """A TypedDict that refuses extra members; an argument with a default may be absent.

        Not a model: a model has attributes of its own (`json`, `copy`), which no argument may
        shadow.
        """
        fields = {
            each.name: each.annotation if each.required else NotRequired[each.annotation]
            for each in self.params.values()
        }
        make: Any = TypedDict
        made = make(self._title, fields)
        # Arbitrary types for the sake of UploadedFile: what has no JSON Schema, a check refuses.
        made.__pydantic_config__ = ConfigDict(
            extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True
        )
        made.__module__, made.__qualname__ = self._module, self._title
        return made

    @cached_property
    def adapter(self) -> TypeAdapter[Any]:
        return TypeAdapter(self.shape)

    @cached_property
    def _defaults(self) -> dict[str, Any]:
        return {each.name: each.default for each in self.params.values() if not each.required}

    def from_body(self, body: Body) -> dict[str, Any]:
        """The arguments of a call, files included. Raises `Problem`."""
        if not body.files:
            return self._validated(self.adapter.validate_json, body.args)
        try:
            arguments: Any = from_json(body.args)
        except ValueError:
            raise Problem("malformed", "The arguments are not valid JSON.") from None
        if not isinstance(arguments, dict):
            raise Problem("malformed", "The arguments are not a JSON object.")
        for name, files in body.files.items():
            param = self.params.get(name)
            takes_list = param is not None and get_origin(param.annotation) is list
            arguments[name] = files if takes_list or len(files) > 1 else files[0]
        return self._validated(self.adapter.validate_python, arguments)

    def from_url(self, kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a view, from what its URL pattern captured. Raises `Problem`."""
        return self._validated(self.adapter.validate_python, kwargs)

    def _validated(self, validate: Callable[[Any], Any], data: Any) -> dict[str, Any]:
        try:
            valid: dict[str, Any] = validate(data)
        except pydantic.ValidationError as error:
            errors = errors_of_pydantic(error)
            if any(each["type"] == "json_invalid" for each in errors):
                raise Problem("malformed", "The arguments are not valid JSON.") from None
            if any(not each["loc"] for each in errors):
                raise Problem("malformed", "The arguments are not a JSON object.") from None
            raise Problem("invalid-arguments", errors=errors) from None
        return self._defaults | valid


def parts(annotation: Any) -> Iterator[Any]:
    """`annotation` and every type inside its brackets."""
    yield annotation
    yield get_origin(annotation)
    for each in get_args(annotation):
        yield from parts(each)


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

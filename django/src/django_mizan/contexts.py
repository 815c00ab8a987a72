"""Contexts: what the functions that share a name have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from .arguments import Param

if TYPE_CHECKING:
    from .function import Function


@dataclass(frozen=True)
class ReactContext:
    """A named reference to a context: `user = ReactContext("user")`, then `context=user`.

    The plain name means the same; a reference lets an editor find its uses.
    """

    name: str

    def __str__(self) -> str:
        return self.name


ContextName: TypeAlias = str | ReactContext


def name_of(context: ContextName) -> str:
    return context.name if isinstance(context, ReactContext) else context


@dataclass(frozen=True)
class ContextParam:
    """A param of a context, elevated from its functions (PROTOCOL.md, "Param elevation")."""

    name: str
    required: bool
    shared: bool
    sources: Mapping[str, Param]
    """The param of that name of each function that takes it, by the name of the function."""


@dataclass(frozen=True)
class Context:
    """The functions in the order of registration; `views` are pages that show the context."""

    name: str
    functions: Sequence[Function]
    views: Sequence[Function] = ()

    @cached_property
    def params(self) -> dict[str, ContextParam]:
        """Shared by all functions → required, unless all have a default; the others optional."""
        found: dict[str, dict[str, Param]] = {}
        for function in self.functions:
            for param in function.arguments.params.values():
                found.setdefault(param.name, {})[function.name] = param
        elevated = {}
        for name, sources in found.items():
            shared = len(sources) == len(self.functions)
            required = shared and any(each.required for each in sources.values())
            elevated[name] = ContextParam(name, required, shared, sources)
        return elevated

    @property
    def is_async(self) -> bool:
        return any(function.is_async for function in self.functions)

    @cached_property
    def requires_auth(self) -> bool:
        return any(function.auth for function in self.functions)

    @cached_property
    def public(self) -> bool:
        """Whether every function declares `cache="public"` and none asks who is there."""
        return all(function.public for function in self.functions) and not self.requires_auth

"""What a mutation declares to affect, and what that means for one call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from django.http import HttpRequest

from .contexts import ContextName, ReactContext, name_of
from .invalidation import Invalidation, invalidation_of
from .runner import Runner

if TYPE_CHECKING:
    from .function import Function

Scope: TypeAlias = Sequence[str] | Callable[..., Any]
"""Names of arguments, or a callable (request, result, **args) → params (or None: unscoped)."""

Affects: TypeAlias = ContextName | Sequence[ContextName] | None
AffectsParams: TypeAlias = Scope | Mapping[Any, Scope] | None


@dataclass(frozen=True)
class Effect:
    """One context that a function affects; `scope` () means every key of it."""

    context: str
    scope: tuple[str, ...] | Callable[..., Any] = ()

    @property
    def params(self) -> tuple[str, ...]:
        """The arguments that scope it, as far as they are known before the call."""
        return () if callable(self.scope) else self.scope


def effects_of(affects: Affects, affects_params: AffectsParams) -> tuple[Effect, ...]:
    """Raises `TypeError` where `affects_params` has nothing to apply to."""
    if affects is None:
        names = []
    elif isinstance(affects, str | ReactContext):
        names = [name_of(affects)]
    else:
        names = [name_of(each) for each in affects]
    if affects_params is None:
        return tuple(Effect(name) for name in names)
    if not names:
        raise TypeError("affects_params= needs affects=")
    if isinstance(affects_params, str):
        raise TypeError("affects_params= takes a list of names, not a string")
    if not isinstance(affects_params, Mapping):
        return tuple(Effect(name, _scope(affects_params)) for name in names)
    scopes = {name_of(context): _scope(each) for context, each in affects_params.items()}
    if stray := sorted(scopes.keys() - set(names)):
        raise TypeError(f"affects_params= scopes {stray[0]!r}, which affects= does not name")
    return tuple(Effect(name, scopes.get(name, ())) for name in names)


def _scope(scope: Scope) -> tuple[str, ...] | Callable[..., Any]:
    return scope if callable(scope) else tuple(scope)


async def declared(
    function: Function,
    runner: Runner,
    request: HttpRequest,
    result: object,
    arguments: Mapping[str, Any],
) -> list[Invalidation]:
    """The invalidations that the `affects=` of `function` mean for this call."""
    invalidations = []
    for effect in function.effects:
        if callable(effect.scope):
            params = await runner.call(effect.scope, request, result, **arguments) or {}
        else:
            declared_params = function.arguments.params
            params = {name: declared_params[name].scalar(arguments[name]) for name in effect.scope}
        invalidations.append(invalidation_of(effect.context, params))
    return invalidations

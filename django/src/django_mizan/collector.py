"""The invalidations of one request: what was declared, and what the code added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.http import HttpRequest

from .contexts import ContextName, name_of
from .invalidation import EVERYTHING, Invalidation, distinct, invalidation_of
from .registry import registry

_ATTRIBUTE: Final = "_mizan_collector"


class Collector:
    def __init__(self) -> None:
        self.declared: list[Invalidation] = []
        self.explicit: list[Invalidation] = []
        self.htmx = False

    @property
    def all(self) -> list[Invalidation]:
        return distinct([*self.declared, *self.explicit])


@contextmanager
def collecting(request: HttpRequest) -> Iterator[Collector]:
    """Open for the length of a `with` block; a block inside of another one has its collector."""
    outer = _open(request)
    if outer is not None:
        yield outer
        return
    collector = Collector()
    setattr(request, _ATTRIBUTE, collector)
    try:
        yield collector
    finally:
        setattr(request, _ATTRIBUTE, None)


def is_collecting(request: HttpRequest) -> bool:
    """Whether somebody else will tell what has been collected."""
    return _open(request) is not None


def _open(request: HttpRequest) -> Collector | None:
    collector: Collector | None = getattr(request, _ATTRIBUTE, None)
    return collector


def invalidate(request: HttpRequest, name: ContextName, /, **params: Any) -> None:
    """Adds an invalidation to the response of the mutation or view that handles `request`.

    Without params every key of the context is invalidated, with them those whose params contain
    all of them; the name "*" stands for every context.

    Raises `LookupError` for a context, or a param of what is read, that nothing declares,
    `InvalidValue`
    for a value that no key can hold, and `RuntimeError` where no response would carry it.
    """
    collector = _open(request)
    if collector is None:
        raise RuntimeError(
            "invalidate() works inside a @client mutation, or a @client view that handles an "
            "unsafe method, until its response is there, and is given the request that it got"
        )
    context = name_of(name)
    if context != EVERYTHING:
        _require_known(context, params)
    elif params:
        raise LookupError("'*' stands for every context and takes no params")
    collector.explicit.append(invalidation_of(context, params))


def _require_known(context: str, params: Iterable[str]) -> None:
    if context not in registry.names:
        raise LookupError(f"no context is named {context!r}{registry.hint(context)}")
    read = registry.contexts.get(context)
    for name in params:
        if read is not None and name not in read.params:
            raise LookupError(f"context {context!r} has no param {name!r}: it would match no key")

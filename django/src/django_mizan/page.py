"""Views: the functions that return an HttpResponse of their own, routed by the project."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from asgiref.sync import iscoroutinefunction
from django.db import connections, transaction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from .collector import collecting, is_collecting
from .effects import declared
from .function import Function
from .htmx import write_trigger
from .invalidation import Invalidation, write_field
from .problems import Problem, logger
from .runner import ASYNC, SYNC, Runner, drive

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def decorated(function: Function) -> Callable[..., Any]:
    """The view of `function`, sync or async as it is."""
    if iscoroutinefunction(function.call):

        @functools.wraps(function.call)
        async def async_view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            return await _respond(function, ASYNC, request, args, kwargs)

        return async_view

    @functools.wraps(function.call)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return drive(_respond(function, SYNC, request, args, kwargs))

    return view


async def _respond(
    function: Function,
    runner: Runner,
    request: HttpRequest,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> HttpResponseBase:
    """An exception of the view is Django's to answer, and no decorator can reach that response.

    It carries no invalidation, not even one that `invalidate()` added. Where ATOMIC_REQUESTS rolls
    back there is none to tell. Where it does not, a view that fails after it has changed something
    returns a response: one of status 400 and above carries what `invalidate()` added, though not
    what was declared.

    Inside another function, a view leaves it to that one to tell what both have changed.
    """
    try:
        await function.authorize(request, runner)
    except Problem as problem:
        return problem.response()
    arguments = _arguments(function, args, kwargs)
    if request.method in SAFE_METHODS:
        response: HttpResponseBase = await runner.call(function.call, request, **arguments)
        return response
    with collecting(request) as collector:
        collector.htmx |= function.htmx
        response = await runner.call(function.call, request, **arguments)
        if response.status_code < 400:
            collector.declared += await _declared(function, runner, request, response, arguments)
    if not is_collecting(request):
        write_field(request, response, collector.all)
        if collector.htmx:
            write_trigger(request, response, function.origin)
    return response


async def _declared(
    function: Function,
    runner: Runner,
    request: HttpRequest,
    response: HttpResponseBase,
    arguments: dict[str, Any],
) -> list[Invalidation]:
    """Without its scopes where one of them fails: the view has run, and its data may be committed.

    What a scope that fails has done in an open transaction is undone, but not what the view did.
    """
    try:
        with ExitStack() as stack:
            if runner is SYNC:  # Django has no transactions for async code
                for connection in connections.all(initialized_only=True):
                    if connection.in_atomic_block:
                        stack.enter_context(transaction.atomic(using=connection.alias))
            return await declared(function, runner, request, response, arguments)
    except Exception:
        logger.exception("affects_params of %s failed: every key is invalidated", function.origin)
        return [Invalidation(effect.context) for effect in function.effects]


def _arguments(function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """What the URL captured, validated. A URL whose parts do not fit names nothing: 404."""
    bound = inspect.signature(function.call).bind_partial(None, *args, **kwargs).arguments
    captured = {name: bound[name] for name in function.arguments.params if name in bound}
    try:
        return function.arguments.from_url(captured)
    except Problem as problem:
        raise Http404(f"{function.origin}: the URL does not fit: {problem.errors}") from None

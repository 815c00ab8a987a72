"""Views: the functions that return an HttpResponse of their own, routed by the project."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, Final

from asgiref.sync import iscoroutinefunction
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from .collector import open_collector
from .effects import declared
from .function import Function
from .invalidation import write_field
from .problems import Problem
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
    """An exception of the view is Django's to answer; it carries no invalidation.

    A response of status 400 and above carries what `invalidate()` added, not what was declared.
    """
    try:
        await function.authorize(request, runner)
    except Problem as problem:
        return problem.response()
    arguments = _arguments(function, args, kwargs)
    if request.method in SAFE_METHODS:
        response: HttpResponseBase = await runner.call(function.call, request, **arguments)
        return response
    collector = open_collector(request)
    response = await runner.call(function.call, request, **arguments)
    if response.status_code < 400:
        collector.declared = await declared(function, runner, request, response, arguments)
    write_field(request, response, collector.all)
    return response


def _arguments(function: Function, args: tuple[Any, ...], kwargs: dict[str, Any]) -> dict[str, Any]:
    """What the URL captured, validated. A URL whose parts do not fit names nothing: 404."""
    bound = inspect.signature(function.call).bind_partial(None, *args, **kwargs).arguments
    captured = {name: bound[name] for name in function.arguments.params if name in bound}
    try:
        return function.arguments.from_url(captured)
    except Problem as problem:
        raise Http404(f"{function.origin}: the URL does not fit: {problem.errors}") from None

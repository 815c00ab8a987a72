"""How application code is called: one flow, written once, for sync and for async requests.

The flows of this package are `async def` functions that await nothing but a runner. Driven with
`SYNC` they never suspend, so `drive` runs them to their end without an event loop; under ASGI
they are awaited with `ASYNC`.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Protocol, TypeVar

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async

T = TypeVar("T")


class Runner(Protocol):
    async def call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """The result of `function`, sync or async, always awaited."""
        ...


class SyncRunner:
    """Only an async function enters an event loop, and only for its own duration.

    `async_to_sync` sends the database work of an async function back to this thread, so that it
    runs inside the transaction that this thread has open.
    """

    async def call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if iscoroutinefunction(function):
            return async_to_sync(function)(*args, **kwargs)
        result = function(*args, **kwargs)
        return async_to_sync(_awaited)(result) if inspect.isawaitable(result) else result


class AsyncRunner:
    """A sync function runs in Django's thread for sync code."""

    async def call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        if iscoroutinefunction(function):
            return await function(*args, **kwargs)
        result = await sync_to_async(function)(*args, **kwargs)
        return await result if inspect.isawaitable(result) else result


SYNC: Final = SyncRunner()
ASYNC: Final = AsyncRunner()


async def _awaited(awaitable: Awaitable[T]) -> T:
    return await awaitable


def drive(flow: Coroutine[Any, Any, T]) -> T:
    """The result of a flow that was given the `SYNC` runner."""
    try:
        flow.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    flow.close()
    raise RuntimeError("a flow suspended although its runner is the sync one")

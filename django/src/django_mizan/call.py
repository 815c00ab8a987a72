"""A mutation call: one transaction around the function and the validation of its result."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from django.db import connections, transaction
from django.http import HttpRequest

from .collector import collecting
from .effects import declared
from .function import Function
from .invalidation import HEADER, field_value
from .problems import problem_from
from .runner import Runner


async def answer(
    function: Function, arguments: dict[str, Any], request: HttpRequest, runner: Runner
) -> bytes:
    """`{"result": …, "invalidate": […]}`, after the commit.

    Whatever raises rolls back, the validation of the result and `affects_params` included.
    Raises `Problem`, with the header, where an on_commit callback fails: the data has changed.
    """
    commits: list[str] = []
    with collecting(request) as collector:
        try:
            with ExitStack() as stack:
                for alias in _aliases(function.call):
                    stack.enter_context(transaction.atomic(using=alias))
                    transaction.on_commit(partial(commits.append, alias), using=alias)
                value = await runner.call(function.call, request, **arguments)
                valid, body = function.encode(value)
                collector.declared += await declared(function, runner, request, valid, arguments)
        except Exception as error:
            if not commits or not collector.all:
                raise
            problem = problem_from(error, request)
            problem.headers[HEADER] = field_value(collector.all)
            raise problem from error
    # Only now: what an on_commit callback added counts too.
    invalidations = [each.wire for each in collector.all]
    text = json.dumps(invalidations, ensure_ascii=False, separators=(",", ":"))
    return b'{"result":%s,"invalidate":%s}' % (body, text.encode())


def _aliases(function: Callable[..., Any]) -> list[str]:
    """The databases whose transaction a call has.

    The default one, and those with ATOMIC_REQUESTS, but for those that the function was opted
    out of with Django's `non_atomic_requests`.
    """
    opted_out: set[str] = getattr(function, "_non_atomic_requests", set())
    return [
        alias
        for alias, options in connections.settings.items()
        if (alias == "default" or options.get("ATOMIC_REQUESTS"))
        and options["ENGINE"] != "django.db.backends.dummy"
        and alias not in opted_out
    ]

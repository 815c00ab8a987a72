"""Sync and async functions, under WSGI and ASGI."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from board.models import Note
from conftest import Api, problem
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.test import AsyncClient
from django.urls import resolve

from django_mizan import client
from django_mizan.registry import Registry
from django_mizan.runner import SYNC, drive

pytestmark = pytest.mark.django_db(transaction=True)


def in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.AbstractEventLoop]:
    """The event loops that were made during the test."""
    made: list[asyncio.AbstractEventLoop] = []
    initialise = asyncio.BaseEventLoop.__init__

    def noted(loop: asyncio.BaseEventLoop) -> None:
        made.append(loop)
        initialise(loop)

    monkeypatch.setattr(asyncio.BaseEventLoop, "__init__", noted)
    return made


def test_sync_functions_under_wsgi_never_enter_an_event_loop(
    api: Api, ada: User, loops: list[asyncio.AbstractEventLoop]
) -> None:
    """An event loop for each request was measured at 7.8 times the cost."""
    api.client.force_login(ada)
    assert api.fetch("secrets").status_code == 200
    assert api.call("add_note", text="a").status_code == 200
    assert api.client.post("/profile/5/").status_code == 200
    assert api.client.get("/api/mizan/session/").status_code == 200
    assert not loops
    assert api.fetch("clock").status_code == 200
    assert loops


def test_a_context_may_mix_sync_and_async_functions(api: Api) -> None:
    Note.objects.create(text="a")
    assert api.fetch("clock").json() == {"ticks": "tick utc 1", "tocks": "tock utc 1"}


def test_only_a_context_with_an_async_function_has_an_async_view() -> None:
    assert asyncio.iscoroutinefunction(resolve("/api/mizan/ctx/clock/").func)
    assert not asyncio.iscoroutinefunction(resolve("/api/mizan/ctx/user/").func)


class AsyncApi:
    def __init__(self) -> None:
        self.client = AsyncClient(raise_request_exception=False)

    async def fetch(self, context: str, query: str = "", **headers: str) -> Any:
        return await self.client.get(f"/api/mizan/ctx/{context}/?{query}", headers=headers)

    async def call(self, function: str, /, **args: Any) -> Any:
        body = json.dumps({"function": function, "args": args})
        return await self.client.post("/api/mizan/call/", body, content_type="application/json")


def test_under_asgi_the_same_answers_are_given() -> None:
    async def run() -> None:
        api = AsyncApi()
        assert (await api.fetch("user", "user_id=5")).json()["user_profile"]["name"] == "Grace"
        assert (await api.fetch("clock")).json() == {"ticks": "tick utc 0", "tocks": "tock utc 0"}
        again = await api.fetch("clock", zone="x")
        assert (await api.fetch("clock", if_none_match=again["ETag"])).status_code == 304
        assert problem(await api.fetch("clock", "zone=%7e"))["kind"] == "not-canonical"
        assert (await api.call("add_note", text="a")).json()["result"] == 1
        assert (await api.call("add_note_async", text="b")).json()["result"] == 2
        assert (await api.call("add_note_async", text="c", outcome="ill-typed")).status_code == 500
        response = await api.client.post("/tasks/5/close/")
        assert response["X-Mizan-Invalidate"] == "mixed"
        assert len(response.cookies) == 1

    asyncio.run(run())
    assert Note.objects.count() == 2


def test_under_asgi_an_async_function_may_look_at_the_user(ada: User) -> None:
    async def run() -> None:
        api = AsyncApi()
        assert problem(await api.fetch("whoami"))["kind"] == "unauthenticated"
        await api.client.aforce_login(ada)
        response = await api.fetch("whoami")
        assert response.json() == {"whoami": "for ada"}
        assert response["X-Mizan-Identity"] != "anonymous"

    asyncio.run(run())


def test_under_asgi_async_functions_run_in_the_loop_and_sync_ones_beside_it(
    empty: Registry,
) -> None:
    seen = {}

    async def allow_async(request: HttpRequest) -> bool:
        return not request.headers.get("X-Deny")

    def allow(request: HttpRequest) -> Any:
        return allow_async(request)

    @client(context="clock", auth=allow_async)
    async def ticks(request: HttpRequest) -> int:
        seen["ticks"] = in_event_loop()
        return 1

    @client(context="clock", auth=allow)
    def tocks(request: HttpRequest) -> int:
        seen["tocks"] = in_event_loop()
        return 2

    async def run() -> None:
        api = AsyncApi()
        assert (await api.fetch("clock")).json() == {"ticks": 1, "tocks": 2}
        denied = await api.fetch("clock", x_deny="yes")
        assert problem(denied)["kind"] == "unauthenticated"

    asyncio.run(run())
    assert seen == {"ticks": True, "tocks": False}


def test_a_flow_that_suspends_is_an_error_and_not_a_silence() -> None:
    async def flow() -> int:
        await asyncio.sleep(0)
        return 1

    with pytest.raises(RuntimeError, match="suspended"):
        drive(flow())


def test_a_sync_callable_that_returns_an_awaitable_is_awaited() -> None:
    async def one() -> int:
        return 1

    assert drive(SYNC.call(lambda: one())) == 1

"""Views: functions that return a response of their own."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote

import pytest
from asgiref.sync import sync_to_async
from board import client as board
from conftest import Api
from django.contrib.auth.models import AnonymousUser, User
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.test import RequestFactory
from django.views.decorators.http import require_POST

from django_mizan import client, invalidate
from django_mizan.registry import Registry


def test_a_response_to_an_unsafe_method_says_what_it_invalidates(api: Api) -> None:
    response = api.client.post("/profile/5/")
    assert response.status_code == 200
    assert response["X-Mizan-Invalidate"] == "user;user_id=5"
    assert not response.cookies


@pytest.mark.parametrize("method", ["get", "head", "options", "trace"])
def test_a_safe_method_invalidates_nothing(api: Api, method: str) -> None:
    response = getattr(api.client, method)("/profile/5/")
    assert response.status_code == 200
    assert "X-Mizan-Invalidate" not in response


@pytest.mark.parametrize("path", ["/profile/5/", "/tasks/5/close/"])
def test_a_redirect_says_it_in_a_cookie_too(api: Api, path: str) -> None:
    response = api.client.post(path, {"outcome": "redirect"})
    assert response.status_code == 302
    ((name, cookie),) = response.cookies.items()
    assert name.startswith("mizan_inv_")
    assert unquote(cookie.value) == response["X-Mizan-Invalidate"]


def test_a_view_that_fails_carries_nothing_that_was_declared(api: Api) -> None:
    response = api.client.post("/profile/5/", {"outcome": "bad"})
    assert response.status_code == 400
    assert "X-Mizan-Invalidate" not in response


def test_a_view_that_fails_carries_what_it_added_itself(api: Api) -> None:
    response = api.client.post("/profile/5/", {"outcome": "bad but changed"})
    assert response.status_code == 409
    assert response["X-Mizan-Invalidate"] == "news"


def test_a_url_that_does_not_fit_the_types_is_404(api: Api) -> None:
    assert api.client.post("/tasks/five/close/").status_code == 404


def test_an_exception_is_djangos_to_answer(rf: RequestFactory, empty: Registry) -> None:
    @client(affects="user")
    def fail(request: HttpRequest) -> HttpResponse:
        raise Http404

    with pytest.raises(Http404):
        fail(rf.post("/"))


def test_an_exception_carries_nothing_that_was_added(api: Api) -> None:
    response = api.client.post("/profile/5/", {"outcome": "crash after change"})
    assert response.status_code == 500
    assert "X-Mizan-Invalidate" not in response


@pytest.mark.parametrize("response_class", [HttpResponse, JsonResponse, StreamingHttpResponse])
def test_any_response_class_makes_a_view(
    rf: RequestFactory, empty: Registry, response_class: Any
) -> None:
    def show(request: HttpRequest):  # type: ignore[no-untyped-def]
        return response_class({})

    show.__annotations__["return"] = response_class
    decorated = client(affects="user")(show)
    assert decorated(rf.post("/"))["X-Mizan-Invalidate"] == "user"
    assert empty.functions["show"].kind == "view"


def test_an_async_view_stays_async(rf: RequestFactory, empty: Registry) -> None:
    @client(affects="user")
    async def save(request: HttpRequest, number: int) -> HttpResponseRedirect:
        return HttpResponseRedirect(f"/{number}/")

    assert asyncio.iscoroutinefunction(save)
    response = asyncio.run(save(rf.post("/"), number=5))
    assert (response["Location"], response["X-Mizan-Invalidate"]) == ("/5/", "user")


def test_arguments_of_the_url_come_by_name_or_by_position(
    rf: RequestFactory, empty: Registry
) -> None:
    @client
    def show(request: HttpRequest, number: int, word: str = "x") -> HttpResponse:
        return HttpResponse(f"{number!r} {word!r}")

    assert show(rf.get("/"), "5").content == b"5 'x'"  # type: ignore[arg-type]
    assert show(rf.get("/"), number=5, word="y").content == b"5 'y'"


def test_a_scope_may_look_at_the_response(rf: RequestFactory, empty: Registry) -> None:
    @client(affects="user", affects_params=lambda request, response: {"user_id": response["X-Id"]})
    def save(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"X-Id": "7"})

    assert save(rf.post("/"))["X-Mizan-Invalidate"] == "user;user_id=7"


@pytest.mark.parametrize("runs", ["sync", "async"])
def test_a_scope_that_fails_costs_its_narrowness_not_the_answer(
    rf: RequestFactory, empty: Registry, caplog: pytest.LogCaptureFixture, runs: str
) -> None:
    """The view has run: what it changed may be committed, and must not go untold."""

    def scope(request: HttpRequest, response: HttpResponse) -> dict[str, int]:
        return {"user_id": 1 // 0}

    declare = client(affects=["news", "user"], affects_params={"user": scope})

    if runs == "sync":

        @declare
        def save(request: HttpRequest) -> HttpResponse:
            invalidate(request, "*")
            return HttpResponse("saved")

        response = save(rf.post("/"))
    else:

        @declare
        async def save_async(request: HttpRequest) -> HttpResponse:
            invalidate(request, "*")
            return HttpResponse("saved")

        response = asyncio.run(save_async(rf.post("/")))

    assert (response.status_code, response.content) == (200, b"saved")
    assert response["X-Mizan-Invalidate"] == "news, user, *"
    (record,) = caplog.records
    assert record.name == "django_mizan"
    assert "save" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ZeroDivisionError


def test_a_scope_whose_value_no_key_can_hold_costs_its_narrowness(
    rf: RequestFactory, empty: Registry
) -> None:
    @client(affects="user", affects_params=["user_id"])
    def save(request: HttpRequest, user_id: int) -> HttpResponse:
        return HttpResponse()

    assert save(rf.post("/"), user_id=2**60)["X-Mizan-Invalidate"] == "user"


def test_a_view_inside_a_view_tells_with_it(rf: RequestFactory, empty: Registry) -> None:
    @client(affects="user")
    def inner(request: HttpRequest) -> HttpResponse:
        invalidate(request, "*")
        return HttpResponseRedirect("/")

    @client(affects="news")
    def outer(request: HttpRequest) -> HttpResponse:
        response = inner(request)
        assert "X-Mizan-Invalidate" not in response
        return response

    response = outer(rf.post("/"))
    assert response["X-Mizan-Invalidate"] == "user, news, *"
    assert len(response.cookies) == 1


def test_what_is_added_around_a_view_inside_a_view_is_told(
    rf: RequestFactory, empty: Registry
) -> None:
    @client(context="one")
    def one(request: HttpRequest) -> int:
        return 1

    @client(context="two")
    def two(request: HttpRequest) -> int:
        return 2

    @client
    def mutation(request: HttpRequest) -> None:
        invalidate(request, "one")

    @client
    def inner(request: HttpRequest) -> HttpResponse:
        raise Http404

    @client
    async def outer(request: HttpRequest) -> HttpResponse:
        await sync_to_async(mutation)(request)
        with pytest.raises(Http404):
            await sync_to_async(inner)(request)
        invalidate(request, "two")
        return HttpResponse(status=400)

    assert asyncio.run(outer(rf.post("/")))["X-Mizan-Invalidate"] == "one, two"


def test_a_view_inside_that_refuses_declares_nothing(rf: RequestFactory, empty: Registry) -> None:
    @client(affects="user")
    def inner(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=400)

    @client(affects="news")
    def outer(request: HttpRequest) -> HttpResponse:
        inner(request)
        return HttpResponse()

    assert outer(rf.post("/"))["X-Mizan-Invalidate"] == "news"


def test_a_view_inside_a_call_tells_with_it(api: Api, empty: Registry, db: None) -> None:
    @client(affects="news")
    def inner(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @client(affects="user")
    def write(request: HttpRequest) -> None:
        inner(request)
        invalidate(request, "*")

    assert api.call("write").json()["invalidate"] == ["news", "user", "*"]


def test_what_comes_too_late_for_the_response_is_refused(
    rf: RequestFactory, empty: Registry
) -> None:
    """A stream is written after the header: to add something then would be to lose it."""

    @client
    def stream(request: HttpRequest) -> StreamingHttpResponse:
        def parts() -> Any:
            yield b"a"
            invalidate(request, "*")

        return StreamingHttpResponse(parts())

    response = stream(rf.post("/"))
    with pytest.raises(RuntimeError, match="until its response"):
        list(response)


def test_auth_of_a_view_answers_without_a_redirect(
    rf: RequestFactory, empty: Registry, ada: User
) -> None:
    @client(auth=True)
    def show(request: HttpRequest) -> HttpResponse:
        return HttpResponse("shown")

    request = rf.get("/")
    request.user = AnonymousUser()
    assert show(request).status_code == 401
    request.user = ada
    assert show(request).content == b"shown"


def test_a_view_keeps_its_name_and_bears_further_decorators(
    rf: RequestFactory, empty: Registry
) -> None:
    @require_POST
    @client(affects="user")
    def save(request: HttpRequest) -> HttpResponse:
        """Saves."""
        return HttpResponse()

    assert (save.__name__, save.__doc__) == ("save", "Saves.")
    assert save(rf.get("/")).status_code == 405
    assert save(rf.post("/"))["X-Mizan-Invalidate"] == "user"


def test_a_get_cannot_invalidate(rf: RequestFactory, empty: Registry) -> None:
    @client
    def show(request: HttpRequest) -> HttpResponse:
        invalidate(request, "*")
        return HttpResponse()

    with pytest.raises(RuntimeError, match="unsafe method"):
        show(rf.get("/"))
    assert show(rf.post("/"))["X-Mizan-Invalidate"] == "*"


def test_a_context_that_only_pages_show_is_invalidated_like_any_other(
    rf: RequestFactory, empty: Registry
) -> None:
    @client(context="tasks")
    def show(request: HttpRequest, project_id: int) -> HttpResponse:
        return HttpResponse()

    @client
    def save(request: HttpRequest, context: str) -> HttpResponse:
        invalidate(request, context, project_id=3, state="open")
        return HttpResponse()

    assert save(rf.post("/"), "tasks")["X-Mizan-Invalidate"] == 'tasks;project_id=3;state="open"'
    with pytest.raises(LookupError, match="did you mean 'tasks'"):
        save(rf.post("/"), "task")


def test_a_function_that_is_no_view_is_returned_as_it_is() -> None:
    assert not hasattr(board.set_name, "__wrapped__")
    assert board.ping(HttpRequest()) is None

"""`htmx=True`: what a view invalidates, as the events that htmx raises by itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from hypothesis import given
from test_field import invalidations

from django_mizan import client, invalidate
from django_mizan.htmx import _warn_of_redirect, write_trigger
from django_mizan.invalidation import LIMIT, Invalidation, field_value
from django_mizan.keys import canonical
from django_mizan.registry import Registry

HTMX = {"HX-Request": "true"}
SCRIPT = {**HTMX, "X-Mizan-Request": "0123456789abcdef"}


def request_of(method: str = "POST", **headers: str) -> HttpRequest:
    return RequestFactory().generic(method, "/", headers={**HTMX, **headers})


def events(response: HttpResponse) -> dict[str, Any]:
    """Those of an answer, in their order."""
    found = json.loads(response["HX-Trigger"])
    assert isinstance(found, dict)
    return found


def trigger(field: str, own: str = "", status: int = 200) -> HttpResponse:
    """An answer that invalidates `field`, of a view that has set an `HX-Trigger` of its own."""
    response = HttpResponse(status=status, headers={"X-Mizan-Invalidate": field})
    if own:
        response["HX-Trigger"] = own
    write_trigger(request_of(), response, "test")
    return response


@pytest.fixture(params=["sync", "async"])
def view(request: pytest.FixtureRequest, empty: Registry) -> Callable[..., HttpResponse]:
    """Calls a view that affects one user and all news, once with each kind of view."""
    _warn_of_redirect.cache_clear()
    options: Any = {"affects": ["user", "news"], "affects_params": {"user": ["user_id"]}}

    @client(context="tasks")
    def show(request: HttpRequest) -> HttpResponse: ...  # type: ignore[empty-body]

    def answer(request: HttpRequest) -> HttpResponse:
        if request.headers.get("Add"):
            invalidate(request, "*")
        status = int(request.headers.get("Status", 200))
        return HttpResponse(status=status, headers={"Location": "/"} if status == 302 else {})

    def call(request: HttpRequest, htmx: bool = True) -> HttpResponse:
        @client(htmx=htmx, **options)
        def save(request: HttpRequest, user_id: int) -> HttpResponse:
            return answer(request)

        @client(htmx=htmx, **options)
        async def save_async(request: HttpRequest, user_id: int) -> HttpResponse:
            return answer(request)

        return asyncio.run(save_async(request, user_id=5)) if is_async else save(request, user_id=5)

    is_async = request.param == "async"
    return call


View = Callable[..., HttpResponse]


def test_the_answer_to_htmx_raises_an_event_for_each_context(view: View) -> None:
    response = view(request_of())
    assert response["X-Mizan-Invalidate"] == "user;user_id=5, news"
    assert response["HX-Trigger"] == '{"mizan:user":{"user_id":"5"},"mizan:news":{}}'


def test_a_view_that_does_not_ask_for_it_sets_no_event(view: View) -> None:
    assert "HX-Trigger" not in view(request_of(), htmx=False)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "false"}, SCRIPT])
def test_only_a_page_of_htmx_without_the_script_gets_events(
    view: View, headers: dict[str, str]
) -> None:
    """The script raises them by itself: each would come twice."""
    response = view(RequestFactory().post("/", headers=headers))
    assert "HX-Trigger" not in response
    assert response["X-Mizan-Invalidate"] == "user;user_id=5, news"


def test_an_id_that_is_none_does_not_cost_the_events(view: View) -> None:
    assert "HX-Trigger" in view(request_of(**{"X-Mizan-Request": "short"}))


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("headers", [{}, {"Sec-Purpose": "prefetch"}])
def test_a_safe_method_carries_nothing(view: View, method: str, headers: dict[str, str]) -> None:
    response = view(request_of(method, **headers))
    assert response.status_code == 200
    assert not {"HX-Trigger", "X-Mizan-Invalidate"} & set(response.headers)
    assert not response.cookies


def test_an_error_raises_what_the_view_added_itself(view: View) -> None:
    assert "HX-Trigger" not in view(request_of(Status="422"))
    response = view(request_of(Status="422", Add="1"))
    assert response["X-Mizan-Invalidate"] == "*"
    assert events(response) == {"mizan:tasks": {}}


def test_a_redirect_carries_no_event_and_says_so_once(
    view: View, caplog: pytest.LogCaptureFixture
) -> None:
    """No script sees its headers. Once for each view, or the log would be full of it."""
    for _ in range(2):
        response = view(request_of(Status="302"))
        assert "HX-Trigger" not in response
        assert len(response.cookies) == 1
    (record,) = caplog.records
    assert record.name == "django_mizan"
    assert "HX-Location" in record.getMessage()
    assert "save" in record.getMessage()


@pytest.mark.parametrize("request_headers", [{}, SCRIPT])
def test_a_redirect_that_somebody_hears_of_is_no_mistake(
    view: View, caplog: pytest.LogCaptureFixture, request_headers: dict[str, str]
) -> None:
    view(RequestFactory().post("/", headers={**request_headers, "Status": "302"}))
    assert caplog.records == []


@pytest.mark.parametrize("name", ["HX-Location", "HX-Redirect"])
@pytest.mark.parametrize("status", [200, 204])
def test_a_redirect_that_htmx_makes_carries_events(empty: Registry, name: str, status: int) -> None:
    @client(affects="user", htmx=True)
    def save(request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=status, headers={name: "/"})

    response = save(request_of())
    assert events(response) == {"mizan:user": {}}
    assert response[name] == "/"


@pytest.mark.parametrize(("inside", "outside"), [(True, False), (False, True)])
def test_a_view_inside_a_view_raises_its_events_with_it(
    empty: Registry, inside: bool, outside: bool
) -> None:
    @client(affects="user", htmx=inside)
    def inner(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @client(affects="news", htmx=outside)
    def outer(request: HttpRequest) -> HttpResponse:
        response = inner(request)
        assert "HX-Trigger" not in response
        return response

    assert events(outer(request_of())) == {"mizan:user": {}, "mizan:news": {}}


def test_what_is_no_view_cannot_ask_for_events() -> None:
    with pytest.raises(TypeError, match=r"save: htmx=True .* HttpResponse"):

        @client(affects="user", htmx=True)
        def save(request: HttpRequest) -> int: ...  # type: ignore[empty-body]


# What it says


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("user;user_id=5", {"mizan:user": {"user_id": "5"}}),
        ('user;name=%"%c3%a9"', {"mizan:user": {"name": "é"}}),
        (
            'board;on;x=1.50;word=a;text="5x"',
            {"mizan:board": {"on": "true", "x": "1.5", "word": "a", "text": "5x"}},
        ),
        (
            'n;id="007";big="123456789012345678"',
            {"mizan:n": {"id": "007", "big": "123456789012345678"}},
        ),
        ("user;user_id=5, user;user_id=6", {"mizan:user": {}}),
        ("user;user_id=5;tab=1, user;user_id=5;tab=2", {"mizan:user": {"user_id": "5"}}),
        ("user;user_id=5, user", {"mizan:user": {}}),
        (
            "user;user_id=5, news, user;user_id=5",
            {"mizan:user": {"user_id": "5"}, "mizan:news": {}},
        ),
    ],
)
def test_an_event_says_what_all_members_of_its_context_have_in_common(
    empty: Registry, field: str, said: dict[str, Any]
) -> None:
    """A name can be a key only once. What is not said is wider: nothing is lost."""
    assert events(trigger(field)) == said


@pytest.mark.parametrize("name", ["target", "error", "elt", "cancelled"])
def test_a_param_that_htmx_would_take_for_its_own_is_left_out(empty: Registry, name: str) -> None:
    """It would send the event elsewhere, or nowhere."""
    assert events(trigger(f"user;{name}=1;user_id=5")) == {"mizan:user": {"user_id": "5"}}


def test_everything_is_an_event_for_each_context_that_is_known(empty: Registry) -> None:
    @client(context="board")
    def board(request: HttpRequest, project_id: int) -> int:
        return project_id

    @client(context="tasks")
    def tasks(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert events(trigger("board;project_id=3, other, *")) == {
        "mizan:board": {},
        "mizan:other": {},
        "mizan:tasks": {},
    }


def test_a_field_that_cannot_be_read_is_everything(empty: Registry) -> None:
    @client(context="tasks")
    def tasks(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    assert events(trigger("news,, *")) == {"mizan:tasks": {}}


def test_what_a_user_has_typed_stays_inside_of_its_text(empty: Registry) -> None:
    typed = 'a"}, "b\\\r\nSet-Cookie: x\u2028é😀'
    field = field_value([Invalidation("user", (("name", typed),))])
    response = trigger(field)
    assert response["HX-Trigger"].isascii()
    assert response["HX-Trigger"].isprintable()
    assert events(response) == {"mizan:user": {"name": typed}}


@given(invalidations)
def test_no_event_is_missing_or_narrower_than_what_it_stands_for(
    given: list[Invalidation],
) -> None:
    if not given:
        return
    response = trigger(field_value(given, limit=10**9))
    assert response["HX-Trigger"].isascii()
    assert response["HX-Trigger"].isprintable()
    found = events(response)
    assert list(found) == list(dict.fromkeys(f"mizan:{each.context}" for each in given))
    assert len(response["HX-Trigger"]) <= LIMIT or not any(found.values())
    for each in given:
        params = dict(each.identity[1])
        for name, value in found[f"mizan:{each.context}"].items():
            assert canonical(value) == params[name]


def test_above_the_limit_events_lose_their_params_and_none_is_lost(empty: Registry) -> None:
    members = [Invalidation(f"c{i}", (("name", "x" * 80),)) for i in range(40)]
    field = field_value(members)
    assert len(field) <= LIMIT
    found = events(trigger(field))
    assert found == {f"mizan:c{i}": {} for i in range(40)}
    names = ", ".join(f"{'c' * 60}{i}" for i in range(60))
    assert len(events(trigger(names))) == 60


# With what the view has set itself


@pytest.mark.parametrize(
    ("own", "kept"),
    [
        ("saved", {"saved": {}}),
        (" saved , shown,,", {"saved": {}, "shown": {}}),
        ('{"saved":null,"shown":{"at":[1.5,"é"]}}', {"saved": None, "shown": {"at": [1.5, "é"]}}),
        (' {"saved":"x"} ', {"saved": "x"}),
        ("{}", {}),
    ],
)
def test_events_of_the_view_itself_are_kept(
    empty: Registry, own: str, kept: dict[str, Any]
) -> None:
    """Ours come first: in htmx 2, a target of one of the others is that of all later ones."""
    response = trigger("user;user_id=5", own)
    assert list(events(response).items()) == [("mizan:user", {"user_id": "5"}), *kept.items()]
    assert response["HX-Trigger"].isascii()


@pytest.mark.parametrize(
    ("own", "together"),
    [
        ('{"mizan:user":{"user_id":5,"x":1}}', {"user_id": "5"}),
        ('{"mizan:user":{"user_id":6}}', {}),
        ('{"mizan:user":7}', {}),
        ("mizan:user", {}),
    ],
)
def test_an_event_of_ours_that_the_view_has_set_itself_is_one_more_member(
    empty: Registry, own: str, together: dict[str, Any]
) -> None:
    assert events(trigger("user;user_id=5", own)) == {"mizan:user": together}


@pytest.mark.parametrize(
    "own",
    [
        '{"a":',
        '{"a":1} x',
        "{a:1}",
        '{"a":NaN}',
        '{"a":1e999}',
        '{"a":' + "[" * 2000 + "]" * 2000 + "}",
    ],
)
def test_events_of_the_view_that_htmx_cannot_read_give_way(
    empty: Registry, caplog: pytest.LogCaptureFixture, own: str
) -> None:
    """They would have raised nothing, and ours with them."""
    assert events(trigger("user", own)) == {"mizan:user": {}}
    (record,) = caplog.records
    assert record.name == "django_mizan"
    assert own[:5] in record.getMessage()
    assert len(record.getMessage()) < 400


def test_without_an_invalidation_the_events_of_the_view_are_its_own_affair(
    empty: Registry,
) -> None:
    @client(htmx=True)
    def save(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"HX-Trigger": "{a:1}"})

    assert save(request_of())["HX-Trigger"] == "{a:1}"


# What is known to be wrong


@pytest.mark.usefixtures("empty")
def test_a_view_of_redirects_that_asks_for_events_is_found() -> None:
    @client(htmx=True)
    def save(request: HttpRequest) -> HttpResponseRedirect:
        return HttpResponseRedirect("/")

    @client
    def other(request: HttpRequest) -> HttpResponseRedirect:
        return HttpResponseRedirect("/")

    (message,) = run_checks(tags=["mizan"])
    assert message.id == "mizan.W005"
    assert "save" in str(message.obj)
    assert "HX-Location" in str(message.hint)


@pytest.mark.usefixtures("empty")
def test_more_contexts_than_a_header_has_room_for_are_found() -> None:
    def declare(number: int, htmx: bool) -> None:
        def show(request: HttpRequest) -> HttpResponse: ...  # type: ignore[empty-body]

        show.__name__ = f"show_{number}"
        client(context=f"{'c' * 60}{number:02}", htmx=htmx)(show)

    for number in range(55):
        declare(number, htmx=True)
    assert run_checks(tags=["mizan"]) == []
    declare(55, htmx=False)
    (message,) = run_checks(tags=["mizan"])
    assert message.id == "mizan.W006"
    assert "4145 bytes" in message.msg


@pytest.mark.usefixtures("empty")
def test_without_events_there_may_be_any_number_of_contexts() -> None:
    for number in range(99):

        def show(request: HttpRequest) -> HttpResponse: ...  # type: ignore[empty-body]

        show.__name__ = f"show_{number}"
        client(context=f"{'c' * 60}{number:02}")(show)
    assert run_checks(tags=["mizan"]) == []

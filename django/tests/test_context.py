from __future__ import annotations

import json
from datetime import date

import pytest
from conftest import Api, errors, problem
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.middleware.csrf import get_token
from pydantic import BaseModel
from pytest_django import Settings

from django_mizan import client
from django_mizan.registry import Registry
from django_mizan.schema import current_hash

PUBLIC = "public, max-age=0, stale-while-revalidate=300"


def test_a_context_is_one_object_with_a_member_for_each_function(api: Api) -> None:
    response = api.fetch("user", "user_id=5")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.content == (
        b'{"user_profile":{"id":5,"name":"Grace","score":null},'
        b'"user_tasks":[{"id":1,"title":"Write","state":"open"},'
        b'{"id":2,"title":"Read","state":"open"}]}'
    )


def test_every_answer_tells_identity_and_schema(api: Api, ada: User) -> None:
    for response in (api.fetch("user", "user_id=5"), api.fetch("user"), api.fetch("nothing")):
        assert response["X-Mizan-Identity"] == "anonymous"
        assert response["X-Mizan-Schema"] == current_hash()
        assert response["Vary"] == "Authorization, Cookie"


def test_the_same_state_gives_the_same_etag_and_a_304_without_body(api: Api) -> None:
    first = api.fetch("user", "user_id=5")
    etag = first["ETag"]
    assert etag.startswith('"')
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = api.fetch("user", "user_id=5", if_none_match=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == etag
        assert again["Cache-Control"] == "private, no-cache"
        assert again["X-Mizan-Identity"] == "anonymous"
    changed = api.fetch("user", "user_id=1", if_none_match=etag)
    assert changed.status_code == 200
    assert changed["ETag"] != etag


def test_head_has_the_headers_of_get_and_no_body(api: Api) -> None:
    head = api.client.head("/api/mizan/ctx/user/?user_id=5")
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == api.fetch("user", "user_id=5")["ETag"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_any_other_method_is_405_with_allow(api: Api, method: str) -> None:
    response = getattr(api.client, method)("/api/mizan/ctx/user/?user_id=5")
    assert problem(response)["kind"] == "method-not-allowed"
    assert response["Allow"] == "GET, HEAD"


def test_an_unknown_context_is_404_and_debug_names_the_nearest(
    api: Api, settings: Settings
) -> None:
    assert problem(api.fetch("usr"))["detail"] == "There is no such context."
    settings.DEBUG = True
    assert "did you mean 'user'?" in problem(api.fetch("usr"))["detail"]
    assert "did you mean" not in problem(api.fetch("zzzzzz"))["detail"]


# Param elevation


def test_a_param_of_all_functions_is_required(api: Api) -> None:
    response = api.fetch("user")
    assert problem(response)["kind"] == "invalid-arguments"
    assert errors(response) == [(("user_id",), "missing")]


@pytest.mark.usefixtures("empty")
def test_a_shared_param_is_optional_only_where_all_functions_have_a_default(api: Api) -> None:
    @client(context="c")
    def one(request: HttpRequest, strict: int, loose: int = 1) -> int:
        return loose

    @client(context="c")
    def two(request: HttpRequest, strict: int = 2, loose: int = 2) -> int:
        return loose

    assert errors(api.fetch("c")) == [(("strict",), "missing")]
    assert api.fetch("c", "strict=0").json() == {"one": 1, "two": 2}


@pytest.mark.usefixtures("empty")
def test_a_function_whose_own_param_is_not_given_does_not_run(api: Api) -> None:
    @client(context="board")
    def columns(request: HttpRequest, project_id: int) -> int:
        return project_id

    @client(context="board")
    def of_one(request: HttpRequest, project_id: int, assignee: int) -> int:
        return assignee

    assert api.fetch("board", "project_id=3").json() == {"columns": 3}
    both = api.fetch("board", "assignee=7&project_id=3")
    assert both.json() == {"columns": 3, "of_one": 7}


@pytest.mark.usefixtures("empty")
def test_each_function_gets_a_shared_param_in_its_own_type(api: Api) -> None:
    @client(context="c")
    def as_text(request: HttpRequest, day: str) -> str:
        return type(day).__name__

    @client(context="c")
    def as_date(request: HttpRequest, day: date) -> str:
        return type(day).__name__

    assert api.fetch("c", "day=2026-11-22").json() == {"as_text": "str", "as_date": "date"}


# Partial failure


def test_a_function_that_fails_leaves_its_neighbours_alone(api: Api) -> None:
    response = api.fetch("mixed")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert "ETag" not in response
    body = response.json()
    assert body["mixed_open"] == 1
    assert "mixed_closed" not in body
    assert body["$errors"]["mixed_closed"]["status"] == 401


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (PermissionDenied(), 403),
        (Http404(), 404),
        (ValidationError("no"), 422),
        (RuntimeError("x"), 500),
    ],
)
@pytest.mark.usefixtures("empty")
def test_functions_that_all_fail_one_way_give_the_response_that_status(
    api: Api, error: Exception, status: int
) -> None:
    @client(context="c")
    def one(request: HttpRequest) -> int:
        raise error

    @client(context="c")
    def two(request: HttpRequest) -> int:
        raise error

    response = api.fetch("c")
    assert response.status_code == status
    assert problem(response)["status"] == status


@pytest.mark.usefixtures("empty")
def test_functions_that_fail_in_different_ways_give_a_200_with_each_problem(api: Api) -> None:
    @client(context="c")
    def hidden(request: HttpRequest) -> int:
        raise Http404

    @client(context="c")
    def denied(request: HttpRequest) -> int:
        raise PermissionDenied

    response = api.fetch("c")
    assert response.status_code == 200
    assert {k: v["status"] for k, v in response.json()["$errors"].items()} == {
        "hidden": 404,
        "denied": 403,
    }


@pytest.mark.usefixtures("empty")
def test_the_text_of_a_crash_is_told_under_debug_only(api: Api, settings: Settings) -> None:
    @client(context="c")
    def crash(request: HttpRequest) -> int:
        raise RuntimeError("the password is 1234")

    assert "1234" not in api.fetch("c").content.decode()
    settings.DEBUG = True
    assert problem(api.fetch("c"))["detail"] == "RuntimeError: the password is 1234"


@pytest.mark.usefixtures("empty")
def test_a_crash_is_reported_to_django(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    @client(context="c")
    def crash(request: HttpRequest) -> int:
        raise RuntimeError("on fire")

    api.fetch("c")
    (record,) = [each for each in caplog.records if each.name == "django.request" and each.exc_info]
    assert "on fire" in str(record.exc_info)
    # Django's own test client re-raises it, as for any view.
    api.client.raise_request_exception = True
    with pytest.raises(RuntimeError, match="on fire"):
        api.fetch("c")


# Auth


def test_auth_is_401_for_the_anonymous_without_a_redirect(api: Api) -> None:
    response = api.fetch("secrets")
    assert response.status_code == 401
    assert problem(response)["kind"] == "unauthenticated"


def test_auth_lets_the_authenticated_in(api: Api, ada: User) -> None:
    api.client.force_login(ada)
    assert api.fetch("secrets").json() == {"secret": "for ada"}


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.usefixtures("empty")
def test_an_auth_callable_decides_and_is_awaited(api: Api, ada: User, is_async: bool) -> None:
    """A coroutine that is never awaited would be true, and let everybody in."""

    def allowed(request: HttpRequest) -> bool:
        return request.headers.get("X-Pass") == "yes"

    async def allowed_async(request: HttpRequest) -> bool:
        return allowed(request)

    @client(context="c", auth=allowed_async if is_async else allowed)
    def guarded(request: HttpRequest) -> int:
        return 1

    assert problem(api.fetch("c"))["kind"] == "unauthenticated"
    api.client.force_login(ada)
    assert problem(api.fetch("c"))["kind"] == "forbidden"
    assert api.fetch("c", x_pass="yes").json() == {"guarded": 1}


# Cache-Control


def test_a_context_is_private_unless_declared_public(api: Api) -> None:
    assert api.fetch("user", "user_id=5")["Cache-Control"] == "private, no-cache"


def test_a_public_context_names_nobody(api: Api) -> None:
    """A shared cache hands one copy to everybody, so no identity may be in it."""
    response = api.fetch("news")
    assert response["Cache-Control"] == PUBLIC
    assert "X-Mizan-Identity" not in response
    assert not response.cookies
    assert api.fetch("news", if_none_match=response["ETag"])["Cache-Control"] == PUBLIC


@pytest.mark.parametrize("touch", ["session", "user", "csrf"])
@pytest.mark.usefixtures("empty")
def test_a_public_context_that_looks_at_who_asks_is_private(
    api: Api, ada: User, touch: str
) -> None:
    @client(context="c", cache="public")
    def peek(request: HttpRequest) -> str:
        match touch:
            case "session":
                return str(request.session.get("x"))
            case "user":
                return str(request.user)
            case _:
                return get_token(request) and ""

    api.client.force_login(ada)
    response = api.fetch("c")
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Mizan-Identity"] != "anonymous"


def test_a_public_context_is_private_for_a_token(api: Api) -> None:
    """`public` would lift the ban on storing it in shared caches (RFC 9111, section 3.5)."""
    response = api.fetch("news", authorization="Bearer x")
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("empty")
def test_a_context_with_auth_is_never_public(api: Api) -> None:
    """The checks refuse the two together; a project that ignores them is safe all the same."""

    @client(context="c", cache="public", auth=lambda request: True)
    def guarded(request: HttpRequest) -> int:
        return 1

    assert api.fetch("c")["Cache-Control"] == "private, no-cache"


@pytest.mark.usefixtures("empty")
def test_a_public_context_is_private_where_every_request_saves_the_session(
    api: Api, ada: User, settings: Settings
) -> None:
    @client(context="c", cache="public")
    def constant(request: HttpRequest) -> int:
        return 1

    settings.SESSION_SAVE_EVERY_REQUEST = True
    assert api.fetch("c")["Cache-Control"] == PUBLIC
    api.client.force_login(ada)
    response = api.fetch("c")
    assert response["Cache-Control"] == "private, no-cache"
    assert "sessionid" in response.cookies


@pytest.mark.usefixtures("empty")
def test_a_context_is_public_only_if_all_its_functions_are(api: Api) -> None:
    @client(context="c", cache="public")
    def shared(request: HttpRequest) -> int:
        return 1

    @client(context="c")
    def own(request: HttpRequest) -> int:
        return 2

    assert api.fetch("c")["Cache-Control"] == "private, no-cache"


# Results


class Row(BaseModel):
    b: int
    a: str


def test_members_stand_in_the_order_of_the_declaration(api: Api, empty: Registry) -> None:
    @client(context="c")
    def rows(request: HttpRequest) -> list[Row]:
        return [Row(a="ä<", b=1)]

    assert api.fetch("c").content == '{"rows":[{"b":1,"a":"ä<"}]}'.encode()


@pytest.mark.usefixtures("empty")
def test_a_result_that_is_not_of_its_type_is_a_500_that_hides_it(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    @client(context="c")
    def wrong(request: HttpRequest) -> list[Row]:
        return [{"a": "secret", "b": "no number"}]  # type: ignore[list-item]

    response = api.fetch("c")
    assert problem(response)["kind"] == "internal"
    assert "secret" not in response.content.decode()
    (record,) = [each for each in caplog.records if each.exc_info]
    assert record.exc_info
    notes = getattr(record.exc_info[1], "__notes__", [])
    assert any("wrong" in note for note in notes)
    assert json.loads(response.content)["status"] == 500

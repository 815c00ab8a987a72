from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from conftest import Api, errors, problem
from django.contrib.auth.models import User
from django.http import HttpRequest
from pydantic import BaseModel, Field
from pytest_django import Settings

from django_mizan import client, invalidate
from django_mizan.schema import current_hash

pytestmark = pytest.mark.django_db


def test_a_call_answers_its_result_and_what_it_invalidates(api: Api) -> None:
    response = api.call("set_name", user_id=5, name="Ada")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response["Cache-Control"] == "no-store"
    assert response["X-Mizan-Identity"] == "anonymous"
    assert response["X-Mizan-Schema"] == current_hash()
    assert response.content == (
        b'{"result":{"id":5,"name":"Ada","score":null},'
        b'"invalidate":[{"context":"user","params":{"user_id":5}}]}'
    )


def test_the_url_of_a_function_takes_its_arguments_as_the_body(api: Api) -> None:
    by_url = api.post("call/set_name/", {"user_id": 5, "name": "Ada"})
    assert by_url.status_code == 200
    assert by_url.content == api.call("set_name", user_id=5, name="Ada").content


def test_arguments_may_be_left_out_where_none_are_required(api: Api) -> None:
    assert api.post("call/", {"function": "ping"}).json() == {"result": None, "invalidate": []}
    assert api.post("call/ping/", {}).json() == {"result": None, "invalidate": []}


# What is invalidated


def test_params_come_from_a_callable_that_knows_request_result_and_arguments(
    api: Api, ada: User
) -> None:
    api.client.force_login(ada)
    body = api.call("rename", name="Ada").json()
    assert body["invalidate"] == [{"context": "user", "params": {"user_id": ada.pk}}]


def test_several_contexts_unscoped_are_plain_names(api: Api) -> None:
    assert api.call("add_note", text="a").json()["invalidate"] == ["user", "mixed"]


def test_what_the_function_invalidates_itself_is_added_once(api: Api) -> None:
    body = api.call("add_note", text="a", outcome="news").json()
    assert body["invalidate"] == ["user", "mixed", "news"]


@pytest.mark.usefixtures("empty")
def test_scopes_may_differ_by_context(api: Api) -> None:
    declare_contexts()

    @client(
        affects=["board", "user", "news"],
        affects_params={
            "board": ["project_id"],
            "user": lambda request, result, **args: {"user_id": result, "ignored": None},
        },
    )
    def move(request: HttpRequest, project_id: int = 3) -> int:
        return project_id + 1

    assert api.call("move").json()["invalidate"] == [
        {"context": "board", "params": {"project_id": 3}},
        {"context": "user", "params": {"user_id": 4}},
        "news",
    ]


@pytest.mark.usefixtures("empty")
def test_a_scope_may_be_async(api: Api) -> None:
    declare_contexts()

    async def scope(request: HttpRequest, result: int, **args: Any) -> dict[str, int]:
        return {"user_id": result}

    @client(affects="user", affects_params=scope)
    def touch(request: HttpRequest) -> int:
        return 9

    assert api.call("touch").json()["invalidate"] == [{"context": "user", "params": {"user_id": 9}}]


@pytest.mark.parametrize(
    ("name", "params", "reason"),
    [
        ("usr", {}, "did you mean 'user'?"),
        ("user", {"id": 1}, "has no param 'id'"),
        ("user", {"user_id": 2**53}, "not exact"),
        ("user", {"user_id": [1]}, "not list"),
        ("*", {"user_id": 1}, "takes no params"),
    ],
)
@pytest.mark.usefixtures("empty")
def test_an_invalidation_that_would_match_nothing_is_an_error(
    api: Api, settings: Settings, name: str, params: dict[str, Any], reason: str
) -> None:
    declare_contexts()

    @client
    def touch(request: HttpRequest) -> None:
        invalidate(request, name, **params)

    settings.DEBUG = True
    assert reason in problem(api.call("touch"))["detail"]


@pytest.mark.usefixtures("empty")
def test_star_invalidates_every_context(api: Api) -> None:
    @client
    def reset(request: HttpRequest) -> None:
        invalidate(request, "*")

    assert api.call("reset").json()["invalidate"] == ["*"]


@pytest.mark.usefixtures("empty")
def test_a_read_cannot_invalidate(api: Api, settings: Settings) -> None:
    @client(context="user")
    def touch(request: HttpRequest) -> None:
        invalidate(request, "user")

    settings.DEBUG = True
    assert "invalidate() works inside" in problem(api.fetch("user"))["detail"]


def declare_contexts() -> None:
    @client(context="user")
    def of_user(request: HttpRequest, user_id: int) -> int:
        return user_id

    @client(context="board")
    def of_board(request: HttpRequest, project_id: int) -> int:
        return project_id

    @client(context="news")
    def of_news(request: HttpRequest) -> int:
        return 0


# Refusals


@pytest.mark.parametrize("path", ["call/", "call/ping/"])
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_any_other_method_is_405_with_allow(api: Api, path: str, method: str) -> None:
    response = getattr(api.client, method)(f"/api/mizan/{path}")
    assert response.status_code == 405
    assert response["Allow"] == "POST"


@pytest.mark.parametrize(
    "media_type",
    ["text/plain", "application/x-www-form-urlencoded", "application/json-patch+json", ""],
)
def test_any_other_media_type_is_415(api: Api, media_type: str) -> None:
    body = b'{"function": "ping", "args": {}}'
    response = api.client.generic("POST", "/api/mizan/call/", body, content_type=media_type)
    assert problem(response)["kind"] == "unsupported-media-type"
    assert response.status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        " ",
        "{",
        "[]",
        "null",
        '"ping"',
        "{}",
        '{"args": {}}',
        '{"function": 5}',
        '{"function": "ping", "args": []}',
        '{"function": "ping", "args": null}',
        '{"function": "ping", "args": {"x": NaN}}',
        '{"function": "ping", "args": {"x": -Infinity}}',
        '{"function": "\\ud800"}',
        b"\xff",
        "[" * 100_000,
    ],
)
def test_a_body_that_is_no_call_is_400(api: Api, body: bytes | str) -> None:
    response = api.post("call/", body)
    assert response.status_code == 400
    assert problem(response)["kind"] == "malformed"


@pytest.mark.parametrize("body", [" ", "{", "[]", "null", "5", '{"user_id": NaN}'])
def test_arguments_that_are_no_json_object_are_400(api: Api, body: str) -> None:
    response = api.post("call/set_name/", body)
    assert response.status_code == 400
    assert problem(response)["kind"] == "malformed"


def test_a_text_that_looks_like_a_constant_is_a_text(api: Api) -> None:
    assert api.call("add_note", text="NaN Infinity").status_code == 200


def test_a_body_beyond_the_limit_of_django_is_413(api: Api, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = api.call("add_note", text="x" * 1000)
    assert response.status_code == 413
    assert problem(response)["kind"] == "too-large"


@pytest.mark.parametrize("name", ["nothing", "user_profile", "edit_profile", ""])
def test_what_is_no_mutation_cannot_be_called(api: Api, name: str) -> None:
    """Reads are fetched, and views have a URL of their own."""
    response = api.call(name)
    assert response.status_code == 404
    assert problem(response)["detail"] == "There is no such function."


def test_debug_names_the_nearest_function(api: Api, settings: Settings) -> None:
    settings.DEBUG = True
    assert "did you mean 'set_name'?" in problem(api.call("set_nam"))["detail"]
    assert "did you mean 'set_name'?" in problem(api.post("call/setname/", {}))["detail"]


def test_each_bad_argument_is_named_by_its_place(api: Api) -> None:
    expected = [
        (("user_id",), "int_parsing"),
        (("name",), "string_too_short"),
        (("extra",), "extra_forbidden"),
    ]
    args = {"user_id": "five", "name": "", "extra": 1}
    by_name = api.post("call/", {"function": "set_name", "args": args})
    by_url = api.post("call/set_name/", args)
    assert by_name.status_code == by_url.status_code == 422
    assert errors(by_name) == errors(by_url) == expected
    assert errors(api.call("set_name")) == [(("user_id",), "missing"), (("name",), "missing")]


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]


@pytest.mark.usefixtures("empty")
def test_errors_neither_echo_input_nor_grow_with_it(api: Api) -> None:
    @client
    def take(
        request: HttpRequest,
        numbers: list[int],
        pet: Annotated[Cat | Dog, Field(discriminator="kind")],
    ) -> None: ...

    value, key = "sentinel" * 9, "key" * 100
    response = api.call("take", numbers=[value] * 5000, pet={"kind": value}, **{key: 1})
    assert len(problem(response)["errors"]) == 20
    assert len(response.content) < 5000
    assert "sentinel" not in response.content.decode()
    small = api.call("take", numbers=[1], pet={"kind": value}, **{key: 1})
    assert errors(small) == [(("pet",), "union_tag_invalid"), ((key[:64],), "extra_forbidden")]
    assert "sentinel" not in small.content.decode()


# Errors of the function


@pytest.mark.parametrize(
    ("outcome", "status", "kind", "detail"),
    [
        ("denied", 403, "forbidden", "Not yours."),
        ("hidden", 404, "not-found", "No such board."),
        ("busy", 429, "too-many-requests", "Slow down."),
        ("crash", 500, "internal", None),
        ("ill-typed", 500, "internal", None),
    ],
)
def test_an_error_of_the_function_has_its_status(
    api: Api, outcome: str, status: int, kind: str, detail: str | None
) -> None:
    response = api.call("add_note", text="a", outcome=outcome)
    found = problem(response)
    assert (response.status_code, found["kind"], found.get("detail")) == (status, kind, detail)


def test_too_many_requests_says_when_to_come_back(api: Api) -> None:
    assert api.call("add_note", text="a", outcome="busy")["Retry-After"] == "30"


def test_a_validation_error_of_django_stands_at_its_field(api: Api) -> None:
    response = api.call("add_note", text="a", outcome="invalid")
    assert problem(response)["errors"] == [
        {"loc": ["text"], "msg": "Too dull.", "type": "invalid"},
        {"loc": [], "msg": "Not today.", "type": "invalid"},
    ]


def test_auth_is_asked_before_the_arguments_are_looked_at(api: Api, ada: User) -> None:
    assert problem(api.call("rename", nonsense=1))["kind"] == "unauthenticated"
    api.client.force_login(ada)
    assert problem(api.call("rename", nonsense=1))["kind"] == "invalid-arguments"


@pytest.mark.usefixtures("empty")
def test_an_argument_may_have_any_legal_name(api: Api) -> None:
    """Also one that a class or a call of ours might have taken."""

    @client
    def take(request: HttpRequest, json: int, copy: int, function: int, model_config: int) -> int:
        return json + copy + function + model_config

    body = api.call("take", json=1, copy=2, function=3, model_config=4).json()
    assert body["result"] == 10

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Annotated, Any

import pytest
from conftest import Api, problem
from django.core.files.uploadedfile import UploadedFile
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.urls import set_script_prefix
from openapi_spec_validator import validate
from pydantic import BaseModel
from pytest_django import Settings

from django_mizan import Page, client, schema
from django_mizan.registry import Registry, registry


def run(*args: str) -> str:
    output = io.StringIO()
    call_command("mizan_schema", *args, stdout=output)
    return output.getvalue()


@pytest.fixture
def document() -> Any:
    return json.loads(run())


def test_the_document_is_valid_openapi(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_the_document_is_a_file_of_fixed_form() -> None:
    text = run()
    assert text == run()
    assert text.startswith('{\n  "openapi": "3.1.0",\n')
    assert text.endswith("}\n")
    assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


def test_a_read_is_described(document: Any) -> None:
    assert document["x-mizan-functions"]["user_profile"] == {
        "kind": "read",
        "context": "user",
        "affects": [],
        "params": ["user_id"],
        "required": ["user_id"],
        "args": None,
        "returns": {"$ref": "#/components/schemas/UserProfile"},
        "auth": False,
        "transport": "json",
        "endpoint": "/api/mizan/ctx/user/",
        "doc": "The profile of one user.",
        "module": "board.client",
    }


def test_a_mutation_is_described(document: Any) -> None:
    assert document["x-mizan-functions"]["set_name"] == {
        "kind": "mutation",
        "context": None,
        "affects": [{"context": "user", "params": ["user_id"]}],
        "params": [],
        "required": [],
        "args": {"$ref": "#/components/schemas/SetNameArgs"},
        "returns": {"$ref": "#/components/schemas/UserProfile"},
        "auth": False,
        "transport": "json",
        "endpoint": "/api/mizan/call/set_name/",
        "doc": "Renames a user.",
        "module": "board.client",
    }
    assert document["x-mizan-functions"]["ping"]["args"] is None
    assert document["components"]["schemas"]["SetNameArgs"] == {
        "type": "object",
        "title": "SetNameArgs",
        "properties": {
            "user_id": {"type": "integer"},
            "name": {"type": "string", "minLength": 1, "maxLength": 60},
        },
        "required": ["user_id", "name"],
        "additionalProperties": False,
    }


def test_a_view_is_described_with_its_routes(document: Any) -> None:
    assert document["x-mizan-functions"]["edit_profile"] == {
        "kind": "view",
        "context": "user",
        "affects": [{"context": "user", "params": ["user_id"]}],
        "params": ["user_id"],
        "required": ["user_id"],
        "args": None,
        "returns": None,
        "auth": False,
        "transport": "header",
        "endpoint": None,
        "doc": "",
        "module": "board.client",
        "views": ["/profile/:user_id/"],
    }


def test_a_context_is_described_with_the_params_of_its_functions(document: Any) -> None:
    assert document["x-mizan-contexts"]["user"] == {
        "functions": ["user_profile", "user_tasks"],
        "params": [
            {"name": "user_id", "schema": {"type": "integer"}, "required": True, "shared": True},
            {
                "name": "state",
                "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                "required": False,
                "shared": False,
            },
        ],
        "auth": False,
        "endpoint": "/api/mizan/ctx/user/",
        "views": ["/profile/:user_id/"],
    }
    (zone,) = document["x-mizan-contexts"]["clock"]["params"]
    assert (zone["required"], zone["shared"]) == (False, True)


def test_a_read_says_without_which_params_it_does_not_run(document: Any) -> None:
    """A param with a default is not among them: the function runs, and its member is there."""
    functions = document["x-mizan-functions"]
    assert functions["user_tasks"]["params"] == ["user_id", "state"]
    assert functions["user_tasks"]["required"] == ["user_id"]


def test_a_context_that_only_pages_show_is_no_part_of_the_contract(
    empty: Registry,
) -> None:
    """Nothing can fetch it; what a call answers names it all the same."""

    @client(context="board")
    def board(request: HttpRequest, project_id: int) -> int:
        return project_id

    @client(context="tasks")
    def task_list(request: HttpRequest, project_id: int) -> HttpResponse:
        return HttpResponse()

    @client(affects=["tasks", "board", "*"])
    def save(request: HttpRequest) -> None: ...

    exported = json.loads(run())
    assert list(exported["x-mizan-contexts"]) == ["board"]
    named = [each["context"] for each in exported["x-mizan-functions"]["save"]["affects"]]
    assert named == ["board", "*"]
    assert empty.params == {"board": ["project_id"], "tasks": ["project_id"]}


def test_every_endpoint_is_a_path(document: Any, api: Api) -> None:
    described = [*document["x-mizan-functions"].values(), *document["x-mizan-contexts"].values()]
    endpoints = {each["endpoint"] for each in described} - {None}
    assert endpoints | {"/api/mizan/session/"} == set(document["paths"])
    for path in document["paths"]:
        assert api.client.head(path).status_code != 404


def test_a_member_with_a_default_is_always_there_in_a_result(document: Any) -> None:
    assert document["components"]["schemas"]["UserProfile"]["required"] == ["id", "name", "score"]


class Shape(BaseModel):
    size: int = 1


@pytest.mark.usefixtures("empty")
def test_a_model_that_differs_as_argument_and_as_result_is_two_components() -> None:
    @client
    def both(request: HttpRequest, shape: Shape) -> Shape:
        return shape

    document = schema.document()
    validate(document)
    schemas = document["components"]["schemas"]
    assert sorted(schemas) == ["BothArgs", "Shape-Input", "Shape-Output"]
    assert "required" not in schemas["Shape-Input"]
    assert schemas["Shape-Output"]["required"] == ["size"]


class Counted(Page[Shape]):
    count: int


@pytest.mark.usefixtures("empty")
def test_a_read_that_returns_a_page_is_paginated_and_nothing_else_says_a_word() -> None:
    @client(context="a")
    def shapes(request: HttpRequest, cursor: str | None = None) -> Page[Shape]:
        return Page(items=[])

    @client(context="b")
    def counted(
        request: HttpRequest, cursor: str | None = None
    ) -> Annotated[Counted, "and its description"]:
        return Counted(items=[], count=0)

    @client(context="c")
    def one(request: HttpRequest) -> Shape:
        return Shape()

    @client
    def add(request: HttpRequest) -> Page[Shape]:
        return Page(items=[])

    document = schema.document()
    validate(document)
    functions = document["x-mizan-functions"]
    said = {name: each.get("paginated") for name, each in functions.items()}
    assert said == {"shapes": True, "counted": True, "one": None, "add": None}
    page = document["components"]["schemas"][functions["shapes"]["returns"]["$ref"].split("/")[-1]]
    assert page["required"] == ["items", "next_cursor"]
    assert page["properties"]["items"]["items"] == {"$ref": "#/components/schemas/Shape"}


@pytest.mark.usefixtures("empty")
def test_a_file_is_a_binary_string_in_a_form() -> None:
    @client
    def upload(request: HttpRequest, name: str, picture: UploadedFile) -> int:  # type: ignore[type-arg]
        return 0

    document = schema.document()
    validate(document)
    properties = document["components"]["schemas"]["UploadArgs"]["properties"]
    assert properties["picture"] == {"type": "string", "format": "binary"}
    assert document["x-mizan-functions"]["upload"]["transport"] == "multipart"
    body = document["paths"]["/api/mizan/call/upload/"]["post"]["requestBody"]
    assert list(body["content"]) == ["multipart/form-data"]


# The hash


def declare(
    doc: str = "", returns: Any = int, name: str = "number", with_view: bool = False
) -> str:
    def read(request: HttpRequest, key: int) -> Any:
        return key

    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    read.__name__, read.__doc__ = name, doc
    read.__annotations__["return"] = returns
    with registry.isolated():
        client(context="c")(read)
        if with_view:
            client(page)
        return schema.current_hash()


def test_the_hash_is_that_of_the_headers_and_has_16_digits(document: Any, api: Api) -> None:
    digest = document["x-mizan-hash"]
    assert digest == api.fetch("user", "user_id=5")["X-Mizan-Schema"] == schema.current_hash()
    assert len(digest) == 16
    assert int(digest, 16) >= 0


def test_the_hash_follows_what_generated_code_depends_on() -> None:
    assert declare() == declare()
    assert declare(returns=str) != declare()
    assert declare(name="other") != declare()
    assert declare(returns=Shape) != declare()


def test_the_hash_does_not_follow_comments_views_and_urls(settings: Settings) -> None:
    before = declare()
    assert declare(doc="A comment.") == before
    assert declare(with_view=True) == before
    settings.FORCE_SCRIPT_NAME = "/app"
    set_script_prefix("/app/")
    try:
        assert declare() == before
        assert schema.document()["x-mizan-base"] == "/app/api/mizan/"
    finally:
        set_script_prefix("/")


# The command


def test_out_writes_the_file_and_check_accepts_it(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    assert run("--out", str(file)) == ""
    assert file.read_bytes() == run().encode()
    assert run("--check", str(file)) == ""


def test_check_fails_on_drift_and_says_what_to_run(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    run("--out", str(file))
    with registry.isolated(), pytest.raises(CommandError, match="is out of date: run") as caught:
        run("--check", str(file))
    assert caught.value.returncode == 1
    assert f"mizan_schema --out {file}" in str(caught.value)


@pytest.mark.parametrize("option", ["--out", "--check"])
def test_a_file_that_cannot_be_reached_is_a_clear_error(tmp_path: Path, option: str) -> None:
    with pytest.raises(CommandError, match=r"missing/schema\.json cannot be"):
        run(option, str(tmp_path / "missing" / "schema.json"))


def test_without_the_urls_the_command_says_what_to_add(settings: Settings) -> None:
    settings.ROOT_URLCONF = "bare_urls"
    with pytest.raises(CommandError, match="include"):
        run()


def test_title_and_version_come_from_the_settings(settings: Settings) -> None:
    settings.MIZAN = {"TITLE": "Team board", "VERSION": "3"}
    assert json.loads(run())["info"] == {"title": "Team board", "version": "3"}


# The endpoint


def test_under_debug_the_document_is_served_until_it_changes(api: Api, settings: Settings) -> None:
    settings.DEBUG = True
    response = api.client.get("/api/mizan/schema/")
    assert response.content.decode() == run()
    assert response["Cache-Control"] == "private, no-cache"
    again = api.client.get("/api/mizan/schema/", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with registry.isolated():
        response = api.client.get("/api/mizan/schema/", headers={"If-None-Match": response["ETag"]})
        assert response.status_code == 200
        assert response.json()["x-mizan-functions"] == {}


def test_elsewhere_nobody_gets_the_document(api: Api) -> None:
    assert problem(api.client.get("/api/mizan/schema/"))["kind"] == "not-found"


def test_no_database_is_read(document: Any) -> None:
    """pytest-django refuses any query in a test that does not ask for the database."""
    assert document

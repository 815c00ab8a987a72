"""Uploads: a form whose part `call` is the JSON, and whose other parts are the files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import Api, errors, problem
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import HttpRequest

from django_mizan import client
from django_mizan.registry import Registry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _functions(empty: Registry) -> None:
    @client
    def upload(
        request: HttpRequest,
        name: str,
        picture: UploadedFile,  # type: ignore[type-arg]
        more: list[UploadedFile] | None = None,  # type: ignore[type-arg]
    ) -> str:
        return f"{name} {picture.name} {picture.read().decode()} {len(more or [])}"

    @client
    def attach(request: HttpRequest, files: list[UploadedFile]) -> list[str | None]:  # type: ignore[type-arg]
        return [each.name for each in files]


def file(name: str = "a.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"content")


def send(api: Api, path: str, call: Any, **files: Any) -> Any:
    return api.client.post(f"/api/mizan/{path}", {"call": json.dumps(call), **files})


@pytest.mark.parametrize("path", ["call/", "call/upload/"])
def test_a_file_is_the_argument_of_its_name(api: Api, path: str) -> None:
    args = {"name": "Ada"}
    call = args if path != "call/" else {"function": "upload", "args": args}
    assert send(api, path, call, picture=file()).json()["result"] == "Ada a.txt content 0"


def test_a_list_takes_one_file_or_several(api: Api) -> None:
    assert send(api, "call/attach/", {}, files=[file()]).json()["result"] == ["a.txt"]
    several = send(api, "call/attach/", {}, files=[file(), file("b.txt")])
    assert several.json()["result"] == ["a.txt", "b.txt"]


def test_each_bad_part_is_named(api: Api) -> None:
    assert errors(send(api, "call/upload/", {"name": "Ada"})) == [(("picture",), "missing")]
    assert errors(send(api, "call/upload/", {}, picture=file())) == [(("name",), "missing")]
    two = send(api, "call/upload/", {"name": "Ada"}, picture=[file(), file()])
    assert errors(two) == [(("picture",), "is_instance_of")]
    unknown = send(api, "call/attach/", {}, files=[file()], other=file())
    assert errors(unknown) == [(("other",), "extra_forbidden")]


def test_json_cannot_stand_for_a_file(api: Api) -> None:
    response = api.call("upload", name="Ada", picture="a.txt")
    assert errors(response) == [(("picture",), "needs_python_object")]


@pytest.mark.parametrize("call", ["", "{", "[]", "NaN"])
def test_a_part_that_is_no_json_object_is_400(api: Api, call: str) -> None:
    response = api.client.post("/api/mizan/call/upload/", {"call": call, "picture": file()})
    assert problem(response)["kind"] == "malformed"


def test_a_form_without_the_part_is_400(api: Api) -> None:
    response = api.client.post("/api/mizan/call/upload/", {"picture": file()})
    assert problem(response)["kind"] == "malformed"


def test_a_form_without_a_boundary_is_400(api: Api) -> None:
    response = api.client.generic(
        "POST", "/api/mizan/call/", b"x", content_type="multipart/form-data"
    )
    assert problem(response)["kind"] == "malformed"

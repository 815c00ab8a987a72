from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from django_mizan.registry import Registry, registry

BASE = "/api/mizan/"


class Api:
    """The endpoints, called over Django's test client; a 500 is a response, not an exception."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def fetch(self, context: str, query: str = "", **headers: str) -> Any:
        target = f"{BASE}ctx/{context}/" + (f"?{query}" if query else "")
        return self.client.get(target, headers=headers)

    def call(self, function: str, /, **args: Any) -> Any:
        return self.post("call/", {"function": function, "args": args})

    def post(self, path: str, body: Any, **headers: str) -> Any:
        data = body if isinstance(body, bytes | str) else json.dumps(body)
        return self.client.post(BASE + path, data, content_type="application/json", headers=headers)


@pytest.fixture
def api() -> Api:
    return Api(Client(raise_request_exception=False))


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create_user("ada", password="lovelace")


@pytest.fixture
def grace(db: None) -> User:
    return User.objects.create_user("grace", password="hopper")


@pytest.fixture
def empty() -> Iterator[Registry]:
    """The registry without the functions of the test app."""
    with registry.isolated():
        yield registry


def problem(response: Any) -> dict[str, Any]:
    """The problem of a response that has to be one."""
    assert response["Content-Type"] == "application/problem+json"
    assert response["Cache-Control"] == "no-store"
    assert "X-Mizan-Invalidate" not in response
    document: dict[str, Any] = json.loads(response.content)
    assert document["status"] == response.status_code
    assert document["type"].startswith("urn:mizan:problem:")
    document["kind"] = document["type"].removeprefix("urn:mizan:problem:")
    return document


def errors(response: Any) -> list[tuple[tuple[Any, ...], str]]:
    """`(loc, type)` of each error of a problem."""
    return [(tuple(each["loc"]), each["type"]) for each in problem(response)["errors"]]

"""One key has one URL: the query of a context fetch."""

from __future__ import annotations

import re
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from conftest import Api, errors, problem
from django.http import HttpRequest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field
from test_keys import fractions, integers, texts

from django_mizan import client
from django_mizan.keys import MAX_INTEGER, query
from django_mizan.problems import Problem
from django_mizan.query import arguments_from_query
from django_mizan.registry import registry


class Color(Enum):
    RED = "red"


@pytest.fixture
def _echo(empty: None) -> None:
    """A context with a param of every kind."""

    @client(context="echo")
    def echo(
        request: HttpRequest,
        a_text: str | None = None,
        boolean: bool | None = None,
        color: Color | None = None,
        count: Annotated[int, Field(ge=-(10**20))] | None = None,
        level: Literal[1, 2] | None = None,
        ratio: float | None = None,
        uuid: UUID | None = None,
    ) -> list[str]:
        given = (a_text, boolean, color, count, level, ratio, uuid)
        return [repr(each) for each in given if each is not None]


pytestmark = pytest.mark.usefixtures("_echo")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("count=5", "5"),
        ("count=0", "0"),
        ("count=-5", "-5"),
        ("count=9007199254740991", "9007199254740991"),
        ("ratio=1", "1.0"),
        ("ratio=1e-7", "1e-07"),
        ("ratio=0.000001", "1e-06"),
        ("boolean=true", "True"),
        ("boolean=false", "False"),
        ("a_text=", "''"),
        ("a_text=null", "'null'"),
        ("a_text=a%20%26b", "'a &b'"),
        ("a_text=%C3%A9%F0%9F%98%80", "'é😀'"),
        ("color=red", "<Color.RED: 'red'>"),
        ("level=2", "2"),
        (
            "uuid=00000000-0000-0000-0000-000000000005",
            "UUID('00000000-0000-0000-0000-000000000005')",
        ),
    ],
)
def test_canonical_text_is_taken(api: Api, text: str, value: str) -> None:
    assert api.fetch("echo", text).json() == {"echo": [value]}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("count=01", "count"),
        ("count=1.0", "count"),
        ("count=1_000", "count"),
        ("count=%201%20", "count"),
        ("count=+1", "count"),
        ("count=%2B1", "count"),
        ("count=-0", "count"),
        ("count=9007199254740992", "count"),
        ("ratio=1.0", "ratio"),
        ("ratio=1e0", "ratio"),
        ("ratio=0.0000001", "ratio"),
        ("ratio=nan", "ratio"),
        ("ratio=inf", "ratio"),
        ("ratio=1e300", "ratio"),
        ("boolean=1", "boolean"),
        ("boolean=True", "boolean"),
        ("boolean=yes", "boolean"),
        ("a_text", "a_text"),
        ("a_text=a+b", "a_text"),
        ("a_text=a b", "a_text"),
        ("a_text=%7e", "a_text"),
        ("a_text=%c3%a9", "a_text"),
        ("a_text=é", "a_text"),
        ("a_text=%FF", "a_text"),
        ("a_text=%ED%A0%80", "a_text"),
        ("a_text=a=b", "a_text"),
        ("uuid=0000000000000000000000000000000A", "uuid"),
    ],
)
def test_any_other_spelling_is_refused_and_named(api: Api, text: str, name: str) -> None:
    response = api.fetch("echo", text)
    assert response.status_code == 400
    assert problem(response)["kind"] == "not-canonical"
    assert errors(response) == [((name,), "not_canonical")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count=1&count=1", [(("count",), "repeated")]),
        ("nonsense=1", [(("nonsense",), "unknown_param")]),
        ("", []),
        ("&count=1", [((), "unknown_param")]),
        ("count=1&", [((), "unknown_param")]),
        ("%3Cscript%3E=1", [((), "unknown_param")]),
        ("co%75nt=1", [((), "unknown_param")]),
        ("ratio=1&count=1", [((), "unsorted")]),
    ],
)
def test_the_form_of_the_whole_is_canonical_too(
    api: Api, text: str, expected: list[tuple[tuple[str, ...], str]]
) -> None:
    response = api.fetch("echo", text)
    assert response.status_code == (400 if expected else 200)
    if expected:
        assert errors(response) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [("count=many", "count"), ("color=blue", "color"), ("level=3", "level"), ("uuid=5", "uuid")],
)
def test_a_value_of_the_wrong_type_is_422_and_named(api: Api, text: str, name: str) -> None:
    response = api.fetch("echo", text)
    assert response.status_code == 422
    assert problem(response)["kind"] == "invalid-arguments"
    assert [loc for loc, _ in errors(response)] == [(name,)]


def test_every_fault_is_named_at_once(api: Api) -> None:
    response = api.fetch("echo", "bad=1&count=01&level=9")
    assert response.status_code == 400
    assert [loc for loc, _ in errors(response)] == [("bad",), ("count",), ("level",)]


def test_no_input_comes_back_and_errors_are_at_most_twenty(api: Api) -> None:
    response = api.fetch("echo", "&".join(f"x{i}=sentinel" for i in range(1000)))
    assert len(problem(response)["errors"]) == 20
    assert "sentinel" not in response.content.decode()


@given(count=integers, ratio=fractions, a_text=texts, boolean=st.booleans())
def test_what_the_key_writes_the_query_reads(
    count: int, ratio: float, a_text: str, boolean: bool
) -> None:
    params: dict[str, Any] = {"count": count, "ratio": ratio, "a_text": a_text, "boolean": boolean}
    assert arguments_from_query(registry.contexts["echo"], query(params)) == {"echo": params}


@given(st.text(max_size=30) | st.integers().map(str))
def test_any_text_is_taken_or_refused_as_a_problem_of_the_client(text: str) -> None:
    """Only the digits that Python itself writes for an integer are taken for one."""
    canonical = re.fullmatch(r"0|-?[1-9][0-9]*", text) and abs(int(text)) <= MAX_INTEGER
    status = 200
    try:
        arguments_from_query(registry.contexts["echo"], f"a_text={text}&count={text}")
    except Problem as problem:
        status = problem.status
    assert (status == 200) if canonical else (status in (400, 422))

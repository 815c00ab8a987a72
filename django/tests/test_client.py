"""The decorator: what it refuses at once, and what it keeps."""

from __future__ import annotations

from typing import Any, assert_type

import pytest
from django.http import HttpRequest, HttpResponse

from django_mizan import ReactContext, client
from django_mizan.registry import Registry


def write(request: HttpRequest, number: int = 1) -> str:
    """Writes."""
    return str(number)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"context": "c", "affects": "d"}, "a read .* affects nothing"),
        ({"affects_params": ["number"]}, "needs affects="),
        ({"affects": "c", "affects_params": "number"}, "a list of names, not a string"),
        ({"affects": "c", "affects_params": {"d": ["number"]}}, "'d', which affects= does not"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    empty: Registry, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        client(**options)(write)
    assert not empty.functions


def test_a_function_keeps_its_type_and_itself(empty: Registry) -> None:
    decorated = client(affects="c")(write)
    assert decorated is write
    assert_type(decorated(HttpRequest(), number=2), str)

    @client
    async def later(request: HttpRequest, number: int) -> str:
        return str(number)

    later(HttpRequest(), 2).close()
    assert empty.functions["later"].is_async


def test_a_reference_and_a_name_are_one_context(empty: Registry) -> None:
    user = ReactContext("user")
    assert str(user) == "user"
    assert user == ReactContext("user")

    @client(context=user)
    def one(request: HttpRequest) -> int:
        return 1

    @client(context="user")
    def two(request: HttpRequest) -> int:
        return 2

    @client(affects=[user, "user"], affects_params={user: ()})
    def change(request: HttpRequest) -> None: ...

    assert [each.name for each in empty.contexts["user"].functions] == ["one", "two"]
    assert {effect.context for effect in empty.functions["change"].effects} == {"user"}


def test_a_response_that_is_imported_for_types_only_makes_no_view(empty: Registry) -> None:
    """It cannot be known at decoration; the checks report the annotation."""

    @client
    def show(request: HttpRequest) -> Unknown:  # type: ignore[name-defined]  # noqa: F821
        return HttpResponse()

    assert empty.functions["show"].kind == "mutation"

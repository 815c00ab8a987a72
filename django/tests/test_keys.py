from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum, IntEnum
from urllib.parse import unquote
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from django_mizan.keys import (
    MAX_INTEGER,
    InvalidKey,
    InvalidValue,
    canonical,
    context_key,
    query,
    scalar,
)

integers = st.integers(-MAX_INTEGER, MAX_INTEGER)
fractions = st.floats(allow_nan=False, allow_infinity=False).filter(lambda x: not x.is_integer())
texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.one_of(st.booleans(), integers, fractions, texts)

NUMBER_TO_STRING = re.compile(
    r"-?(?:0\.0{0,5}[1-9]\d*|[1-9]\d*\.\d*[1-9]|0\.[1-9]\d*|[1-9](?:\.\d*[1-9])?e-[1-9]\d*)"
)
"""The forms that ECMAScript's Number::toString has for a number that is not whole."""


@given(fractions)
def test_a_fraction_reads_back_as_itself_and_has_a_form_of_ecmascript(value: float) -> None:
    """Digits are the shortest that read back; a point below 1e-6 gives way to an exponent."""
    text = canonical(value)
    assert float(text) == value
    assert NUMBER_TO_STRING.fullmatch(text)
    assert ("e" in text) == (abs(value) < 1e-6)
    assert Decimal(text) == Decimal(repr(value))


@given(integers)
def test_an_integer_is_its_digits_and_equals_the_float_of_its_value(value: int) -> None:
    assert canonical(value) == str(value) == canonical(float(value))
    assert int(canonical(value)) == value


@given(texts)
def test_a_string_stays_as_it_is(value: str) -> None:
    assert canonical(value) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-0.0, "0"),
        (1e-06, "0.000001"),
        (1e-07, "1e-7"),
        (1.5e-09, "1.5e-9"),
        (-1.25e-10, "-1.25e-10"),
        (5e-324, "5e-324"),
        (0.1, "0.1"),
        (123456.789, "123456.789"),
        (4503599627370495.5, "4503599627370495.5"),
        (True, "true"),
        (False, "false"),
    ],
)
def test_numbers_and_booleans_print_as_in_javascript(value: float, text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), float("-inf"), 2**53, -(2**53), 2.0**53, 1e300, "\ud800", [], {}],
)
def test_a_value_without_an_exact_text_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue):
        canonical(value)  # type: ignore[arg-type]


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), scalars))
def test_a_query_is_sorted_ascii_that_reads_back(params: dict[str, str | int | float]) -> None:
    text = query(params)
    assert text.isascii()
    pairs = [pair.partition("=") for pair in text.split("&")] if text else []
    assert [name for name, _, _ in pairs] == sorted(params)
    assert {name: unquote(raw) for name, _, raw in pairs} == {
        name: canonical(value) for name, value in params.items()
    }


def test_none_is_not_given() -> None:
    assert context_key("board", {"project_id": 3, "assignee": None}) == "board?project_id=3"


def test_an_error_names_the_param_at_fault() -> None:
    with pytest.raises(InvalidKey, match="user_id") as caught:
        context_key("user", {"user_id": 2**60})
    assert caught.value.at == "user_id"


class Color(Enum):
    RED = "red"


class Level(IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Color.RED, "red"),
        (Level.HIGH, 3),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (Decimal("1.50"), "1.50"),
        (None, None),
    ],
)
def test_a_value_that_json_writes_as_a_scalar_is_that_scalar(value: object, plain: object) -> None:
    assert scalar(value) == plain


@pytest.mark.parametrize("value", [[1], {"a": 1}, object(), b"\xff"])
def test_what_is_no_scalar_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue):
        scalar(value)

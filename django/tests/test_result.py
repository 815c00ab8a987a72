"""Exact JSON: the same state gives the same bytes, and no number that a reader would bend."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, PlainSerializer, ValidationError
from pydantic_core import PydanticSerializationError
from typing_extensions import TypedDict

from django_mizan.keys import MAX_INTEGER
from django_mizan.result import InexactResult, Result

HUGE = 2**53


class Inner(BaseModel):
    ratio: float | None = None
    numbers: list[float] = []


class Outer(BaseModel):
    inner: Inner
    note: str | None = None
    by_name: dict[str, float] = {}


class Typed(TypedDict):
    ratio: float | None


@dataclass
class Data:
    ratio: float | None


def encode(annotation: Any, value: Any) -> bytes:
    return Result(annotation).encode(value)[1]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize(
    ("annotation", "build"),
    [
        (float, lambda x: x),
        (Any, lambda x: x),
        (Any, lambda x: [{"a": (x,)}]),
        (dict, lambda x: {"a": x}),
        (list, lambda x: [x]),
        (list[float | None], lambda x: [None, x]),
        (tuple[int, float], lambda x: (1, x)),
        (Inner, lambda x: Inner(ratio=x)),
        (Inner, lambda x: Inner(numbers=[1.0, x])),
        (Outer, lambda x: Outer(inner=Inner(ratio=x))),
        (Outer, lambda x: Outer(inner=Inner(), by_name={"a": x})),
        (Typed, lambda x: {"ratio": x}),
        (Data, lambda x: Data(x)),
    ],
)
def test_nan_and_infinities_are_refused_wherever_they_hide(
    annotation: Any, build: Any, number: float
) -> None:
    """pydantic would write null."""
    with pytest.raises(InexactResult):
        encode(annotation, build(number))


def test_none_is_null_beside_floats() -> None:
    assert encode(Inner, Inner(ratio=None, numbers=[0.5])) == b'{"ratio":null,"numbers":[0.5]}'


@pytest.mark.parametrize("value", [HUGE, -HUGE, 10**400])
@pytest.mark.parametrize("build", [lambda x: x, lambda x: {"a": [1, x]}, lambda x: ["9" * 30, x]])
def test_an_integer_that_javascript_would_round_is_refused(value: int, build: Any) -> None:
    with pytest.raises(InexactResult, match=r"2\*\*53"):
        encode(Any, build(value))


@pytest.mark.parametrize(
    "value",
    [
        MAX_INTEGER,
        -MAX_INTEGER,
        0.1234567890123456789,
        1234567890123456789.0,
        1e300,
        "12345678901234567890",
        'a "12345678901234567890" in quotes',
        'back\\slash" 12345678901234567890',
        {"12345678901234567890": 1},
    ],
)
def test_a_float_or_a_text_with_many_digits_is_not_such_an_integer(value: Any) -> None:
    assert encode(Any, value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-HUGE * 2, HUGE * 2) | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_exactly_the_inexact_is_refused(value: Any) -> None:
    try:
        encode(Any, value)
    except InexactResult:
        refused = True
    except (PydanticSerializationError, ValueError):
        return  # a lone surrogate
    else:
        refused = False
    assert refused == any(inexact(leaf) for leaf in leaves(value))


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        value = list(value.values())
    return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]


def inexact(leaf: Any) -> bool:
    if isinstance(leaf, float):
        return leaf != leaf or leaf in (float("inf"), float("-inf"))
    return isinstance(leaf, int) and abs(leaf) > MAX_INTEGER


def test_a_value_of_another_type_is_refused() -> None:
    with pytest.raises(ValidationError):
        encode(list[int], ["x"])
    with pytest.raises(PydanticSerializationError):
        encode(Inner, Inner.model_construct(ratio="x"))


def test_only_declared_members_are_written() -> None:
    class Full(Inner):
        password: str

    assert b"secret" not in encode(Inner, Full(password="secret"))


def test_bytes_do_not_depend_on_the_process() -> None:
    """Not on the seed of its hashes either: one that did would break every ETag."""
    program = (
        "from django_mizan.result import Result\n"
        "from pydantic import BaseModel, PlainSerializer\n"
        "from typing import Annotated\n"
        "Tags = Annotated[set[str], PlainSerializer(sorted, return_type=list[str])]\n"
        "class Model(BaseModel):\n"
        "    tags: Tags\n"
        "    by_name: dict[str, int]\n"
        "model = Model(tags=set('abcdefgh'), by_name={'b': 1, 'a': 2})\n"
        "assert not Result(Model).has_unordered_set\n"
        "print(Result(Model).encode(model)[1].decode())\n"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert outputs == {'{"tags":["a","b","c","d","e","f","g","h"],"by_name":{"b":1,"a":2}}\n'}


@pytest.mark.parametrize(
    ("annotation", "unordered"),
    [
        (set[int], True),
        (list[frozenset[str]], True),
        (dict[str, set[int]], True),
        (list[int], False),
        (Annotated[set[str], PlainSerializer(sorted, return_type=list[str])], False),
        (Outer, False),
    ],
)
def test_a_set_is_found_wherever_it_hides(annotation: Any, unordered: bool) -> None:
    assert Result(annotation).has_unordered_set is unordered

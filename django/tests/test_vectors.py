"""The vectors that every language runs; each test asserts that it ran all of its file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from django_mizan.invalidation import (
    EVERYTHING,
    LIMIT,
    Invalidation,
    distinct,
    field_value,
    invalidation_of,
    read_field,
)
from django_mizan.keys import InvalidKey, InvalidValue, canonical, context_key

VECTORS = Path(__file__).parents[2] / "tests" / "vectors"


def load(name: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    assert len({case["id"] for case in cases}) == len(cases)
    return cases


def test_every_key_of_the_vectors_has_its_text() -> None:
    ran = 0
    for case in load("keys.json"):
        context, params = case["input"]["context"], case["input"]["params"]
        if case.get("must_fail"):
            with pytest.raises(InvalidKey) as caught:
                context_key(context, params)
            if "at" in case:
                assert caught.value.at == case["at"], case["id"]
        else:
            assert context_key(context, params) == case["expected"], case["id"]
        ran += 1
    assert ran == len(load("keys.json")) > 0


def test_every_invalidation_of_the_vectors_names_the_keys_that_it_should() -> None:
    """The rule is that of protocol I2; the package gives the canonical texts that it compares."""
    ran = 0
    for case in load("matches.json"):
        context, params = invalidation(case["invalidation"]).identity
        key = {name: canonical(v) for name, v in case["key"]["params"].items() if v is not None}
        named = context == EVERYTHING or (
            context == case["key"]["context"] and key.items() >= dict(params).items()
        )
        assert named is case["expected"], case["id"]
        ran += 1
    assert ran == len(load("matches.json")) > 0


def test_every_field_of_the_vectors_is_written_and_read_as_expected() -> None:
    ran = 0
    for case in load("header.json"):
        if case["kind"] == "parse":
            text = ", ".join(case["input"])
            if case.get("must_fail"):
                with pytest.raises(InvalidValue):
                    read_field(text)
            else:
                expected = [invalidation(each).identity for each in case["expected"]]
                assert [each.identity for each in distinct(read_field(text))] == expected, case[
                    "id"
                ]
        else:
            assert case["kind"] == "format", case["id"]
            given = [invalidation(each) for each in case["input"]]
            assert field_value(given, case.get("limit", LIMIT)) == case["expected"], case["id"]
        ran += 1
    assert ran == len(load("header.json")) > 0


def invalidation(given: str | dict[str, Any]) -> Invalidation:
    if isinstance(given, str):
        return Invalidation(given)
    return invalidation_of(given["context"], given["params"])

"""The vectors that every language runs; each test asserts that it ran all that apply to Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from django_mizan.invalidation import LIMIT, Invalidation, field_value
from django_mizan.keys import InvalidKey, context_key

VECTORS = Path(__file__).parents[2] / "tests" / "vectors"

READING = {"parse"}
"""Kinds of header cases that only a client has to pass: the server writes, it does not read."""


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


def test_every_field_of_the_vectors_is_written_as_expected() -> None:
    cases = load("header.json")
    ran = 0
    for case in cases:
        if case["kind"] in READING:
            continue
        assert case["kind"] == "format", case["id"]
        given = [invalidation(each) for each in case["input"]]
        assert field_value(given, case.get("limit", LIMIT)) == case["expected"], case["id"]
        ran += 1
    assert ran == sum(case["kind"] not in READING for case in cases) > 0


def invalidation(given: str | dict[str, Any]) -> Invalidation:
    if isinstance(given, str):
        return Invalidation(given)
    return Invalidation(given["context"], tuple(given["params"].items()))

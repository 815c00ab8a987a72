"""`{% mizan_island %}`: the element of a component, with its props."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from enum import Enum
from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
from board.models import Note
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel

from django_mizan import InvalidValue
from django_mizan.island import island
from django_mizan.templatetags.mizan import mizan_island


class Card(BaseModel):
    title: str
    due: date


class State(Enum):
    OPEN = "open"


class Reader(HTMLParser):
    """The attributes of the one element of a text, as a browser's parser hands them on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: dict[str, str | None] | None = None
        # WHATWG HTML, "Preprocessing the input stream" and "attribute value state".
        self.feed(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag, self.attributes) == ("mizan-island", None)
        assert len(attrs) == len(dict(attrs))
        self.attributes = dict(attrs)

    def handle_data(self, data: str) -> None:
        raise AssertionError(data)


def read(text: str) -> tuple[str | None, dict[str, Any]]:
    """Name and props, by the rule of the runtime (js/src/islands.ts)."""
    attributes = Reader(text).attributes
    assert attributes is not None
    name = attributes.pop("name")
    for key in ("id", "class", "style", "slot"):
        attributes.pop(key, None)
    more = json.loads(attributes.pop("props", None) or "{}")
    assert not attributes.keys() & more.keys()
    return name, {**{key: value_of(text or "") for key, text in attributes.items()}, **more}


def value_of(text: str) -> Any:
    """JSON where it is JSON, which neither NaN nor Infinity is, or else the text."""
    try:
        return json.loads(text, parse_constant=refuse)
    except ValueError:
        return text


def refuse(constant: str) -> Any:
    raise ValueError(constant)


scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
numbers = st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    scalars | numbers,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
TRICKY = [
    *("5", "-1", " 5", "true", "null ", "false\n", '"', '"a"', "[", "{}", "", " ", "nullable"),
    *("NaN", "-Infinity", "'>\"&amp;", "</mizan-island>", "\r", "a\r\nb", "a\0", "\0", "\ufeff5"),
]
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}|[A-Za-z$]{1,8}|on[a-z]{3,6}", fullmatch=True).filter(
    lambda name: name not in ("name", "id", "class", "style", "slot", "props")
)


@given(
    st.dictionaries(names, values | st.sampled_from(TRICKY)),
    st.dictionaries(st.text(), values | st.sampled_from(TRICKY)),
)
@example({"user_id": "1" * 5000, "hidden": False}, {"user_id_": "[" * 20000})
def test_the_browser_reads_the_props_that_were_given(
    given: dict[str, Any], more: dict[str, Any]
) -> None:
    more = {key: value for key, value in more.items() if key not in given}
    text = mizan_island("UserCard", props=more, **given)
    present = {key: value for key, value in given.items() if value is not None}
    assert read(text) == ("UserCard", {**present, **more})


@pytest.mark.parametrize("text", TRICKY)
def test_a_text_that_the_browser_would_read_as_something_else_arrives_as_it_is(text: str) -> None:
    assert read(mizan_island("UserCard", the_text=text)) == ("UserCard", {"the_text": text})


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        ("", ""),
        ("user_id=5", ' user_id="5"'),
        ('user_id="5"', ' user_id="&quot;5&quot;"'),
        ('full_name="Ada Lovelace"', ' full_name="Ada Lovelace"'),
        ("is_open=True", ' is_open="true"'),
        ("user_id=None", ""),
        ("user_id=missing", ' user_id="&quot;&quot;"'),
        ("the_card=card", ' the_card="{&quot;title&quot;:&quot;&lt;b&gt;&quot;}"'),
        ("props=card", ' props="{&quot;title&quot;:&quot;&lt;b&gt;&quot;}"'),
        ("hidden=False", ' props="{&quot;hidden&quot;:false}"'),
        (
            'onclick="alert()" userId=5',
            ' props="{&quot;onclick&quot;:&quot;alert()&quot;,&quot;userId&quot;:5}"',
        ),
        ('id="card" class="wide" slot=None', ' id="card" class="wide"'),
        ('id="a b"', ' id="a b"'),
        ("full_name=safe", ' full_name="&lt;i&gt;"'),
    ],
)
def test_values_are_attributes_where_html_has_no_such_name(arguments: str, written: str) -> None:
    template = Template(f'{{% load mizan %}}{{% mizan_island "UserCard" {arguments} %}}')
    context = Context({"card": {"title": "<b>"}, "safe": mark_safe("<i>")})
    expected = f'<mizan-island name="UserCard"{written}></mizan-island>'
    assert template.render(context) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 11, 23), "2026-11-23"),
        (UUID(int=5), "00000000-0000-0000-0000-000000000005"),
        (Decimal("1.50"), "1.50"),
        (State.OPEN, "open"),
        (Card(title="a", due=date(2026, 1, 2)), {"title": "a", "due": "2026-01-02"}),
        ((1, [gettext_lazy("Yes")]), [1, ["Yes"]]),
        (gettext_lazy("Yes"), "Yes"),
    ],
)
def test_a_value_is_written_as_a_result_would_be(value: Any, expected: Any) -> None:
    assert read(mizan_island("UserCard", the_value=value)) == ("UserCard", {"the_value": expected})


@pytest.mark.parametrize("place", ["attribute", "props"])
@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        [float("inf")],
        2**53,
        {"a": [-(2**53)]},
        object(),
        Note(text="a"),
        [[2**20000]],
    ],
)
def test_a_value_without_an_exact_json_is_an_error(value: Any, place: str) -> None:
    given = {"the_value": value}
    with pytest.raises(InvalidValue, match="UserCard: the prop 'the_value' has no JSON: "):
        island("UserCard", *((given, {}) if place == "props" else ({}, given)))


@pytest.mark.parametrize("name", ["", "5", "a b", 'a"', "<b>", "é", "a\n"])
def test_what_is_no_name_of_a_component_is_an_error(name: str) -> None:
    with pytest.raises(InvalidValue, match="name of a component"):
        mizan_island(name)


@pytest.mark.parametrize("value", [5, None])
def test_a_prop_that_is_given_twice_is_an_error(value: int | None) -> None:
    with pytest.raises(InvalidValue, match="'user_id' is given twice"):
        mizan_island("UserCard", {"user_id": 6}, user_id=value)

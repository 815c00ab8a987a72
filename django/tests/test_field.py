from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import http_sf
import pytest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from test_keys import scalars

from django_mizan.invalidation import (
    COOKIE_LIMIT,
    LIMIT,
    Invalidation,
    distinct,
    field_value,
    write_field,
)
from django_mizan.keys import canonical

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,20}", fullmatch=True)
params = st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True), scalars, max_size=4)
invalidations = st.lists(st.builds(lambda n, p: Invalidation(n, tuple(p.items())), names, params))


@given(invalidations)
def test_a_field_reads_back_as_what_was_written(given: list[Invalidation]) -> None:
    """By an independent parser of RFC 9651: names as Tokens, values by canonical text."""
    text = field_value(given, limit=10**9)
    assert text.isascii()
    assert text.isprintable()
    assert read(text) == [each.identity for each in distinct(given)]


def read(text: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    members: Any = http_sf.parse(text.encode(), tltype="list")
    assert all(isinstance(name, http_sf.Token) for name, _ in members)
    return [
        (str(name), tuple((key, reread(item)) for key, item in params.items()))
        for name, params in members
    ]


def reread(item: Any) -> str:
    assert not isinstance(item, http_sf.Token | bool)
    return str(item) if isinstance(item, http_sf.DisplayString) else canonical(item)


@given(invalidations, st.integers(1, 200))
def test_a_field_beyond_the_limit_names_more_never_less(
    given: list[Invalidation], limit: int
) -> None:
    text = field_value(given, limit)
    assert len(text) <= limit
    if text != "*":
        assert {name for name, _ in read(text)} == {each.context for each in given}


def test_each_meaning_is_written_once() -> None:
    """5 and "5" are one value."""
    five = [Invalidation("user", (("user_id", value),)) for value in (5, "5", 5.0)]
    assert field_value(five) == "user;user_id=5"


def written(own: str, added: list[Invalidation], status: int = 302) -> tuple[str, str | None]:
    """Header and cookie of a response that had a field of its own."""
    response = HttpResponse(status=status, headers={"X-Mizan-Invalidate": own})
    write_field(RequestFactory().post("/"), response, added)
    cookies = [unquote(cookie.value) for cookie in response.cookies.values()]
    assert len(cookies) <= 1
    return response["X-Mizan-Invalidate"], cookies[0] if cookies else None


@pytest.mark.parametrize(
    ("own", "together"),
    [
        ("news", "news, user"),
        ("user", "user"),
        ("board;project_id=3;on , *", 'board;on="true";project_id=3, *, user'),
        ("", "user"),
    ],
)
def test_the_field_of_the_view_itself_stays_in_the_cookie_too(own: str, together: str) -> None:
    assert written(own, [Invalidation("user")]) == (together, together)


def test_a_view_that_writes_the_field_itself_and_redirects_needs_nothing_else() -> None:
    assert written("news", []) == ("news", "news")
    assert written("news", [], status=200) == ("news", None)
    assert written("news", [], status=304) == ("news", None)


@pytest.mark.parametrize(
    "own",
    [
        "news,",
        "news; User",
        "news;on=@999999999999999",
        '"news"',
        "(news)",
        "1news",
        "news;user-id=1",
    ],
)
def test_a_field_of_the_view_that_cannot_be_read_names_everything(own: str) -> None:
    """It stays, so that the error that a client reports names what the developer has written."""
    text = f"{own}, *"
    assert written(own, [Invalidation("user")]) == (text, text)
    assert written(own, []) == (text, text)


def test_the_limit_counts_the_field_of_the_view_too() -> None:
    own = ", ".join(f'board;name="{"x" * 90}{i}"' for i in range(35))
    assert len(own) < COOKIE_LIMIT
    added = [Invalidation("user", (("name", "y" * 400),))]
    assert written(own, added) == ("board, user", "board, user")
    assert written("x;" * (LIMIT // 2), added) == ("*", "*")
    assert written("x;" * (COOKIE_LIMIT // 4), []) == (f"{'x;' * (COOKIE_LIMIT // 4)}, *", "*")


def test_a_field_of_the_view_that_is_too_long_for_a_cookie_stays_narrow_in_the_header() -> None:
    own = f'board;name="{"  y" * 600}"'
    header, cookie = written(own, [Invalidation("user")])
    assert (header, cookie) == (f"{own}, user", "board, user")


def test_nothing_to_say_is_no_header() -> None:
    response = HttpResponseRedirect("/")
    write_field(RequestFactory().post("/"), response, [])
    assert "X-Mizan-Invalidate" not in response
    assert not response.cookies


def test_a_cookie_stays_below_what_a_browser_stores_even_when_encoding_triples_it() -> None:
    wide = [Invalidation("user", (("name", "é" * 40 + str(i)),)) for i in range(12)]
    response = HttpResponseRedirect("/")
    write_field(RequestFactory().post("/"), response, wide)
    (cookie,) = response.cookies.values()
    assert len(response["X-Mizan-Invalidate"]) > COOKIE_LIMIT / 2
    assert len(response["X-Mizan-Invalidate"]) <= LIMIT
    assert len(cookie.value) <= COOKIE_LIMIT
    assert unquote(cookie.value) == "user"


def test_a_cookie_is_readable_by_script_for_ten_seconds_and_secure_on_https() -> None:
    for secure in (False, True):
        response = HttpResponseRedirect("/")
        write_field(RequestFactory().post("/", secure=secure), response, [Invalidation("user")])
        ((name, cookie),) = response.cookies.items()
        assert name.startswith("mizan_inv_")
        assert (cookie.value, cookie["max-age"], cookie["path"]) == ("user", 10, "/")
        assert (cookie["samesite"], cookie["httponly"]) == ("Lax", "")
        assert bool(cookie["secure"]) is secure


def cookie_of(request: HttpRequest) -> str:
    """The name of the cookie on a redirect that answers `request`."""
    response = HttpResponseRedirect("/")
    write_field(request, response, [Invalidation("user")])
    (name,) = response.cookies
    return name


@pytest.mark.parametrize("given", ["Abc_-019", "x" * 64])
def test_a_cookie_is_named_by_the_request_that_it_answers(given: str) -> None:
    request = RequestFactory().post("/", headers={"X-Mizan-Request": given})
    assert re.fullmatch(f"mizan_inv_{given}-[0-9a-f]{{8}}", cookie_of(request))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "x" * 7,
        "x" * 65,
        "abcdefg;",
        "abcdefg=",
        "abcd,efgh",
        "abcdefg\n",
        "abcdéfgh",
        "\uff11" * 8,
    ],
)
def test_a_request_without_a_legal_id_gets_a_random_cookie(given: str) -> None:
    request = RequestFactory().post("/", headers={"X-Mizan-Request": given})
    assert re.fullmatch("mizan_inv_[0-9a-f]{16}", cookie_of(request))


def test_an_id_outside_of_the_headers_is_none() -> None:
    """A form of another origin can choose its address and its fields, but no header."""
    data = {"X-Mizan-Request": "chosen-by-a-form", "x_mizan_request": "chosen-by-a-form"}
    request = RequestFactory().post("/?X-Mizan-Request=chosen-by-a-form", data)
    request.COOKIES["X-Mizan-Request"] = "chosen-by-a-form"
    assert "chosen" not in cookie_of(request)


def test_two_redirects_of_one_request_have_two_cookies() -> None:
    """A 307 leads to a second view, with the same id. A page applies each nonce once."""
    request = RequestFactory().post("/", headers={"X-Mizan-Request": "abcd1234"})
    assert cookie_of(request) != cookie_of(request)


def test_no_two_responses_share_a_cookie() -> None:
    found: set[str] = set()
    for _ in range(50):
        response = HttpResponseRedirect("/")
        write_field(RequestFactory().post("/"), response, [Invalidation("user")])
        found |= set(response.cookies)
    assert len(found) == 50

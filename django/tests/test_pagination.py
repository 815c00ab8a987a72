"""Pages of a queryset: each row once, in order, whatever comes and goes meanwhile."""

from __future__ import annotations

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from board.models import Note, Post, Topic
from conftest import Api, errors, problem
from django.core.exceptions import ValidationError
from django.db.models import Count, F, Manager, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from pytest_django import DjangoAssertNumQueries

from django_mizan import Page, apaginate, client, paginate

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

instants = st.integers(-2, 2).map(lambda n: NOON + timedelta(microseconds=n))
posts = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["", "a", "B", "ä", "a'%_", "😀"]),
        "posted": instants,
        "price": st.sampled_from([Decimal("-1.500"), Decimal("0.001"), Decimal("99999.999")]),
        "weight": st.sampled_from([-1e300, 0.1, 0.30000000000000004, 1.0]),
        "length": st.sampled_from([timedelta(days=-1, microseconds=1), timedelta(0)]),
        "rating": st.sampled_from([None, -1, 2]),
    }
)
FIELDS = ["title", "posted", "price", "weight", "length", "rating", "topic__name", "topic_id"]
FIELDS += ["topic__parent__name", "topic__parent_id", "code", "reply__topic__name"]
orders = st.lists(st.sampled_from(FIELDS), unique=True, min_size=1, max_size=3).flatmap(
    lambda fields: st.tuples(*(st.sampled_from([each, f"-{each}"]) for each in fields))
)
# A fixture of the database is that of the test, not of each example: `fill` begins anew.
repeated = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def fill(rows: list[dict[str, Any]]) -> None:
    Topic.objects.all().delete()
    root = Topic.objects.create(name="b")
    topics = [root, Topic.objects.create(name="a", parent=root)]
    last = None
    for at, row in enumerate(rows):
        code = f"{at}" if at % 3 else None
        post = Post.objects.create(topic=topics[at % 2], code=code, reply=last, **row)
        last = None if at % 4 == 2 else post


def walk(
    queryset: QuerySet[Post], size: int, between: Callable[[], None] = lambda: None
) -> list[int]:
    """The rows of all pages."""
    found: list[int] = []
    cursor = None
    while True:
        page = paginate(queryset, cursor, size, as_=lambda post: post.pk)
        assert len(page.items) <= size
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
        assert len(page.items) == size
        assert cursor.isascii()
        assert cursor.replace("-", "").replace("_", "").isalnum()
        between()


def in_order(order: tuple[str, ...]) -> list[int]:
    last = "-pk" if order[-1].startswith("-") else "pk"
    return list(Post.objects.order_by(*order, last).values_list("pk", flat=True))


@given(st.lists(posts, max_size=9), orders, st.integers(1, 4))
@repeated
def test_all_pages_have_each_row_once_and_in_order(
    rows: list[dict[str, Any]], order: tuple[str, ...], size: int
) -> None:
    fill(rows)
    assert walk(Post.objects.order_by(*order), size) == in_order(order)


# Without what is replied to, a row has another place: it is then not one that has stayed.
steady = orders.filter(lambda order: not any("reply" in each for each in order))


@given(st.lists(posts, min_size=2, max_size=9), steady, st.integers(1, 3), st.data())
@repeated
def test_rows_that_come_and_go_between_pages_neither_repeat_others_nor_lose_any(
    rows: list[dict[str, Any]], order: tuple[str, ...], size: int, data: st.DataObject
) -> None:
    fill(rows)
    topic = Topic.objects.latest("pk")
    stay = set(Post.objects.values_list("pk", flat=True))

    def change() -> None:
        if data.draw(st.booleans()):
            Post.objects.create(topic=topic, **data.draw(posts))
        else:
            gone = data.draw(st.sampled_from(in_order(order)))
            # The list is not to end as long as it is walked.
            assume(Post.objects.count() > 1)
            Post.objects.filter(pk=gone).delete()
            stay.discard(gone)

    found = walk(Post.objects.order_by(*order), size, change)
    assert len(found) == len(set(found))
    assert [pk for pk in found if pk in stay] == [pk for pk in in_order(order) if pk in stay]


def some(count: int = 5) -> None:
    row = {"title": "t", "posted": NOON, "price": 1, "weight": 1, "length": timedelta(0)}
    fill([{**row, "rating": at} for at in range(count)])


def test_the_order_of_the_model_counts_where_the_queryset_has_none() -> None:
    some()
    assert walk(Post.objects.all(), 2) == in_order(("-posted",))


@pytest.mark.parametrize("order", ["rating", "-rating"])
@pytest.mark.parametrize("nulls", [{"nulls_first": True}, {"nulls_last": True}])
def test_an_order_may_say_where_nulls_stand(order: str, nulls: dict[str, bool]) -> None:
    some(4)
    Post.objects.filter(rating__lt=2).update(rating=None)
    field = F("rating")
    term = field.desc(**nulls) if order == "-rating" else field.asc(**nulls)
    expected = list(Post.objects.order_by(term, "-pk" if order == "-rating" else "pk"))
    assert walk(Post.objects.order_by(term), 1) == [post.pk for post in expected]


def test_a_page_is_one_query_also_with_an_order_by_another_table(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    some()
    queryset = Post.objects.order_by("topic__parent__name", "topic__name")
    cursor = paginate(queryset, None, 2).next_cursor
    with django_assert_num_queries(1) as captured:
        assert len(paginate(queryset, cursor, 2).items) == 2
    assert "LIMIT 3" in captured.captured_queries[0]["sql"]


def test_an_index_of_the_first_field_can_be_used(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    some()
    cursor = paginate(Post.objects.all(), None, 2).next_cursor
    with django_assert_num_queries(1) as captured:
        paginate(Post.objects.all(), cursor, 2)
    assert 'AND "board_post"."posted" <= ' in captured.captured_queries[0]["sql"]


def test_a_unique_field_needs_no_other_after_it() -> None:
    some()
    cursor = paginate(Post.objects.order_by("key", "title"), None, 2).next_cursor
    assert cursor is not None
    assert len(decoded(cursor)) == 1
    assert len(walk(Post.objects.order_by("key", "title"), 2)) == 5


def test_an_empty_list_is_one_page() -> None:
    assert paginate(Post.objects.all(), None) == Page(items=[], next_cursor=None)


# What is asked for


def decoded(cursor: str) -> Any:
    return json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))


def encoded(value: Any) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()


MALFORMED: list[Any] = [
    b"\xff",
    b"[" * 9000,
    b"[NaN,1]",
    b'["\\ud800",1]',
    None,
    {},
    [],
    *([NOON.isoformat(), *rest] for rest in ([], [1, 1], ["1"], [True], [None], [1.0], [[1]])),
    *([NOON.isoformat(), large] for large in (2**63, -(10**400))),
    [None, 1],
    [1, 1],
    [{}, 1],
    *([other, 1] for other in ("yesterday", "2026-11-22", "2026-11-22T12:00:00")),
    ["2026-11-22 12:00:00+00:00", 1],
    ["2026-13-22T12:00:00+00:00", 1],
    ["0001-01-01T00:00:00+23:59", 1],
    ["2026-11-22T13:00:00+01:00", 1],
]


def refused(cursor: str, *order: str) -> None:
    with pytest.raises(ValidationError) as caught:
        paginate(Post.objects.order_by(*order), cursor, 2)
    ((field, (error,)),) = caught.value.error_dict.items()
    assert (field, error.code) == ("cursor", "invalid_cursor")


@pytest.mark.parametrize(
    ("order", "cursor"),
    [
        *(
            (("posted",), cursor)
            for cursor in ["", "!", "a", "a b", "é", "\0", "\ud800", "=", "W10=", "W10"]
        ),
        *((("posted",), encoded(value)) for value in MALFORMED),
        *(
            (("price",), encoded([value, 1]))
            for value in ["x", "NaN", 1, "1_0", "1E+1001", "9" * 1001, ""]
        ),
        *((("weight",), encoded([value, 1])) for value in ["1", "inf", 1, None]),
        *((("length",), encoded([value, 1])) for value in ["x", "PT1S", 1, None, "9" * 40]),
        (("posted",), encoded([NOON.isoformat(), 1]) + "!!!!"),
        *((("key",), encoded([value])) for value in ["x", "1" * 32, 1, None]),
        *((("title",), encoded([value, 1])) for value in [1, "a\0b", None]),
        *((("rating",), encoded([value, 1])) for value in ["1", 2**64, 1.5]),
        *((("topic_id",), encoded([value, 1])) for value in ["1", 2**64, None]),
        *((("topic__name",), encoded([value, 1])) for value in [1, None]),
    ],
)
def test_what_no_page_has_given_is_an_error_of_its_field(
    order: tuple[str, ...], cursor: str
) -> None:
    refused(cursor, *order)


@given(
    orders,
    st.text(max_size=9)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
        lambda each: st.lists(each, max_size=4),
    ).map(encoded),
)
@example(("price",), encoded(["9" * 400, 1]))
@example(("length",), encoded(["999999999 00:00:00", 1]))
@repeated
def test_whatever_is_asked_for_is_a_page_or_refused(order: tuple[str, ...], cursor: str) -> None:
    if not Post.objects.exists():
        some()
    try:
        page = paginate(Post.objects.order_by(*order), cursor, 2)
    except ValidationError:
        refused(cursor, *order)
    else:
        assert set(page.items) <= set(Post.objects.all())


def test_no_cursor_reaches_a_row_outside_of_the_queryset() -> None:
    some(6)
    first, second = Topic.objects.order_by("pk")
    theirs = paginate(Post.objects.filter(topic=second).order_by("rating"), None, 1).next_cursor
    mine = Post.objects.filter(topic=first).order_by("rating")
    for cursor in [theirs, encoded([-(2**62), -(2**62)]), encoded([None, 1])]:
        page = paginate(mine, cursor, 9)
        assert {post.topic.pk for post in page.items} <= {first.pk}


# Querysets


@pytest.mark.parametrize(
    ("queryset", "words"),
    [
        (lambda: Note.objects.all(), "has no order"),
        (lambda: Post.objects.order_by(), "has no order"),
        (lambda: Post.objects.all()[:5], "is sliced"),
        (lambda: Post.objects.order_by("title").reverse(), "is reversed"),
        (lambda: Post.objects.all().union(Post.objects.all()), "is combined"),
        (lambda: Post.objects.order_by("title").distinct("title"), "is distinct"),
        (lambda: Post.objects.values("title"), "gives values"),
        (lambda: Post.objects.order_by("?"), "no field '?'"),
        (lambda: Post.objects.order_by(Lower("title")), "Lower"),
        (lambda: Post.objects.order_by(Lower("title").desc()), "Lower"),
        (lambda: Post.objects.order_by("posted__year"), "'posted' refers to no one row"),
        (lambda: Post.objects.order_by("topic"), "no plain value"),
        (lambda: Post.objects.order_by("extra"), "no plain value"),
        (lambda: Topic.objects.order_by("post__title"), "no field 'post'|refers to no one row"),
        (
            lambda: Topic.objects.annotate(n=Count("post")).order_by("n"),
            "no field 'n'",
        ),
    ],
)
def test_a_queryset_whose_pages_cannot_be_told_apart_is_refused(
    queryset: Callable[[], QuerySet[Post]], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        paginate(queryset(), None)


def test_a_page_has_at_least_one_row() -> None:
    with pytest.raises(ValueError, match="not 0"):
        paginate(Post.objects.all(), None, 0)


def test_a_manager_is_taken_for_all_of_its_rows() -> None:
    some()
    manager: Manager[Post] = Post.objects
    assert len(paginate(manager, None, 2).items) == 2  # type: ignore[call-overload]


# Functions


class Entry(BaseModel):
    id: int
    title: str


@pytest.fixture
def _posts(empty: None) -> None:
    some()

    @client(context="posts")
    def posts(request: HttpRequest, topic_id: int, cursor: str | None = None) -> Page[Entry]:
        rows = Post.objects.filter(topic_id=topic_id).order_by("-rating")
        return paginate(rows, cursor, 2, as_=Entry)

    @client(context="posts_async")
    async def posts_async(request: HttpRequest, cursor: str | None = None) -> Page[Entry]:
        rows = Post.objects.order_by("-topic__name")
        return await apaginate(rows, cursor, 3, as_=lambda row: Entry(id=row.pk, title=row.title))


@pytest.mark.usefixtures("_posts")
def test_a_function_answers_page_after_page(api: Api) -> None:
    topic = Topic.objects.order_by("pk")[0].pk
    first = api.fetch("posts", f"topic_id={topic}").json()["posts"]
    assert [each["title"] for each in first["items"]] == ["t", "t"]
    assert list(first) == ["items", "next_cursor"]
    second = api.fetch("posts", f"cursor={first['next_cursor']}&topic_id={topic}").json()["posts"]
    assert second["next_cursor"] is None
    ids = [each["id"] for page in (first, second) for each in page["items"]]
    expected = Post.objects.filter(topic_id=topic).order_by("-rating")
    assert ids == [post.pk for post in expected]


@pytest.mark.usefixtures("_posts")
@pytest.mark.parametrize("cursor", ["x", "", encoded([1, 2, 3])])
def test_a_cursor_that_none_has_given_is_a_422_of_its_param(api: Api, cursor: str) -> None:
    response = api.fetch("posts", f"cursor={cursor}&topic_id=1")
    assert response.status_code == 422
    assert errors(response) == [(("cursor",), "invalid_cursor")]
    assert cursor not in problem(response)["errors"][0]["msg"] or not cursor


@pytest.mark.usefixtures("_posts")
@pytest.mark.django_db(transaction=True)
def test_an_async_function_has_pages_too(api: Api) -> None:
    first = api.fetch("posts_async").json()["posts_async"]
    second = api.fetch("posts_async", f"cursor={first['next_cursor']}").json()["posts_async"]
    assert second["next_cursor"] is None
    ids = [each["id"] for page in (first, second) for each in page["items"]]
    assert ids == in_order(("-topic__name",))


@pytest.mark.django_db(transaction=True)
def test_an_async_page_refuses_the_same_cursors() -> None:
    async def ask() -> None:
        await apaginate(Post.objects.all(), "x")

    with pytest.raises(ValidationError):
        asyncio.run(ask())

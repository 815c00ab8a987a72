"""A call that fails leaves nothing behind, and a response never speaks before the commit."""

from __future__ import annotations

from functools import partial

import pytest
from board.models import Note
from conftest import Api, problem
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from django_mizan import client, invalidate

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=[False, True], ids=["autocommit", "ATOMIC_REQUESTS"])
def _atomic_requests(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections.settings["default"], "ATOMIC_REQUESTS", request.param)


@pytest.mark.usefixtures("_atomic_requests")
@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("ill-typed", 500),
        ("crash", 500),
        ("denied", 403),
        ("hidden", 404),
        ("invalid", 422),
        ("busy", 429),
    ],
)
def test_a_call_that_fails_rolls_back(api: Api, outcome: str, status: int) -> None:
    """Validation of the result included: elsewhere such a row was found committed."""
    response = api.call("add_note", text="a", outcome=outcome)
    assert response.status_code == problem(response)["status"] == status
    assert Note.objects.count() == 0


@pytest.mark.usefixtures("_atomic_requests")
def test_a_call_that_succeeds_commits(api: Api) -> None:
    assert api.call("add_note", text="a").json()["result"] == 1
    assert Note.objects.count() == 1


@pytest.mark.usefixtures("_atomic_requests")
def test_an_async_function_has_the_transaction_too(api: Api) -> None:
    assert api.call("add_note_async", text="a", outcome="ill-typed").status_code == 500
    assert Note.objects.count() == 0
    assert api.call("add_note_async", text="a").json()["result"] == 1
    assert Note.objects.count() == 1


@pytest.mark.usefixtures("empty")
def test_a_scope_that_fails_rolls_back(api: Api) -> None:
    @client(context="user")
    def of_user(request: HttpRequest, user_id: int) -> int:
        return user_id

    @client(affects="user", affects_params=lambda request, result: {"user_id": 2**60})
    def write(request: HttpRequest) -> None:
        Note.objects.create(text="a")

    assert api.call("write").status_code == 500
    assert Note.objects.count() == 0


@pytest.mark.usefixtures("empty")
def test_what_an_on_commit_callback_invalidates_is_told(api: Api) -> None:
    @client(context="news")
    def news(request: HttpRequest) -> int:
        return 0

    @client
    def write(request: HttpRequest) -> bool:
        transaction.on_commit(partial(invalidate, request, "news"))
        return connection.in_atomic_block

    assert api.call("write").json() == {"result": True, "invalidate": ["news"]}


@pytest.mark.usefixtures("empty")
def test_a_callback_that_fails_after_the_commit_does_not_lose_the_invalidation(api: Api) -> None:
    """The answer is a 500, but the data has changed: the header says so."""

    @client(context="news")
    def news(request: HttpRequest) -> int:
        return 0

    @client(affects="news")
    def write(request: HttpRequest) -> None:
        Note.objects.create(text="a")
        transaction.on_commit(lambda: 1 / 0)

    response = api.call("write")
    assert response.status_code == 500
    assert response["X-Mizan-Invalidate"] == "news"
    assert Note.objects.count() == 1


@pytest.mark.usefixtures("empty")
def test_a_function_may_opt_out_of_the_transaction(api: Api) -> None:
    @client
    @transaction.non_atomic_requests
    def write(request: HttpRequest) -> bool:
        return connection.in_atomic_block

    assert api.call("write").json()["result"] is False


@pytest.mark.usefixtures("empty", "_atomic_requests")
def test_a_read_opens_no_transaction(api: Api) -> None:
    @client(context="c")
    def read(request: HttpRequest) -> bool:
        return connection.in_atomic_block

    assert api.fetch("c").json() == {"read": False}


@pytest.mark.usefixtures("empty")
def test_a_scope_of_a_view_that_fails_takes_back_only_its_own(rf: RequestFactory) -> None:
    """In a transaction of the request: else its error could undo what the response says is done."""

    def scope(request: HttpRequest, response: HttpResponse) -> dict[str, int]:
        Note.objects.create(text="of the scope")
        return {"user_id": 1 // 0}

    @client(affects="user", affects_params=scope)
    def save(request: HttpRequest) -> HttpResponse:
        Note.objects.create(text="of the view")
        return HttpResponse()

    with transaction.atomic():
        response = save(rf.post("/"))
    assert response["X-Mizan-Invalidate"] == "user"
    assert [note.text for note in Note.objects.all()] == ["of the view"]

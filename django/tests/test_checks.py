"""What the system checks find, each with a hint."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from board.models import Note
from django.core.checks import run_checks
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from pydantic import Field
from pytest_django import Settings

from django_mizan import Page, client
from django_mizan.registry import registry


class OwnCsrf(CsrfViewMiddleware):
    """A project's own variant."""


class Counted(Page[int]):
    count: int


Declare = Callable[[], None]


def found() -> list[tuple[str | None, str]]:
    messages = run_checks(tags=["mizan"])
    assert all(each.hint for each in messages)
    return [(each.id, each.msg) for each in messages]


def test_a_sound_project_has_nothing_to_report() -> None:
    assert found() == []


def illegal_function_name() -> None:
    def é(request: HttpRequest) -> int: ...  # type: ignore[empty-body]

    client(é)


def illegal_context_name() -> None:
    @client(context="user-list")
    def users(request: HttpRequest) -> int: ...  # type: ignore[empty-body]


def no_return_annotation() -> None:
    @client
    def untold(request: HttpRequest):  # type: ignore[no-untyped-def]
        pass


def returns_model() -> None:
    @client
    def note(request: HttpRequest) -> Note: ...  # type: ignore[empty-body]


def returns_queryset() -> None:
    @client
    def notes(request: HttpRequest) -> QuerySet[Note]: ...  # type: ignore[empty-body]


def returns_list_of_models() -> None:
    @client
    def notes(request: HttpRequest) -> list[Note] | None: ...


def returns_what_has_no_json() -> None:
    @client
    def request_itself(request: HttpRequest) -> HttpRequest:
        return request


def takes_what_has_no_json() -> None:
    @client
    def take(request: HttpRequest, other: HttpRequest) -> None: ...


def unannotated_param() -> None:
    @client
    def take(request: HttpRequest, x) -> None: ...  # type: ignore[no-untyped-def]


def keyword_params() -> None:
    @client
    def take(request: HttpRequest, **kwargs: int) -> None: ...


def no_request() -> None:
    @client
    def take() -> None: ...


def unresolvable() -> None:
    @client
    def take(request: HttpRequest, x: Missing) -> None: ...  # type: ignore[name-defined]  # noqa: F821


def illegal_param_name() -> None:
    @client
    def take(request: HttpRequest, userId: int) -> None: ...  # noqa: N803


def context_param_that_is_no_scalar() -> None:
    @client(context="c")
    def read(request: HttpRequest, ids: list[int]) -> int: ...  # type: ignore[empty-body]


def params_that_clash_in_type() -> None:
    @client(context="c")
    def one(request: HttpRequest, key: int) -> int: ...  # type: ignore[empty-body]

    @client(context="c")
    def two(request: HttpRequest, key: str | None = None) -> int: ...  # type: ignore[empty-body]


def affects_unknown_context() -> None:
    read_of_c()

    @client(affects="cc")
    def write(request: HttpRequest) -> None: ...


def scope_that_is_no_argument() -> None:
    read_of_c()

    @client(affects="c", affects_params=["key"])
    def write(request: HttpRequest, other: int) -> None: ...


def scope_that_is_no_param_of_the_context() -> None:
    read_of_c()

    @client(affects="c", affects_params=["other"])
    def write(request: HttpRequest, other: int) -> None: ...


def returns_set() -> None:
    @client
    def tags(request: HttpRequest) -> list[set[str]]: ...  # type: ignore[empty-body]


def public_with_auth() -> None:
    @client(context="c", cache="public", auth=True)
    def read(request: HttpRequest) -> int: ...  # type: ignore[empty-body]


def partly_public() -> None:
    @client(context="c", cache="public")
    def one(request: HttpRequest) -> int: ...  # type: ignore[empty-body]

    @client(context="c")
    def two(request: HttpRequest) -> int: ...  # type: ignore[empty-body]


def page_without_cursor() -> None:
    @client(context="c")
    def rows(request: HttpRequest) -> Page[int]: ...  # type: ignore[empty-body]


def page_with_a_cursor_that_has_to_be_given() -> None:
    @client(context="c")
    def rows(request: HttpRequest, cursor: str | None) -> Page[int]: ...  # type: ignore[empty-body]


def page_with_a_cursor_of_another_type() -> None:
    @client(context="c")
    def rows(  # type: ignore[empty-body]
        request: HttpRequest, cursor: int | None = None
    ) -> Annotated[Counted, "a subclass counts as well"]: ...


def two_pages_of_one_context() -> None:
    @client(context="c")
    def one(request: HttpRequest, cursor: str | None = None) -> Page[int]: ...  # type: ignore[empty-body]

    @client(context="c")
    def two(request: HttpRequest, cursor: str | None = None) -> Page[int]: ...  # type: ignore[empty-body]


def read_of_c() -> None:
    @client(context="c")
    def read(request: HttpRequest, key: int) -> int: ...  # type: ignore[empty-body]


@pytest.mark.parametrize(
    ("declare", "number", "words"),
    [
        (illegal_function_name, "E001", "'é'"),
        (illegal_context_name, "E002", "'user-list'"),
        (no_return_annotation, "E004", "return annotation"),
        (returns_model, "E005", "Note"),
        (returns_queryset, "E005", "QuerySet"),
        (returns_list_of_models, "E005", "Note"),
        (returns_what_has_no_json, "E005", "HttpRequest"),
        (takes_what_has_no_json, "E005", "HttpRequest"),
        (unannotated_param, "E006", "'x'"),
        (keyword_params, "E006", "'kwargs'"),
        (no_request, "E006", "request"),
        (unresolvable, "E006", "Missing"),
        (illegal_param_name, "E007", "'userId'"),
        (context_param_that_is_no_scalar, "E008", "'ids'"),
        (params_that_clash_in_type, "E009", "integer in one, string in two"),
        (affects_unknown_context, "E010", "'cc'"),
        (scope_that_is_no_argument, "E011", "'key'"),
        (scope_that_is_no_param_of_the_context, "E011", "'other'"),
        (returns_set, "E012", "set"),
        (public_with_auth, "E013", "auth="),
        (page_without_cursor, "E015", "cursor"),
        (page_with_a_cursor_that_has_to_be_given, "E015", "cursor"),
        (page_with_a_cursor_of_another_type, "E015", "cursor"),
        (two_pages_of_one_context, "E016", "one, two"),
        (partly_public, "W004", "'c'"),
    ],
)
@pytest.mark.usefixtures("empty")
def test_a_mistake_is_found(declare: Declare, number: str, words: str) -> None:
    declare()
    ((identifier, msg),) = found()
    assert identifier == f"mizan.{number}"
    assert words.lower() in msg.lower()


@pytest.mark.usefixtures("empty")
def test_a_page_with_a_cursor_is_sound_and_a_mutation_may_return_one_without() -> None:
    @client(context="c")
    def rows(  # type: ignore[empty-body]
        request: HttpRequest, cursor: Annotated[str | None, Field(max_length=99)] = None
    ) -> Page[int]: ...

    @client
    def shuffle(request: HttpRequest) -> Page[int]: ...  # type: ignore[empty-body]

    assert found() == []


@pytest.mark.usefixtures("empty")
def test_two_functions_of_one_name_are_found_with_both_places() -> None:
    def one() -> Any:
        @client
        def save(request: HttpRequest) -> None: ...

        return save

    def two() -> Any:
        @client
        def save(request: HttpRequest) -> HttpResponse:
            return HttpResponse()

        return save

    one()
    two()
    ((identifier, msg),) = found()
    assert identifier == "mizan.E003"
    assert "one.<locals>.save" in msg
    assert "two.<locals>.save" in msg
    assert registry.functions["save"].kind == "mutation"


@pytest.mark.usefixtures("empty")
def test_two_functions_of_one_name_in_one_module_are_found_with_both_lines() -> None:
    @client
    def save(request: HttpRequest) -> None: ...

    first = registry.functions["save"]

    @client  # type: ignore[no-redef]
    def save(request: HttpRequest, name: str) -> None: ...  # noqa: F811

    ((identifier, msg),) = found()
    assert identifier == "mizan.E003"
    lines = [int(line) for line in re.findall(r"save \(line (\d+)\)", msg)]
    assert lines == [first.line, save.__code__.co_firstlineno]
    assert registry.functions["save"] is first


@pytest.mark.usefixtures("empty")
def test_a_function_that_is_made_twice_in_a_loop_is_found() -> None:
    for _ in range(2):

        @client
        def save(request: HttpRequest) -> None: ...

    assert [number for number, _ in found()] == ["mizan.E003"]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that can be imported as `saving`."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield tmp_path / "saving.py"
    sys.modules.pop("saving", None)


SAVING = """
from django.http import HttpRequest
from django_mizan import client

@client
def save(request: HttpRequest) -> None: ...
"""


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize("edited", [SAVING, "# A comment.\n\n" + SAVING], ids=["same", "moved"])
def test_a_module_that_is_loaded_again_replaces_its_functions(written: Path, edited: str) -> None:
    written.write_text(SAVING)
    module = importlib.import_module("saving")
    written.write_text(edited)
    again = importlib.reload(module)
    assert found() == []
    assert registry.functions["save"].call is again.save


@pytest.mark.usefixtures("empty")
def test_a_module_whose_first_import_failed_may_be_imported_again(written: Path) -> None:
    written.write_text(SAVING + "1 / 0")
    with pytest.raises(ZeroDivisionError):
        importlib.import_module("saving")
    written.write_text("# Mended.\n" + SAVING)
    importlib.invalidate_caches()
    assert found() == []
    again = importlib.import_module("saving")
    assert found() == []
    assert registry.functions["save"].call is again.save


@pytest.mark.usefixtures("empty")
def test_params_that_differ_only_in_being_optional_do_not_clash() -> None:
    @client(context="c")
    def one(request: HttpRequest, key: int) -> int: ...  # type: ignore[empty-body]

    @client(context="c")
    def two(request: HttpRequest, key: int | None = None) -> int: ...  # type: ignore[empty-body]

    assert found() == []


def test_a_missing_csrf_middleware_is_found(settings: Settings) -> None:
    settings.MIDDLEWARE = []
    assert [number for number, _ in found()] == ["mizan.W001"]


def test_a_subclass_of_the_csrf_middleware_counts(settings: Settings) -> None:
    settings.MIDDLEWARE = ["test_checks.OwnCsrf"]
    assert found() == []


def test_an_unknown_setting_is_found_with_the_nearest(settings: Settings) -> None:
    settings.MIZAN = {"TITEL": "x"}
    (message,) = run_checks(tags=["mizan"])
    assert message.id == "mizan.W002"
    assert "did you mean 'TITLE'?" in str(message.hint)


def test_urls_that_are_not_included_are_found(settings: Settings) -> None:
    settings.ROOT_URLCONF = "bare_urls"
    ((identifier, _),) = found()
    assert identifier == "mizan.W003"


def declare_views() -> None:
    """A project of pages: nothing is fetched as JSON."""

    @client(context="tasks")
    def task_list(request: HttpRequest, project_id: int) -> HttpResponse: ...  # type: ignore[empty-body]

    @client(affects="tasks", affects_params=["project_id", "task_id"])
    def close(request: HttpRequest, project_id: int, task_id: int) -> HttpResponse: ...  # type: ignore[empty-body]


@pytest.mark.usefixtures("empty")
def test_pages_alone_need_no_urls_and_show_contexts_of_their_own(settings: Settings) -> None:
    """Nothing has a key that such a scope could miss: a page that says less is matched."""
    settings.ROOT_URLCONF = "bare_urls"
    declare_views()
    assert found() == []

    @client
    def call(request: HttpRequest) -> None: ...

    assert [number for number, _ in found()] == ["mizan.W003"]


@pytest.mark.usefixtures("empty")
def test_a_context_that_only_pages_show_is_known_by_its_name() -> None:
    declare_views()

    @client(affects="task")
    def misspelt(request: HttpRequest) -> HttpResponse: ...  # type: ignore[empty-body]

    (message,) = run_checks(tags=["mizan"])
    assert message.id == "mizan.E010"
    assert message.hint == "Known are tasks; did you mean 'tasks'?"

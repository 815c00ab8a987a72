"""What the forms do, what they tell of it, and what they are answered with."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from board.models import Comment, Profile, Project, Task
from django.contrib.auth import get_user_model
from django.db import transaction

from .conftest import Browser


def told(response: Any) -> list[str]:
    """What the header says, in an order of its own."""
    return sorted(filter(None, response.headers.get("X-Mizan-Invalidate", "").split(", ")))


def called(response: Any) -> list[str]:
    """What a mutation's answer says, as the header would."""
    assert response.status_code == 200, response.content
    texts = []
    for each in response.json()["invalidate"]:
        if isinstance(each, dict):
            params = "".join(f";{name}={value}" for name, value in each["params"].items())
            each = each["context"] + params
        texts.append(each)
    return sorted(texts)


def task(status: str = "todo", **where: Any) -> Task:
    return Task.objects.filter(status=status, assignee__isnull=False, **where)[:1].get()


Pair = tuple[str, dict[str, Any], str, dict[str, Any]]


def moving(to: str) -> Callable[[], Pair]:
    def pair() -> Pair:
        chosen = task("doing")
        args = {"task_id": chosen.pk, "status": to}
        return f"/tasks/{chosen.pk}/move/", {"to": to}, "move_task", args

    return pair


def assigning() -> Pair:
    chosen = task()
    other = Profile.objects.exclude(pk=chosen.assignee_id).first()
    args = {"task_id": chosen.pk, "user_id": other.pk}
    return f"/tasks/{chosen.pk}/assign/", {"user_id": other.pk}, "assign_task", args


def commenting() -> Pair:
    chosen = task()
    args = {"task_id": chosen.pk, "text": "By noon."}
    return f"/tasks/{chosen.pk}/comments/add/", {"text": "By noon."}, "add_comment", args


def editing() -> Pair:
    fields = {"name": "Ada King", "role": "Analysis", "bio": ""}
    return "/profile/", fields, "edit_profile", fields


def reading() -> Pair:
    return "/inbox/read/", {}, "mark_all_read", {}


@pytest.mark.parametrize(
    "pair",
    [moving("todo"), moving("done"), assigning, commenting, editing, reading],
    ids=["move", "finish", "assign", "comment", "profile", "inbox"],
)
def test_a_form_tells_what_the_mutation_tells_that_it_ends_in(
    ada: Browser, pair: Callable[[], Pair]
) -> None:
    path, fields, function, args = pair()
    body = json.dumps({"function": function, "args": args})
    point = transaction.savepoint()
    expected = called(ada.post("/api/mizan/call/", body, content_type="application/json"))
    transaction.savepoint_rollback(point)
    assert told(ada.htmx(path, fields)) == expected != []


@pytest.mark.parametrize(
    ("to", "place"), [("up", 1), ("down", 3), ("doing", 0), ("done", 0)], ids=str
)
def test_a_task_goes_a_step_or_to_the_top_of_a_column(ada: Browser, to: str, place: int) -> None:
    project = Project.objects.first()
    third = Task.objects.column(project.pk, "todo").exclude(assignee=None)[2]
    ids = list(Task.objects.column(project.pk, "todo").values_list("pk", flat=True))
    start = ids.index(third.pk)
    assert ada.htmx(f"/tasks/{third.pk}/move/", {"to": to}).status_code == 200
    third.refresh_from_db()
    after = list(Task.objects.column(project.pk, third.status).values_list("pk", flat=True))
    assert after.index(third.pk) == (start + place - 2 if third.status == "todo" else place)


@pytest.mark.parametrize("to", ["up", "down"])
def test_at_the_end_of_the_way_a_task_stays(ada: Browser, to: str) -> None:
    column = Task.objects.column(Project.objects.first().pk, "doing")
    before = list(column)
    chosen = before[0 if to == "up" else -1]
    assert ada.htmx(f"/tasks/{chosen.pk}/move/", {"to": to}).status_code == 200
    assert list(column.all()) == before


def test_what_nobody_does_is_refused_in_words_and_tells_nothing(ada: Browser) -> None:
    chosen = Task.objects.filter(status="todo", assignee=None)[:1].get()
    response = ada.htmx(f"/tasks/{chosen.pk}/move/", {"to": "doing"})
    assert response.status_code == 422
    assert 'class="toast toast-failed"' in response.content.decode()
    assert "choose an assignee first" in response.content.decode()
    assert told(response) == []


def test_a_column_that_there_is_not_is_404(ada: Browser) -> None:
    assert ada.htmx(f"/tasks/{task().pk}/move/", {"to": "later"}).status_code == 404


def test_a_new_task_reaches_board_projects_and_its_form_comes_back_empty(ada: Browser) -> None:
    response = ada.htmx("/projects/1/tasks/", {"title": "Water the plants", "status": "doing"})
    assert response.status_code == 200
    assert told(response) == ["board;project_id=1", "projects"]
    assert 'id="add-doing"' in response.content.decode()
    assert "Water the plants" not in response.content.decode()
    assert Task.objects.column(1, "doing").last().title == "Water the plants"


def test_a_new_task_that_says_too_little_comes_back_with_what_is_wrong(ada: Browser) -> None:
    response = ada.htmx("/projects/1/tasks/", {"title": "x", "status": "todo"})
    assert response.status_code == 422
    html = response.content.decode()
    assert 'value="x" aria-invalid="true" aria-describedby="add-todo-error"' in html
    assert "Say in a few words" in html
    assert told(response) == []


def test_a_new_title_reaches_all_that_shows_titles(ada: Browser) -> None:
    chosen = task()
    response = ada.htmx(f"/tasks/{chosen.pk}/rename/", {"title": " Something else "})
    assert told(response) == [
        f"board;project_id={chosen.project_id}",
        "notifications",
        f"task;task_id={chosen.pk}",
        f"user;user_id={chosen.assignee_id}",
    ]
    assert Task.objects.get(pk=chosen.pk).title == "Something else"
    refused = ada.htmx(f"/tasks/{chosen.pk}/rename/", {"title": " "})
    assert (refused.status_code, told(refused)) == (422, [])


def test_a_deleted_task_leads_to_its_board_and_reaches_all_that_showed_it(ada: Browser) -> None:
    chosen = task()
    response = ada.htmx(f"/tasks/{chosen.pk}/delete/", **{"HX-Boosted": "true"})
    assert (response.status_code, response.headers["Location"]) == (
        303,
        f"/projects/{chosen.project_id}/",
    )
    assert told(response) == [
        f"board;project_id={chosen.project_id}",
        f"comments;task_id={chosen.pk}",
        "notifications",
        "projects",
        f"task;task_id={chosen.pk}",
        f"user;user_id={chosen.assignee_id}",
    ]
    assert not Task.objects.filter(pk=chosen.pk).exists()


def test_a_comment_comes_back_as_an_empty_form_and_a_word(ada: Browser) -> None:
    path = f"/tasks/{task().pk}/comments/add/"
    response = ada.htmx(path, {"text": "By noon."})
    html = response.content.decode()
    assert '<div id="status" hx-swap-oob="innerHTML">' in html
    assert "By noon." not in html
    wrong = ada.htmx(path, {"text": " "})
    assert wrong.status_code == 422
    assert 'aria-describedby="comment-error"' in wrong.content.decode()
    assert Comment.objects.filter(text="By noon.").count() == 1


@pytest.mark.parametrize("name", [" ", "x" * 61, "grace hopper"])
def test_a_profile_that_is_wrong_comes_back_with_what_is_wrong(ada: Browser, name: str) -> None:
    response = ada.post("/profile/", {"name": name, "role": "Analysis", "bio": ""})
    assert response.status_code == 422
    html = response.content.decode()
    assert 'id="id_name_error"' in html
    (field,) = re.findall(r'<input[^>]* name="name"[^>]*>', html)
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_name_error"' in field
    assert "autofocus" in field
    assert told(response) == []
    assert Profile.objects.filter(name="Ada Lovelace").exists()


@pytest.mark.parametrize(
    ("path", "fields", "to"),
    [
        ("/tasks/1/move/", {"to": "done"}, "/projects/1/?task=1"),
        ("/tasks/1/assign/", {"user_id": "2"}, "/projects/1/?task=1"),
        ("/tasks/1/rename/", {"title": "Else"}, "/projects/1/?task=1"),
        ("/tasks/1/rename/", {"title": ""}, "/projects/1/?task=1"),
        ("/inbox/read/", {}, "/projects/1/?task=1"),
        ("/log-out/", {}, "/projects/1/?task=1"),
        ("/tasks/1/delete/", {}, "/projects/1/"),
        ("/projects/1/tasks/", {"title": "Water the plants", "status": "todo"}, "/projects/1/"),
        ("/tasks/1/comments/add/", {"text": "Hm."}, "/projects/1/?task=1"),
        ("/profile/", {"name": "Ada King", "role": "x", "bio": ""}, "/people/1/"),
    ],
)
def test_without_javascript_each_form_ends_on_a_page(
    ada: Browser, path: str, fields: dict[str, str], to: str
) -> None:
    page = "http://testserver/projects/1/?task=1"
    response = ada.post(path, fields, headers={"Referer": page}, follow=True)
    assert [(url, status) for url, status in response.redirect_chain] == [(to, 303)]
    assert response.status_code == 200
    assert b"<!doctype html>" in response.content


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("/projects/1/tasks/", {"title": "x", "status": "todo"}, "Say in a few words"),
        ("/tasks/1/comments/add/", {"text": ""}, "This field is required."),
    ],
)
def test_without_javascript_what_is_wrong_is_a_page_too(
    ada: Browser, path: str, fields: dict[str, str], words: str
) -> None:
    response = ada.post(path, fields)
    assert response.status_code == 422
    assert b"<!doctype html>" in response.content
    assert words in response.content.decode()


@pytest.mark.parametrize(
    "referer",
    ["https://elsewhere.example/projects/1/", "http://testserver/tasks/1/move/", "", "http://["],
)
def test_one_is_sent_back_to_no_page_but_these(ada: Browser, referer: str) -> None:
    response = ada.post("/inbox/read/", headers={"Referer": referer})
    assert (response.status_code, response.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    "path",
    [
        "/tasks/1/move/",
        "/tasks/1/assign/",
        "/tasks/1/rename/",
        "/tasks/1/delete/",
        "/tasks/1/comments/add/",
        "/projects/1/tasks/",
        "/inbox/read/",
        "/profile/",
    ],
)
def test_strangers_change_nothing_and_are_told_why(browser: Browser, path: str) -> None:
    fields = {"to": "done", "title": "Else", "text": "Hm.", "status": "todo"}
    response = browser.htmx(path, fields)
    assert response.status_code == 403
    assert b"Log in to change something." in response.content
    assert told(response) == []
    assert browser.post(path, fields).status_code == 303


def test_a_login_reaches_everything_in_every_window(browser: Browser, user: Any) -> None:
    ada = user("ada")
    response = browser.post(f"/log-in/{ada.pk}/")
    assert (response.status_code, told(response)) == (303, ["*"])
    assert any(name.startswith("mizan_inv_") for name in response.cookies)
    assert b"Logged in as Ada Lovelace." in browser.get("/").content
    assert b"Logged in as Ada Lovelace." not in browser.get("/").content
    assert told(browser.post("/log-out/")) == ["*"]


def test_only_demo_people_log_in_without_a_password(browser: Browser, user: Any) -> None:
    assert browser.post(f"/log-in/{user('alan').pk}/").status_code == 404


def test_a_form_of_before_the_login_is_refused_in_words(board: None) -> None:
    strict = Browser(enforce_csrf_checks=True)
    strict.force_login(get_user_model().objects.get(username="ada"))
    response = strict.htmx("/inbox/read/")
    assert response.status_code == 403
    assert b"from before you logged in" in response.content


def test_a_crash_is_a_word_for_a_part_of_a_page_and_a_page_otherwise(
    ada: Browser, settings: Any
) -> None:
    ada.raise_request_exception = False
    settings.DEMO_FAULTS = True
    path = f"/tasks/{task().pk}/comments/add/"
    part = ada.htmx(path, {"text": "/fault"})
    assert (part.status_code, told(part)) == (500, [])
    assert part.content.decode().startswith('<p class="toast toast-failed">')
    page = ada.post(path, {"text": "/fault"})
    assert (page.status_code, told(page)) == (500, [])
    assert b"<!doctype html>" in page.content
    assert not Comment.objects.filter(text="/fault").exists()

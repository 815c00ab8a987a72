from typing import Any

import pytest
from django.contrib.auth import get_user_model

from board.models import Comment, Notification, Profile, Project, Task

from .browser import Browser


def listed(response: Any) -> list[Any]:
    """The invalidations of a call, in an order of their own."""
    assert response.status_code == 200, response.content
    return sorted(response.json()["invalidate"], key=repr)


def on(context: str, **params: int) -> dict[str, Any]:
    return {"context": context, "params": params}


def assigned_task(status: str = "todo") -> Task:
    return Task.objects.filter(status=status, assignee__isnull=False)[:1].get()


def test_log_in_and_log_out_change_the_identity(browser: Browser, user: Any) -> None:
    nobody = browser.context("session").headers["X-Mizan-Identity"]
    logged_in = browser.call("log_in", user_id=user("ada").pk)
    assert listed(logged_in) == []
    assert logged_in.json()["result"]["name"] == "Ada Lovelace"
    assert logged_in.headers["X-Mizan-Identity"] != nobody
    assert browser.context("session").json()["current_person"]["name"] == "Ada Lovelace"
    logged_out = browser.call("log_out")
    assert listed(logged_out) == []
    assert logged_out.headers["X-Mizan-Identity"] == nobody
    assert browser.context("session").json()["current_person"] is None


def test_only_demo_people_log_in_without_a_password(browser: Browser, user: Any) -> None:
    assert browser.call("log_in", user_id=user("alan").pk).status_code == 404


def test_nobody_logs_in_without_the_setting(browser: Browser, user: Any, settings: Any) -> None:
    settings.DEMO_LOGINS = False
    assert browser.call("log_in", user_id=user("ada").pk).status_code == 404
    assert browser.context("session").json()["current_person"] is None


def test_rename_reaches_oneself_and_where_names_come_from(ada: Browser, user: Any) -> None:
    me = user("ada")
    response = ada.call("rename", name="  Ada King ")
    assert response.json()["result"]["name"] == "Ada King"
    assert listed(response) == ["people", "session", on("user", user_id=me.pk)]
    assert Profile.objects.get(pk=me.pk).name == "Ada King"


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "grace hopper"])
def test_a_bad_name_is_422_at_its_field(ada: Browser, name: str) -> None:
    response = ada.call("rename", name=name)
    assert response.status_code == 422
    assert [error["loc"] for error in response.json()["errors"]] == [["name"]]
    assert "invalidate" not in response.json()
    assert Profile.objects.filter(name="Ada Lovelace").exists()


def test_a_profile_reaches_what_a_name_reaches(ada: Browser, user: Any) -> None:
    me = user("ada")
    response = ada.call("edit_profile", name="Ada King", role=" Analysis ", bio="")
    assert listed(response) == ["people", "session", on("user", user_id=me.pk)]
    profile = Profile.objects.get(pk=me.pk)
    assert (profile.name, profile.role, profile.bio) == ("Ada King", "Analysis", "")


def test_each_wrong_field_of_a_profile_has_words_of_its_own(ada: Browser) -> None:
    response = ada.call("edit_profile", name=" ", role="x" * 61, bio="x" * 501)
    assert response.status_code == 422
    assert [(error["loc"], error["msg"]) for error in response.json()["errors"]] == [
        (["name"], "This cannot be empty."),
        (["role"], "At most 60 characters."),
        (["bio"], "At most 500 characters."),
    ]
    taken = ada.call("edit_profile", name="grace hopper", role="x", bio="")
    assert [error["loc"] for error in taken.json()["errors"]] == [["name"]]
    assert Profile.objects.filter(name="Ada Lovelace").exists()


def test_moving_to_another_column_reaches_board_task_and_assignee(ada: Browser) -> None:
    task = assigned_task("todo")
    response = ada.call("move_task", task_id=task.pk, status="doing")
    assert listed(response) == [
        on("board", project_id=task.project_id),
        on("task", task_id=task.pk),
        on("user", user_id=task.assignee_id),
    ]
    assert Task.objects.column(task.project_id, "doing").last() == task


def test_finishing_a_task_changes_the_project_s_count(ada: Browser) -> None:
    task = assigned_task("doing")
    assert "projects" in listed(ada.call("move_task", task_id=task.pk, status="done"))
    assert "projects" in listed(ada.call("move_task", task_id=task.pk, status="todo"))


def test_moving_within_a_column_leaves_the_assignee_alone(ada: Browser) -> None:
    project = Project.objects.first()
    first, *_, last = Task.objects.column(project.pk, "todo")
    response = ada.call("move_task", task_id=last.pk, status="todo", before=first.pk)
    assert listed(response) == [on("board", project_id=project.pk), on("task", task_id=last.pk)]
    assert list(Task.objects.column(project.pk, "todo")[:2]) == [last, first]


def test_each_step_of_a_column_is_reachable(ada: Browser) -> None:
    """In front of each other task, and to the end: the order is as asked each time."""
    project = Project.objects.first()
    ids = [task.pk for task in Task.objects.column(project.pk, "doing")]
    moving, *others = ids
    for place, before in enumerate([*others, None]):
        listed(ada.call("move_task", task_id=moving, status="doing", before=before))
        expected = [*others[:place], moving, *others[place:]]
        assert [task.pk for task in Task.objects.column(project.pk, "doing")] == expected


def test_a_task_of_another_column_is_no_place_to_move_to(ada: Browser) -> None:
    todo, done = assigned_task("todo"), assigned_task("done")
    response = ada.call("move_task", task_id=todo.pk, status="doing", before=done.pk)
    assert response.status_code == 404
    assert Task.objects.get(pk=todo.pk).status == "todo"


@pytest.mark.parametrize("status", ["doing", "done"])
def test_what_nobody_does_is_not_under_way(ada: Browser, status: str) -> None:
    task = Task.objects.filter(status="todo", assignee=None)[:1].get()
    response = ada.call("move_task", task_id=task.pk, status=status)
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["loc"] == ["status"]
    assert "choose an assignee first" in error["msg"]
    assert Task.objects.get(pk=task.pk).status == "todo"
    assert ada.call("move_task", task_id=task.pk, status="todo").status_code == 200


def test_an_unknown_status_is_422_at_its_argument(ada: Browser) -> None:
    response = ada.call("move_task", task_id=1, status="later")
    assert response.status_code == 422
    assert response.json()["errors"][0]["loc"] == ["status"]


def test_assigning_reaches_both_people_and_tells_the_new_one(ada: Browser, user: Any) -> None:
    grace = user("grace")
    task = Task.objects.filter(assignee=user("alan"))[:1].get()
    before = task.assignee_id
    response = ada.call("assign_task", task_id=task.pk, user_id=grace.pk)
    assert listed(response) == [
        "notifications",
        on("board", project_id=task.project_id),
        on("task", task_id=task.pk),
        *(on("user", user_id=pk) for pk in sorted([before, grace.pk])),
    ]
    news = Notification.objects.first()
    assert (news.recipient, news.kind, news.read) == (grace, "assigned", False)


def test_a_task_can_be_given_to_nobody(ada: Browser, user: Any) -> None:
    task = Task.objects.filter(assignee=user("alan"))[:1].get()
    response = ada.call("assign_task", task_id=task.pk, user_id=None)
    assert "notifications" not in listed(response)
    assert Task.objects.get(pk=task.pk).assignee is None


def test_a_comment_reaches_comments_board_and_notifications(ada: Browser, user: Any) -> None:
    task = Task.objects.filter(assignee=user("grace"), comments=None)[:1].get()
    response = ada.call("add_comment", task_id=task.pk, text="Done by noon.")
    assert listed(response) == [
        "notifications",
        on("board", project_id=task.project_id),
        on("comments", task_id=task.pk),
    ]
    assert response.json()["result"]["text"] == "Done by noon."
    assert Notification.objects.first().recipient == user("grace")


def test_those_who_commented_hear_of_an_answer_and_oneself_does_not(
    ada: Browser, user: Any
) -> None:
    task = Task.objects.filter(assignee=user("ada"), comments=None)[:1].get()
    now = task.created_at
    Comment.objects.create(task=task, author=user("alan"), text="Hm?", created_at=now)
    Notification.objects.all().delete()
    listed(ada.call("add_comment", task_id=task.pk, text="Yes."))
    assert [row.recipient.username for row in Notification.objects.all()] == ["alan"]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 1001])
def test_a_bad_comment_is_422_at_its_field(ada: Browser, text: str) -> None:
    response = ada.call("add_comment", task_id=1, text=text)
    assert response.status_code == 422
    assert [error["loc"] for error in response.json()["errors"]] == [["text"]]


def test_the_demo_fault_is_a_500_and_off_unless_asked_for(ada: Browser, settings: Any) -> None:
    ada.raise_request_exception = False
    count, task_id = Comment.objects.count(), assigned_task().pk
    settings.DEMO_FAULTS = True
    response = ada.call("add_comment", task_id=task_id, text="/fault")
    assert response.status_code == 500
    assert "DEMO_FAULTS" not in response.content.decode()
    assert Comment.objects.count() == count
    settings.DEMO_FAULTS = False
    assert ada.call("add_comment", task_id=task_id, text="/fault").status_code == 200


def test_mark_all_read_reads_one_s_own(ada: Browser, user: Any) -> None:
    others = Notification.objects.filter(read=False).exclude(recipient=user("ada")).count()
    response = ada.call("mark_all_read")
    assert listed(response) == ["notifications"]
    assert response.json()["result"] > 0
    assert ada.context("notifications").json()["unread_count"] == 0
    assert Notification.objects.filter(read=False).count() == others > 0


@pytest.mark.parametrize(
    ("function", "args"),
    [
        ("rename", {"name": "Eve"}),
        ("edit_profile", {"name": "Eve", "role": "x", "bio": ""}),
        ("move_task", {"task_id": 1, "status": "done"}),
        ("assign_task", {"task_id": 1, "user_id": 1}),
        ("add_comment", {"task_id": 1, "text": "Hi"}),
        ("mark_all_read", {}),
    ],
)
def test_strangers_change_nothing(browser: Browser, function: str, args: dict[str, Any]) -> None:
    assert browser.call(function, **args).status_code == 401


def test_csrf_is_enforced(board: None) -> None:
    strict = Browser(enforce_csrf_checks=True)
    ada = get_user_model().objects.get(username="ada")
    strict.force_login(ada)
    response = strict.call("rename", name="Eve")
    assert response.status_code == 403
    assert response.json()["type"] == "urn:mizan:problem:csrf"

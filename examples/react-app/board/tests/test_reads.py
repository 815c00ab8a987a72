from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Count, F
from django.utils import timezone

from board.models import Comment, Profile, Project, Task

from .browser import Browser


def test_session_names_nobody_and_offers_the_demo_people(browser: Browser) -> None:
    data = browser.context("session").json()
    assert data["current_person"] is None
    assert [person["name"] for person in data["demo_people"]] == ["Ada Lovelace", "Grace Hopper"]


def test_session_names_the_person_who_is_logged_in(ada: Browser) -> None:
    assert ada.context("session").json()["current_person"]["name"] == "Ada Lovelace"


def test_no_demo_people_without_the_setting(browser: Browser, settings: Any) -> None:
    settings.DEMO_LOGINS = False
    assert browser.context("session").json()["demo_people"] == []


def test_people_lists_the_team(browser: Browser) -> None:
    people = browser.context("people").json()["people_list"]
    assert len(people) == 5
    assert set(people[0]) == {"id", "name", "role", "hue"}


def test_projects_count_what_is_open(browser: Browser) -> None:
    rows = browser.context("projects").json()["project_list"]
    assert [row["name"] for row in rows] == ["Orbit website", "Pocket app", "Ledger billing"]
    for row in rows:
        tasks = Task.objects.filter(project_id=row["id"])
        assert row["open_count"] == tasks.exclude(status="done").count() > 0


def test_user_bundles_profile_and_open_tasks(browser: Browser, user: Any) -> None:
    grace = user("grace")
    data = browser.context("user", user_id=grace.pk).json()
    assert data["user_profile"]["name"] == "Grace Hopper"
    assert {task["id"] for task in data["user_tasks"]} == set(
        grace.tasks.exclude(status="done").values_list("pk", flat=True)
    )


def test_board_has_every_task_once_in_column_order(browser: Browser) -> None:
    project = Project.objects.first()
    last = Task.objects.column(project.pk, "todo").last()
    Task.objects.column(project.pk, "todo").exclude(pk=last.pk).update(position=F("position") + 9)
    Task.objects.filter(pk=last.pk).update(position=1)
    data = browser.context("board", project_id=project.pk).json()
    columns = {column["status"]: column["tasks"] for column in data["board_columns"]}
    assert list(columns) == ["todo", "doing", "done"]
    for status, cards in columns.items():
        tasks = project.tasks.filter(status=status)
        assert [card["id"] for card in cards] == [task.pk for task in tasks]
        assert [card["comment_count"] for card in cards] == [t.comments.count() for t in tasks]
        assert data["board_stats"][status] == len(tasks)


def test_board_of_one_assignee_keeps_the_stats_of_all(browser: Browser, user: Any) -> None:
    project, ada = Project.objects.first(), user("ada")
    everybody = browser.context("board", project_id=project.pk).json()
    data = browser.context("board", project_id=project.pk, assignee=ada.pk).json()
    cards = [card for column in data["board_columns"] for card in column["tasks"]]
    assert len(cards) == project.tasks.filter(assignee=ada).count() > 0
    assert {card["assignee_id"] for card in cards} == {ada.pk}
    assert data["board_stats"] == everybody["board_stats"]


def test_task_has_its_detail(browser: Browser) -> None:
    task = Task.objects.first()
    data = browser.context("task", task_id=task.pk).json()
    assert data["task_detail"]["title"] == task.title


def test_comments_come_in_pages_newest_first(browser: Browser) -> None:
    task = Task.objects.annotate(count=Count("comments")).latest("count")
    texts, cursor = [], {}
    sizes = []
    while cursor is not None:
        page = browser.context("comments", task_id=task.pk, **cursor).json()["task_comments"]
        texts += [comment["text"] for comment in page["items"]]
        sizes.append(len(page["items"]))
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
    assert sizes[:3] == [20, 20, 20]
    assert texts == [comment.text for comment in task.comments.order_by("-created_at", "-id")]


def test_notifications_are_one_s_own(ada: Browser, user: Any) -> None:
    data = ada.context("notifications").json()
    own = user("ada").notifications
    assert {row["id"] for row in data["notification_list"]} <= set(own.values_list("pk", flat=True))
    assert data["unread_count"] == own.filter(read=False).count() > 0


def test_notifications_ask_for_a_login(browser: Browser) -> None:
    assert browser.context("notifications").status_code == 401


@pytest.mark.parametrize(
    ("context", "params"),
    [("board", {"project_id": 999}), ("user", {"user_id": 999}), ("task", {"task_id": 999})],
)
def test_what_is_not_there_is_404(browser: Browser, context: str, params: dict[str, int]) -> None:
    response = browser.context(context, **params)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def grow() -> None:
    """Twice the people, ten times the tasks and comments: more rows must not mean more queries."""
    now = timezone.now()
    project, people = Project.objects.first(), list(Profile.objects.all())
    first = Task.objects.earliest("pk")
    for profile in people:
        user = get_user_model().objects.create(username=f"{profile.pk}-twin")
        Profile.objects.create(user=user, name=f"{profile.name} II", role=profile.role)
    for number in range(300):
        task = Task.objects.create(
            project=project,
            title=f"Task {number}",
            assignee_id=people[number % 5].pk,
            created_at=now,
        )
        Comment.objects.create(task=task, author_id=people[0].pk, text="Hm.", created_at=now)
        Comment.objects.create(task=first, author_id=people[0].pk, text="Hm.", created_at=now)


@pytest.mark.parametrize(
    ("context", "param", "model", "queries"),
    [
        ("session", None, None, 2),
        ("people", None, None, 1),
        ("projects", None, None, 1),
        ("user", "user_id", Profile, 3),
        ("board", "project_id", Project, 4),
        ("task", "task_id", Task, 1),
        ("comments", "task_id", Task, 2),
        ("notifications", None, None, 2),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    ada: Browser,
    django_assert_max_num_queries: Any,
    context: str,
    param: str | None,
    model: Any,
    queries: int,
) -> None:
    """`queries` is what the functions need; session, user and transaction come on top."""
    grow()
    params = {} if param is None else {param: model.objects.earliest("pk").pk}
    with django_assert_max_num_queries(queries + 4):
        assert ada.context(context, **params).status_code == 200

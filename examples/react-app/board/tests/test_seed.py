from io import StringIO

from django.core import serializers
from django.core.management import call_command

from board.models import Comment, Notification, Profile, Project, Task


def seeded(*options: str) -> str:
    out = StringIO()
    call_command("seed", *options, stdout=out)
    return out.getvalue()


def rows() -> str:
    """All of the board by content, without the ids that a database hands out."""
    lists = (
        Profile.objects.order_by("name").values_list("name", "role", "hue", "bio"),
        Project.objects.values_list("name", "summary"),
        Task.objects.order_by("title", "project__name").values_list(
            "project__name", "title", "status", "assignee__username", "position", "created_at"
        ),
        Comment.objects.order_by("task__title", "task__project__name", "created_at").values_list(
            "task__title", "author__username", "text", "created_at"
        ),
        Notification.objects.order_by("created_at", "task__title").values_list(
            "recipient__username", "actor__username", "task__title", "read", "created_at"
        ),
    )
    return repr([list(each) for each in lists])


def test_it_makes_five_people_three_projects_and_two_hundred_tasks(db: None) -> None:
    assert "5 people, 3 projects, 200 tasks" in seeded()
    assert (Profile.objects.count(), Project.objects.count(), Task.objects.count()) == (5, 3, 200)
    assert Comment.objects.exists()
    assert 0 < Notification.objects.filter(read=False).count() < Notification.objects.count()


def test_a_second_run_changes_nothing(board: None) -> None:
    Profile.objects.filter(name="Ada Lovelace").update(name="Ada King")
    before = serializers.serialize("json", [*Profile.objects.all(), *Task.objects.all()])
    assert "nothing to seed" in seeded()
    assert before == serializers.serialize("json", [*Profile.objects.all(), *Task.objects.all()])


def test_a_reset_gives_the_very_same_board_again(board: None) -> None:
    before = rows()
    Task.objects.all()[:1].get().delete()
    Profile.objects.filter(name="Ada Lovelace").update(name="Ada King")
    assert rows() != before
    seeded("--reset")
    assert rows() == before


def test_the_people_have_no_usable_password(board: None) -> None:
    assert not any(profile.user.has_usable_password() for profile in Profile.objects.all())

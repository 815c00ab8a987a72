"""manage.py seed: the same 5 people, 3 projects and 200 tasks on every machine."""

import random
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.management.base import BaseCommand
from django.db import transaction

from board.models import Comment, Notification, Profile, Project, Status, Task
from board.seed_data import COMMENTS, PEOPLE, PROJECTS, VERBS

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
LONG_THREAD = 65
COLUMN_WEIGHTS = {Status.TODO: 45, Status.DOING: 20, Status.DONE: 35}


class Command(BaseCommand):
    help = "Fills an empty board; leaves a board that has people as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="Delete the board's data first.")

    @transaction.atomic
    def handle(self, *, reset: bool, **options: Any) -> None:
        users = get_user_model().objects
        if reset:
            Project.objects.all().delete()
            users.filter(username__in=[username for username, *_ in PEOPLE]).delete()
        if Profile.objects.exists():
            self.stdout.write("The board has people already; nothing to seed.")
            return
        dice = random.Random(1815)
        people = [add_person(*row) for row in PEOPLE]
        tasks = [task for row in PROJECTS for task in add_project(dice, people, *row)]
        comments = add_comments(dice, people, tasks) + add_long_thread(people, tasks[0])
        add_notifications(comments)
        self.stdout.write(
            f"Seeded {len(people)} people, {len(PROJECTS)} projects, {len(tasks)} tasks, "
            f"{len(comments)} comments."
        )


def add_person(username: str, name: str, role: str, hue: int, bio: str) -> Any:
    # A fixed unusable password: the people log in by the demo button only.
    user = get_user_model().objects.create(
        username=username, date_joined=START, password=UNUSABLE_PASSWORD_PREFIX + username
    )
    Profile.objects.create(user=user, name=name, role=role, hue=hue, bio=bio)
    return user


def add_project(
    dice: random.Random,
    people: list[Any],
    name: str,
    summary: str,
    count: int,
    subjects: tuple[str, ...],
) -> list[Task]:
    project = Project.objects.create(name=name, summary=summary)
    titles = [f"{verb} {subject}" for verb in VERBS for subject in subjects]
    statuses, weights = zip(*COLUMN_WEIGHTS.items(), strict=True)
    return Task.objects.bulk_create(
        Task(
            project=project,
            title=title,
            status=dice.choices(statuses, weights)[0],
            assignee=dice.choice([*people, *people, None]),
            position=position,
            created_at=START + timedelta(minutes=dice.randrange(20 * 24 * 60)),
        )
        for position, title in enumerate(dice.sample(titles, count))
    )


def add_comments(dice: random.Random, people: list[Any], tasks: list[Task]) -> list[Comment]:
    return Comment.objects.bulk_create(
        Comment(
            task=task,
            author=dice.choice(people),
            text=text,
            created_at=task.created_at + timedelta(hours=3 * number + 1),
        )
        for task in tasks
        for number, text in enumerate(dice.sample(COMMENTS, dice.choice((0, 0, 0, 1, 1, 2, 3))))
    )


def add_long_thread(people: list[Any], task: Task) -> list[Comment]:
    """One task that everybody has talked about, for more than a page."""
    return Comment.objects.bulk_create(
        Comment(
            task=task,
            author=people[number % len(people)],
            text=COMMENTS[number * 3 % len(COMMENTS)],
            created_at=task.created_at + timedelta(days=1, minutes=7 * number),
        )
        for number in range(LONG_THREAD)
    )


def add_notifications(comments: list[Comment]) -> None:
    """What the comments would have notified: each task's assignee; the last few are unread."""
    rows = [
        Notification(
            recipient=comment.task.assignee,
            actor=comment.author,
            task=comment.task,
            kind=Notification.Kind.COMMENT,
            created_at=comment.created_at,
            read=True,
        )
        for comment in comments
        if comment.task.assignee is not None and comment.task.assignee != comment.author
    ]
    rows.sort(key=lambda row: (row.created_at, row.task.title))
    for row in rows[-20:]:
        row.read = False
    Notification.objects.bulk_create(rows)

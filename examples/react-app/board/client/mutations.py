"""Mutations. Each declares which contexts it changes; the browser refetches those in use."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django_mizan import client, invalidate

from ..models import Comment, Notification, Profile, Project, Status, Task
from . import contexts
from .reads import DEMO_USERNAMES, person
from .shapes import Person, StatusName, TaskComment, TaskDetail
from .texts import Bio, CommentText, Name, Role

FAULT_TEXT = "/fault"


def own_user(request: HttpRequest, result: Any, **args: Any) -> dict[str, int]:
    return {"user_id": request.user.pk}


def own_project(request: HttpRequest, result: Any, **args: Any) -> dict[str, int]:
    return {"project_id": result.project_id}


@client(affects=[])
def log_in(request: HttpRequest, user_id: int) -> Person:
    """Log in as a demo user without a password. Affects nothing by name: a change of identity
    makes the browser drop all that it holds."""
    if not settings.DEMO_LOGINS:
        raise Http404("Demo logins are turned off.")
    users = get_user_model().objects.filter(username__in=DEMO_USERNAMES)
    user = get_object_or_404(users.select_related("profile"), pk=user_id)
    login(request, user)
    return person(user.profile)


@client(affects=[])
def log_out(request: HttpRequest) -> None:
    """End the session; again the identity says it all."""
    logout(request)


@client(
    affects=[contexts.user, contexts.people, contexts.session],
    affects_params={"user": own_user},
    auth=True,
)
def rename(request: HttpRequest, name: Name) -> Person:
    """Change one's own name."""
    profile = get_object_or_404(Profile, pk=request.user.pk)
    profile.name = free_name(profile, name)
    profile.save(update_fields=["name"])
    return person(profile)


@client(
    affects=[contexts.user, contexts.people, contexts.session],
    affects_params={"user": own_user},
    auth=True,
)
def edit_profile(request: HttpRequest, name: Name, role: Role, bio: Bio) -> Person:
    """Change what the team reads about oneself."""
    profile = get_object_or_404(Profile, pk=request.user.pk)
    profile.name, profile.role, profile.bio = free_name(profile, name), role, bio
    profile.save(update_fields=["name", "role", "bio"])
    return person(profile)


@client(
    affects=[contexts.board, contexts.task],
    affects_params={"board": own_project, "task": ["task_id"]},
    auth=True,
)
def move_task(
    request: HttpRequest, task_id: int, status: StatusName, before: int | None = None
) -> TaskDetail:
    """Move a task to a column: in front of the task `before`, or to the end. Only what somebody
    does can be under way, or done."""
    task = locked_task(task_id)
    if status not in (Status.TODO, task.status) and task.assignee_id is None:
        raise ValidationError({"status": "Nobody does this task yet: choose an assignee first."})
    column = Task.objects.column(task.project_id, status)
    if before is None:
        position = column.exclude(pk=task.pk).end()
    else:
        position = get_object_or_404(column, pk=before).position
        column.filter(position__gte=position).update(position=F("position") + 1)
    old_status, task.status, task.position = task.status, status, position
    task.save(update_fields=["status", "position"])
    if old_status != status and task.assignee_id is not None:
        invalidate(request, contexts.user, user_id=task.assignee_id)
    if Status.DONE in (old_status, status) and old_status != status:
        invalidate(request, contexts.projects)
    return TaskDetail.model_validate(task)


@client(
    affects=[contexts.board, contexts.task],
    affects_params={"board": own_project, "task": ["task_id"]},
    auth=True,
)
def assign_task(request: HttpRequest, task_id: int, user_id: int | None = None) -> TaskDetail:
    """Give a task to a person, or to nobody."""
    task = locked_task(task_id)
    before = task.assignee_id
    task.assignee = get_object_or_404(Profile, pk=user_id).user if user_id is not None else None
    task.save(update_fields=["assignee"])
    for person_id in {before, user_id} - {None}:
        invalidate(request, contexts.user, user_id=person_id)
    if user_id is not None and user_id != before:
        notify(request, task, {user_id}, Notification.Kind.ASSIGNED)
        invalidate(request, contexts.notifications)
    return TaskDetail.model_validate(task)


@client(
    affects=[contexts.comments, contexts.board, contexts.notifications],
    affects_params={
        "comments": ["task_id"],
        "board": lambda request, result, task_id, **args: {
            "project_id": Task.objects.values_list("project_id", flat=True).get(pk=task_id)
        },
    },
    auth=True,
)
def add_comment(request: HttpRequest, task_id: int, text: CommentText) -> TaskComment:
    """Comment on a task; tells its assignee and everybody who commented before."""
    if settings.DEMO_FAULTS and text == FAULT_TEXT:
        raise RuntimeError("provoked by DEMO_FAULTS")
    task = get_object_or_404(Task, pk=task_id)
    readers = set(task.comments.values_list("author_id", flat=True)) | {task.assignee_id}
    comment = Comment.objects.create(
        task=task, author=request.user, text=text, created_at=timezone.now()
    )
    notify(request, task, readers, Notification.Kind.COMMENT)
    return TaskComment.model_validate(comment)


@client(affects=contexts.notifications, auth=True)
def mark_all_read(request: HttpRequest) -> int:
    """Mark every notification as read; returns how many were not."""
    return Notification.objects.filter(recipient=request.user, read=False).update(read=True)


def free_name(profile: Profile, name: str) -> str:
    """`name`, unless somebody else has it."""
    if Profile.objects.exclude(pk=profile.pk).filter(name__iexact=name).exists():
        raise ValidationError({"name": "Somebody on the team already has this name."})
    return name


def locked_task(task_id: int) -> Task:
    """The task, after a lock on its project: two moves on one board go one after the other."""
    project_id = get_object_or_404(Task.objects.only("project_id"), pk=task_id).project_id
    Project.objects.select_for_update().get(pk=project_id)
    return get_object_or_404(Task, pk=task_id)


def notify(
    request: HttpRequest, task: Task, readers: set[int | None], kind: Notification.Kind
) -> None:
    """Notify `readers`, except nobody (None) and the person who acts."""
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(recipient_id=reader, actor=request.user, task=task, kind=kind, created_at=now)
        for reader in sorted(readers - {None, request.user.pk})
    )

"""Reads, each a function of one context."""

from django.conf import settings
from django.db.models import Count, Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django_mizan import Page, client, paginate

from ..models import Comment, Notification, Profile, Project, Status, Task
from . import contexts
from .shapes import (
    BoardStats,
    Column,
    NotificationItem,
    Person,
    ProjectSummary,
    TaskCard,
    TaskComment,
    TaskDetail,
    UserProfile,
    UserTask,
)

DEMO_USERNAMES = ("ada", "grace")
INBOX_SIZE = 30


def person(profile: Profile) -> Person:
    return Person(id=profile.pk, name=profile.name, role=profile.role, hue=profile.hue)


@client(context=contexts.session)
def current_person(request: HttpRequest) -> Person | None:
    """Who is logged in, if anybody."""
    if not request.user.is_authenticated:
        return None
    profile = Profile.objects.filter(pk=request.user.pk).first()
    return person(profile) if profile else None


@client(context=contexts.session)
def demo_people(request: HttpRequest) -> list[Person]:
    """The people that a visitor may log in as with one click; none unless DEMO_LOGINS is on."""
    if not settings.DEMO_LOGINS:
        return []
    profiles = Profile.objects.filter(user__username__in=DEMO_USERNAMES).order_by("pk")
    return [person(profile) for profile in profiles]


@client(context=contexts.people)
def people_list(request: HttpRequest) -> list[Person]:
    """Everybody on the team: the one place where the others look up a name."""
    return [person(profile) for profile in Profile.objects.order_by("pk")]


@client(context=contexts.projects)
def project_list(request: HttpRequest) -> list[ProjectSummary]:
    """All projects with the number of their tasks that are not done."""
    open_tasks = Count("tasks", filter=~Q(tasks__status=Status.DONE))
    rows = Project.objects.annotate(open_count=open_tasks).order_by("pk")
    return [ProjectSummary.model_validate(row) for row in rows]


@client(context=contexts.user)
def user_profile(request: HttpRequest, user_id: int) -> UserProfile:
    """One person's profile."""
    profile = get_object_or_404(Profile.objects.select_related("user"), pk=user_id)
    return UserProfile(
        **person(profile).model_dump(), bio=profile.bio, joined=profile.user.date_joined
    )


@client(context=contexts.user)
def user_tasks(request: HttpRequest, user_id: int) -> list[UserTask]:
    """The person's tasks that are not done, work in progress first."""
    get_object_or_404(Profile, pk=user_id)
    tasks = Task.objects.filter(assignee_id=user_id).exclude(status=Status.DONE)
    # "doing" sorts before "todo".
    return [UserTask.model_validate(task) for task in tasks.order_by("status", "project", "pk")]


@client(context=contexts.board)
def board_columns(
    request: HttpRequest, project_id: int, assignee: int | None = None
) -> list[Column]:
    """The board's columns with their tasks, all of them or one assignee's."""
    get_object_or_404(Project, pk=project_id)
    tasks = Task.objects.filter(project_id=project_id).annotate(comment_count=Count("comments"))
    # A query with an aggregate drops the model's own ordering.
    tasks = tasks.order_by("position", "pk")
    if assignee is not None:
        tasks = tasks.filter(assignee_id=assignee)
    columns = {
        status: Column(status=status.value, title=status.label, tasks=[]) for status in Status
    }
    for task in tasks:
        columns[Status(task.status)].tasks.append(TaskCard.model_validate(task))
    return list(columns.values())


@client(context=contexts.board)
def board_stats(request: HttpRequest, project_id: int) -> BoardStats:
    """How many tasks of the whole project are where."""
    get_object_or_404(Project, pk=project_id)
    counts = {status.value: Count("pk", filter=Q(status=status)) for status in Status}
    unassigned = Count("pk", filter=Q(assignee=None) & ~Q(status=Status.DONE))
    row = Task.objects.filter(project_id=project_id).aggregate(**counts, unassigned=unassigned)
    return BoardStats(**row)


@client(context=contexts.task)
def task_detail(request: HttpRequest, task_id: int) -> TaskDetail:
    """One task."""
    return TaskDetail.model_validate(get_object_or_404(Task, pk=task_id))


@client(context=contexts.comments)
def task_comments(
    request: HttpRequest, task_id: int, cursor: str | None = None
) -> Page[TaskComment]:
    """The task's comments, newest first."""
    get_object_or_404(Task, pk=task_id)
    return paginate(Comment.objects.filter(task_id=task_id), cursor, as_=TaskComment)


@client(context=contexts.notifications, auth=True)
def notification_list(request: HttpRequest) -> list[NotificationItem]:
    """The newest notifications of the person who is logged in."""
    inbox = Notification.objects.filter(recipient=request.user).select_related("task")
    return [
        NotificationItem(
            id=row.pk,
            kind=row.kind,
            actor_id=row.actor_id,
            task_id=row.task_id,
            task_title=row.task.title,
            project_id=row.task.project_id,
            read=row.read,
            created_at=row.created_at,
        )
        for row in inbox[:INBOX_SIZE]
    ]


@client(context=contexts.notifications, auth=True)
def unread_count(request: HttpRequest) -> int:
    """How many notifications the person who is logged in has not read."""
    return Notification.objects.filter(recipient=request.user, read=False).count()

"""What each page has around it: the header, the sidebar, and the task that is open beside it."""

from typing import Any

from board.client import reads
from board.client.shapes import Person
from board.models import Comment, Profile, Project, Status, Task
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

# How many comments a task shows, and how many more are to be had at once.
SHOWN = 20

UNDER_WAY = 6

OPEN = ~Q(user__tasks__status=Status.DONE)


def page(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A whole page. With `?task=7` in its address, task 7 is open beside it."""
    around = account(request) | sidebar(request, request.path) | open_task(request)
    return render(request, template, around | context, status=status)


def account(request: HttpRequest) -> dict[str, Any]:
    me = reads.current_person(request)
    shown: dict[str, Any] = {"me": me, "demo_people": reads.demo_people(request)}
    return shown | inbox(request) if me else shown


def inbox(request: HttpRequest) -> dict[str, Any]:
    if not request.user.is_authenticated:
        return {"unread": 0, "notifications": [], "people": {}}
    return {
        "unread": reads.unread_count(request),
        "notifications": reads.notification_list(request),
        "people": people(request),
    }


def people(request: HttpRequest) -> dict[int, Person]:
    """Everybody by id."""
    return {person.id: person for person in reads.people_list(request)}


def sidebar(request: HttpRequest, at: str) -> dict[str, Any]:
    """`at` is the path of the page, whose link is marked."""
    team = Profile.objects.annotate(open_count=Count("user__tasks", filter=OPEN)).order_by("pk")
    return {"projects": reads.project_list(request), "team": team, "at": at}


def open_task(request: HttpRequest) -> dict[str, Any]:
    task_id = number(request.GET.get("task"))
    return {} if task_id is None else task_head(request, task_id) | thread(request, task_id)


def task_head(request: HttpRequest, task_id: int) -> dict[str, Any]:
    """One that has been deleted meanwhile is None: whoever looks at it is told so."""
    return {
        "me": reads.current_person(request),
        "task_id": task_id,
        "task": Task.objects.filter(pk=task_id).select_related("project").first(),
        "statuses": Status,
        "people": people(request),
    }


def thread(request: HttpRequest, task_id: int) -> dict[str, Any]:
    """The newest comments. What asks for more of them says how many: so the address of what is
    shown brings the very same again."""
    shown = min(number(request.GET.get("comments")) or SHOWN, 1000)
    comments = list(Comment.objects.filter(task_id=task_id)[: shown + 1])
    return {
        "task_id": task_id,
        "comments": comments[:shown],
        "shown": shown,
        "more": shown + SHOWN if len(comments) > shown else None,
        "people": people(request),
    }


def projects_at_a_glance() -> list[Project]:
    """How far each project is, and the first tasks that are under way in it."""
    counts = {status.value: Count("tasks", filter=Q(tasks__status=status)) for status in Status}
    projects = list(Project.objects.annotate(total=Count("tasks"), **counts).order_by("pk"))
    tasks = Task.objects.filter(status=Status.DOING).select_related("assignee__profile")
    for project in projects:
        project.under_way = [task for task in tasks if task.project_id == project.pk][:UNDER_WAY]
    return projects


def number(text: str | None) -> int | None:
    """A number of an address, which anybody may have written."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 10 else None

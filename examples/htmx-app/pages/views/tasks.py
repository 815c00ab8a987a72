"""What is done with a task."""

from typing import Any

from board.client import contexts, mutations
from board.forms import TaskForm
from board.models import Project, Status, Task
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_mizan import client, invalidate

from .. import layout
from ..answers import SeeOther, done, members_only, refused, wants_part, words
from ..forms import TitleForm


def own_project(request: HttpRequest, response: HttpResponse, task_id: int) -> dict[str, int]:
    return {"project_id": Task.objects.values_list("project_id", flat=True).get(pk=task_id)}


@require_safe
@never_cache
def head(request: HttpRequest, task_id: int) -> HttpResponse:
    return render(request, "pages/partials/task_head.html", layout.task_head(request, task_id))


@require_POST
@never_cache
@members_only
@client(affects=[contexts.board, contexts.projects], affects_params={"board": ["project_id"]})
def add(request: HttpRequest, project_id: int) -> HttpResponse:
    """A task from the foot of a column. The form comes back, empty or with what is wrong."""
    project = get_object_or_404(Project, pk=project_id)
    form = TaskForm({**request.POST.dict(), "project": project_id})
    status = 200
    if form.is_valid():
        task = form.save()
        if task.assignee_id is not None:
            invalidate(request, contexts.user, user_id=task.assignee_id)
        if not wants_part(request):
            return SeeOther(reverse("project", args=[project_id]))
    else:
        status = 422
        if not wants_part(request):
            back = reverse("project", args=[project_id])
            context = {"form": form, "back": back}
            return render(request, "board/new_task.html", context, status=status)
    context = {
        "project": project,
        "status": request.POST.get("status"),
        "form": form if form.errors else None,
    }
    return render(request, "pages/partials/add_task.html", context, status=status)


@require_POST
@never_cache
@members_only
@client(
    affects=[contexts.board, contexts.task],
    affects_params={"board": own_project, "task": ["task_id"]},
)
def move(request: HttpRequest, task_id: int) -> HttpResponse:
    """A step up or down, or to the top of another column."""
    task = get_object_or_404(Task, pk=task_id)
    try:
        with transaction.atomic():
            moved = mutations.move_task(request, task_id, **place(task, request.POST.get("to")))
    except ValidationError as error:
        return refused(request, words(error))
    return done(request, f"Moved to {Status(moved.status).label}.")


def place(task: Task, to: str | None) -> dict[str, Any]:
    """What `move_task` is to be given for a step. The one at the end of the way stays there."""
    ids = list(Task.objects.column(task.project_id, task.status).values_list("pk", flat=True))
    index = ids.index(task.pk)
    if to == "up":
        return {"status": task.status, "before": ids[max(index - 1, 0)]}
    if to == "down":
        return {"status": task.status, "before": next(iter(ids[index + 2 :]), None)}
    if to not in Status.values:
        raise Http404("There is no such column.")
    first = Task.objects.column(task.project_id, to).exclude(pk=task.pk).first()
    return {"status": to, "before": first.pk if first else None}


@require_POST
@never_cache
@members_only
@client(
    affects=[contexts.board, contexts.task],
    affects_params={"board": own_project, "task": ["task_id"]},
)
def assign(request: HttpRequest, task_id: int) -> HttpResponse:
    user_id = layout.number(request.POST.get("user_id"))
    with transaction.atomic():
        mutations.assign_task(request, task_id, user_id)
    return done(request, "Assigned.")


@require_POST
@never_cache
@members_only
@client(
    affects=[contexts.board, contexts.task, contexts.notifications],
    affects_params={"board": own_project, "task": ["task_id"]},
)
def retitle(request: HttpRequest, task_id: int) -> HttpResponse:
    form = TitleForm(request.POST, instance=get_object_or_404(Task, pk=task_id))
    if not form.is_valid():
        return refused(request, words(ValidationError(list(form.errors["title"]))))
    task = form.save()
    if task.assignee_id is not None:
        invalidate(request, contexts.user, user_id=task.assignee_id)
    return done(request, "Renamed.")


@require_POST
@never_cache
@members_only
@client(
    affects=[contexts.task, contexts.comments, contexts.projects, contexts.notifications],
    affects_params={"task": ["task_id"], "comments": ["task_id"]},
)
def delete(request: HttpRequest, task_id: int) -> HttpResponse:
    """Always ends on the board, where no task is open."""
    task = get_object_or_404(Task, pk=task_id)
    invalidate(request, contexts.board, project_id=task.project_id)
    if task.assignee_id is not None:
        invalidate(request, contexts.user, user_id=task.assignee_id)
    task.delete()
    return done(request, f"Deleted: {task.title}", to=reverse("project", args=[task.project_id]))

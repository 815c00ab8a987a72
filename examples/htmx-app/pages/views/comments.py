"""What is said about a task."""

from board.client import contexts, mutations, reads
from board.models import Task
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_mizan import client

from .. import layout
from ..answers import done, members_only, wants_part
from ..forms import CommentForm
from .boards import columns
from .tasks import own_project


@require_safe
@never_cache
def thread(request: HttpRequest, task_id: int) -> HttpResponse:
    return render(request, "pages/partials/comments.html", layout.thread(request, task_id))


@require_safe
@never_cache
def form(request: HttpRequest, task_id: int) -> HttpResponse:
    context = {"task_id": task_id, "me": reads.current_person(request)}
    return render(request, "pages/partials/comment_form.html", context)


@require_POST
@never_cache
@members_only
@client(
    affects=[contexts.comments, contexts.board, contexts.notifications],
    affects_params={"comments": ["task_id"], "board": own_project},
)
def comment(request: HttpRequest, task_id: int) -> HttpResponse:
    """The form comes back, empty or with what is wrong."""
    task = get_object_or_404(Task, pk=task_id)
    form = CommentForm(request.POST)
    context = {"task_id": task_id, "me": reads.current_person(request)}
    if form.is_valid():
        with transaction.atomic():
            mutations.add_comment(request, task_id, form.cleaned_data["text"])
        if wants_part(request):
            context["said"] = "Comment added."
            return render(request, "pages/partials/comment_form.html", context)
        board = reverse("project", args=[task.project_id])
        return done(request, "Comment added.", to=f"{board}?task={task_id}")
    context["comment_form"] = form
    if wants_part(request):
        return render(request, "pages/partials/comment_form.html", context, status=422)
    context |= columns(request, task.project_id)
    context |= layout.task_head(request, task_id) | layout.thread(request, task_id)
    return layout.page(request, "pages/project.html", context, status=422)

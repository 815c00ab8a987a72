"""The page, and one classic form view."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe
from django_mizan import client, invalidate

from .client import contexts
from .forms import TaskForm


@require_safe
@never_cache
@ensure_csrf_cookie
def page(request: HttpRequest, **route: int) -> HttpResponse:
    """The React app; it reads its route from the address bar."""
    return render(request, "board/page.html")


@never_cache
@login_required
@client(affects=contexts.projects)
def new_task(request: HttpRequest) -> HttpResponse:
    """Create a task by an ordinary form."""
    chosen = request.GET.get("project", "")
    form = TaskForm(request.POST or None, initial={"project": chosen})
    if request.method != "POST" or not form.is_valid():
        back = reverse("project", args=[int(chosen)]) if chosen.isdecimal() else reverse("page")
        status = 422 if form.is_bound else 200
        return render(request, "board/new_task.html", {"form": form, "back": back}, status=status)
    task = form.save()
    invalidate(request, contexts.board, project_id=task.project_id)
    if task.assignee_id is not None:
        invalidate(request, contexts.user, user_id=task.assignee_id)
    return redirect("project", project_id=task.project_id)

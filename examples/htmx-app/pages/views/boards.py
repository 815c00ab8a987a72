"""All projects, and the board of one."""

from typing import Any

from board.client import reads
from board.models import Project
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from .. import layout


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    return layout.page(request, "pages/overview.html", {"rows": layout.projects_at_a_glance()})


@require_safe
@never_cache
def overview_rows(request: HttpRequest) -> HttpResponse:
    context = {"rows": layout.projects_at_a_glance()}
    return render(request, "pages/partials/overview.html", context)


@require_safe
@never_cache
def project(request: HttpRequest, project_id: int) -> HttpResponse:
    return layout.page(request, "pages/project.html", columns(request, project_id))


@require_safe
@never_cache
def board(request: HttpRequest, project_id: int) -> HttpResponse:
    return render(request, "pages/partials/board.html", columns(request, project_id))


@require_safe
@never_cache
def sidebar(request: HttpRequest) -> HttpResponse:
    context = layout.sidebar(request, request.GET.get("at", ""))
    return render(request, "pages/partials/sidebar.html", context)


def columns(request: HttpRequest, project_id: int) -> dict[str, Any]:
    """The board, of everybody's tasks or those of `?assignee=2`."""
    assignee = layout.number(request.GET.get("assignee"))
    stats = reads.board_stats(request, project_id)
    return {
        "project": get_object_or_404(Project, pk=project_id),
        "columns": reads.board_columns(request, project_id, assignee),
        "stats": stats,
        "total": stats.todo + stats.doing + stats.done,
        "assignee": assignee,
        "people": layout.people(request),
        "me": reads.current_person(request),
    }

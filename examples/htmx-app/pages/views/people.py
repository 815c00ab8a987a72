"""A person, and one's own profile."""

from typing import Any

from board.client import contexts, mutations, reads
from board.models import Profile
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_mizan import client

from .. import layout
from ..answers import SeeOther, members_only
from ..forms import ProfileForm


@require_safe
@never_cache
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    shown = profile_of(request, user_id) | tasks_of(request, user_id)
    return layout.page(request, "pages/person.html", shown)


@require_safe
@never_cache
def profile_part(request: HttpRequest, user_id: int) -> HttpResponse:
    return render(request, "pages/partials/profile.html", profile_of(request, user_id))


@require_safe
@never_cache
def open_tasks(request: HttpRequest, user_id: int) -> HttpResponse:
    return render(request, "pages/partials/person_tasks.html", tasks_of(request, user_id))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@members_only
@client(
    affects=[contexts.user, contexts.people, contexts.session],
    affects_params={"user": mutations.own_user},
)
def profile(request: HttpRequest) -> HttpResponse:
    """The form for one's own profile. It ends in a redirect, with htmx and without: to htmx, this
    is a link and a form that are boosted into a part of the page."""
    own = get_object_or_404(Profile, pk=request.user.pk)
    form = ProfileForm(request.POST or None, initial=model_to_dict(own))
    if form.is_valid():
        try:
            with transaction.atomic():
                mutations.edit_profile(request, **form.cleaned_data)
            return SeeOther(reverse("person", args=[own.pk]))
        except ValidationError as error:
            form.add_error(None, error)
    shown = profile_of(request, own.pk) | tasks_of(request, own.pk) | {"form": form.focus()}
    return layout.page(request, "pages/person.html", shown, status=422 if form.is_bound else 200)


def profile_of(request: HttpRequest, user_id: int) -> dict[str, Any]:
    return {
        "person": reads.user_profile(request, user_id),
        "me": reads.current_person(request),
    }


def tasks_of(request: HttpRequest, user_id: int) -> dict[str, Any]:
    """The open ones, by project."""
    tasks = reads.user_tasks(request, user_id)
    groups = [
        {"project": project, "tasks": [task for task in tasks if task.project_id == project.id]}
        for project in reads.project_list(request)
    ]
    return {"user_id": user_id, "groups": [group for group in groups if group["tasks"]]}

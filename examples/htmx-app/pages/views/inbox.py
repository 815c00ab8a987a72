"""What has happened to the person who is logged in."""

from board.client import contexts, mutations
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_mizan import client

from .. import layout
from ..answers import done, members_only


@require_safe
@never_cache
def rows(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/partials/inbox.html", layout.inbox(request))


@require_safe
@never_cache
def unread(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/partials/unread.html", layout.inbox(request))


@require_POST
@never_cache
@members_only
@client(affects=contexts.notifications)
def read_all(request: HttpRequest) -> HttpResponse:
    mutations.mark_all_read(request)
    return done(request, "All notifications are read.")

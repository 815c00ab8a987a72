"""Who is there: logging in and out, and the corner of the header."""

from board.client import mutations
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_mizan import client

from .. import layout
from ..answers import done


@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/partials/account.html", layout.account(request))


@require_POST
@never_cache
@client(affects="*")
def sign_in(request: HttpRequest, user_id: int) -> HttpResponse:
    """Somebody else is there now: nothing that any window shows is theirs."""
    person = mutations.log_in(request, user_id)
    return done(request, f"Logged in as {person.name}.")


@require_POST
@never_cache
@client(affects="*")
def sign_out(request: HttpRequest) -> HttpResponse:
    mutations.log_out(request)
    return done(request, "Logged out.")

"""What went wrong: for a part of a page the line of messages says it, else a page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from .answers import toast, wants_part


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403, "This is not yours to change.")


def foreign_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was drawn for somebody else: before a login, say."""
    return answer(request, 403, "This page is from before you logged in. Load it again.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404, "There is no such thing here.")


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, 500, "The server failed. Nothing has been changed.")


def answer(request: HttpRequest, status: int, text: str) -> HttpResponse:
    if wants_part(request):
        return toast(request, text, status)
    return render(request, "pages/error.html", {"text": text}, status=status)

"""What the page reads and changes. A note that nobody has written yet is empty."""

from typing import Any

from django.contrib.auth import get_user_model, login
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django_mizan import client
from pydantic import BaseModel

from .models import Note


class Text(BaseModel):
    text: str


class Person(BaseModel):
    name: str


def text_of(note_id: int) -> Text:
    found = Note.objects.filter(pk=note_id).first()
    return Text(text=found.text if found else "")


def save(note_id: int, text: str) -> Text:
    Note.objects.update_or_create(pk=note_id, defaults={"text": text})
    return Text(text=text)


@client(context="note")
def note(request: HttpRequest, note_id: int) -> Text:
    """One note, for whoever asks."""
    return text_of(note_id)


@client(context="bulletin", cache="public")
def bulletin(request: HttpRequest, note_id: int) -> Text:
    """The same note, in a form that HTTP caches may keep and show while they revalidate it."""
    return text_of(note_id)


@client(context="me")
def me(request: HttpRequest) -> Person:
    """Who asks; nobody has no name."""
    return Person(name=request.user.get_username())


@client(context="secret", auth=True)
def secret(request: HttpRequest, secret_id: int) -> Person:
    """One of many things that only users see."""
    return Person(name=f"{request.user.get_username()} {secret_id}")


@client(affects=["note", "bulletin"], affects_params={n: ["note_id"] for n in ("note", "bulletin")})
def write(request: HttpRequest, note_id: int, text: str) -> Text:
    """Write a note."""
    return save(note_id, text)


@client(affects=["note", "bulletin"])
def fail(request: HttpRequest, note_id: int) -> Text:
    """Write a note and fail, which takes it back."""
    save(note_id, "never seen")
    raise RuntimeError("on purpose")


@client(affects=[], auth=True)
def greet(request: HttpRequest) -> Person:
    """Whom the server takes the caller for. Changes nothing."""
    return Person(name=request.user.get_username())


@client(affects=[])
def log_in(request: HttpRequest, name: str) -> Person:
    """Log in without a password. The change of identity says it all."""
    user: Any = get_object_or_404(get_user_model(), username=name)
    login(request, user)
    return Person(name=name)

"""Bearer tokens. A user has one; a new one makes the older one void."""

import secrets

from django.contrib.auth.models import User
from django.http import HttpRequest

from .models import Token


def issue(user: User) -> str:
    text = secrets.token_urlsafe(32)
    Token.objects.update_or_create(user=user, defaults={"text": text})
    return text


def authenticate(request: HttpRequest, token: str) -> User | None:
    found = Token.objects.select_related("user").filter(text=token).first()
    return found and found.user

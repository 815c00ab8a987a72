"""Who is asking: Bearer tokens, the user of the request, and the opaque token of an identity."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings as django_settings
from django.core.exceptions import SynchronousOnlyOperation
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.module_loading import import_string

from .problems import Problem
from .runner import ASYNC, Runner
from .settings import settings

HEADER: Final = "X-Mizan-Identity"
ANONYMOUS: Final = "anonymous"


def bearer_token(request: HttpRequest) -> str | None:
    """The token of `Authorization: Bearer …` (RFC 6750, section 2.1), or None."""
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def authenticate(request: HttpRequest, runner: Runner) -> None:
    """Makes the bearer of a token the user of `request`. Raises `Problem` for a bad token.

    A request with a token is never answered for the session's user: the CSRF check was left out
    on the strength of the token alone.
    """
    token = bearer_token(request)
    if token is None:
        return
    user = _anonymous()
    _become(request, user)
    if settings.BEARER is not None:
        user = await runner.call(import_string(settings.BEARER), request, token)
        if user is None:
            raise Problem(
                "unauthenticated",
                "The token is not valid.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        _become(request, user)


def _become(request: HttpRequest, user: Any) -> None:
    async def auser() -> Any:
        return user

    request.user = user
    request.auser = auser


def _anonymous() -> Any:
    from django.contrib.auth.models import AnonymousUser  # needs the apps to be loaded

    return AnonymousUser()


def user_of(request: HttpRequest) -> Any:
    """The user, maybe still lazy: to look at an attribute may read the session."""
    user = getattr(request, "user", None)
    return _anonymous() if user is None else user


async def load_user(request: HttpRequest, runner: Runner) -> Any:
    """The user of `request`, read from the session now and kept.

    Afterwards async code may read attributes of `request.user` too.
    """
    if runner is ASYNC and hasattr(request, "auser"):
        user = await request.auser()
        _become(request, user)
        return user
    return user_of(request)


async def identity_of(request: HttpRequest, runner: Runner) -> str:
    """Equal for two requests exactly when one user, with one password, makes both."""
    return str(await runner.call(_identity, await load_user(request, runner)))


def seen_identity(request: HttpRequest) -> str | None:
    """The token of who is known to ask; None where nobody has looked yet.

    To look would tie a page to its visitor that may be the same for all.
    """
    session = getattr(request, "session", None)
    if session is not None and not session.accessed:
        return None if django_settings.SESSION_COOKIE_NAME in request.COOKIES else ANONYMOUS
    try:
        return _identity(user_of(request))
    except SynchronousOnlyOperation:  # a lazy user in an async view
        return None


def _identity(user: Any) -> str:
    if not user.is_authenticated:
        return ANONYMOUS
    # The session hash changes with the password, which ends the user's other sessions.
    epoch = user.get_session_auth_hash() if hasattr(user, "get_session_auth_hash") else ""
    kind = user.__class__  # not type(user): a lazy user is of another type
    return salted_hmac(
        "django_mizan.identity",
        f"{kind.__module__}.{kind.__qualname__}:{user.pk}:{epoch}",
        algorithm="sha256",
    ).hexdigest()[:32]

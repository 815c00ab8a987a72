"""The endpoints: contexts, calls and the session."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from hashlib import blake2b
from typing import Any, Final, TypeAlias, TypeVar

from django.conf import settings as django_settings
from django.db import connections, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.middleware.csrf import get_token
from django.utils.http import parse_etags
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie

from . import identity, schema
from .body import body_of
from .bundle import bundle_of
from .call import answer
from .contexts import Context
from .csrf import check_csrf
from .function import Function
from .problems import Problem, problem_from
from .query import arguments_from_query
from .registry import nearest, registry
from .runner import ASYNC, SYNC, Runner, drive

Flow: TypeAlias = Callable[..., Coroutine[Any, Any, HttpResponse]]

V = TypeVar("V", bound=Callable[..., Any])

PUBLIC: Final = "public, max-age=0, stale-while-revalidate=300"
PRIVATE: Final = "private, no-cache"
READ: Final = ("GET", "HEAD")
WRITE: Final = ("POST",)


async def _context(request: HttpRequest, runner: Runner, name: str) -> HttpResponse:
    context = registry.contexts.get(name)
    if context is None:
        raise Problem("not-found", _unknown("context", name, registry.contexts))
    await identity.authenticate(request, runner)
    if not context.public:
        await identity.load_user(request, runner)
    arguments = arguments_from_query(context, request.META.get("QUERY_STRING", ""))
    bundle = await bundle_of(context, arguments, request, runner)
    if bundle.whole_problem is not None:
        raise bundle.whole_problem
    if bundle.problems:
        return _json(bundle.body, cache="no-store")
    cache = PUBLIC if context.public and _saw_nobody(request) else PRIVATE
    return _with_etag(request, _json(bundle.body, cache))


async def _call(request: HttpRequest, runner: Runner, name: str | None = None) -> HttpResponse:
    await runner.call(check_csrf, request)
    await identity.authenticate(request, runner)
    body = body_of(request)
    if name is None:
        name, body = body.addressed()
    function = _mutation(name)
    await function.authorize(request, runner)
    arguments = function.arguments.from_body(body)
    return _json(await answer(function, arguments, request, runner), cache="no-store")


async def _session(request: HttpRequest, runner: Runner) -> HttpResponse:
    await identity.authenticate(request, runner)
    response = JsonResponse(
        {
            "identity": await identity.identity_of(request, runner),
            "csrf": await runner.call(get_token, request),
        }
    )
    response["Cache-Control"] = "no-store"
    return response


async def _schema(request: HttpRequest, runner: Runner) -> HttpResponse:
    """For a generator that watches; all others take what `manage.py mizan_schema` writes."""
    if not django_settings.DEBUG:
        raise Problem("not-found", "The schema is served under DEBUG only.")
    return _with_etag(request, _json(schema.text().encode(), PRIVATE))


def _mutation(name: str) -> Function:
    function = registry.mutations.get(name)
    if function is None:
        raise Problem("not-found", _unknown("function", name, registry.mutations))
    return function


def _unknown(kind: str, name: str, known: dict[str, Context] | dict[str, Function]) -> str:
    """Names are told under DEBUG only: elsewhere a list of them is nobody's business."""
    if not django_settings.DEBUG:
        return f"There is no such {kind}."
    return f"There is no {kind} named {name[:64]!r}{nearest(name[:64], known)}"


def _json(body: bytes, cache: str) -> HttpResponse:
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": cache})


def _saw_nobody(request: HttpRequest) -> bool:
    """Whether the response cannot depend on a session or a token, nor set a cookie.

    Whoever reads the user reads the session.
    """
    session = getattr(request, "session", None)
    saves = (
        django_settings.SESSION_SAVE_EVERY_REQUEST
        and django_settings.SESSION_COOKIE_NAME in request.COOKIES
    )
    return not (
        (session is not None and (session.accessed or saves))
        or "Authorization" in request.headers
        or request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
    )


def _with_etag(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """304 where the client has these very bytes (RFC 9110, section 13.1.2: weak comparison)."""
    etag = f'"{blake2b(response.content, digest_size=16).hexdigest()}"'
    known = [
        each.removeprefix("W/") for each in parse_etags(request.headers.get("If-None-Match", ""))
    ]
    if etag in known or "*" in known:
        unmodified = HttpResponseNotModified()
        unmodified["Cache-Control"] = response["Cache-Control"]
        response = unmodified
    response["ETag"] = etag
    return response


async def _handle(
    flow: Flow,
    methods: Sequence[str],
    runner: Runner,
    request: HttpRequest,
    kwargs: dict[str, Any],
) -> HttpResponse:
    version = None
    try:
        version = schema.current_hash()
        if request.method not in methods:
            raise Problem("method-not-allowed", headers={"Allow": ", ".join(methods)})
        response = await flow(request, runner, **kwargs)
    except Exception as error:
        response = problem_from(error, request).response()
    if version is not None:
        response[schema.HEADER] = version
    response["Vary"] = "Authorization, Cookie"
    # A shared cache hands one copy to everybody: an identity in it would be somebody else's.
    if response.get("Cache-Control") != PUBLIC:
        response[identity.HEADER] = await identity.identity_of(request, runner)
    return response


def _sync_view(flow: Flow, methods: Sequence[str]) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return drive(_handle(flow, methods, SYNC, request, kwargs))

    return _unguarded(view)


def _async_view(
    flow: Flow, methods: Sequence[str]
) -> Callable[..., Coroutine[Any, Any, HttpResponse]]:
    async def view(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return await _handle(flow, methods, ASYNC, request, kwargs)

    return _unguarded(view)


def _unguarded(view: V) -> V:
    """Takes out Django's transaction and CSRF check per view: the flows have their own.

    Django's transaction would commit what a problem response leaves behind, and its CSRF check
    knows no Bearer token.
    """
    for alias in connections.settings:
        view = transaction.non_atomic_requests(using=alias)(view)
    return csrf_exempt(view)


context = _sync_view(_context, READ)
async_context = _async_view(_context, READ)
call = _sync_view(_call, WRITE)
session = ensure_csrf_cookie(_sync_view(_session, READ))
document = _sync_view(_schema, READ)

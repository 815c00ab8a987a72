"""Where views are routed: URL patterns in the form `/profile/:user_id/`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver, get_script_prefix
from django.urls.resolvers import RoutePattern

APP_NAME: Final = "mizan"

_CAPTURE: Final = re.compile(r"<(?:[^>:]+:)?([^>]+)>")


def routes_of(view: Callable[..., Any]) -> list[str]:
    """The patterns that lead to `view`, decorated further or not, in the order of the URLconf.

    What `path()` wrote is told; a `re_path()` or a language prefix is not, rather than guessed.
    """
    return [
        _CAPTURE.sub(r":\1", route)
        for route, callback in _patterns(get_resolver(), get_script_prefix())
        if _leads_to(callback, view)
    ]


def base() -> str:
    """The path under which `django_mizan.urls` is included, with a slash at its end.

    Raises `ImproperlyConfigured` where it is not.
    """
    for route, resolver in _resolvers(get_resolver(), get_script_prefix()):
        if resolver.app_name == APP_NAME:
            return route
    raise ImproperlyConfigured(
        "django_mizan.urls is not in the URLconf: "
        'add path("api/mizan/", include("django_mizan.urls"))'
    )


def _resolvers(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLResolver]]:
    """`resolver` and those inside it, as far as `path()` wrote them, each with its prefix."""
    yield prefix, resolver
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver) and isinstance(each.pattern, RoutePattern):
            yield from _resolvers(each, prefix + str(each.pattern))


def _patterns(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    for each in resolver.url_patterns:
        if not isinstance(each.pattern, RoutePattern):
            continue
        route = prefix + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _patterns(each, route)
        elif isinstance(each, URLPattern):
            yield route, each.callback


def _leads_to(callback: Callable[..., Any] | None, view: Callable[..., Any]) -> bool:
    while callback is not None:
        if callback is view:
            return True
        callback = getattr(callback, "__wrapped__", None)
    return False

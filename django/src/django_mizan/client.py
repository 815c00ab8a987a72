"""The `@client` decorator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, TypeVar, overload

from .contexts import ContextName, name_of
from .effects import Affects, AffectsParams, effects_of
from .function import Auth, Function, returns_response
from .page import decorated
from .registry import registry

F = TypeVar("F", bound=Callable[..., Any])


@overload
def client(function: F, /) -> F: ...
@overload
def client(
    *,
    context: ContextName | None = None,
    affects: Affects = None,
    affects_params: AffectsParams = None,
    auth: Auth = None,
    cache: Literal["private", "public"] = "private",
    htmx: bool = False,
) -> Callable[[F], F]: ...
def client(
    function: F | None = None,
    /,
    *,
    context: ContextName | None = None,
    affects: Affects = None,
    affects_params: AffectsParams = None,
    auth: Auth = None,
    cache: Literal["private", "public"] = "private",
    htmx: bool = False,
) -> F | Callable[[F], F]:
    """Makes a function callable from the browser; sync or async, its type unchanged.

    - With `context=` it is a read: a member of that context, fetched by GET.
    - Without, it is a mutation, called by POST. `affects=` names the contexts that a call
      invalidates; `affects_params=` scopes that: a list of argument names, a callable
      `(request, result, **args)` that returns the params, or a dict of these by context.
    - One annotated to return an HttpResponse (or a subclass) is a view: route it in a URLconf.
      Its responses to unsafe methods carry what they invalidate in `X-Mizan-Invalidate`; an
      exception carries nothing, so that a view that fails after it has committed something
      returns a response. Given `context=` too, it is a page that shows the context, and the
      schema says so; a context that only pages show needs no read.

    `auth`: None or False is open, True asks for an authenticated user, a callable `(request)`,
    sync or async, decides. `cache="public"` lets shared caches store a context that is the same
    for everybody. `htmx=True` on a view is for pages that load htmx and no script of ours: its
    answers to htmx also raise the event `mizan:<context>`, for
    `hx-trigger="mizan:user from:document"`. Its detail has the params; one that is missing stands
    for every value. On a redirect, nobody hears of it.

    Raises `TypeError` for arguments that contradict each other. What can only be judged with all
    of the project loaded is judged by the system checks.
    """

    def decorate(function: F) -> F:
        effects = effects_of(affects, affects_params)
        is_view = returns_response(function)
        name = None if context is None else name_of(context)
        if name is not None and effects and not is_view:
            raise TypeError(
                f"{function.__qualname__}: a read (context=) affects nothing; "
                "write the mutation (affects=) as a function of its own"
            )
        if htmx and not is_view:
            raise TypeError(
                f"{function.__qualname__}: htmx=True is for views; "
                "annotate it to return an HttpResponse"
            )
        registered = Function(
            function,
            context=name,
            effects=effects,
            auth=auth,
            public=cache == "public",
            htmx=htmx,
        )
        if is_view:
            registered.view = decorated(registered)
        registry.add(registered)
        return registered.view or function  # type: ignore[return-value]

    return decorate if function is None else decorate(function)

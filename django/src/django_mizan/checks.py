"""System checks: what can be known to be wrong before the first request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from django.conf import settings as django_settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Manager, Model, QuerySet
from django.http.response import HttpResponseRedirectBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.module_loading import import_string
from pydantic.errors import PydanticSchemaGenerationError, PydanticUserError

from . import routes
from .arguments import parts
from .contexts import Context
from .effects import Effect
from .function import Function
from .htmx import widest
from .invalidation import EVERYTHING, LIMIT
from .json_schema import Generator
from .keys import NAME, PARAM
from .pagination import CURSOR, is_paginated
from .registry import nearest, registry
from .settings import DEFAULTS, SCRIPTS, settings

NAME_HINT: Final = "A letter, then letters, digits and underscores, 64 at most."
PARAM_HINT: Final = "A lower-case letter, then lower-case letters, digits and underscores."
SCALARS: Final = frozenset({"string", "integer", "number", "boolean", "null"})


@checks.register("mizan")
def check_mizan(**kwargs: Any) -> list[checks.CheckMessage]:
    return [*_check_project(), *_check_registry()]


def _error(number: int, msg: str, hint: str, obj: str | None = None) -> checks.Error:
    return checks.Error(msg, hint=hint, obj=obj, id=f"mizan.E{number:03}")


def _warning(number: int, msg: str, hint: str, obj: str | None = None) -> checks.Warning:
    return checks.Warning(msg, hint=hint, obj=obj, id=f"mizan.W{number:03}")


def _check_project() -> Iterator[checks.CheckMessage]:
    if not any(_checks_csrf(path) for path in django_settings.MIDDLEWARE):
        yield _warning(
            1,
            "CsrfViewMiddleware is not installed: your own views are open to forged requests.",
            "Add 'django.middleware.csrf.CsrfViewMiddleware' to MIDDLEWARE.",
        )
    for key in settings.unknown:
        yield _warning(
            2,
            f"MIZAN has the unknown key {key!r}.",
            f"Known are {', '.join(DEFAULTS)}{nearest(key, DEFAULTS)}",
        )
    if settings.SCRIPT not in SCRIPTS:
        yield _error(
            14,
            f'MIZAN["SCRIPT"] is {settings.SCRIPT!r}, which is no build of the runtime.',
            f"Known are {', '.join(SCRIPTS)}.",
        )
    kinds = {function.kind for function in registry.functions.values()}
    try:
        if kinds != {"view"}:  # which have URLs of their own
            routes.base()
    except ImproperlyConfigured as error:
        yield _warning(3, "The endpoints of Mizan are not routed.", str(error))


def _checks_csrf(path: str) -> bool:
    middleware = import_string(path)
    return isinstance(middleware, type) and issubclass(middleware, CsrfViewMiddleware)


def _check_registry() -> Iterator[checks.CheckMessage]:
    for first, second in registry.duplicates:
        yield _error(
            3,
            f"Two functions are named {first.name!r}: {first.origin} (line {first.line}) "
            f"and {second.origin} (line {second.line}).",
            "The name is the address on the wire: rename one.",
            second.origin,
        )
    sound = []
    for function in registry.functions.values():
        found = [*_check_names(function), *_check_types(function)]
        yield from found
        if not found:
            sound.append(function)
    # Contexts put the params of their functions together: without them there is nothing to say.
    if len(sound) == len(registry.functions):
        for context in registry.contexts.values():
            yield from _check_context(context)
        for function in sound:
            for effect in function.effects:
                yield from _check_effect(function, effect)
    yield from _check_events([function for function in sound if function.htmx])


def _check_names(function: Function) -> Iterator[checks.CheckMessage]:
    if not NAME.fullmatch(function.name):
        yield _error(1, f"{function.name!r} is no legal function name.", NAME_HINT, function.origin)
    if function.context is not None and not NAME.fullmatch(function.context):
        msg = f"{function.context!r} is no legal context name."
        yield _error(2, msg, NAME_HINT, function.origin)
    if function.public and function.auth:
        yield _error(
            13,
            'cache="public" and auth= exclude each other.',
            "A shared cache hands one copy to everybody: drop one of the two.",
            function.origin,
        )


def _check_types(function: Function) -> Iterator[checks.CheckMessage]:
    origin = function.origin
    try:
        params = function.arguments.params
    except (TypeError, NameError) as error:
        hint = "Write `def f(request, name: Type, …) -> Type`, with types that exist at run time."
        yield _error(6, f"The signature cannot be read: {error}.", hint, origin)
        return
    for name in params:
        if not PARAM.fullmatch(name):
            yield _error(7, f"{name!r} is no legal param name.", PARAM_HINT, origin)
    if function.kind == "mutation":
        yield from _check_describable(origin, "arguments", lambda: function.arguments.adapter)
    if function.kind != "view":
        yield from _check_result(function)


def _check_result(function: Function) -> Iterator[checks.CheckMessage]:
    try:
        result = function.result
    except TypeError:
        hint = "Declare what it returns: a pydantic model, a TypedDict, a list of these, a scalar."
        yield _error(4, "The return annotation is missing.", hint, function.origin)
        return
    for part in parts(result.annotation):
        if isinstance(part, type) and issubclass(part, Model | QuerySet | Manager):
            yield _error(
                5,
                f"It returns {part.__name__}, which would expose every field.",
                "Declare a pydantic model with the fields to show, and return that.",
                function.origin,
            )
            return
    if is_paginated(function) and not _takes_cursor(function):
        yield _error(
            15,
            "It returns a Page, and takes no cursor.",
            f"Add the param `{CURSOR}: str | None = None`, and give it to `paginate`.",
            function.origin,
        )
    found = [*_check_describable(function.origin, "result", lambda: result.adapter)]
    yield from found
    if not found and result.has_unordered_set:
        yield _error(
            12,
            "It returns a set, whose order differs from process to process.",
            "Return a sorted list.",
            function.origin,
        )


def _takes_cursor(function: Function) -> bool:
    param = function.arguments.params.get(CURSOR)
    return (
        param is not None
        and param.default is None
        and _json_types(param.adapter) == {"string", "null"}
    )


def _check_describable(
    origin: str, what: str, adapter: Callable[[], Any]
) -> Iterator[checks.CheckMessage]:
    """pydantic must have a validator and a JSON Schema for it."""
    mode: Any = "serialization" if what == "result" else "validation"
    try:
        adapter().json_schema(mode=mode, schema_generator=Generator)
    except (PydanticSchemaGenerationError, PydanticUserError, NameError) as error:
        reason = str(error).splitlines()[0]
        hint = "Use types that pydantic can validate and describe as JSON Schema."
        yield _error(5, f"The type of its {what} has no JSON form: {reason}", hint, origin)


def _check_context(context: Context) -> Iterator[checks.CheckMessage]:
    if len({function.public for function in context.functions}) > 1:
        yield _warning(
            4,
            f'Only some functions of context {context.name!r} are cache="public".',
            "The context is private until all of them are.",
            context.functions[0].origin,
        )
    paginated = [function.name for function in context.functions if is_paginated(function)]
    if len(paginated) > 1:
        yield _error(
            16,
            f"Several functions of context {context.name!r} return a Page: {', '.join(paginated)}.",
            "They would be given each other's cursors: make each a context of its own.",
            context.functions[0].origin,
        )
    for param in context.params.values():
        types = {name: _json_types(source.adapter) for name, source in param.sources.items()}
        for name, found in types.items():
            if not found <= SCALARS:
                yield _error(
                    8,
                    f"Param {param.name!r} of {name} is no string, boolean or number.",
                    "A context is addressed by flat params: take the id, not the object.",
                    context.functions[0].origin,
                )
        # "Not given" is no type of its own: a param that one function may go without is the same.
        given = {name: "/".join(sorted(found - {"null"})) for name, found in types.items()}
        if len(set(given.values())) > 1:
            listed = ", ".join(f"{found} in {name}" for name, found in given.items())
            yield _error(
                9,
                f"Param {param.name!r} of context {context.name!r} clashes in type: {listed}.",
                "One param has one type in all functions of a context: align them or rename one.",
                context.functions[0].origin,
            )


def _check_events(views: list[Function]) -> Iterator[checks.CheckMessage]:
    for function in views:
        annotation = function.result.annotation
        if isinstance(annotation, type) and issubclass(annotation, HttpResponseRedirectBase):
            yield _warning(
                5,
                "It has htmx=True, and answers by a redirect, which no script can see.",
                "Put {% mizan_htmx %} into the page, or answer 204 with HX-Location.",
                function.origin,
            )
    if views and (length := widest()) > LIMIT:
        yield _warning(
            6,
            f"The names of all contexts take {length} bytes of HX-Trigger, more than {LIMIT}.",
            "A proxy may refuse such an answer: put {% mizan_htmx %} into the pages instead.",
        )


def _json_types(adapter: Any) -> frozenset[str]:
    """The JSON types that a schema admits; one that is not told is "any"."""
    schema = adapter.json_schema()
    definitions = schema.get("$defs", {})

    def of(node: dict[str, Any]) -> set[str]:
        if "$ref" in node:
            return of(definitions[node["$ref"].rpartition("/")[2]])
        if "anyOf" in node or "oneOf" in node:
            parts = node["anyOf"] if "anyOf" in node else node["oneOf"]
            return {each for part in parts for each in of(part)}
        listed = node.get("type", "any")
        return {listed} if isinstance(listed, str) else set(listed)

    return frozenset(of(schema))


def _check_effect(function: Function, effect: Effect) -> Iterator[checks.CheckMessage]:
    if effect.context == EVERYTHING:
        return
    if effect.context not in registry.names:
        yield _error(
            10,
            f"It affects {effect.context!r}, which no function has as its context.",
            f"Known are {', '.join(sorted(registry.names))}{registry.hint(effect.context)}",
            function.origin,
        )
        return
    context = registry.contexts.get(effect.context)
    for name in effect.params:
        if name not in function.arguments.params:
            yield _error(
                11,
                f"affects_params names {name!r}, which is none of its arguments.",
                f"Its arguments are {', '.join(function.arguments.params) or 'none'}.",
                function.origin,
            )
        elif context is not None and name not in context.params:
            yield _error(
                11,
                f"affects_params names {name!r}, which is no param of context {context.name!r}.",
                f"It would match no key. The params are {', '.join(context.params) or 'none'}.",
                function.origin,
            )

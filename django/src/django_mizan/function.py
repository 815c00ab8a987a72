"""A registered function: what it is, what it takes, what it returns, what it affects."""

from __future__ import annotations

import inspect
import sys
import typing
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal, TypeAlias

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .arguments import Arguments, params_of
from .effects import Effect
from .identity import user_of
from .problems import Problem
from .result import Result
from .runner import Runner

Auth: TypeAlias = bool | Callable[[HttpRequest], Any] | None
Kind: TypeAlias = Literal["read", "mutation", "view"]

_MISSING: Final = object()


@dataclass(eq=False)
class Function:
    """Annotations are resolved at first use, so that they may name what is defined later."""

    call: Callable[..., Any]
    context: str | None = None
    effects: tuple[Effect, ...] = ()
    auth: Auth = None
    public: bool = False
    htmx: bool = False
    view: Callable[..., Any] | None = field(default=None, repr=False)
    """The decorated view, for a function that returns an HttpResponse."""
    load: object = field(init=False, repr=False)
    """Its module's spec, which is another object each time that the module is executed."""

    def __post_init__(self) -> None:
        self.load = getattr(sys.modules.get(self.module), "__spec__", None)

    @property
    def name(self) -> str:
        return self.call.__name__

    @property
    def module(self) -> str:
        return self.call.__module__

    @property
    def origin(self) -> str:
        """Where it is defined, for messages."""
        return f"{self.module}.{self.call.__qualname__}"

    @property
    def line(self) -> int:
        """The line of its file where it begins, decorators included."""
        line: int = inspect.unwrap(self.call).__code__.co_firstlineno
        return line

    @property
    def doc(self) -> str:
        return inspect.getdoc(self.call) or ""

    @property
    def kind(self) -> Kind:
        if self.view is not None:
            return "view"
        return "mutation" if self.context is None else "read"

    @property
    def is_async(self) -> bool:
        return iscoroutinefunction(self.call)

    @property
    def pascal_name(self) -> str:
        """`set_bio` → `SetBio`."""
        return "".join(part[:1].upper() + part[1:] for part in self.name.split("_"))

    @cached_property
    def _hints(self) -> dict[str, Any]:
        return typing.get_type_hints(self.call, include_extras=True)

    @cached_property
    def arguments(self) -> Arguments:
        """Raises `TypeError` or `NameError` for a signature that says too little."""
        params = params_of(inspect.signature(self.call), self._hints)
        return Arguments(f"{self.pascal_name}Args", self.module, params)

    @cached_property
    def result(self) -> Result:
        """Raises `TypeError` where the return annotation is missing."""
        annotation = self._hints.get("return", _MISSING)
        if annotation is _MISSING:
            raise TypeError("it has no return annotation")
        return Result(annotation)

    def encode(self, value: Any) -> tuple[Any, bytes]:
        """What `Result.encode` says of `value`; an error names this function."""
        try:
            return self.result.encode(value)
        except ValueError as error:
            error.add_note(f"in the result of {self.origin}")
            raise

    async def authorize(self, request: HttpRequest, runner: Runner) -> None:
        """Raises `Problem`: 401 for an anonymous user that `auth` turns away, 403 for another."""
        if not self.auth:
            return
        user = user_of(request)
        if self.auth is True:
            allowed = await runner.call(_is_authenticated, user)
        else:
            allowed = await runner.call(self.auth, request)
        if not allowed:
            known = await runner.call(_is_authenticated, user)
            raise Problem("forbidden" if known else "unauthenticated")


def _is_authenticated(user: Any) -> bool:
    """Called through a runner: a lazy user reads the session and the database here."""
    return bool(user.is_authenticated)


def returns_response(call: Callable[..., Any]) -> bool:
    """Whether the return annotation is a response class; decides what `@client` makes of `call`.

    The one annotation that is resolved at decoration; one that cannot be yet is not a response.
    """
    annotation = call.__annotations__.get("return")
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, call.__globals__)
        except Exception:
            return False
    return isinstance(annotation, type) and issubclass(annotation, HttpResponseBase)

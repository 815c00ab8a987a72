"""A context fetch: the params from the query, the functions one by one, one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

import pydantic
from django.http import HttpRequest

from .contexts import Context
from .function import Function
from .keys import PARAM, InvalidKey, InvalidValue, Scalar, query
from .problems import ErrorDetail, Problem, error_detail, errors_of_pydantic, problem_from
from .runner import Runner


@dataclass
class Bundle:
    """The members as JSON, in the order of the context, and the problems of those that failed."""

    members: dict[str, bytes] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        members = [b'"%s":%s' % (name.encode(), each) for name, each in self.members.items()]
        if self.problems:
            errors = {name: problem.document for name, problem in self.problems.items()}
            text = json.dumps(errors, ensure_ascii=False, separators=(",", ":"))
            members.append(b'"$errors":' + text.encode())
        return b"{" + b",".join(members) + b"}"

    @property
    def whole_problem(self) -> Problem | None:
        """The problem of the response itself: all functions failed, in one way."""
        if self.members or len({problem.kind for problem in self.problems.values()}) != 1:
            return None
        return next(iter(self.problems.values()))


async def bundle_of(
    context: Context, params: Mapping[str, Any], request: HttpRequest, runner: Runner
) -> Bundle:
    """Runs what can run with `params`. One that fails does not fail its neighbours."""
    bundle = Bundle()
    for function in context.functions:
        own = function.arguments.params
        if any(each.required and each.name not in params for each in own.values()):
            continue
        try:
            await function.authorize(request, runner)
            arguments = {name: params[name] for name in own if name in params}
            value = await runner.call(function.call, request, **arguments)
            bundle.members[function.name] = encoded(function, value)
        except Exception as error:
            bundle.problems[function.name] = problem_from(error, request)
    return bundle


def encoded(function: Function, value: Any) -> bytes:
    try:
        return function.result.encode(value)[1]
    except ValueError as error:
        error.add_note(f"in the result of {function.origin}")
        raise


def params_from_query(context: Context, text: str) -> dict[str, Any]:
    """The params that the query string `text` gives.

    One key has one URL, or a purge would miss some of its copies: a query that is not the one
    that `keys.query` writes is refused. Raises `Problem`: "not-canonical", or
    "invalid-arguments" where a value is missing or of the wrong type.
    """
    values: dict[str, Any] = {}
    scalars: dict[str, Scalar | None] = {}
    strange: list[ErrorDetail] = []
    invalid: list[ErrorDetail] = []
    pairs = [pair.partition("=")[::2] for pair in text.split("&")] if text else []
    for name, raw in pairs:
        if name not in context.params:
            strange.append(_unknown(name))
        elif name in scalars:
            strange.append(error_detail([name], "The param is given twice", "repeated"))
        else:
            scalars[name] = None
            try:
                given = unquote_to_bytes(raw).decode()
            except UnicodeDecodeError:
                strange.append(error_detail([name], "The value is not UTF-8", "not_unicode"))
                continue
            try:
                values[name], scalars[name] = _parsed(context, name, given)
            except pydantic.ValidationError as error:
                invalid += [
                    {**each, "loc": [name, *each["loc"]]} for each in errors_of_pydantic(error)
                ]
            except InvalidValue as error:
                strange.append(error_detail([name], str(error), "not_canonical"))
            else:
                if f"{name}={raw}" != query({name: scalars[name]}):
                    strange.append(_respelled(name))
    invalid += [
        error_detail([each.name], "Param required", "missing")
        for each in context.params.values()
        if each.required and each.name not in scalars
    ]
    names = [name for name, _ in pairs]
    if not strange and names != sorted(names):
        strange.append(error_detail([], "Params stand in the order of their names", "unsorted"))
    if strange:
        raise Problem("not-canonical", errors=[*strange, *invalid])
    if invalid:
        raise Problem("invalid-arguments", errors=invalid)
    return values


def _parsed(context: Context, name: str, text: str) -> tuple[Any, Scalar | None]:
    """The value, and how it stands in a key, by the type of every function that takes it."""
    parsed: tuple[Any, Scalar | None] = (None, None)
    for source in reversed(context.params[name].sources):
        value = source.parse(text)
        plain = source.scalar(value)
        try:
            query({name: plain})
        except InvalidKey as error:
            raise InvalidValue(str(error)) from None
        parsed = (value, plain)
    return parsed


def _respelled(name: str) -> ErrorDetail:
    return error_detail([name], "The text is not the canonical one of its value", "not_canonical")


def _unknown(name: str) -> ErrorDetail:
    """Names it only if it could be a name: anything else would echo input."""
    loc = [name] if PARAM.fullmatch(name) else []
    return error_detail(loc, "The context has no such param", "unknown_param")

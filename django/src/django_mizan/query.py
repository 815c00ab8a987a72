"""The query of a context fetch: the arguments that it gives, and its one canonical spelling."""

from __future__ import annotations

from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

import pydantic

from .arguments import Param
from .contexts import Context
from .keys import PARAM, InvalidKey, InvalidValue, query
from .problems import ErrorDetail, Problem, error_detail, errors_of_pydantic

ByFunction: TypeAlias = dict[str, dict[str, Any]]
"""The keyword arguments of each function, by its name."""


def arguments_from_query(context: Context, text: str) -> ByFunction:
    """What the query string `text` means for each function, by its own types.

    One key has one URL, or a purge would miss some of its copies: a query that is not the one
    that `keys.query` writes is refused. Raises `Problem`: "not-canonical", or
    "invalid-arguments" where a value is missing or of the wrong type.
    """
    arguments: ByFunction = {function.name: {} for function in context.functions}
    seen: set[str] = set()
    strange: list[ErrorDetail] = []
    invalid: list[ErrorDetail] = []
    pairs = text.split("&") if text else []
    names = [pair.partition("=")[0] for pair in pairs]
    for name, pair in zip(names, pairs, strict=True):
        if name not in context.params:
            strange.append(_unknown(name))
        elif name in seen:
            strange.append(error_detail([name], "The param is given twice", "repeated"))
        else:
            seen.add(name)
            for function, source in context.params[name].sources.items():
                try:
                    arguments[function][name] = _parsed(source, pair)
                except pydantic.ValidationError as error:
                    invalid += [
                        {**each, "loc": [name, *each["loc"]]} for each in errors_of_pydantic(error)
                    ]
                except InvalidValue as error:
                    strange.append(error_detail([name], str(error), "not_canonical"))
    invalid += [
        error_detail([each.name], "Param required", "missing")
        for each in context.params.values()
        if each.required and each.name not in seen
    ]
    if not strange and names != sorted(names):
        strange.append(error_detail([], "Params stand in the order of their names", "unsorted"))
    if strange:
        raise Problem("not-canonical", errors=_distinct([*strange, *invalid]))
    if invalid:
        raise Problem("invalid-arguments", errors=_distinct(invalid))
    return arguments


def _parsed(source: Param, pair: str) -> Any:
    """The value in `name=text`. Raises `InvalidValue` or `pydantic.ValidationError`."""
    text = unquote_to_bytes(pair.partition("=")[2])
    try:
        value = source.parse(text.decode())
    except UnicodeDecodeError:
        raise InvalidValue("The value is not UTF-8") from None
    try:
        written = query({source.name: source.scalar(value)})
    except InvalidKey as error:
        raise InvalidValue(str(error)) from None
    if written != pair:
        raise InvalidValue("The text is not the canonical one of its value")
    return value


def _distinct(errors: list[ErrorDetail]) -> list[ErrorDetail]:
    """Functions that share a param say the same of it."""
    return list({(*each["loc"], each["type"]): each for each in errors}.values())


def _unknown(name: str) -> ErrorDetail:
    """Names it only if it could be a name: anything else would echo input."""
    loc = [name] if PARAM.fullmatch(name) else []
    return error_detail(loc, "The context has no such param", "unknown_param")

"""The answer of a context: its functions run one by one, one JSON object."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from django.http import HttpRequest

from .contexts import Context
from .problems import Problem, problem_from
from .query import ByFunction
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
    context: Context, arguments: ByFunction, request: HttpRequest, runner: Runner
) -> Bundle:
    """Runs the functions whose required params are given. One that fails fails alone."""
    bundle = Bundle()
    for function in context.functions:
        own = arguments[function.name]
        if not own.keys() >= function.arguments.required:
            continue
        try:
            await function.authorize(request, runner)
            value = await runner.call(function.call, request, **own)
            bundle.members[function.name] = function.encode(value)[1]
        except Exception as error:
            bundle.problems[function.name] = problem_from(error, request)
    return bundle

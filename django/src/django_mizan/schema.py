"""The exported schema: an OpenAPI 3.1 document, from which all client code is generated."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from .contexts import Context
from .function import Function
from .invalidation import EVERYTHING
from .json_schema import Generator
from .openapi import RESPONSES, paths
from .pagination import is_paginated
from .registry import registry
from .routes import base, routes_of
from .settings import settings

Json = dict[str, Any]
_Input = tuple[tuple[str, ...], Literal["validation", "serialization"], TypeAdapter[Any]]

HEADER: Final = "X-Mizan-Schema"

_REF: Final = "#/components/schemas/{model}"


@dataclass(frozen=True)
class Contract:
    """What generated code depends on, and its hash: no URL, no docstring of a function, no view."""

    functions: dict[str, Json]
    contexts: dict[str, Json]
    components: dict[str, Json]

    @property
    def hash(self) -> str:
        """16 hex digits."""
        functions = {k: each for k, each in self.functions.items() if each["kind"] != "view"}
        content = [functions, self.contexts, self.components]
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()[:16]


def current_hash() -> str:
    """The value of `X-Mizan-Schema`."""
    return _current(registry.version)[1]


def document() -> Json:
    """The whole document. Raises `ImproperlyConfigured` where the URLs are not included."""
    root = base()  # loads the URLconf, and with it the modules of views
    contract, digest = _current(registry.version)
    functions = {
        name: _function(function, contract.functions[name], root)
        for name, function in registry.functions.items()
    }
    contexts = {
        name: _context(context, contract.contexts[name], root)
        for name, context in registry.contexts.items()
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": settings.TITLE, "version": settings.VERSION},
        "paths": paths(functions, contexts, root),
        "components": {"schemas": contract.components, "responses": RESPONSES},
        "x-mizan-base": root,
        "x-mizan-hash": digest,
        "x-mizan-functions": functions,
        "x-mizan-contexts": contexts,
    }


def text() -> str:
    """The document as a file: fixed order, no time stamp, two spaces, a newline at its end."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


@lru_cache(maxsize=1)
def _current(version: int) -> tuple[Contract, str]:
    contract = _contract()
    return contract, contract.hash


def _contract() -> Contract:
    schemas, shared = TypeAdapter.json_schemas(
        _inputs(), ref_template=_REF, schema_generator=Generator
    )
    found = {key: schema for (key, _), schema in schemas.items()}
    functions = {
        name: {
            "kind": function.kind,
            "context": function.context,
            "params": [] if function.kind == "mutation" else list(function.arguments.params),
            "required": _required(function),
            "args": found.get(("args", name)),
            "returns": found.get(("returns", name)),
            # Only where it is true: the hash of a schema without it is what it was.
            **({"paginated": True} if is_paginated(function) else {}),
        }
        for name, function in registry.functions.items()
    }
    contexts = {
        name: {
            "functions": [function.name for function in context.functions],
            "params": [
                {
                    "name": param.name,
                    "schema": found["param", name, param.name],
                    "required": param.required,
                    "shared": param.shared,
                }
                for param in context.params.values()
            ],
        }
        for name, context in registry.contexts.items()
    }
    return Contract(functions, contexts, dict(sorted(shared.get("$defs", {}).items())))


def _inputs() -> list[_Input]:
    """Every type that is part of the contract, all at once: equal models become one component."""
    inputs: list[_Input] = []
    for name, function in registry.functions.items():
        if function.kind == "view":
            continue
        if function.kind == "mutation" and function.arguments.params:
            inputs.append((("args", name), "validation", function.arguments.adapter))
        inputs.append((("returns", name), "serialization", function.result.adapter))
    for name, context in registry.contexts.items():
        for param in context.params.values():
            key = ("param", name, param.name)
            source = next(iter(param.sources.values()))
            inputs.append((key, "validation", source.adapter))
    return inputs


def _function(function: Function, contract: Json, root: str) -> Json:
    endpoints = {
        "read": f"{root}ctx/{function.context}/",
        "mutation": f"{root}call/{function.name}/",
        "view": None,
    }
    described: Json = {
        "kind": contract["kind"],
        "context": contract["context"],
        "affects": [
            {"context": effect.context, "params": list(effect.params)}
            for effect in function.effects
            # One that is only shown has nothing that generated code could know of.
            if effect.context == EVERYTHING or effect.context in registry.contexts
        ],
        "params": contract["params"],
        "required": contract["required"],
        "args": contract["args"],
        "returns": contract["returns"],
        **({"paginated": True} if "paginated" in contract else {}),
        "auth": bool(function.auth),
        "transport": _transport(function),
        "endpoint": endpoints[function.kind],
        "doc": function.doc,
        "module": function.module,
    }
    if function.view is not None:
        described["views"] = routes_of(function.view)
    return described


def _required(function: Function) -> list[str]:
    """The params without which a read does not run: its member is then absent from the bundle."""
    if function.kind == "mutation":
        return []
    return [each.name for each in function.arguments.params.values() if each.required]


def _transport(function: Function) -> str:
    """How invalidations travel back, and "multipart" for a call that takes files."""
    if function.view is not None:
        return "header"
    return "multipart" if function.arguments.takes_files else "json"


def _context(context: Context, contract: Json, root: str) -> Json:
    return {
        **contract,
        "auth": context.requires_auth,
        "endpoint": f"{root}ctx/{context.name}/",
        "views": [route for each in context.views if each.view for route in routes_of(each.view)],
    }

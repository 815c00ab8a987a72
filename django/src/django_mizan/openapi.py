"""The `paths` of the schema document: the wire as OpenAPI 3.1 describes it."""

from __future__ import annotations

from typing import Any, Final

from .body import FORM, JSON, PART
from .problems import CONTENT_TYPE

Json = dict[str, Any]

_DETAIL: Final[Json] = {
    "type": "object",
    "properties": {
        "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
        "msg": {"type": "string"},
        "type": {"type": "string"},
    },
    "required": ["loc", "msg", "type"],
}

_PROBLEM_SCHEMA: Final[Json] = {
    "type": "object",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _DETAIL, "maxItems": 20},
    },
    "required": ["type", "title", "status"],
}

_PROBLEM: Final[Json] = {"$ref": "#/components/responses/Problem"}
_PROBLEM_OBJECT: Final[Json] = {
    "$ref": "#/components/responses/Problem/content/application~1problem+json/schema"
}

RESPONSES: Final[Json] = {
    "Problem": {
        "description": "A problem (RFC 9457).",
        "content": {CONTENT_TYPE: {"schema": _PROBLEM_SCHEMA}},
    }
}
"""The `components.responses` that the paths refer to."""

_FORM_BODY: Final[Json] = {
    "type": "object",
    "properties": {PART: {"type": "string", "contentMediaType": JSON}},
    "required": [PART],
    "additionalProperties": {"type": "string", "format": "binary"},
}

_INVALIDATION: Final[Json] = {
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {
                "context": {"type": "string"},
                "params": {"type": "object"},
            },
            "required": ["context", "params"],
        },
    ]
}


def paths(functions: dict[str, Json], contexts: dict[str, Json], root: str) -> Json:
    """Every endpoint of `functions` and `contexts`, as the document describes these."""
    return {
        **{
            each["endpoint"]: {"get": _fetch(name, each, functions)}
            for name, each in contexts.items()
        },
        **{
            each["endpoint"]: {"post": _call(name, each)}
            for name, each in functions.items()
            if each["kind"] == "mutation"
        },
        f"{root}session/": {"get": _session()},
    }


def _fetch(name: str, context: Json, functions: dict[str, Json]) -> Json:
    members = {each: functions[each]["returns"] for each in context["functions"]}
    errors = {"type": "object", "additionalProperties": _PROBLEM_OBJECT}
    return {
        "operationId": f"context.{name}",
        "parameters": [
            {
                "name": param["name"],
                "in": "query",
                "required": param["required"],
                "schema": param["schema"],
            }
            for param in context["params"]
        ],
        "responses": _responses(
            "One member for each function that ran.",
            {"type": "object", "properties": {**members, "$errors": errors}},
        ),
    }


def _call(name: str, function: Json) -> Json:
    arguments = function["args"] or {"type": "object", "additionalProperties": False}
    if function["transport"] == "multipart":
        media_type, body = FORM, _FORM_BODY
    else:
        media_type, body = JSON, arguments
    answer = {
        "type": "object",
        "properties": {
            "result": function["returns"],
            "invalidate": {"type": "array", "items": _INVALIDATION},
        },
        "required": ["result", "invalidate"],
    }
    return {
        "operationId": f"call.{name}",
        **({"description": function["doc"]} if function["doc"] else {}),
        "requestBody": {"required": True, "content": {media_type: {"schema": body}}},
        "responses": _responses("The result, and what it invalidates.", answer),
    }


def _session() -> Json:
    body = {
        "type": "object",
        "properties": {"identity": {"type": "string"}, "csrf": {"type": "string"}},
        "required": ["identity", "csrf"],
    }
    return {
        "operationId": "session",
        "responses": _responses("Who is asking, and a CSRF token; sets the CSRF cookie.", body),
    }


def _responses(description: str, schema: Json) -> Json:
    return {
        "200": {"description": description, "content": {JSON: {"schema": schema}}},
        "default": _PROBLEM,
    }

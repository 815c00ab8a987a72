"""{% load pages %}: addresses with a query, and people as they are drawn."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def link(context: template.Context, path: str, **changes: Any) -> str:
    """`path` with the query of this request, and these changes to it; None takes one out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"{path}?{query.urlencode()}" if query else path


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """`mapping[key]`, or None."""
    return mapping.get(key)


@register.filter
def words(text: str) -> list[str]:
    return text.split()


@register.inclusion_tag("pages/partials/avatar.html")
def avatar(person: Any, size: str = "small") -> dict[str, Any]:
    """Initials on the person's colour; nobody's is an empty circle."""
    return {"person": person, "size": size, "initials": initials(person.name) if person else ""}


def initials(name: str) -> str:
    parts = words(name)
    picked = [parts[0], parts[-1]] if len(parts) > 1 else parts
    return "".join(part[0] for part in picked).upper()

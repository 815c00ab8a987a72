"""{% load pages %}: people as they are drawn, and their place in a dict."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(mapping: Mapping[Any, Any], key: Any) -> Any:
    """`mapping[key]`, or None."""
    return mapping.get(key)


@register.inclusion_tag("pages/partials/avatar.html")
def avatar(person: Any, size: str = "small") -> dict[str, Any]:
    """Initials on the person's colour; nobody's is an empty circle."""
    return {"person": person, "size": size, "initials": initials(person.name) if person else ""}


def initials(name: str) -> str:
    words = name.split()
    picked = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in picked).upper()

"""{% frontend as built %}: built.script and built.styles."""

from django import template

from ..frontend import Assets, assets

register = template.Library()


@register.simple_tag
def frontend() -> Assets:
    return assets()

"""`{% load mizan %}`: what a page needs that loads the runtime without a bundler."""

from __future__ import annotations

import functools
from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from typing import Final

from django import template
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ..settings import SCRIPTS, settings

FOLDER: Final = "mizan"

register = template.Library()


@register.simple_tag(takes_context=True)
def mizan_script(context: Context, build: str | None = None) -> SafeString:
    """The `<script>` of the runtime, which the page then has as `Mizan`.

    `build` is "wasm", or "js" where WebAssembly is blocked; without it, `MIZAN["SCRIPT"]` says it.
    The policy's nonce is that of django-csp or Django's own middleware and context processor.
    """
    build = build or settings.SCRIPT
    if build not in SCRIPTS:
        raise ImproperlyConfigured(
            f"The runtime's script is {' or '.join(SCRIPTS)}, not {build!r}."
        )
    name = f"{FOLDER}/{SCRIPTS[build]}"
    return format_html(
        '<script src="{}" integrity="{}" crossorigin="anonymous"{} defer></script>',
        static(name),
        _integrity(name),
        _nonce(context),
    )


def _nonce(context: Context) -> str:
    """As an attribute; both make one only when it is asked for, and are false until then."""
    nonce = context.get("csp_nonce")
    if nonce is None:
        nonce = getattr(context.get("request"), "csp_nonce", None)
    return "" if nonce is None else format_html(' nonce="{}"', str(nonce))


def _integrity(name: str) -> str:
    """Of the file that `collectstatic` takes."""
    found = finders.find(name)
    if not found:
        raise ImproperlyConfigured(
            f"The static file {name} is missing. It is part of the wheel of django-mizan; "
            "in a checkout, `make build` puts it there."
        )
    path = Path(found)
    return _digest(path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=len(SCRIPTS))
def _digest(path: Path, _modified: int) -> str:
    return f"sha384-{b64encode(sha384(path.read_bytes()).digest()).decode()}"

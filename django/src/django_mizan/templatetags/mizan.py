"""`{% load mizan %}`: the scripts for pages without a bundler, and the places of islands.

Each tag is a function, too. For Jinja2, those that look at the template's variables are given
them: `environment.globals["mizan_htmx"] = jinja2.pass_context(mizan_htmx)`.
"""

from __future__ import annotations

import functools
import json
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha384
from pathlib import Path
from typing import Any, Final, TypeAlias

from django import template
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ..identity import seen_identity
from ..invalidation import seen_nonces
from ..island import island
from ..registry import registry
from ..settings import SCRIPTS, settings

FOLDER: Final = "mizan"
HTMX: Final = "mizan-htmx.js"
MAX_SEEN: Final = 64

Variables: TypeAlias = Context | Mapping[str, Any]

register = template.Library()


@register.simple_tag(takes_context=True)
def mizan_script(context: Variables, build: str | None = None) -> SafeString:
    """The `<script>` of the runtime, which the page then has as `Mizan`.

    `build` is "wasm", or "js" where WebAssembly is blocked; without it, `MIZAN["SCRIPT"]` says it.
    The policy's nonce is that of django-csp or Django's own middleware and context processor.
    """
    build = build or settings.SCRIPT
    if build not in SCRIPTS:
        raise ImproperlyConfigured(
            f"The runtime's script is {' or '.join(SCRIPTS)}, not {build!r}."
        )
    return _script(context, SCRIPTS[build], {})


@register.simple_tag(takes_context=True)
def mizan_htmx(
    context: Variables, debug: bool | None = None, base_url: str | None = None
) -> SafeString:
    """The `<script>` that keeps htmx and plain pages true to what the server has changed.

    `debug` makes it log what it does, and warn of what no context is named; without it, `DEBUG`
    says it. `base_url` is another origin whose answers count, as those of the page's own do.
    """
    attributes = {}
    request = context.get("request")
    if request is not None:
        # The page shows what they told of, and so does every copy of it that a cache hands out.
        if seen := seen_nonces(request):
            attributes["data-seen"] = " ".join(seen[-MAX_SEEN:])
        if identity := seen_identity(request):
            attributes["data-identity"] = identity
    if django_settings.DEBUG if debug is None else debug:
        attributes["data-debug"] = json.dumps(registry.params, separators=(",", ":"))
    if base_url is not None:
        attributes["data-base-url"] = base_url
    return _script(context, HTMX, attributes)


@register.simple_tag
def mizan_island(name: str, props: Mapping[str, Any] | None = None, **values: Any) -> SafeString:
    """The element that the component `name` takes over: `{% mizan_island "UserCard" user_id=5 %}`.

    Each value is a prop, but for `id`, `class`, `style` and `slot`, which are the element's own;
    None is left out. `props` is a dict of more of them, of any names.
    """
    return island(name, props or {}, values)


def _script(context: Variables, file: str, attributes: dict[str, str]) -> SafeString:
    name = f"{FOLDER}/{file}"
    return format_html(
        '<script src="{}" integrity="{}" crossorigin="anonymous"{} defer{}></script>',
        static(name),
        _integrity(name),
        _nonce(context),
        format_html_join("", ' {}="{}"', attributes.items()),
    )


def _nonce(context: Variables) -> str:
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


@functools.lru_cache(maxsize=len(SCRIPTS) + 1)
def _digest(path: Path, _modified: int) -> str:
    return f"sha384-{b64encode(sha384(path.read_bytes()).digest()).decode()}"

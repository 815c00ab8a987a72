"""The `MIZAN` dict of the project's settings, read when needed and never at import."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings as django_settings

DEFAULTS: Final[Mapping[str, Any]] = {
    # `info` of the exported schema.
    "TITLE": "Mizan API",
    "VERSION": "0",
    # Dotted path of a callable (request, token) -> user or None, sync or async, that turns a
    # Bearer token into a user. Without it a Bearer token authenticates nobody.
    "BEARER": None,
    # Which script `{% mizan_script %}` writes, a key of SCRIPTS.
    "SCRIPT": "wasm",
}

# The builds of the runtime, by the file that has them: with WebAssembly, or in JavaScript alone.
SCRIPTS: Final[Mapping[str, str]] = {"wasm": "mizan.global.js", "js": "mizan.js.global.js"}


class Settings:
    """Attribute access to `MIZAN`, with the defaults above; follows `override_settings`."""

    TITLE: str
    VERSION: str
    BEARER: str | None
    SCRIPT: str

    @property
    def given(self) -> Mapping[str, Any]:
        return getattr(django_settings, "MIZAN", {})

    @property
    def unknown(self) -> list[str]:
        """Keys of `MIZAN` that mean nothing."""
        return sorted(set(self.given) - set(DEFAULTS))

    def __getattr__(self, name: str) -> Any:
        if name not in DEFAULTS:
            raise AttributeError(name)
        return self.given.get(name, DEFAULTS[name])


settings = Settings()

"""Where the built front end lies: Vite's manifest, read once per build."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ENTRY = "src/main.tsx"


@dataclass(frozen=True)
class Assets:
    """Paths below STATIC_URL."""

    script: str
    styles: tuple[str, ...]


def assets() -> Assets:
    """The entry's script and styles. ImproperlyConfigured if the front end is not built."""
    manifest = settings.FRONTEND_DIST / ".vite" / "manifest.json"
    try:
        built_at = manifest.stat().st_mtime_ns
    except FileNotFoundError:
        raise ImproperlyConfigured(
            "The front end is not built. Run: npm run build --workspace react-app"
        ) from None
    return read(manifest, built_at)


@lru_cache(maxsize=1)
def read(manifest: Path, built_at: int) -> Assets:
    entry = json.loads(manifest.read_text(encoding="utf-8"))[ENTRY]
    return Assets(script=entry["file"], styles=tuple(entry.get("css", ())))

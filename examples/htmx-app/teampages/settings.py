"""Settings of the team board in pages: those of the React example, with its database, and this."""

import os

from teamboard.settings import *

from . import REACT_APP

ROOT_URLCONF = "teampages.urls"
WSGI_APPLICATION = "teampages.wsgi.application"

INSTALLED_APPS = [
    "pages",  # before "board": its templates come first
    *INSTALLED_APPS,
    "django.contrib.messages",
]
MIDDLEWARE = [*MIDDLEWARE, "django.contrib.messages.middleware.MessageMiddleware"]
TEMPLATES[0]["OPTIONS"]["context_processors"] += [
    "django.contrib.messages.context_processors.messages",
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Scripts are files of this server: no inline ones, no eval, no WebAssembly.
SCRIPT_SOURCES = "'self'"
CSRF_FAILURE_VIEW = "pages.errors.foreign_form"

# Which htmx the pages load: all of them work with either.
HTMX = os.environ.get("HTMX") or "4"
if HTMX not in {"2", "4"}:
    raise ValueError(f"HTMX={HTMX!r}: expected 2 or 4")

_node_modules = REACT_APP.parents[1] / "node_modules"
STATICFILES_DIRS = [
    ("htmx", _node_modules / f"htmx{HTMX}" / "dist"),
    ("board/styles", REACT_APP / "frontend" / "src" / "styles"),
    ("board/icons", REACT_APP / "frontend" / "src" / "icons"),
]

"""Settings of the team board: one SQLite file, or PostgreSQL by DATABASE_URL."""

import os
import re
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent


def env_flag(name: str, default: bool) -> bool:
    """The environment variable `name` as a boolean: 1/true/yes/on, or 0/false/no/off."""
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise ValueError(f"{name}={text!r}: expected 1 or 0")


DEBUG = env_flag("DEBUG", False)

# Good enough for sessions on one's own machine; whoever serves this to others sets SECRET_KEY.
SECRET_KEY = os.environ.get("SECRET_KEY", "team-board-demo-key-for-your-own-machine-only")

_hosts = os.environ.get("ALLOWED_HOSTS", "").split()
ALLOWED_HOSTS = _hosts or ["127.0.0.1", "localhost", "[::1]"]

# Anybody may log in as a demo user with one click. That is fine on one's own machine only, so
# naming a real host turns it off.
DEMO_LOGINS = env_flag("DEMO_LOGINS", default=not _hosts)

# Makes one comment text fail with a 500, so that a browser test sees the real error path.
DEMO_FAULTS = env_flag("DEMO_FAULTS", False)

# One line per request, "METHOD path?query status", for tests that count requests.
REQUEST_LOG = os.environ.get("MIZAN_REQUEST_LOG", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_mizan",
    "board",
]

MIDDLEWARE = [
    *(["board.middleware.RequestLogMiddleware"] if REQUEST_LOG else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "board.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "teamboard.urls"
WSGI_APPLICATION = "teamboard.wsgi.application"
LOGIN_URL = "/"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"],
        },
    }
]

if os.environ.get("DATABASE_URL"):
    import dj_database_url

    DATABASES = {"default": dj_database_url.config(conn_max_age=60)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ.get("SQLITE_PATH") or BASE_DIR / "db.sqlite3",
            "OPTIONS": {
                # Readers do not wait for the writer, and a writer takes its lock at once instead
                # of failing half-way when two windows write at the same moment.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
            },
        }
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

# 'wasm-unsafe-eval' lets a page compile WebAssembly and nothing else.
SCRIPT_SOURCES = "'self' 'wasm-unsafe-eval'"

STATIC_URL = "/static/"
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST]
WHITENOISE_USE_FINDERS = True
# Before the first build the folder is not there; board/frontend.py says so when it matters.
SILENCED_SYSTEM_CHECKS = ["staticfiles.W004"]


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:
    """Vite puts a content hash into each name under assets/, so those never change."""
    return re.search(r"/assets/[^/]+-[\w-]{8}\.\w+$", url) is not None


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # 4xx are answers, not events; an exception is printed with its traceback.
    "loggers": {
        "django": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django_mizan": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # Warns of every short queue, which a page that opens nine contexts at once makes.
        "waitress": {"handlers": ["console"], "level": "ERROR", "propagate": False},
    },
}

"""Settings of the site. FOLDER is where its database goes; it has no other state."""

import os
from pathlib import Path

SECRET_KEY = "a site that only tests see"
ALLOWED_HOSTS = ["*"]  # each test has an address of its own in 127.0.0.0/8
ROOT_URLCONF = "notes.urls"
USE_TZ = True

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_mizan",
    "notes",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": Path(os.environ["FOLDER"]) / "db.sqlite3",
        "OPTIONS": {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"  # below the prefix that serve.py may have

# Then no script can read the token, and one that a page has kept is void after a login.
CSRF_USE_SESSIONS = "CSRF_USE_SESSIONS" in os.environ

MIZAN = {"BEARER": "notes.tokens.authenticate"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    # 4xx are answers, not events, and one function fails on purpose.
    "loggers": {
        "django": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
        "django_mizan": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
        "waitress": {"handlers": ["console"], "level": "CRITICAL", "propagate": False},
    },
}

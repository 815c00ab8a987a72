"""Serves the site from one process, on this machine only, with a new database in FOLDER."""

import os
import socket

import django
import waitress

os.environ["DJANGO_SETTINGS_MODULE"] = "notes.settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402

call_command("migrate", run_syncdb=True, verbosity=0)
for name in ("ada", "bob"):
    get_user_model().objects.create(username=name)

with socket.create_server(("127.0.0.1", 0), backlog=128) as listener:
    server = waitress.create_server(
        get_wsgi_application(),
        sockets=[listener],
        threads=8,
        url_prefix=os.environ.get("PREFIX", ""),
    )
    print(f"Ready: {listener.getsockname()[1]}", flush=True)
    server.run()  # until it is told to stop

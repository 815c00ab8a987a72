"""manage.py demo: serves the board from one process, on this machine only."""

import errno
import os
from typing import Any

import waitress
from django.core.management.base import BaseCommand, CommandError

from teamboard.wsgi import application

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Serves the team board on http://127.0.0.1:$PORT (8000 unless set)."

    def handle(self, **options: Any) -> None:
        port = port_number(os.environ.get("PORT") or "8000")
        try:
            # Listens from here on: whoever reads the line below may connect.
            server = waitress.create_server(application, host=HOST, port=port, threads=8)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CommandError(
                    f"Port {port} is in use. Choose another one with PORT=, as in PORT={port + 1}."
                ) from None
            if error.errno == errno.EACCES:
                raise CommandError(
                    f"Port {port} needs rights that this user lacks. Choose one with PORT=."
                ) from None
            raise
        url = f"http://{HOST}:{server.effective_port}"
        self.stdout.write(f"Mizan demo ready: {url}")
        self.stdout.flush()
        server.run()  # until Ctrl-C


def port_number(text: str) -> int:
    if not (text.isdecimal() and int(text) < 65536):
        raise CommandError(f"PORT={text!r} is not a port: expected a number from 0 to 65535.")
    return int(text)

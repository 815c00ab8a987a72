"""manage.py demo: serves the board from one process, on this machine only."""

import errno
import os
import socket
from typing import Any

import waitress
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import get_internal_wsgi_application

HOST = "127.0.0.1"


class Command(BaseCommand):
    help = "Serves the team board on http://127.0.0.1:$PORT (8000 unless set)."

    def handle(self, **options: Any) -> None:
        port = port_number(os.environ.get("PORT") or "8000")
        try:
            # Listens from here on: whoever reads the line below may connect.
            listener = socket.create_server((HOST, port), backlog=128)
        except OSError as error:
            raise CommandError(refusal(port, error)) from None
        with listener:
            application = get_internal_wsgi_application()
            server = waitress.create_server(application, sockets=[listener], threads=8)
            self.stdout.write(f"Mizan demo ready: http://{HOST}:{listener.getsockname()[1]}")
            self.stdout.flush()
            server.run()  # until Ctrl-C


def refusal(port: int, error: OSError) -> str:
    """Why nobody can listen on `port`, in one line."""
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Choose another one with PORT=, as in PORT={port + 1}."
    if error.errno == errno.EACCES:
        return f"Port {port} needs rights that this user lacks. Choose another one with PORT=."
    return f"Port {port}: {error.strerror}. Choose another one with PORT=."


def port_number(text: str) -> int:
    if not (text.isdecimal() and int(text) < 65536):
        raise CommandError(f"PORT={text!r} is not a port: expected a number from 0 to 65535.")
    return int(text)

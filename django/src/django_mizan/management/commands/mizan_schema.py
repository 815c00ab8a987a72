from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from django_mizan import schema


class Command(BaseCommand):
    help = "Writes the schema that client code is generated from (OpenAPI 3.1). Reads no database."
    # An unrelated model check must not keep the schema from being written; ours run below.
    requires_system_checks = ("mizan",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument("--out", metavar="FILE", type=Path, help="write FILE, not the output")
        group.add_argument(
            "--check", metavar="FILE", type=Path, help="exit 1 where FILE is not up to date"
        )

    def handle(self, *args: Any, out: Path | None, check: Path | None, **options: Any) -> None:
        try:
            text = schema.text()
        except ImproperlyConfigured as error:
            raise CommandError(str(error)) from error
        if check is not None:
            self._check(check, text)
        elif out is not None:
            _write(out, text)
        else:
            self.stdout.write(text, ending="")

    def _check(self, file: Path, text: str) -> None:
        try:
            present = file.read_text(encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}") from error
        if present != text:
            raise CommandError(
                f"{file} is out of date: run `{Path(sys.argv[0]).name} mizan_schema --out {file}`"
            )


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CommandError(f"{file} cannot be written: {error.strerror}") from error

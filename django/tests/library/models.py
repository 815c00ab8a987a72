"""Types of another application; some have the names of those of the shop."""

from __future__ import annotations

from pydantic import BaseModel


class Task(BaseModel):
    """Something to do in the library."""

    shelf: int


class Book(BaseModel):
    title: str
    isbn: str | None

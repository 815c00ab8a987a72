"""Every function that `@client` has seen, by name, and the contexts that they make up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches

from .contexts import Context
from .function import Function


class Registry:
    """Order is that of registration, which follows INSTALLED_APPS and each module's text."""

    def __init__(self) -> None:
        self._functions: dict[str, Function] = {}
        self._contexts: dict[str, Context] | None = None
        self._names: list[str] | None = None
        self.duplicates: list[tuple[Function, Function]] = []
        self.version = 0

    def add(self, function: Function) -> None:
        """The first of two functions of one name stays; a reloaded one replaces itself."""
        present = self._functions.get(function.name)
        if present is not None and not _reloaded(present, function):
            self.duplicates.append((present, function))
            return
        self._functions[function.name] = function
        self._changed()

    @property
    def functions(self) -> dict[str, Function]:
        return self._functions

    @property
    def mutations(self) -> dict[str, Function]:
        return {name: each for name, each in self._functions.items() if each.kind == "mutation"}

    @property
    def contexts(self) -> dict[str, Context]:
        if self._contexts is None:
            reads: dict[str, list[Function]] = {}
            views: dict[str, list[Function]] = {}
            for function in self._functions.values():
                if function.context is not None:
                    reads.setdefault(function.context, [])
                    kind = views if function.kind == "view" else reads
                    kind.setdefault(function.context, []).append(function)
            self._contexts = {
                name: Context(name, tuple(functions), tuple(views.get(name, ())))
                for name, functions in reads.items()
                if functions
            }
        return self._contexts

    @property
    def names(self) -> list[str]:
        """Of what can be invalidated: each context that is read, or only shown by views."""
        if self._names is None:
            contexts = (function.context for function in self._functions.values())
            self._names = list(dict.fromkeys(name for name in contexts if name is not None))
        return self._names

    @property
    def params(self) -> dict[str, list[str]]:
        """The params of each context.

        Those of one that cannot be fetched, because only views show it, are what views take from
        their URLs or scope it with. Any other may scope it, too: a part of a page that does not
        say that param is matched by every value of it.
        """
        found: dict[str, list[str]] = {name: [] for name in self.names}
        for function in self._functions.values():
            if function.kind == "view" and function.context is not None:
                found[function.context] += function.arguments.params
            for effect in function.effects:
                found.setdefault(effect.context, []).extend(effect.params)
        found.update((name, list(each.params)) for name, each in self.contexts.items())
        return {name: list(dict.fromkeys(found[name])) for name in self.names}

    def hint(self, name: str) -> str:
        """A half sentence with the nearest context name, or ""."""
        return nearest(name, self.names)

    @contextmanager
    def isolated(self) -> Iterator[Registry]:
        """An empty registry for the length of a `with` block: for tests that declare functions."""
        saved = (self._functions, self.duplicates)
        self._functions, self.duplicates = {}, []
        self._changed()
        try:
            yield self
        finally:
            self._functions, self.duplicates = saved
            self._changed()

    def _changed(self) -> None:
        self._contexts = self._names = None
        self.version += 1


def _reloaded(present: Function, function: Function) -> bool:
    """Whether the module of both was executed once more in between, as by `importlib.reload`."""
    return present.origin == function.origin and present.load is not function.load


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'user'?`, or "" where nothing is near."""
    found = get_close_matches(name, list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


registry = Registry()

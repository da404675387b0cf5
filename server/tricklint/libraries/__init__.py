"""What is known of libraries: one file each, found by discovery."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from pkgutil import iter_modules

from ..interpreter.library import Library, Tables


@lru_cache(maxsize=1)
def tables() -> Tables:
    """All library files in one; each module that has a `library` counts."""
    found: list[Library] = []
    for info in sorted(iter_modules(__path__), key=lambda one: one.name):
        library = getattr(import_module(f"{__name__}.{info.name}"), "library", None)
        if isinstance(library, Library):
            found.append(library)
    return Tables(tuple(found))

"""What is known of an object, for as long as it lives.

By identity alone: a class of the user's may compare and hash as it likes, or fail to.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from typing import Generic, TypeVar

_Known = TypeVar("_Known")


class IdentityMap(Generic[_Known]):
    """A dictionary with weak keys that are never compared."""

    def __init__(self) -> None:
        self._entries: dict[int, tuple[weakref.ref[object], _Known]] = {}

    def __setitem__(self, key: object, value: _Known) -> None:
        number = id(key)
        self._entries[number] = (
            weakref.ref(key, lambda _: self._entries.pop(number, None)),
            value,
        )

    def get(self, key: object) -> _Known | None:
        """What is known, if anything is."""
        found = self._entries.get(id(key))
        return found[1] if found is not None and found[0]() is key else None

    def __contains__(self, key: object) -> bool:
        return self.get(key) is not None

    def __iter__(self) -> Iterator[object]:
        for reference, _ in list(self._entries.values()):
            key = reference()
            if key is not None:
                yield key

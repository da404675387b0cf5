"""One store with a trail: every change is logged, so a branch is run, its changes taken, and undone.

Nothing is ever copied: an `if` costs what its two sides write.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

Cells: TypeAlias = dict[Any, Any]
Changes: TypeAlias = dict[tuple[int, Any], tuple[Cells, Any]]


class Missing:
    """Stands for a key that is not in its cells."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING = Missing()


class Store:
    """The trail.  `join` says what a cell holds where paths meet."""

    def __init__(self, join: Callable[[Any, Any], Any]) -> None:
        self._trail: list[tuple[Cells, Any, Any]] = []
        self._join = join

    def put(self, cells: Cells, key: object, value: object) -> None:
        """Write `cells[key]`; MISSING deletes."""
        self._trail.append((cells, key, cells.get(key, MISSING)))
        _set(cells, key, value)

    def mark(self) -> int:
        """A point to come back to."""
        return len(self._trail)

    def undo(self, mark: int) -> None:
        """Go back to the mark."""
        trail = self._trail
        while len(trail) > mark:
            cells, key, old = trail.pop()
            _set(cells, key, old)

    def changes(self, mark: int) -> Changes:
        """What was written since the mark, by cell."""
        found: Changes = {}
        for cells, key, _ in self._trail[mark:]:
            found[id(cells), key] = (cells, cells.get(key, MISSING))
        return found

    def replaced(self, mark: int, cells: Cells) -> dict[Any, Any]:
        """What these cells held at the mark where they were written since."""
        found: dict[Any, Any] = {}
        for written, key, old in self._trail[mark:]:
            if written is cells:
                found.setdefault(key, old)
        return found

    def merge(self, branches: Sequence[Changes]) -> None:
        """The paths meet: every cell that one of them wrote holds the join of all."""
        if len(branches) == 1:
            for (_, key), (cells, value) in branches[0].items():
                self.put(cells, key, value)
            return
        touched: Changes = {}
        for branch in branches:
            touched |= branch
        for (number, key), (cells, _) in touched.items():
            base = (cells, cells.get(key, MISSING))
            values = [branch.get((number, key), base)[1] for branch in branches]
            joined = values[0]
            for value in values[1:]:
                joined = self._join(joined, value)
            if joined is not base[1]:
                self.put(cells, key, joined)

    @contextmanager
    def suspended(self, mark: int) -> Generator[None]:
        """As if nothing had been written since the mark; afterwards all is there again."""
        written: list[tuple[Cells, Any, Any, Any]] = []
        while len(self._trail) > mark:
            cells, key, old = self._trail.pop()
            written.append((cells, key, old, cells.get(key, MISSING)))
            _set(cells, key, old)
        try:
            yield
        finally:
            for cells, key, old, new in reversed(written):
                self._trail.append((cells, key, old))
                _set(cells, key, new)

    def keep(self, mark: int) -> None:
        """Make everything written since the mark permanent."""
        del self._trail[mark:]


def _set(cells: Cells, key: object, value: object) -> None:
    if value is MISSING:
        cells.pop(key, None)
    else:
        cells[key] = value

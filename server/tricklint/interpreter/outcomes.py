"""What entry points did, remembered until something that they read is another one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from .entries import Entry
    from .machine import Record
    from .values import ModuleValue

Key: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an entry point did, and which module bodies that rests on."""

    entry: Entry
    record: Record
    rests_on: frozenset[ModuleValue]

    @property
    def key(self) -> Key:
        """The function that it starts in."""
        function = self.entry.function
        owner = function.module.path if function is not None else self.entry.module.path
        return owner, (function.key or function.name) if function is not None else "__main__"

    @property
    def reads(self) -> Iterable[Hashable]:
        """The functions it ran through, as (path, key), and the paths of the modules."""
        yield from self.record.functions
        yield from (module.path for module in self.rests_on)


class Outcomes:
    """A memory of outcomes that finds those that a change concerns without looking at the rest."""

    def __init__(self) -> None:
        self._known: dict[Key, Outcome] = {}
        self._readers: dict[Hashable, set[Key]] = {}
        self._outdated: set[Key] = set()

    def keep(self, outcome: Outcome) -> None:
        """Remember it, in place of an earlier one of the same entry point."""
        key = memo_key(outcome.entry)
        before = self._known.get(key)
        for read in before.reads if before is not None else ():
            self._readers[read].discard(key)
        for read in outcome.reads:
            self._readers.setdefault(read, set()).add(key)
        self._known[key] = outcome
        self._outdated.discard(key)

    def standing(self, entry: Entry) -> Outcome | None:
        """What the entry point does, if that is known."""
        key = memo_key(entry)
        known = self._known.get(key)
        if known is None or key in self._outdated or not _is_same_start(known.entry, entry):
            return None
        return known

    def outdated_steps(self) -> dict[Key, int]:
        """How long the entry points ran that have to be run again."""
        return {key: self._known[key].record.steps for key in self._outdated}

    def changed(self, reads: Iterable[Hashable]) -> None:
        """These are not any more what they were."""
        for read in reads:
            self._outdated.update(self._readers.get(read, ()))


def memo_key(entry: Entry) -> Key:
    """Under which name an entry point is remembered."""
    return entry.module.path, entry.name


def _is_same_start(known: Entry, entry: Entry) -> bool:
    return (
        known.function is entry.function and known.cls is entry.cls and known.module is entry.module
    )

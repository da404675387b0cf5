"""Through which names some words are reached, kept while the text is edited."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Names: TypeAlias = frozenset[str]
Links: TypeAlias = tuple[tuple[str, Names], ...]


class Leading:
    """The names from which one of some words is reached; a link leads from a name to others."""

    def __init__(self, words: Iterable[str], links: Iterable[Links]) -> None:
        # Each name is reached by way of a word, or of a name that was reached before it.
        self._turns = dict.fromkeys(words, 0)
        self._words = frozenset(self._turns)
        self.names: set[str] = set()
        self.reached = set(self._words)
        rest = [link for some in links for link in some]
        while True:
            left: list[tuple[str, Names]] = []
            before = len(self.names)
            for link in rest:
                if link[0] in self.names:
                    continue
                if self.reached.isdisjoint(link[1]):
                    left.append(link)
                else:
                    self._add(link[0])
            if len(self.names) == before:
                return
            rest = left

    def _add(self, name: str) -> None:
        self.names.add(name)
        self.reached.add(name)
        self._turns.setdefault(name, len(self._turns))

    def stands(self, before: Links, now: Links) -> bool:
        """Surely the same names when these links have become those?"""
        if any(name not in self.names and not self.reached.isdisjoint(to) for name, to in now):
            return False
        return all(name not in self.names or self._is_held(name, now) for name, _ in before)

    def _is_held(self, name: str, links: Links) -> bool:
        to = [other for one, others in links if one == name for other in others]
        if name in self._words:
            return not self.reached.isdisjoint(to)
        turn = self._turns[name]
        return any(self._turns.get(other, turn) < turn for other in to)

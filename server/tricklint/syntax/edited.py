"""What a module can take over from the one before an edit: all but the pieces that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from .assemble import outline_of
from .definitions import Definition, definitions_in
from .leaf import Leaf
from .pieces import Piece, stretches


class Known(NamedTuple):
    """What was asked of a module so far."""

    pieces: Sequence[Piece]
    functions: Mapping[str, Definition] | None
    digest: bytes | None
    homes: Mapping[Leaf, Piece] | None


class Edited:
    """The pieces of a module beside what is known of those before the edit."""

    def __init__(self, known: Known, pieces: Sequence[Piece]) -> None:
        self.known = known
        self._pieces = pieces

    @cached_property
    def _changed(self) -> tuple[Sequence[Piece], Sequence[Piece]]:
        """The pieces that are gone, and those that are there for them."""
        old, new = self.known.pieces, self._pieces
        start = _count_same(old, new)
        tail = _count_same(old[start:][::-1], new[start:][::-1])
        return old[start : len(old) - tail], new[start : len(new) - tail]

    @cached_property
    def keys(self) -> Sequence[str] | None:
        """The functions in what changed; None unless the same are there under the same names."""
        functions, (old, new) = self.known.functions, self._changed
        before = [one for piece in old for one in definitions_in(piece)]
        after = [one.key for piece in new for one in definitions_in(piece)]
        # The second of a name has another key than it has in its piece.
        if functions is None or any(functions.get(one.key) is not one for one in before):
            return None
        return after if [one.key for one in before] == after else None

    def functions(self) -> Mapping[str, Definition] | None:
        """The functions of the module, if its names are those of before."""
        if self.known.functions is None or self.keys is None:
            return None
        _, new = self._changed
        fresh = {one.key: one for piece in new for one in definitions_in(piece)}
        return {**self.known.functions, **fresh}

    def digest(self) -> bytes | None:
        """The digest of the outline, if that is the one of before."""
        old, new = self._changed
        same = [outline_of(piece) for piece in old] == [outline_of(piece) for piece in new]
        return self.known.digest if same else None

    def homes(self) -> dict[Leaf, Piece] | None:
        """The piece that each leaf is a part of."""
        if self.known.homes is None:
            return None
        old, new = self._changed
        homes = dict(self.known.homes)
        for stretch in stretches(old):
            del homes[stretch.leaf]
        homes.update(homes_of(new))
        return homes


def homes_of(pieces: Sequence[Piece]) -> dict[Leaf, Piece]:
    """The piece of the module that each leaf is a part of."""
    return {stretch.leaf: piece for piece in pieces for stretch in stretches([piece])}


def _count_same(old: Sequence[Piece], new: Sequence[Piece]) -> int:
    pairs = takewhile(lambda pair: pair[0] is pair[1], zip(old, new, strict=False))
    return sum(1 for _ in pairs)

"""The tree of pieces that a document is cut into; see `split` for where the cuts are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from .kind import Kind
from .leaf import Leaf, Parsed

if TYPE_CHECKING:
    from .assemble import Whole
    from .definitions import Definition


@dataclass(slots=True, eq=False)
class Stretch:
    """Some lines that are parsed on their own, and the place that they make."""

    kind: Kind
    text: str
    lines: int
    leaf: Leaf
    parsed: Parsed | None = None  # filled in when somebody asks
    functions: tuple[Definition, ...] | None = None  # likewise, for a piece of the module


class Clause(NamedTuple):
    """`word` is "if", "elif", "def", "except", "case" and so on."""

    word: str
    header: Stretch
    suite: tuple[Piece, ...]


@dataclass(slots=True, eq=False)
class Compound:
    """A statement with suites; a match has its cases as further clauses.

    An `outer` one stands in the suite of the module or of a class.  If it is a function, its own
    suite is read when somebody wants to run it.
    """

    clauses: tuple[Clause, ...]
    outer: bool
    whole: Whole | None = None  # filled in when somebody asks
    full: Whole | None = None  # likewise, with the suites of the functions in it
    digest: bytes | None = None  # likewise
    functions: tuple[Definition, ...] | None = None  # likewise, for a piece of the module


Piece: TypeAlias = Stretch | Compound


def stretches(pieces: Iterable[Piece]) -> Iterator[Stretch]:
    """The stretches in the order of the text."""
    for piece in pieces:
        if isinstance(piece, Stretch):
            yield piece
        else:
            for clause in piece.clauses:
                yield clause.header
                yield from stretches(clause.suite)

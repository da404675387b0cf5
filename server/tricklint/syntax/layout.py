"""Where each leaf of a document stands, and the statement that it is a part of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from . import ir
from .assemble import full_whole
from .leaf import Leaf
from .pieces import Clause, Compound, Piece, Stretch


class Spot(NamedTuple):
    """A leaf in its document.

    `outer` is the statement around it.  For the head of a clause `clause` and `compound`
    say of what; its own statement is then `statement`, if it starts one.
    """

    stretch: Stretch
    line: int
    outer: ir.NodeRef | None
    compound: Compound | None = None
    clause: Clause | None = None
    statement: ir.Statement | None = None


def layout(piece: Piece, line: int) -> dict[Leaf, Spot]:
    """The spot of every leaf of a piece of the module that starts at this line."""
    spots: dict[Leaf, Spot] = {}
    _place([piece], line, None, spots)
    return spots


def _place(
    pieces: Iterable[Piece], line: int, outer: ir.NodeRef | None, spots: dict[Leaf, Spot]
) -> int:
    for piece in pieces:
        if isinstance(piece, Stretch):
            spots[piece.leaf] = Spot(piece, line, outer)
            line += piece.lines
        else:
            line = _place_compound(piece, line, outer, spots)
    return line


def _place_compound(
    compound: Compound, line: int, outer: ir.NodeRef | None, spots: dict[Leaf, Spot]
) -> int:
    heads = full_whole(compound).heads
    around = outer
    for clause in compound.clauses:
        leaf = clause.header.leaf
        statement = heads.get(leaf)
        spots[leaf] = Spot(clause.header, line, around, compound, clause, statement)
        if statement is not None:
            around = ir.NodeRef(leaf, statement.at)
        line = _place(clause.suite, line + clause.header.lines, around, spots)
    return line

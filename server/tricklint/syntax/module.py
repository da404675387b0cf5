"""A document at one moment, as a program: its IR, its functions, and where everything stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from tricklint.finding import Position, Span

from . import ir
from .assemble import block_of, outline_of_pieces, parsed
from .counting import Extent
from .definitions import Definition, blocks, definitions
from .edited import Edited, Known, homes_of
from .index import NOWHERE, index_of, is_statement
from .layout import Spot, layout
from .leaf import Leaf
from .lines import clamp
from .pieces import Compound, Piece, stretches
from .positions import Place, Places, find_places

if TYPE_CHECKING:
    from .split import Top


class Unread(NamedTuple):
    """A stretch of text that could not be read, and why."""

    span: Span
    message: str


class Module:
    """A snapshot: it never changes, and its nodes keep their places when the document moves on.

    What an edit left alone is taken over from the module `before` it.
    """

    def __init__(
        self, path: str, lines: Sequence[str], tops: Sequence[Top], before: Module | None = None
    ) -> None:
        self.path = path
        self.lines = lines
        self._tops = tops
        self._pieces = [top.piece for top in tops]
        self._layouts: dict[Piece, dict[Leaf, Spot]] = {}
        self._edited = None if before is None else Edited(before.known(), self._pieces)

    def known(self) -> Known:
        """What a module of the text after an edit may take over."""
        asked = self.__dict__
        names = ("functions", "digest", "_homes")
        return Known(self._pieces, *(asked.get(name) for name in names))

    @cached_property
    def body(self) -> ir.Block:
        """The statements of the module."""
        return block_of(self._pieces)

    @cached_property
    def outline(self) -> ir.Block:
        """The same without the bodies of `functions`, which need not be read for it."""
        return block_of(self._pieces, full=False)

    @cached_property
    def functions(self) -> Mapping[str, Definition]:
        """The functions of the module and of its classes, not those inside of functions."""
        known = self._edited and self._edited.functions()
        return definitions(self._pieces) if known is None else known

    @cached_property
    def digest(self) -> bytes:
        """The digest of everything but the bodies of `functions`."""
        known = self._edited and self._edited.digest()
        return outline_of_pieces(self._pieces) if known is None else known

    def rewritten(self, before: Module) -> list[str]:
        """The keys of the functions of an earlier module that are others here, or are gone."""
        old, new = before.functions, self.functions
        edited = self._edited
        known = edited.keys if edited and edited.known.pieces is before._pieces else None
        keys = list(old) if known is None else known
        return [key for key in keys if key not in new or not new[key].means(old[key])]

    @cached_property
    def holes(self) -> tuple[Unread, ...]:
        """The stretches that could not be read, in order."""
        found: list[Unread] = []
        for stretch in stretches(self._pieces):
            for gap in parsed(stretch).gaps:
                line = self._spot(stretch.leaf).line
                start = Position(line + gap.start[0], gap.start[1])
                end = Position(line + gap.end[0], gap.end[1])
                found.append(Unread(Span(self.path, start, end), gap.message))
        return tuple(found)

    def holds(self, ref: ir.NodeRef) -> bool:
        """Whether a node stands in this module."""
        return ref.leaf in self._homes

    @property
    def leaves(self) -> AbstractSet[Leaf]:
        """All places of this module that were read on their own."""
        return self._homes.keys()

    def key_of(self, ref: ir.NodeRef) -> str:
        """The key in `functions` of a function; KeyError for any other node."""
        return self._keys[ref]

    def node(self, ref: ir.NodeRef) -> ir.Node:
        """The node of this number; a statement comes with all of its suites."""
        spot = self._spot(ref.leaf)
        if spot.statement is not None and spot.statement.at == ref.at:
            return spot.statement
        nodes = index_of(parsed(spot.stretch)).nodes
        node = nodes[ref.at] if 0 <= ref.at < len(nodes) else None
        if node is None:
            raise KeyError(ref)
        return node

    def span(self, ref: ir.NodeRef) -> Span:
        """Where a node stands, without the parentheses around it."""
        extent = self._extent(ref)
        end = self._end_of(ref) or extent.end
        return self._span(ref.leaf, extent.start, end)

    def outer_span(self, ref: ir.NodeRef) -> Span:
        """Where an expression stands, with the parentheses around it."""
        extent = self._extent(ref)
        return self._span(ref.leaf, extent.outer_start, extent.outer_end)

    def statement(self, ref: ir.NodeRef) -> Span:
        """The innermost simple statement around a node, or the head of the compound one.

        A node that is a statement is its own innermost statement.
        """
        around = self.statement_ref(ref)
        extent = self._extent(around)
        head = self._places(around.leaf).heads.get(around.at)
        return self._span(around.leaf, extent.start, head or extent.end)

    def statement_ref(self, ref: ir.NodeRef) -> ir.NodeRef:
        """The innermost statement around a node, or the node itself if it is one."""
        if is_statement(self.node(ref)):
            return ref
        return self.parents(ref)[0]

    def parents(self, ref: ir.NodeRef) -> tuple[ir.NodeRef, ...]:
        """The statements that a node is a part of, the innermost first, up to the module."""
        found: list[ir.NodeRef] = []
        current: ir.NodeRef | None = ref
        while current is not None:
            current = self._around(current)
            if current is not None:
                found.append(current)
        return tuple(found)

    def indentation(self, ref: ir.NodeRef) -> str:
        """The white space in front of the statement around a node."""
        line = self.lines[self.statement(ref).start.line]
        return line[: len(line) - len(line.lstrip(" \t\f"))]

    def block_span(self, block: ir.Block, leaf: Leaf) -> Span | None:
        """From the first statement of a block to its last; None for an empty one.

        `leaf` is that of the statement that the block belongs to.
        """
        refs = [
            ir.NodeRef(section.leaf or leaf, statement.at)
            for section in block
            for statement in section.body
        ]
        if not refs:
            return None
        return Span(self.path, self.span(refs[0]).start, self.span(refs[-1]).end)

    def text_of(self, span: Span) -> str:
        """The text of a span of this document."""
        start, end = clamp(self.lines, span.start), clamp(self.lines, span.end)
        if start.line == end.line:
            return self.lines[start.line][start.column : end.column]
        middle = self.lines[start.line + 1 : end.line]
        first, last = self.lines[start.line][start.column :], self.lines[end.line][: end.column]
        return "".join([first, *middle, last])

    def _spot(self, leaf: Leaf) -> Spot:
        home = self._homes[leaf]
        spots = self._layouts.get(home)
        if spots is None:
            spots = self._layouts[home] = layout(home, self._starts[home])
        return spots[leaf]

    @cached_property
    def _homes(self) -> dict[Leaf, Piece]:
        """The piece of the module that each leaf is a part of."""
        known = self._edited and self._edited.homes()
        return homes_of(self._pieces) if known is None else known

    @cached_property
    def _starts(self) -> dict[Piece, int]:
        """The line where each piece starts."""
        starts = accumulate((top.lines for top in self._tops), initial=0)
        return dict(zip(self._pieces, starts, strict=False))

    @cached_property
    def _keys(self) -> dict[ir.NodeRef, str]:
        return {ir.NodeRef(d.leaf, d.at): d.key for d in self.functions.values()}

    def _around(self, ref: ir.NodeRef) -> ir.NodeRef | None:
        spot = self._spot(ref.leaf)
        at = index_of(parsed(spot.stretch)).around[ref.at]
        if spot.clause is None:
            return spot.outer if at == NOWHERE else ir.NodeRef(ref.leaf, at)
        own = spot.statement
        if own is not None and ref.at == own.at:
            return spot.outer
        # Above the own statement of a head stands only what it was wrapped in for the parser.
        inside = at != NOWHERE and (own is None or at >= own.at) and not self._is_carrier(spot, at)
        return ir.NodeRef(ref.leaf, at) if inside else spot.outer

    def _is_carrier(self, spot: Spot, at: int) -> bool:
        body = parsed(spot.stretch).body
        return spot.statement is None and bool(body) and body[-1].at == at

    def _places(self, leaf: Leaf) -> Places:
        stretch = self._spot(leaf).stretch
        return find_places(stretch.kind, stretch.text, parsed(stretch).given_up)

    def _extent(self, ref: ir.NodeRef) -> Extent:
        return self._places(ref.leaf).extents[ref.at]

    def _end_of(self, ref: ir.NodeRef) -> Place | None:
        """The end of a statement that goes on in other leaves, in lines of its first leaf."""
        spot = self._spot(ref.leaf)
        if spot.statement is None or spot.statement.at != ref.at:
            return None
        last = self._last(spot.compound)
        if last is None:
            return None
        end = self.span(last).end
        return end.line - spot.line, end.column

    def _last(self, compound: Compound | None) -> ir.NodeRef | None:
        for clause in reversed(compound.clauses if compound else ()):
            for piece in reversed((clause.header, *clause.suite)):
                if isinstance(piece, Compound):
                    return ir.NodeRef(piece.clauses[0].header.leaf, 0)
                body = parsed(piece).body
                if body and (piece is not clause.header or not clause.suite):
                    return ir.NodeRef(piece.leaf, body[-1].at)
        return None

    def _span(self, leaf: Leaf, start: Place, end: Place) -> Span:
        line = self._spot(leaf).line
        first = Position(line + start[0], start[1])
        return Span(self.path, first, Position(line + end[0], end[1]))


__all__ = ["Definition", "Module", "Unread", "blocks"]

"""Where a document is cut into pieces that are parsed on their own.

A class is cut into its head and its members, a function of the module or of a class and a long
statement into the heads and suites of its clauses, and what is left into runs of about a dozen
lines.  A cut depends on the lines
in its neighbourhood only, so an edit moves few of them, and cutting again from any cut on
gives the cuts that cutting from the start gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple
from zlib import crc32

from .guards import MOST_ALTERNATIVES
from .kind import Kind
from .leaf import Leaf
from .pieces import Clause, Compound, Piece, Stretch
from .scan import COMPOUND, NO_INDENT, Logical, logical_lines

LONG = 40  # lines; a longer statement is cut again
DEEPEST = 40  # suites in suites; what lies deeper stays together


class Top(NamedTuple):
    """A piece of the outermost suite.

    `reach` is how far behind its start it was looked, `indent` that of its last line of code.
    """

    piece: Piece
    lines: int
    reach: int
    indent: int


def top_pieces(
    lines: Sequence[str], start: int, stop: int, indent: int = NO_INDENT
) -> Iterator[Top]:
    """The pieces of these lines, one after another, so that a caller can stop early.

    `indent` is that of the last line of code before the first line.
    """
    cutter = _Cutter(lines)
    items = _items(logical_lines(lines, start, stop, indent))
    last: _Placed | None = None
    for placed in cutter.pack(items, start, outer=True, depth=0):
        if last is not None:
            yield last.top()
        last = placed
    if last is None:
        if start < stop:
            piece = cutter.stretch(Kind.BLOCK, start, stop)
            yield Top(piece, stop - start, stop - start, indent)
    elif last.end < stop:
        yield cutter.with_rest(last, stop).top()
    else:
        yield last.top()


class _Placed(NamedTuple):
    """A piece from line `begin` to line `end`."""

    piece: Piece
    begin: int
    end: int
    reach: int
    indent: int

    def top(self) -> Top:
        size = self.end - self.begin
        return Top(self.piece, size, max(self.reach - self.begin, size), self.indent)


_Item = list[Logical]

_CLAUSES = frozenset(["elif", "else", "except", "finally"])
_OPENERS = frozenset(["if", "for", "while", "try", "async"])
_SHORTEST_RUN, _LONGEST_RUN = 8, 24
_WORTH_A_CUT = 12  # lines; to read a shorter function costs less than to keep its body for later


def _items(logicals: Iterable[Logical]) -> Iterator[_Item]:
    """Whole statements: decorators, head, suites, further clauses."""
    item: _Item = []
    for logical in logicals:
        if item and not _continues(item, logical):
            yield item
            item = []
        item.append(logical)
    if item:
        yield item


def _continues(item: _Item, logical: Logical) -> bool:
    first = item[0]
    if logical.indent != first.indent:
        return logical.indent > first.indent
    if item[-1].word == "@" and item[-1].indent == first.indent:
        return True
    return logical.word in _CLAUSES and _head(item).word in _OPENERS


def _head(item: _Item) -> Logical:
    """The logical line behind the decorators."""
    return next((logical for logical in item if logical.word != "@"), item[-1])


class _Cutter:
    """Cuts one array of lines."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines

    def stretch(self, kind: Kind, start: int, end: int) -> Stretch:
        return Stretch(kind, "".join(self.lines[start:end]), end - start, Leaf())

    def pack(
        self, items: Iterable[_Item], start: int, *, outer: bool, depth: int
    ) -> Iterator[_Placed]:
        """Statements of one suite; `outer` for that of a module or class."""
        run: list[_Item] = []
        begin = end = start
        for item in items:
            whole = self.piece_of(item, end, outer=outer, depth=depth)
            if run and (whole is not None or self.is_cut(run, item)):
                yield self.placed(self.stretch(Kind.BLOCK, begin, end), begin, run)
                begin, run = end, []
            end = item[-1].end
            if whole is None:
                run.append(item)
            else:
                yield self.placed(whole, begin, [item])
                begin = end
        if run:
            yield self.placed(self.stretch(Kind.BLOCK, begin, end), begin, run)

    def placed(self, piece: Piece, begin: int, items: Sequence[_Item]) -> _Placed:
        reach = max(logical.reach for item in items for logical in item)
        last = items[-1][-1]
        return _Placed(piece, begin, last.end, reach, last.indent)

    def with_rest(self, placed: _Placed, stop: int) -> _Placed:
        """The last piece with the comments and blank lines behind it, which are nobody else's."""
        piece = placed.piece
        if isinstance(piece, Stretch):
            piece = self.stretch(piece.kind, placed.begin, stop)
        else:
            clause = piece.clauses[-1]
            tail = self.stretch(Kind.BLOCK, placed.end, stop)
            clause = clause._replace(suite=(*clause.suite, tail))
            piece = Compound((*piece.clauses[:-1], clause), piece.outer)
        return placed._replace(piece=piece, end=stop)

    def is_cut(self, run: Sequence[_Item], item: _Item) -> bool:
        """Whether a run ends before a statement: mostly by what that says."""
        size = sum(each[-1].end - each[0].line for each in run)
        size_with = size + item[-1].end - item[0].line
        if size < _SHORTEST_RUN and size_with <= _LONGEST_RUN:
            return False
        line = self.lines[item[0].line].encode("utf-8", "surrogatepass")
        return size_with > _LONGEST_RUN or crc32(line) % 4 == 0

    def piece_of(self, item: _Item, start: int, *, outer: bool, depth: int) -> Piece | None:
        """The piece of a statement that is one on its own, None for one that joins a run."""
        head = _head(item)
        words = self.lines[head.line].split(None, 2)[:2] if head.word == "async" else [head.word]
        is_function = "def" in words
        has_suite = head.word in COMPOUND and item[-1].indent > head.indent
        size = item[-1].end - item[0].line
        is_long = size > LONG
        is_member = head.word == "class" or (is_function and size > _WORTH_A_CUT)
        is_cut = is_long or (outer and is_member)
        if has_suite and depth < DEEPEST and is_cut:
            clauses = self.clauses(item, start, outer=outer and not is_function, depth=depth)
            if clauses is not None:
                return Compound(clauses, outer)
        if outer and is_function:
            return self.stretch(Kind.BLOCK, start, item[-1].end)
        return None

    def clauses(
        self, item: _Item, start: int, *, outer: bool, depth: int
    ) -> tuple[Clause, ...] | None:
        """The clauses of a statement; None where its parts do not fit together."""
        head = _head(item)
        if head.word == "match":
            cases = item[item.index(head) + 1 :]
            if any(c.word != "case" for c in cases if c.indent <= cases[0].indent):
                return None
            header = self.stretch(Kind.HEADER, start, head.end)
            return (
                Clause("match", header, ()),
                *self.parts(cases, head.end, outer=outer, depth=depth),
            )
        alternatives = [each for each in item if each.word == "elif"]
        if sum(each.indent == head.indent for each in alternatives) > MOST_ALTERNATIVES:
            return None
        return self.parts(item, start, outer=outer, depth=depth)

    def parts(self, item: _Item, start: int, *, outer: bool, depth: int) -> tuple[Clause, ...]:
        """One clause for each line of the item that stands at its own indent."""
        indent, found, rest = item[0].indent, list[Clause](), item
        while rest:
            head = _head(rest)
            behind = rest[rest.index(head) + 1 :]
            suite = list(takewhile(lambda logical: logical.indent > indent, behind))
            header = self.stretch(Kind.HEADER if suite else Kind.INLINE, start, head.end)
            packed = self.pack(_items(suite), head.end, outer=outer, depth=depth + 1)
            found.append(Clause(head.word, header, tuple([placed.piece for placed in packed])))
            start = suite[-1].end if suite else head.end
            rest = behind[len(suite) :]
        return tuple(found)

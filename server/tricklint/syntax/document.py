"""The text of one file as it is edited: only what an edit touches is cut and parsed again."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Sequence
from itertools import accumulate, islice, takewhile
from typing import NamedTuple

from tricklint.finding import Position, Span

from .kind import Kind
from .lines import clamp, split_lines
from .module import Module
from .pieces import Stretch, stretches
from .scan import NO_INDENT
from .split import Top, top_pieces

_MOST_REMEMBERED = 100  # edits; whoever was away for longer looks at everything anew


class Replaced(NamedTuple):
    """What stood between two places has become something that ends at `new_end`."""

    start: Position
    end: Position
    new_end: Position

    def moved(self, span: Span) -> Span | None:
        """Where a stretch of the text before stands now; None if it was touched."""
        if span.end <= self.start:
            return span
        if span.start < self.end:
            return None
        return Span(span.path, self._behind(span.start), self._behind(span.end))

    def _behind(self, place: Position) -> Position:
        line = place.line + self.new_end.line - self.end.line
        if place.line > self.end.line:
            return Position(line, place.column)
        return Position(line, place.column + self.new_end.column - self.end.column)


class Document:
    """A text that can be edited, and the module that it is at the moment.

    `cells` are the lines where the cells of a notebook start: no statement goes past one.
    """

    def __init__(self, path: str, text: str, cells: tuple[int, ...] = ()) -> None:
        self.path = path
        self.cells = cells
        self.version = 0  # counts the edits
        self._marked: dict[re.Pattern[str], list[int]] = {}
        self._edits: deque[Replaced] = deque(maxlen=_MOST_REMEMBERED)
        self._lines = split_lines(text)
        self._tops: list[Top] | None = None  # cut when somebody asks for the module
        self._module: Module | None = None
        self._before: Module | None = None  # of the text before the last edits

    @property
    def text(self) -> str:
        """The whole text, as it came in."""
        return "".join(self._lines)

    @property
    def lines(self) -> Sequence[str]:
        """The lines with their ends, as they are now; an edit makes a new array."""
        return self._lines

    @property
    def module(self) -> Module:
        """The program; the same object until the next edit."""
        if self._module is None:
            if self._tops is None:
                self._tops = self._cut()
            self._module = Module(self.path, self._lines, self._tops, self._before)
            self._before = None
        return self._module

    def edit(self, start: Position, end: Position, text: str) -> None:
        """Replaces the text between two positions; places outside the text are moved into it."""
        start, end = sorted((clamp(self._lines, start), clamp(self._lines, end)))
        first, last, lines = _replacement(self._lines, start, end, text)
        shift = len(lines) - (last + 1 - first)
        change = _Change(first, last, last + shift)
        self._lines = [*self._lines[:first], *lines, *self._lines[last + 1 :]]
        self.version += 1
        self._edits.append(Replaced(start, end, _end_of(start, text)))
        self._before, self._module = self._module or self._before, None
        self._mark_again(change)
        self.cells = tuple(
            [cell for cell in self.cells if cell <= first]
            + [cell + shift for cell in self.cells if cell > last]
        )
        if self._tops is not None:
            self._tops = _cut_again(self._lines, self.cells, self._tops, change)

    def lines_with(self, pattern: re.Pattern[str]) -> Sequence[int]:
        """The numbers of the lines in which the pattern is found; an edit looks at few of them."""
        found = self._marked.get(pattern)
        if found is None:
            found = [n for n, line in enumerate(self._lines) if pattern.search(line)]
            self._marked[pattern] = found
        return found

    def _mark_again(self, change: _Change) -> None:
        shift = change.new_last - change.old_last
        for pattern, numbers in self._marked.items():
            self._marked[pattern] = [
                *(n for n in numbers if n < change.first),
                *(
                    n
                    for n in range(change.first, change.new_last + 1)
                    if pattern.search(self._lines[n])
                ),
                *(n + shift for n in numbers if n > change.old_last),
            ]

    def edits_since(self, version: int) -> tuple[Replaced, ...] | None:
        """The edits that made the text of this version into that of today, if they are known."""
        count = self.version - version
        if count > len(self._edits):
            return None
        return tuple(islice(self._edits, len(self._edits) - count, None))

    def _cut(self) -> list[Top]:
        stops = [*[cell for cell in sorted(self.cells) if cell > 0], len(self._lines)]
        return [
            top
            for start, stop in zip([0, *stops[:-1]], stops, strict=True)
            for top in top_pieces(self._lines, start, stop)
        ]


class _Change(NamedTuple):
    """The lines `first` to `old_last` have become the lines `first` to `new_last`."""

    first: int
    old_last: int
    new_last: int


def _end_of(start: Position, text: str) -> Position:
    *before, last = split_lines(text)
    if not before:
        return Position(start.line, start.column + len(last))
    return Position(start.line + len(before), len(last))


def _replacement(
    lines: Sequence[str], start: Position, end: Position, text: str
) -> tuple[int, int, list[str]]:
    """The first and last line that change, and what they become."""
    first = start.line
    joined = lines[first][: start.column] + text + lines[end.line][end.column :]
    if first > 0 and joined.startswith("\n") and lines[first - 1].endswith("\r"):
        first -= 1  # the two are one line end now
        joined = lines[first] + joined
    replaced = split_lines(joined)
    if end.line + 1 < len(lines) and replaced[-1] == "":
        replaced.pop()  # the next line is there already
    return first, end.line, replaced


def _cut_again(
    lines: Sequence[str], cells: Sequence[int], tops: list[Top], change: _Change
) -> list[Top]:
    """The pieces after a change: new ones from just before it to the next old cut behind it."""
    starts = list(accumulate((top.lines for top in tops), initial=0))
    keep = _first_affected(tops, starts, cells, change.first)
    shift = change.new_last - change.old_last
    stop = min([cell for cell in cells if cell > change.new_last], default=len(lines))
    line, fresh = starts[keep], list[Top]()
    indent = tops[keep - 1].indent if keep and line not in cells else NO_INDENT
    for top in top_pieces(lines, line, stop, indent):
        fresh.append(top)
        line += top.lines
        behind = bisect_left(starts, line - shift, hi=len(tops))
        is_old_cut = line > change.new_last and line - shift == starts[behind]
        if is_old_cut and tops[behind - 1].indent == top.indent:
            break
    behind = bisect_left(starts, line - shift, hi=len(tops))
    fresh = _reuse(tops[keep:behind], fresh)
    return [*tops[:keep], *fresh, *tops[behind:]]


def _first_affected(
    tops: Sequence[Top], starts: Sequence[int], cells: Sequence[int], line: int
) -> int:
    """The piece before the first one that was looked at when the line was: it may go on there.

    What stands in earlier cells was cut without a look at this one.
    """
    border = max([cell for cell in cells if cell <= line], default=0)
    inside = range(bisect_left(starts, border, hi=len(tops)), len(tops))
    index = next(
        (index for index in inside if starts[index] + tops[index].reach > line),
        max(len(tops) - 1, 0),
    )
    return max(index - 1, inside[0]) if inside else index


def _reuse(old: Sequence[Top], new: Sequence[Top]) -> list[Top]:
    """The new pieces; what says the same as before is what it was, before and behind the change."""
    same = _count_same(zip(old, new, strict=False))
    rest_old, rest_new = old[same:], new[same:]
    tail = _count_same(zip(reversed(rest_old), reversed(rest_new), strict=False))
    changed_old, changed_new = rest_old[: len(rest_old) - tail], rest_new[: len(rest_new) - tail]
    _keep_leaves(changed_old, changed_new)
    kept_tail = zip(rest_old[len(changed_old) :], rest_new[len(changed_new) :], strict=True)
    return [
        *(now._replace(piece=before.piece) for before, now in zip(old[:same], new, strict=False)),
        *changed_new,
        *(now._replace(piece=before.piece) for before, now in kept_tail),
    ]


def _count_same(pairs: Iterable[tuple[Top, Top]]) -> int:
    return len(list(takewhile(lambda pair: _says(pair[0]) == _says(pair[1]), pairs)))


def _says(top: Top) -> list[tuple[Kind, str]]:
    return [(stretch.kind, stretch.text) for stretch in stretches([top.piece])]


def _keep_leaves(old: Sequence[Top], new: Sequence[Top]) -> None:
    """Places that are still there stay the same: those before the change, in it, behind it."""
    before = list(stretches(top.piece for top in old))
    after = list(stretches(top.piece for top in new))
    same = len(list(takewhile(_is_same, zip(before, after, strict=False))))
    tail_pairs = zip(reversed(before[same:]), reversed(after[same:]), strict=False)
    tail = len(list(takewhile(_is_same, tail_pairs)))
    changed_before = before[same : len(before) - tail]
    changed_after = after[same : len(after) - tail]
    if [s.kind for s in changed_before] == [s.kind for s in changed_after]:
        for ours, theirs in zip(changed_after, changed_before, strict=True):
            ours.leaf = theirs.leaf


def _is_same(pair: tuple[Stretch, Stretch]) -> bool:
    """Whether two stretches say the same; the new one then takes the place of the old one."""
    ours, theirs = pair[1], pair[0]
    if ours.kind is not theirs.kind or ours.text != theirs.text:
        return False
    ours.leaf, ours.parsed = theirs.leaf, theirs.parsed
    return True

"""Texts with edits applied to them, and what changed in them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence

from tricklint.finding import Edit, Position
from tricklint.syntax.lines import split_lines, without_end


class EditConflictError(ValueError):
    """Edits that cannot be applied together, or not to this text."""


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text after all the edits, whose places are those of the text before them."""
    lines = split_lines(text)
    starts = _starts(lines)
    parts: list[str] = []
    done, previous = 0, None
    for edit in sorted(edits, key=lambda edit: edit.span):
        start, end = (_offset(lines, starts, place) for place in (edit.span.start, edit.span.end))
        if end < start:
            raise EditConflictError(f"an edit ends before it starts: {edit}")
        # Of two texts inserted at one place nobody can say which comes first.
        if start < done or (previous and previous.span == edit.span):
            raise EditConflictError(f"edits overlap: {previous} and {edit}")
        parts += (text[done:start], edit.text)
        done, previous = end, edit
    return "".join((*parts, text[done:]))


def moved(lines: Iterable[int], edits: Iterable[Edit]) -> tuple[int, ...]:
    """Where lines are after all the edits.  What is inserted in front of a line becomes a part of it."""
    shifts = [
        (edit.span, len(split_lines(edit.text)) - 1 - (edit.span.end.line - edit.span.start.line))
        for edit in edits
    ]
    return tuple(
        line + sum(n for span, n in shifts if span.start.line < line >= span.end.line)
        for line in lines
    )


def diff(before: str, after: str, name: str) -> Iterator[str]:
    """The lines of a unified diff, as patch and git read it."""
    for line in difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    # A patch knows of no other line end: one \r is a character like others to it.
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _starts(lines: Sequence[str]) -> list[int]:
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    return starts


def _offset(lines: Sequence[str], starts: Sequence[int], place: Position) -> int:
    inside = 0 <= place.line < len(lines)
    if not inside or not 0 <= place.column <= len(without_end(lines[place.line])):
        raise EditConflictError(f"no such place in the text: {place}")
    return starts[place.line] + place.column

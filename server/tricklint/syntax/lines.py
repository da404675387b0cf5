r"""Lines as editors count them: ended by \n, \r\n or \r, and by nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tricklint.finding import Position

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")


def split_lines(text: str) -> list[str]:
    """The lines with their ends; always one more, perhaps empty, behind the last line end."""
    lines = _LINE.findall(text)
    if not lines or lines[-1].endswith(("\n", "\r")):
        lines.append("")
    return lines


def without_end(line: str) -> str:
    """The line without its line end."""
    return line.rstrip("\r\n")


def newline_of(lines: Sequence[str]) -> str:
    """The line end of a text, as far as its first line tells."""
    return "\r\n" if lines and lines[0].endswith("\r\n") else "\n"


def offset_of(lines: Sequence[str], position: Position) -> int:
    """How many characters stand before a position; a place outside the text is moved into it."""
    inside = clamp(lines, position)
    return sum(len(line) for line in lines[: inside.line]) + inside.column


def position_of(lines: Sequence[str], offset: int) -> Position:
    """The inverse of `offset_of`."""
    for number, line in enumerate(lines):
        if offset <= len(without_end(line)):
            return Position(number, max(offset, 0))
        offset -= len(line)
        if offset < 0:  # between \r and \n
            return Position(number, len(without_end(line)))
    return Position(len(lines) - 1, len(lines[-1]))


def clamp(lines: Sequence[str], position: Position) -> Position:
    """The nearest place that exists: columns end before the line end."""
    if position.line < 0:
        return Position(0, 0)
    if position.line >= len(lines):
        return Position(len(lines) - 1, len(without_end(lines[-1])))
    column = min(max(position.column, 0), len(without_end(lines[position.line])))
    return Position(position.line, column)

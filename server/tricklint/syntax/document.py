"""The text of one file as it is edited."""

from __future__ import annotations

from tricklint.finding import Position

from .lines import clamp, split_lines
from .module import Module
from .split import split


class Document:
    """A text that can be edited, and the module that it is at the moment."""

    def __init__(self, path: str, text: str, cells: tuple[int, ...] = ()) -> None:
        self.path = path
        self.cells = cells
        self._lines = split_lines(text)
        self._module: Module | None = None

    @property
    def text(self) -> str:
        """The whole text, as it came in."""
        return "".join(self._lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines with their ends."""
        return tuple(self._lines)

    @property
    def module(self) -> Module:
        """The program; the same object until the next edit."""
        if self._module is None:
            self._module = Module(self.path, self.lines, split(self._lines, self.cells))
        return self._module

    def edit(self, start: Position, end: Position, text: str) -> None:
        """Replaces the text between two positions."""
        start, end = clamp(self._lines, start), clamp(self._lines, end)
        head = self._lines[start.line][: start.column]
        tail = self._lines[end.line][end.column :]
        self._lines = split_lines(
            "".join([*self._lines[: start.line], head, text, tail, *self._lines[end.line + 1 :]])
        )
        self._module = None

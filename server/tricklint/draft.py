"""A file on its way through a fix: the text that is analysed, and the text that is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tricklint import notebook
from tricklint.edits import apply_edits
from tricklint.files import UnreadableError
from tricklint.finding import Edit, Position, Span
from tricklint.syntax.lines import clamp, split_lines


class Home(NamedTuple):
    """Where a reader finds a line: in the file, or in one cell of a notebook (from 1)."""

    line: int
    cell: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A module or a notebook.  `raw` is all of the file, `lines` the Python of it as written."""

    path: str
    raw: str
    notebook: notebook.Notebook | None
    lines: Sequence[str]

    @classmethod
    def of(cls, path: str, raw: str) -> Draft:
        """The draft of a file's text; UnreadableError where it should be a notebook and is none."""
        if not path.endswith(".ipynb"):
            return cls(path, raw, None, split_lines(raw))
        try:
            book = notebook.parse(raw)
        except notebook.NotebookError as error:
            raise UnreadableError(str(error)) from error
        lines = [line for cell in book.cells for line in split_lines(cell.source)]
        return cls(path, raw, book, lines)

    @property
    def text(self) -> str:
        """What is analysed."""
        return self.notebook.text if self.notebook else self.raw

    @property
    def cells(self) -> tuple[int, ...]:
        """The lines where cells start."""
        return self.notebook.starts if self.notebook else ()

    def home(self, line: int) -> Home:
        """Where a reader finds a line."""
        if self.notebook is None or not self.notebook.cells:
            return Home(line)
        index = self.notebook.index_of(line)
        return Home(line - self.notebook.starts[index], self.notebook.cells[index].number)

    def with_edits(self, edits: Iterable[Edit]) -> Draft:
        """The draft after some edits; EditConflictError where they do not fit."""
        if self.notebook is None:
            return Draft.of(self.path, apply_edits(self.raw, edits))
        sources = [cell.source for cell in self.notebook.cells]
        for index, own in _by_cell(self.notebook, edits).items():
            sources[index] = apply_edits(sources[index], own)
        return Draft.of(self.path, self.notebook.with_sources(sources))


def _by_cell(book: notebook.Notebook, edits: Iterable[Edit]) -> dict[int, list[Edit]]:
    found: dict[int, list[Edit]] = {}
    for edit in edits:
        index = book.index_of(edit.span.start.line)
        lines = split_lines(book.cells[index].source)
        places = (_within(lines, book.starts[index], at) for at in (edit.span.start, edit.span.end))
        found.setdefault(index, []).append(Edit(Span(edit.span.path, *places), edit.text))
    return found


def _within(lines: Sequence[str], first: int, place: Position) -> Position:
    # The line end behind a cell's last line belongs to the module, not to the cell.
    return clamp(lines, Position(place.line - first, place.column))

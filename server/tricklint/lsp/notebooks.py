"""Notebooks: the code cells of one notebook are one module, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lsprotocol import types

from tricklint.lsp.convert import Home
from tricklint.notebook import python_lines
from tricklint.syntax.document import Document


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.  A text is kept for code cells in Python only."""

    uri: str
    version: int
    document: Document | None


class Notebook:
    """The cells of an open notebook."""

    def __init__(
        self, cells: Iterable[types.NotebookCell], texts: Iterable[types.TextDocumentItem]
    ) -> None:
        """Take over the cells as the editor lists them."""
        self._cells = _cells(cells, {item.uri: item for item in texts})

    @property
    def uris(self) -> tuple[str, ...]:
        """The cells that can have findings."""
        return tuple(cell.uri for cell in self._cells if cell.document)

    def cell(self, uri: str) -> Cell | None:
        """A cell by its address."""
        return next((cell for cell in self._cells if cell.uri == uri), None)

    def module(self) -> tuple[str, tuple[int, ...]]:
        """The text of the module that the cells make up, and the lines where they start."""
        starts: list[int] = []
        lines: list[str] = []
        for cell in self._cells:
            if cell.document:
                starts.append(len(lines))
                lines += python_lines(cell.document.lines)
        return "".join(lines), tuple(starts)

    def home(self, line: int) -> Home | None:
        """The cell in which a line of the module is shown."""
        first = 0
        for cell in self._cells:
            lines = cell.document.lines if cell.document else ()
            if first <= line < first + len(lines):
                return Home(cell.uri, cell.version, first, lines)
            first += len(lines)
        return None

    def restructure(self, change: types.NotebookDocumentCellChangeStructure) -> None:
        """Insert, remove or move cells."""
        known = {cell.uri: cell for cell in self._cells}
        opened = {item.uri: item for item in change.did_open or ()}
        span = slice(change.array.start, change.array.start + change.array.delete_count)
        new = _cells(change.array.cells or (), opened)
        # A moved cell is listed again but not opened again: it keeps its text.
        self._cells[span] = [
            cell if cell.uri in opened else known.get(cell.uri, cell) for cell in new
        ]
        # A cell of another language stays in its place, and only its text is closed.
        closed = {one.uri for one in change.did_close or ()} - opened.keys()
        self._cells = [
            Cell(cell.uri, cell.version, None) if cell.uri in closed else cell
            for cell in self._cells
        ]

    def retype(self, cells: Sequence[types.NotebookCell]) -> None:
        """Take note of cells that turned from code to text; the way back opens them anew."""
        text_only = {c.document for c in cells if c.kind is not types.NotebookCellKind.Code}
        self._cells = [
            Cell(cell.uri, cell.version, None) if cell.uri in text_only else cell
            for cell in self._cells
        ]

    def replace(self, new: Cell) -> None:
        """Put in a cell with another text or version."""
        self._cells = [new if cell.uri == new.uri else cell for cell in self._cells]


def _cells(
    cells: Iterable[types.NotebookCell], texts: Mapping[str, types.TextDocumentItem]
) -> list[Cell]:
    return [_cell(cell, texts.get(cell.document)) for cell in cells]


def _cell(cell: types.NotebookCell, item: types.TextDocumentItem | None) -> Cell:
    is_code = cell.kind is types.NotebookCellKind.Code
    if item is None or not is_code or item.language_id != "python":
        return Cell(cell.document, item.version if item else 0, None)
    return Cell(item.uri, item.version, Document(item.uri, item.text))

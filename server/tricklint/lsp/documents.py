"""The texts that are open in the editor, as the analysis thread sees them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lsprotocol import types

from tricklint.lsp.addresses import is_settings, path_of
from tricklint.lsp.convert import Home, engine_position
from tricklint.lsp.notebooks import Cell, Notebook
from tricklint.lsp.projects import Projects
from tricklint.syntax.document import Document

Change = types.TextDocumentContentChangePartial | types.TextDocumentContentChangeWholeDocument


class OpenFile:
    """A file or notebook that the editor owns."""

    def __init__(
        self, uri: str, version: int, document: Document, notebook: Notebook | None = None
    ) -> None:
        """Take it over from the disk."""
        self.uri = uri
        self.version = version
        self.document = document
        self.notebook = notebook

    @property
    def path(self) -> str:
        """How the engine names it."""
        return self.document.path

    @property
    def uris(self) -> tuple[str, ...]:
        """Under which addresses the editor shows it: its own, or those of its cells."""
        return self.notebook.uris if self.notebook else (self.uri,)

    @property
    def is_settings(self) -> bool:
        """Whether it holds settings instead of code."""
        return is_settings(self.path)

    def version_at(self, uri: str) -> int:
        """The version of what is shown under one of its addresses."""
        cell = self.notebook.cell(uri) if self.notebook else None
        return cell.version if cell else self.version

    def home(self, line: int) -> Home | None:
        """Where the editor shows a line of it."""
        if self.notebook:
            return self.notebook.home(line)
        return Home(self.uri, self.version, 0, self.document.lines)


class Files:
    """All open files, by path."""

    def __init__(self, projects: Projects, encoding: types.PositionEncodingKind) -> None:
        """Nothing is open yet."""
        self._projects = projects
        self._encoding = encoding
        self._open: dict[str, OpenFile] = {}

    def __iter__(self) -> Iterator[OpenFile]:
        """The open files."""
        return iter(self._open.values())

    @property
    def projects(self) -> Projects:
        """What the files belong to."""
        return self._projects

    def has(self, path: str) -> bool:
        """Whether the editor owns a file."""
        return path in self._open

    def text(self, path: str) -> str | None:
        """The text of any file, open or on the disk."""
        file = self._open.get(path)
        return file.document.text if file else self._projects.text(path)

    def find(self, uri: str) -> OpenFile | None:
        """The open file with this address, or with a cell of this address."""
        if file := self._open.get(path_of(uri)):
            return file
        return next((file for file in self if uri in file.uris), None)

    def home(self, path: str, line: int) -> Home | None:
        """Where a line of any file is shown (`Places`)."""
        if file := self._open.get(path):
            return file.home(line)
        document = self._projects.workspace(path).document(path)
        return Home(Path(path).as_uri(), None, 0, document.lines) if document else None

    def open(self, item: types.TextDocumentItem) -> OpenFile:
        """Take over a text."""
        document = self._document(path_of(item.uri), item.text)
        return self._keep(OpenFile(item.uri, item.version, document))

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> OpenFile:
        """Take over a notebook with all of its cells."""
        item = params.notebook_document
        notebook = Notebook(item.cells, params.cell_text_documents)
        document = self._join(path_of(item.uri), notebook)
        return self._keep(OpenFile(item.uri, item.version, document, notebook))

    def change(self, file: OpenFile, params: types.DidChangeTextDocumentParams) -> None:
        """Bring a text to what the editor shows."""
        file.version = params.text_document.version
        for change in params.content_changes:
            if isinstance(change, types.TextDocumentContentChangePartial):
                _edit(file.document, change, self._encoding)
            else:
                file.document = self._document(file.path, change.text)

    def change_notebook(
        self, file: OpenFile, params: types.DidChangeNotebookDocumentParams
    ) -> None:
        """Bring the cells to what the editor shows."""
        file.version = params.notebook_document.version
        cells = params.change.cells
        if file.notebook is None or cells is None:
            return
        if cells.structure:
            file.notebook.restructure(cells.structure)
        file.notebook.retype(cells.data or ())
        for content in cells.text_content or ():
            if cell := file.notebook.cell(content.document.uri):
                changed = _changed_cell(cell, content, self._encoding)
                file.notebook.replace(changed)
        file.document = self._join(file.path, file.notebook)

    def close(self, file: OpenFile) -> None:
        """Give a file back to the disk."""
        del self._open[file.path]
        self._projects.workspace(file.path).close(file.path)

    def reopen(self, projects: Projects) -> None:
        """Hand all texts over to other workspaces."""
        self._projects = projects
        for file in self:
            if file.notebook:
                file.document = self._join(file.path, file.notebook)
            else:
                file.document = self._document(file.path, file.document.text)

    def _document(self, path: str, text: str) -> Document:
        if is_settings(path):
            # What is typed there counts once it is saved.
            return Document(path, text)
        return self._projects.workspace(path).open(path, text)

    def _keep(self, file: OpenFile) -> OpenFile:
        self._open[file.path] = file
        return file

    def _join(self, path: str, notebook: Notebook) -> Document:
        text, starts = notebook.module()
        return self._projects.workspace(path).open(path, text, starts)


def _edit(
    document: Document,
    change: types.TextDocumentContentChangePartial,
    encoding: types.PositionEncodingKind,
) -> None:
    start = engine_position(document.lines, change.range.start, encoding)
    end = engine_position(document.lines, change.range.end, encoding)
    document.edit(start, max(start, end), change.text)


def _changed_cell(
    cell: Cell,
    content: types.NotebookDocumentCellContentChanges,
    encoding: types.PositionEncodingKind,
) -> Cell:
    document = cell.document
    if document is None:
        return cell
    for change in content.changes:
        if isinstance(change, types.TextDocumentContentChangePartial):
            _edit(document, change, encoding)
        else:
            document = Document(cell.uri, change.text)
    return Cell(cell.uri, content.document.version, document)

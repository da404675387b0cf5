"""The files of the user: open documents and files read on demand, and what their imports mean."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from .syntax.document import Document
from .syntax.module import Module

_IMPORT = re.compile(
    r"^[ \t]*(?:from[ \t]+(\.*)[ \t]*([\w.]*)[ \t]+import[ \t]+(.+)|import[ \t]+([\w., \t]+))",
    re.MULTILINE,
)
_IMPORTS = re.compile("import")
_WORD = re.compile(r"[^\W\d]\w*")
_TORCH = re.compile(r"\b(?:torch\w*|lightning\w*|pytorch_lightning|accelerate|timm|transformers)\b")


class Workspace:
    """All that can be seen.  Pure: `read` gives a file's text, `files` all files of the project."""

    def __init__(
        self,
        roots: tuple[str, ...],
        read: Callable[[str], str | None],
        files: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._roots = roots
        self._read = read
        self._list_files = files
        self._open: dict[str, Document] = {}
        self._closed: dict[str, Document | None] = {}
        self._known: frozenset[str] | None = None
        self._version = 0
        self._looks: dict[str, _Look] = {}
        self._words: dict[str, tuple[Document, int, frozenset[str]]] = {}
        self._reverse: tuple[object, dict[str, frozenset[str]]] | None = None
        self._located: dict[tuple[str, str, int], str | None] = {}

    def open(self, path: str, text: str, cells: tuple[int, ...] = ()) -> Document:
        """A document that is edited from now on: its text counts, not the file's."""
        self._forget_files()
        document = self._open[path] = Document(path, text, cells)
        return document

    def close(self, path: str) -> None:
        """The file's text counts again."""
        self._open.pop(path, None)
        self._closed.pop(path, None)
        self._forget_files()

    def changed(self, path: str) -> None:
        """The file has come, gone or changed on disk."""
        self._closed.pop(path, None)
        self._forget_files()

    def document(self, path: str) -> Document | None:
        """The document in this file; None if there is no such file."""
        found = self._open.get(path)
        if found is not None:
            return found
        if path not in self._closed:
            text = self._read(path)
            self._closed[path] = None if text is None else Document(path, text)
        return self._closed[path]

    @property
    def _files(self) -> frozenset[str]:
        if self._known is None:
            self._known = frozenset(self._list_files()) | frozenset(self._open)
        return self._known

    @property
    def files_version(self) -> int:
        """Changes whenever a file has come or gone."""
        return self._version

    def _forget_files(self) -> None:
        self._version += 1
        self._known = None
        self._located.clear()

    def module(self, path: str) -> Module | None:
        """The current tree of a file."""
        document = self.document(path)
        return None if document is None else document.module

    def locate(self, name: str, importer: str, level: int) -> str | None:
        """The file that an import means, if it lies in the workspace."""
        request = (name, importer if level else posixpath.dirname(importer), level)
        if request not in self._located:
            self._located[request] = self._locate(name, importer, level)
        found = self._located[request]
        return None if found == importer else found

    def _locate(self, name: str, importer: str, level: int) -> str | None:
        parts = name.split(".") if name else []
        folder = posixpath.dirname(importer)
        if level:
            for _ in range(level - 1):
                folder = posixpath.dirname(folder)
            if not any(folder == root or folder.startswith(root + "/") for root in self._roots):
                return None
            return self._find(folder, parts)
        if not parts:
            return None
        starts = self._starts(folder)
        return next((one for start in starts if (one := self._find(start, parts))), None)

    def _starts(self, folder: str) -> Iterable[str]:
        """Where absolute imports begin: the script's own folder, then the roots and their src."""
        yield folder
        for root in self._roots:
            yield root
            yield posixpath.join(root, "src")

    def _find(self, folder: str, parts: list[str]) -> str | None:
        stem = posixpath.join(folder, *parts)
        for path in (posixpath.join(stem, "__init__.py"), f"{stem}.py"):
            if (parts or path.endswith("__init__.py")) and path in self._files:
                return path
        return None

    def reaches_torch(self, path: str) -> bool:
        """Does the file name torch or a library on top of it, itself or through its imports?"""
        seen: set[str] = set()
        todo = [path]
        while todo:
            one = todo.pop()
            document = self.document(one) if one not in seen else None
            seen.add(one)
            if document is not None:
                if self._look(document).names_torch:
                    return True
                todo += self._targets(one)
        return False

    def importers(self, path: str) -> tuple[str, ...]:
        """The files of the project that import this one directly, in a fixed order."""
        return tuple(sorted(self._importers().get(path, frozenset()) - {path}))

    def mentions(self, path: str, names: set[str]) -> bool:
        """Is one of these names a word of the file?"""
        document = self.document(path)
        if document is None:
            return False
        known = self._words.get(path)
        if known is None or known[:2] != (document, document.version):
            words = frozenset(_WORD.findall(document.text))
            known = self._words[path] = (document, document.version, words)
        return not names.isdisjoint(known[2])

    def _importers(self) -> dict[str, frozenset[str]]:
        """The files that import each file directly."""
        edits = tuple((path, document.version) for path, document in self._open.items())
        if self._reverse is None or self._reverse[0] != (self._version, edits):
            found: dict[str, set[str]] = {}
            for file in self._files:
                for target in self._targets(file):
                    found.setdefault(target, set()).add(file)
            graph = {target: frozenset(files) for target, files in found.items()}
            self._reverse = ((self._version, edits), graph)
        return self._reverse[1]

    def _targets(self, path: str) -> set[str]:
        """The files of the workspace that a file's imports name, by a cheap look at its text."""
        document = self.document(path)
        if document is None:
            return set()
        requests = self._look(document).requests
        located = (self.locate(name, path, level) for name, level in requests)
        return {one for one in located if one is not None}

    def _look(self, document: Document) -> _Look:
        known = self._looks.get(document.path)
        if known is None or known.document is not document or known.version != document.version:
            imports = "".join(document.lines[n] for n in document.lines_with(_IMPORTS))
            names_torch = _TORCH.search(imports) is not None
            known = _Look(document, document.version, names_torch, tuple(_requests(imports)))
            self._looks[document.path] = known
        return known


class _Look(NamedTuple):
    """What a cheap look at a text tells."""

    document: Document
    version: int
    names_torch: bool
    requests: tuple[tuple[str, int], ...]


def _requests(text: str) -> Iterable[tuple[str, int]]:
    for dots, module, names, plain in _IMPORT.findall(text):
        if plain:
            for one in plain.split(","):
                yield one.strip().partition(" ")[0], 0
            continue
        if module:
            yield module, len(dots)
        for one in names.strip("( \t").split(","):
            name = one.strip().partition(" ")[0]
            if name.isidentifier():
                yield f"{module}.{name}" if module else name, len(dots)

"""The files of the user: open documents and files read on demand, and what their imports mean."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
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
        self._importers: dict[str, frozenset[str]] = {}  # of a file, among those that are closed
        self._located: dict[tuple[str, str, int], str | None] = {}

    def open(self, path: str, text: str, cells: tuple[int, ...] = ()) -> Document:
        """A document that is edited from now on: its text counts, not the file's."""
        self._forget_files()
        document = self._open[path] = Document(path, text, cells)
        return document

    def close(self, path: str) -> None:
        """The file's text counts again."""
        self._open.pop(path, None)
        self._forget(path)

    def changed(self, path: str) -> None:
        """The file has come, gone or changed on disk."""
        self._forget(path)

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

    def _forget(self, path: str) -> None:
        self._closed.pop(path, None)
        self._looks.pop(path, None)
        self._forget_files()

    def _forget_files(self) -> None:
        self._version += 1
        self._importers.clear()
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
            if one in seen:
                continue
            seen.add(one)
            if self._look(one).names_torch:
                return True
            todo += self._targets(one)
        return False

    def importers(self, path: str) -> tuple[str, ...]:
        """The files of the project that import this one directly, in a fixed order."""
        if path not in self._importers:
            closed = (file for file in self._files if file not in self._open)
            self._importers[path] = frozenset(one for one in closed if self._imports(one, path))
        opened = [one for one in self._open if self._imports(one, path)]
        return tuple(sorted({*opened, *self._importers[path]} - {path}))

    def _imports(self, file: str, path: str) -> bool:
        # Most files of a large project do not even have its name among their imports.
        stem = posixpath.basename(path.removesuffix("/__init__.py")).removesuffix(".py")
        return stem in self._look(file).imports and path in self._targets(file)

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

    def _targets(self, path: str) -> set[str]:
        """The files of the workspace that a file's imports name, by a cheap look at its text."""
        requests = _requests(self._look(path).imports)
        located = (self.locate(name, path, level) for name, level in requests)
        return {one for one in located if one is not None}

    def _look(self, path: str) -> _Look:
        document, known = self._open.get(path), self._looks.get(path)
        version = document.version if document is not None else 0
        if known is None or known.document is not document or known.version != version:
            imports = self._import_lines(path, document)
            known = _Look(document, version, imports, _TORCH.search(imports) is not None)
            self._looks[path] = known
        return known

    def _import_lines(self, path: str, document: Document | None) -> str:
        document = document or self._closed.get(path)
        if document is not None:
            return _joined(document.lines, document.lines_with(_IMPORTS))
        # A file that is only looked at is not kept.
        lines = (self._read(path) or "").replace("\r", "\n").split("\n")
        return _joined(lines, [n for n, line in enumerate(lines) if "import" in line])


class _Look(NamedTuple):
    """What a cheap look at a text tells."""

    document: Document | None
    version: int
    imports: str  # its lines that may be imports
    names_torch: bool


def _joined(lines: Sequence[str], numbers: Iterable[int]) -> str:
    """These lines, each one with those that its parenthesis goes on in."""
    found: list[str] = []
    for number in numbers:
        line = lines[number].partition("#")[0].strip("\r\n")
        for more in lines[number + 1 : number + _LONGEST_IMPORT] if "(" in line else ():
            if ")" in line:
                break
            line += more.partition("#")[0].strip()
        found.append(line)
    return "\n".join(found)


_LONGEST_IMPORT = 100  # lines


def _requests(text: str) -> Iterable[tuple[str, int]]:
    for dots, module, names, plain in _IMPORT.findall(text):
        if plain:
            for one in plain.split(","):
                yield one.strip().partition(" ")[0], 0
            continue
        if module:
            yield module, len(dots)
        for one in names.strip("() \t").split(","):
            name = one.strip().partition(" ")[0]
            if name.isidentifier():
                yield f"{module}.{name}" if module else name, len(dots)

"""The Python files of a folder, without those that nobody wrote or that git ignores."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pathspec import GitIgnoreSpec

from tricklint.files import is_inside

PYTHON = (".py",)
CHECKED = (".py", ".ipynb")


def walk(
    folder: str,
    excludes: Callable[[str], bool],
    endings: tuple[str, ...] = CHECKED,
    most: int | None = None,
) -> list[str]:
    """The files below a folder, in order; `excludes` says what the user leaves out.

    With `most`, only that many folders are searched, the nearest ones first.
    """
    folder = os.path.abspath(folder)
    found: list[str] = []
    todo = deque([_Folder(folder, _above(folder))])
    searched = 0
    while todo and searched != most:
        # Links to folders are not followed, so the way down has an end.
        files, folders = _search(todo.popleft(), excludes, endings)
        found += files
        todo += folders
        searched += 1
    return sorted(found, key=lambda path: path.split(os.sep))


class _Ignore(NamedTuple):
    """The patterns of one .gitignore, relative to its folder."""

    folder: str
    for_files: GitIgnoreSpec
    for_folders: GitIgnoreSpec


# Folders that hold what tools put there.
_FOREIGN = frozenset(("node_modules", "__pycache__", "__pypackages__", "site-packages"))


class _Folder(NamedTuple):
    """A folder, and what the folders above say about it."""

    path: str
    ignores: tuple[_Ignore, ...]


def _search(
    folder: _Folder, excludes: Callable[[str], bool], endings: tuple[str, ...]
) -> tuple[list[str], list[_Folder]]:
    """The files and the folders in a folder."""
    files: list[str] = []
    folders: list[_Folder] = []
    ignores = (*folder.ignores, *_read(folder.path))
    for entry in _entries(folder.path):
        if entry.name.startswith(".") or excludes(entry.path) or _is_ignored(entry, ignores):
            continue
        if entry.is_dir(follow_symlinks=False):
            if not _is_foreign(entry):
                folders.append(_Folder(entry.path, ignores))
        elif entry.name.endswith(endings) and not _is_double(entry, folder.path):
            files.append(entry.path)
    return files, folders


def _entries(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:
        return []


def _is_foreign(entry: os.DirEntry[str]) -> bool:
    # Every virtual environment has this file, whatever its folder is called.
    return entry.name in _FOREIGN or os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))


def _is_double(entry: os.DirEntry[str], folder: str) -> bool:
    """A link to a folder, or to a neighbour that is found under its own name."""
    if not entry.is_symlink():
        return False
    target = os.path.realpath(entry.path)
    return os.path.isdir(target) or is_inside(target, os.path.realpath(folder))


def _is_ignored(entry: os.DirEntry[str], ignores: Sequence[_Ignore]) -> bool:
    is_folder = entry.is_dir(follow_symlinks=False)
    return _matches(entry.path + (os.sep if is_folder else ""), ignores)


def _matches(path: str, ignores: Sequence[_Ignore]) -> bool:
    for ignore in reversed(ignores):  # the nearest one that knows the path decides
        relative = os.path.relpath(path, ignore.folder)
        verdict = (
            ignore.for_folders.check_file(relative + os.sep).include
            if path.endswith(os.sep)
            else ignore.for_files.check_file(relative).include
        )
        if verdict is not None:
            return verdict
    return False


def _above(folder: str) -> tuple[_Ignore, ...]:
    """What the folders above say, up to the repository's; nothing once they ignore this one."""
    if os.path.exists(os.path.join(folder, ".git")):
        return ()
    found: list[_Ignore] = []
    parent = os.path.dirname(folder)
    while True:
        found[:0] = _read(parent)
        if os.path.exists(os.path.join(parent, ".git")):
            break
        if parent == os.path.dirname(parent):
            return ()  # no repository: a stray .gitignore above means nothing
        parent = os.path.dirname(parent)
    # A folder that git ignores and that is named all the same is meant.
    return () if _matches(folder + os.sep, found) else tuple(found)


def _read(folder: str) -> tuple[_Ignore, ...]:
    path = os.path.join(folder, ".gitignore")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            lines = file.read().split("\n")
        # `data/**` means what is in the folder; something of it may be wanted again.
        folders = [line for line in lines if not line.rstrip().endswith("/**")]
        specs = (GitIgnoreSpec.from_lines(lines), GitIgnoreSpec.from_lines(folders))
    except (OSError, ValueError):
        return ()
    return (_Ignore(folder, *specs),)

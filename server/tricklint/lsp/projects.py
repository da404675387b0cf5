"""The projects that open files belong to: each has its settings, its workspace and its engine."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tricklint import project as disk
from tricklint.engine import Engine
from tricklint.finding import Finding
from tricklint.rules import discover
from tricklint.sanity_check import OFFER
from tricklint.settings import FILE_NAMES, RuleId, Settings
from tricklint.workspace import Workspace

log = logging.getLogger(__name__)

Stamp = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Project:
    """One root with one set of settings."""

    disk: disk.Project
    workspace: Workspace
    engine: Engine


class Projects:
    """Finds the project of a file, and notices when settings change."""

    def __init__(self, folders: Sequence[str]) -> None:
        """The folders are those that are open in the editor; projects are set up on demand."""
        self._folders = tuple(folders)
        self.rules = [OFFER, *(RuleId(rule.code, rule.name) for rule in discover())]
        self._reset()

    def workspace(self, path: str) -> Workspace:
        """The texts of the file's project."""
        return self._of(path).workspace

    def engine(self, path: str) -> Engine:
        """The engine of the file's project."""
        return self._of(path).engine

    def root(self, path: str) -> str:
        """The folder of the file's project."""
        return self._of(path).disk.root

    def settings(self, path: str) -> Settings:
        """The settings of the file's project."""
        return self._of(path).disk.settings

    def settings_file(self, path: str) -> str | None:
        """The file with the settings for a file, if there is one to write to."""
        return self._disk.settings_file(path)

    def settings_problems(self) -> dict[str, tuple[Finding, ...]]:
        """What is wrong in each file with settings that was read."""
        return self._disk.settings_problems()

    def below(self, folder: str) -> list[str]:
        """The files in a folder that are worth a check."""
        return self._disk.below(folder)

    @property
    def is_outdated(self) -> bool:
        """Whether a file with settings came, went or changed."""
        return self._stamp != _stamp(self._by_path)

    def text(self, path: str) -> str | None:
        """The text of a file on the disk."""
        return self._disk.of(path).read(path)

    def changed(self, path: str) -> None:
        """A file changed on the disk."""
        for project in self._projects.values():
            project.disk.changed(path)
            project.workspace.changed(path)

    def refresh(self) -> bool:
        """Start afresh when a file with settings came, went or changed; says whether one did."""
        if not self.is_outdated:
            return False
        self._reset()
        return True

    def renew(self) -> None:
        """Forget all that the engines remember of earlier texts."""
        for key, old in self._projects.items():
            engine = Engine(old.workspace, old.disk.settings)
            self._projects[key] = Project(old.disk, old.workspace, engine)
        self._by_path.clear()

    def _reset(self) -> None:
        self._disk = disk.Projects(self.rules, folders=self._folders)
        self._by_path: dict[str, Project] = {}
        self._projects: dict[int, Project] = {}
        self._stamp: Stamp = ()
        self._told = 0

    def _of(self, path: str) -> Project:
        if path not in self._by_path:
            self._by_path[path] = self._find(path)
            self._stamp = _stamp(self._by_path)
        return self._by_path[path]

    def _find(self, path: str) -> Project:
        found = self._disk.of(path)
        if id(found) not in self._projects:
            self._projects[id(found)] = self._set_up(found)
            self._tell_problems()
        return self._projects[id(found)]

    def _tell_problems(self) -> None:
        """What is wrong in the settings, each time they are read anew."""
        for problem in self._disk.problems[self._told :]:
            place = problem.span
            log.warning("%s:%d: %s", place.path, place.start.line + 1, problem.message)
        self._told = len(self._disk.problems)

    def _set_up(self, found: disk.Project) -> Project:
        # A single file somewhere else, in the home folder perhaps, is no reason to search all of it.
        is_open = any(_are_nested(found.root, folder) for folder in self._folders)
        files = found.files if is_open else tuple[str]
        workspace = Workspace((found.root,), found.read, files)
        return Project(found, workspace, Engine(workspace, found.settings))


def _are_nested(one: str, other: str) -> bool:
    first, second = Path(one), Path(other)
    return first.is_relative_to(second) or second.is_relative_to(first)


def _stamp(paths: Iterable[str]) -> Stamp:
    """When the files that may hold settings for these paths were changed last."""
    folders = {str(folder) for path in paths for folder in Path(path).parents}
    places = sorted(os.path.join(folder, name) for folder in folders for name in FILE_NAMES)
    return tuple((place, _modified(place)) for place in places)


def _modified(path: str) -> int:
    try:
        return Path(path).stat().st_mtime_ns
    except OSError:
        return -1

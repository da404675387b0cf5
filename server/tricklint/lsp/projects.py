"""The projects in the open folders: each has its settings, its workspace and its engine."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from tricklint.engine import Engine
from tricklint.settings import Settings
from tricklint.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Project:
    """One folder with settings of its own."""

    workspace: Workspace
    engine: Engine


class Projects:
    """Finds the project of a file."""

    def __init__(self, roots: Sequence[str]) -> None:
        """Projects are set up when a file of theirs is asked for."""
        self._roots = tuple(roots)
        self._projects: dict[str, Project] = {}

    def workspace(self, path: str) -> Workspace:
        """The texts of the file's project."""
        return self._of(path).workspace

    def engine(self, path: str) -> Engine:
        """The engine of the file's project."""
        return self._of(path).engine

    def changed(self, path: str) -> None:
        """A file changed on the disk."""
        for project in self._projects.values():
            project.workspace.changed(path)

    def refresh(self) -> bool:
        """Read changed settings; says whether there were any."""
        return False

    def _of(self, path: str) -> Project:
        root = self._root(path)
        if root not in self._projects:
            workspace = Workspace((root,), _read)
            self._projects[root] = Project(workspace, Engine(workspace, Settings()))
        return self._projects[root]

    def _root(self, path: str) -> str:
        holding = [root for root in self._roots if os.path.commonpath((root, path)) == root]
        return max(holding, key=len, default=os.path.dirname(path))


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except (OSError, ValueError):
        return None

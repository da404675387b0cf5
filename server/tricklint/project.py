"""Projects on disk: where each begins, its settings, and the texts of its files."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable

from tricklint import files
from tricklint.draft import Draft
from tricklint.files import Source, UnreadableError
from tricklint.finding import Finding, Position, Span
from tricklint.notices import Notice
from tricklint.settings import FILE_NAMES, Reading, RuleId, Settings, read_settings
from tricklint.walk import CHECKED, PYTHON, walk

_MARKERS = ("pyproject.toml", "setup.py", ".git", "tricklint.toml")
# How many folders are searched for modules.  A lone script may lie in a home folder, or in the root.
_MOST_FOLDERS = 5_000
_MOST_GUESSED = 50


class Project:
    """One root with one set of settings.  Every file is read once."""

    def __init__(self, root: str, settings: Settings, *, is_certain: bool) -> None:
        """Nothing is read before somebody asks; a root is certain when something says so."""
        self.root = root
        self.settings = settings
        self._is_certain = is_certain
        self._sources: dict[str, Source] = {}
        self._files: tuple[str, ...] | None = None

    def source(self, path: str) -> Source:
        """A file as it is on disk; UnreadableError says why there is none."""
        if path not in self._sources:
            self._sources[path] = files.read(path)
        return self._sources[path]

    def read(self, path: str) -> str | None:
        """The text of a module, for the workspace; None when it cannot be read."""
        try:
            return self.source(path).text
        except UnreadableError:
            return None

    def draft(self, path: str) -> Draft:
        """A file or notebook to look at and to fix; UnreadableError says why there is none."""
        return Draft.of(path, self.source(path).text)

    def files(self) -> tuple[str, ...]:
        """The Python files that imports can mean."""
        if self._files is None:
            most = _MOST_FOLDERS if self._is_certain else _MOST_GUESSED
            self._files = tuple(walk(self.root, self.settings.excludes, PYTHON, most))
        return self._files

    def changed(self, path: str) -> None:
        """A file has come, gone or changed."""
        self._sources.pop(path, None)
        self._files = None


class Projects:
    """The projects that files belong to: that of the nearest pyproject.toml, setup.py or .git."""

    def __init__(
        self,
        rules: Collection[RuleId],
        adjust: Callable[[Settings], Settings] = lambda settings: settings,
        folders: Collection[str] = (),
    ) -> None:
        """`adjust` lays other settings, such as those of a command line, over those of a file.

        The folders are roots where no file says otherwise: those that a person has opened.
        """
        self._rules = rules
        self._adjust = adjust
        self._folders = folders
        self._readings: dict[str, tuple[str, Reading] | None] = {}
        self._projects: dict[tuple[str, str], Project] = {}
        self._homes: dict[str, Project] = {}

    def of(self, path: str) -> Project:
        """The project of a file or folder; both absolute."""
        folder = path if os.path.isdir(path) else os.path.dirname(path)
        if folder not in self._homes:
            self._homes[folder] = self._home(folder)
        return self._homes[folder]

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What could not be understood of the settings that were read."""
        found = (reading for reading in self._readings.values() if reading)
        return tuple(problem for _, reading in found for problem in reading.problems)

    def settings_problems(self) -> dict[str, tuple[Finding, ...]]:
        """The same for each file with settings that was read, also where nothing is wrong."""
        found = (reading for reading in self._readings.values() if reading)
        return {path: reading.problems for path, reading in found}

    def settings_file(self, path: str) -> str | None:
        """The file with the settings for a file, or the one where they would be written."""
        found = next(
            (one for one in map(self._reading, _upwards(os.path.dirname(path))) if one), None
        )
        usual = os.path.join(self.of(path).root, "pyproject.toml")
        return found[0] if found else usual if os.path.isfile(usual) else None

    def below(self, path: str) -> list[str]:
        """The files to check in a folder."""
        return walk(path, self._excludes, CHECKED)

    def _home(self, folder: str) -> Project:
        above = list(_upwards(folder))
        marked = [one for one in above if _has_marker(one)]
        opened = [one for one in above if one in self._folders]
        root = (*marked, *opened, folder)[0]
        reading = next((one for one in map(self._reading, above) if one), None)
        settings = reading[1].settings if reading else Settings(root)
        key = (root, settings.root)
        if key not in self._projects:
            is_certain = bool(marked or opened)
            self._projects[key] = Project(root, self._adjust(settings), is_certain=is_certain)
        return self._projects[key]

    def _excludes(self, path: str) -> bool:
        return self.of(os.path.dirname(path)).settings.excludes(path)

    def _reading(self, folder: str) -> tuple[str, Reading] | None:
        """The file with settings in a folder, and what it says."""
        if folder not in self._readings:
            paths = (os.path.join(folder, name) for name in FILE_NAMES)
            found = ((path, reading) for path in paths if (reading := self._read(path)))
            self._readings[folder] = next(found, None)
        return self._readings[folder]

    def _read(self, path: str) -> Reading | None:
        if not os.path.exists(path):
            return None
        try:
            return read_settings(path, files.read(path).text, self._rules)
        except UnreadableError as error:
            return Reading(Settings(os.path.dirname(path)), (unreadable(path, error),))


def unreadable(path: str, error: UnreadableError) -> Finding:
    """The finding that says that a file is not known."""
    start = Position(0, 0)
    return Notice.UNREADABLE_FILE.at(Span(path, start, start), f"cannot be read: {error}")


def _upwards(folder: str) -> Iterable[str]:
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _has_marker(folder: str) -> bool:
    return any(os.path.exists(os.path.join(folder, name)) for name in _MARKERS)

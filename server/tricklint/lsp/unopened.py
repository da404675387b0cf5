"""Findings in files that no editor has open: in the settings, and after a check of the workspace."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from tricklint.engine import Cancelled
from tricklint.finding import Finding
from tricklint.lsp.addresses import is_settings
from tricklint.lsp.documents import Files
from tricklint.lsp.reports import Part, Report, Shown, SweepQuestion, SweepResult
from tricklint.walk import PYTHON

log = logging.getLogger(__name__)


class Unopened:
    """What the editor shows for files on the disk.  An open file is none of these."""

    def __init__(
        self,
        files: Files,
        show: Callable[[Finding, int | None], Shown],
        publish: Callable[[Report], None],
    ) -> None:
        """Nothing but settings is looked at until somebody asks for more."""
        self._files = files
        self._show = show
        self._publish = publish
        self._told: dict[str, tuple[Finding, ...]] = {}
        self._todo: dict[str, None] = {}
        self._swept: list[str] = []
        self._sweep: _Sweep | None = None

    @property
    def is_due(self) -> bool:
        """Whether a file is to be checked."""
        return bool(self._todo)

    def sweep(self, question: SweepQuestion, folders: Sequence[str]) -> None:
        """Check all files of the folders; who asks meanwhile waits for the same end."""
        if self._sweep is None:
            below = (path for folder in folders for path in self._files.projects.below(folder))
            paths = dict.fromkeys(path for path in below if path.endswith(PYTHON))
            self._swept = list(paths)
            self._sweep = _Sweep(len(paths))
            self._todo = {path: None for path in paths if not self._files.has(path)}
            self._sweep.skip(len(paths) - len(self._todo))
        self._sweep.join(question)
        self._end_if_done()

    def stop(self) -> None:
        """Enough; what was found so far stays."""
        self._todo.clear()
        self._end_if_done()

    def check_next(self, is_interrupted: Callable[[], bool]) -> None:
        """Check one file; when interrupted, it stays due."""
        path = next(iter(self._todo))
        try:
            findings = self._check(path, is_interrupted)
        except Cancelled:
            return
        self._todo.pop(path, None)
        self._tell(path, findings)
        if self._sweep:
            self._sweep.done(path, len(findings))
        self._end_if_done()

    def changed(self, paths: Iterable[str]) -> None:
        """Files came, went or changed; those that import them may be affected."""
        for path in self._affected(paths) if self._swept else ():
            if not os.path.isfile(path):
                self._todo.pop(path, None)
                self._tell(path, ())
            elif path.endswith(PYTHON) and not self._files.has(path):
                self._todo[path] = None

    def doubt(self) -> None:
        """Other settings count now."""
        self._todo |= {path: None for path in self._swept if not self._files.has(path)}

    def taken(self, path: str) -> None:
        """The editor has the file now, and shows what is found in its text."""
        self._told.pop(path, None)
        self._todo.pop(path, None)

    def reset(self) -> None:
        """Other folders are open: what was shown of the old ones goes."""
        self.stop()
        self._swept.clear()
        for path in list(self._told):
            self._tell(path, ())

    def tell_settings(self) -> None:
        """Show what is wrong in the files with settings that count."""
        found = self._files.projects.settings_problems()
        gone = [path for path in self._told if is_settings(path) and path not in found]
        for path in (*found, *gone):
            if not self._files.has(path):
                self._tell(path, found.get(path, ()))

    def _check(self, path: str, is_interrupted: Callable[[], bool]) -> tuple[Finding, ...]:
        try:
            return self._files.projects.engine(path).check(path, is_interrupted)
        except Cancelled:
            raise
        except Exception:
            log.exception("%s could not be checked", path)
            return ()

    def _tell(self, path: str, findings: tuple[Finding, ...]) -> None:
        if findings == self._told.get(path, ()):
            return
        if findings:
            self._told[path] = findings
        else:
            del self._told[path]
        shown = tuple(self._show(one, None) for one in findings)
        uri = Path(path).as_uri()
        self._publish(Report(uri, None, (Part(uri, None, shown),)))

    def _affected(self, paths: Iterable[str]) -> Iterator[str]:
        for path in paths:
            yield path
            if path.endswith(PYTHON):
                yield from self._files.projects.workspace(path).importers(path)

    def _end_if_done(self) -> None:
        if self._sweep and not self._todo:
            self._sweep.end()
            self._sweep = None


class _Sweep:
    """How far a check of the workspace is, and who waits for it."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._checked = 0
        self._findings = 0
        self._questions: list[SweepQuestion] = []

    def join(self, question: SweepQuestion) -> None:
        self._questions.append(question)
        question.told(self._checked, self._total, "")

    def skip(self, number: int) -> None:
        self._checked += number

    def done(self, path: str, findings: int) -> None:
        self._checked = min(self._checked + 1, self._total)
        self._findings += findings
        for question in self._questions:
            question.told(self._checked, self._total, os.path.basename(path))

    def end(self) -> None:
        for question in self._questions:
            question.answer([SweepResult(self._checked, self._total, self._findings)])

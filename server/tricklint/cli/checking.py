"""The check command: from paths to a report, fixed files and an exit status."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import partial

from tricklint.cli.complaints import complain, complain_of_crash, show_logs
from tricklint.cli.fixing import fix, with_sound_fixes
from tricklint.cli.session import File, Session
from tricklint.draft import Draft
from tricklint.edits import diff
from tricklint.files import ChangedError, UnreadableError
from tricklint.finding import Finding
from tricklint.notices import Notice
from tricklint.project import unreadable
from tricklint.report import json
from tricklint.report.foreign import escape
from tricklint.report.summary import Result, sentence, shown_path
from tricklint.settings import Settings


class Mode(Enum):
    """What happens with the fixes."""

    REPORT = "report"
    FIX = "fix"
    DIFF = "diff"


class Output(Enum):
    """The form of the report."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Options:
    """How to check.  `adjust` lays options over the settings of each project."""

    adjust: Callable[[Settings], Settings]
    mode: Mode = Mode.REPORT
    output: Output = Output.TEXT
    unsafe: bool = False
    input_name: str | None = None  # what the text on standard input is called

    @property
    def prints_code(self) -> bool:
        """Whether standard output is taken by code, so that the report has to go elsewhere."""
        return self.mode is Mode.DIFF or (self.mode is Mode.FIX and self.input_name is not None)


def check(paths: Sequence[str], options: Options) -> int:
    """Check everything, print the report, and return the exit status."""
    show_logs()
    given = [os.path.abspath(path) for path in paths if os.path.isdir(path)]
    run = _Run(options, Session(options.adjust, [*given, os.getcwd()]))
    if options.input_name is None:
        run.check_all(_targets(paths, run.session))
    else:
        run.check_input(os.path.abspath(options.input_name), sys.stdin.buffer.read())
    return run.finish()


@dataclass(slots=True)
class _Run:
    options: Options
    session: Session
    findings: list[Finding] = field(default_factory=list[Finding])
    fixes: dict[str, int] = field(default_factory=dict[str, int])  # how many, by file
    crashed: bool = False

    def check_all(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._guard(path, partial(self.session.open, path))
        self._judge_all()

    def check_input(self, path: str, data: bytes) -> None:
        self._guard(path, lambda: self.session.open_input(path, data))
        self._judge_all()

    def finish(self) -> int:
        for problem in self.session.projects.problems:
            self._add(problem)
        checked = len(self.session.files)
        if not checked:
            complain("nothing could be checked")
        written = self.options.mode is not Mode.DIFF
        self._report(Result(tuple(self.findings), checked, sum(self.fixes.values()), written))
        if self.crashed or not checked:
            return 2
        return int(any(self.session.counts(finding) for finding in self.findings))

    def _guard(self, path: str, act: Callable[[], object]) -> None:
        """One file that cannot be read, or that breaks the engine, does not cost the others."""
        try:
            act()
        except UnreadableError as error:
            self._add(unreadable(path, error))
        except BrokenPipeError:  # nobody reads on
            raise
        except Exception as error:  # noqa: BLE001  (whatever it is, the rest is to be checked)
            complain_of_crash(path, error)
            self.crashed = True

    def _add(self, finding: Finding) -> None:
        if finding.code == Notice.UNREADABLE_FILE.code:
            complain(finding.message, finding.span.path)
        self.findings.append(finding)

    def _judge_all(self) -> None:
        """A diff changes nothing, so all that was found is still there."""
        files = tuple(self.session.files.values())
        if self.options.mode is not Mode.FIX:
            self._each(files, self._judge)
        if self.options.mode is not Mode.REPORT:
            before = {file.path: file.draft for file in files}
            # A fix may reach into several files, so all is fixed before anything is written.
            self._each(files, self._fix)
            self._each(files, lambda file: self._write(file, before[file.path]))
        if self.options.mode is Mode.FIX:
            self._each(files, self._judge)

    def _each(self, files: Iterable[File], act: Callable[[File], None]) -> None:
        for file in files:
            self._guard(file.path, partial(act, file))

    def _judge(self, file: File) -> None:
        findings = file.engine.check(file.path)
        self.findings += (with_sound_fixes(finding, file.engine) for finding in findings)

    def _fix(self, file: File) -> None:
        self.fixes[file.path] = fix(file, self.session.files, unsafe=self.options.unsafe)

    def _write(self, file: File, before: Draft) -> None:
        """A file that cannot be written stays as it was."""
        if self.options.mode is Mode.DIFF:
            _print_diff(file.path, before.raw, file.draft.raw)
            return
        try:
            if self.options.input_name is not None:
                sys.stdout.buffer.write(file.encoded())
            elif file.draft.raw != before.raw:
                file.save()
        except ChangedError as error:
            complain(f"not fixed: {error}", file.path)
            file.change(before)
            self.fixes[file.path] = 0

    def _report(self, result: Result) -> None:
        stream = sys.stderr if self.options.prints_code else sys.stdout
        if self.options.output is Output.JSON and not self.options.prints_code:
            print(json.render(result.findings, self.session.look), file=stream)
        elif self.options.mode is Mode.DIFF:
            print(sentence(result), file=stream)
        elif result.checked:
            from tricklint.report import text  # it needs rich, which takes its time to load

            # Why a file could not be read has been said on standard error already.
            known = (one for one in result.findings if one.code != Notice.UNREADABLE_FILE.code)
            text.write(
                Result(tuple(known), result.checked, result.fixed), self.session.look, stream
            )


def _targets(paths: Sequence[str], session: Session) -> Iterable[str]:
    """The files that the paths mean, each once."""
    found: dict[str, None] = {}
    for given in paths:
        path = os.path.abspath(given)
        if not os.path.isdir(path):
            found[path] = None
            continue
        below = session.projects.below(path)
        if not below:
            complain("there are no Python files in this folder", path)
        found.update(dict.fromkeys(below))
    return found


def _print_diff(path: str, before: str, after: str) -> None:
    for line in diff(before, after, shown_path(path)):
        end = len(line.rstrip("\r\n"))
        # What is piped has to be a patch, to the byte; a terminal gets no control characters.
        sys.stdout.write(escape(line[:end]) + "\n" if sys.stdout.isatty() else line)

"""What the loop and the analysis thread hand to each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

from lsprotocol import types

from tricklint.finding import Finding
from tricklint.lsp.pages import Page
from tricklint.probe.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the editor shows it, and the page of its rule, if it has one."""

    finding: Finding
    diagnostic: types.Diagnostic
    page: Page | None


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown under one address: in a file, or in a cell of a notebook."""

    uri: str
    version: int | None
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one version of a file or notebook; of the file on the disk without one."""

    uri: str
    version: int | None
    parts: tuple[Part, ...]
    seconds: float = 0.0  # what it took

    @property
    def uris(self) -> frozenset[str]:
        """Every address for which the report speaks."""
        return frozenset(part.uri for part in self.parts)


# What the editor can have done: by a code lens, or by a command of its own.
INSERT_CHECK = "tricklint.insertCheck"
SHOW_FINDINGS = "tricklint.showFindings"
PAGES = "tricklint.pages"
CHECK_WORKSPACE = "tricklint.checkWorkspace"
PROBE = "tricklint.probe"
CANCEL_PROBE = "tricklint.cancelProbe"

STATUS = "tricklint/status"  # tells how long an analysis took, to an editor that asked for it

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """Something about a file or cell that can be said once its findings are known."""

    uri: str
    future: Future[list[Answer]]

    def answer(self, answer: list[Answer]) -> bool:
        """Settle it; false when nobody waits for it any more."""
        is_awaited = self.future.set_running_or_notify_cancel()
        if is_awaited:
            self.future.set_result(answer)
        return is_awaited


@dataclass(frozen=True, slots=True)
class FixQuestion(Question[types.CodeAction]):
    """What can be fixed in a range, of these kinds?"""

    range: types.Range
    only: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolveQuestion(Question[types.CodeAction]):
    """What does the offer of this number change?"""

    action: types.CodeAction
    number: int


@dataclass(frozen=True, slots=True)
class LensQuestion(Question[types.CodeLens]):
    """Above which lines can a check be inserted?"""


@dataclass(frozen=True, slots=True)
class CheckQuestion(Question[types.ApplyWorkspaceEditParams]):
    """How is the check inserted for the loop in a line of this version?"""

    version: int
    line: int


@dataclass(frozen=True, slots=True)
class FindingsQuestion(Question[types.Location]):
    """What was found in the loop that begins in a line?"""

    line: int


@dataclass(frozen=True, slots=True)
class PagesQuestion(Question[Page]):
    """What is there to read about the rules?"""


@dataclass(frozen=True, slots=True)
class SweepResult:
    """What a check of the workspace came to; it was stopped where not all files were checked."""

    checked: int
    files: int
    findings: int  # in files that are not open


@dataclass(frozen=True, slots=True)
class SweepQuestion(Question[SweepResult]):
    """What is found in all files?  `told` hears how many of how many are done, from any thread."""

    told: Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Script:
    """A text that can be probed as it is now, or why it cannot be."""

    moment: int  # what comes of the run is about the texts of this moment
    path: str = ""
    source: str = ""  # the cells of a notebook; a file is run from the disk
    root: str = ""
    suspects: tuple[Finding, ...] = ()
    known: Outcome | None = None  # of the last run, where no file that ran has changed since
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ScriptQuestion(Question[Script]):
    """Can this be probed, with such arguments and by such a Python?"""

    how: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """A probe that came to its end."""

    script: Script
    how: tuple[str, ...]
    began: float  # seconds since the epoch
    outcome: Outcome

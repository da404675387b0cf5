"""What a report is made from, and the one sentence that sums it up."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tricklint.draft import Draft
from tricklint.files import is_inside
from tricklint.finding import Finding, Safety, Severity

# Looks up the text that a span points into; None where it is gone.
Look: TypeAlias = Callable[[str], Draft | None]

_ADDRESS = "https://github.com/tricklint/tricklint/blob/main/docs/rules"
_PROBE = "https://github.com/tricklint/tricklint/blob/main/docs/probe.md"


@dataclass(frozen=True, slots=True)
class Result:
    """What a check came to."""

    findings: tuple[Finding, ...]
    checked: int
    fixed: int = 0
    written: bool = True  # what is fixed is; else it is only shown


def page_of(finding: Finding) -> str:
    """Where a person can read about it; what only a run can see stands on one page."""
    return _PROBE if finding.code.startswith("TRK6") else address_of(finding.name)


def address_of(name: str) -> str:
    """Where the page of a rule can be read."""
    return f"{_ADDRESS}/{name}.md"


def shown_path(path: str) -> str:
    """A path as a person at a terminal names it: relative, where that stays below."""
    here = os.getcwd()
    return os.path.relpath(path, here) if is_inside(path, here) else path


def sentence(result: Result) -> str:
    """How many problems there are, and what can be done about them."""
    verb = "Fixed" if result.written else "Would fix"
    done = f"{verb} {_count(result.fixed, 'problem')}. " if result.fixed else ""
    files = _count(result.checked, "file")
    if not result.findings:
        return f"{done}No problems found in {files}."
    levels = Counter(finding.severity for finding in result.findings)
    listed = ", ".join(_count(levels[one], _NAMES[one]) for one in Severity if levels[one])
    return f"{done}{listed} in {files}.{'' if done else _fixable(result.findings)}"


_NAMES = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "hint",
}


def _fixable(findings: Sequence[Finding]) -> str:
    safeties = Counter(finding.fixes[0].safety for finding in findings if finding.fixes)
    safe, unsafe = safeties[Safety.SAFE], safeties[Safety.UNSAFE]
    if safe and unsafe:
        return f" {safe} can be fixed with --fix, {unsafe} more with --unsafe-fixes."
    if safe:
        return f" {safe} can be fixed with --fix."
    return f" {unsafe} can be fixed with --unsafe-fixes." if unsafe else ""


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"

"""Fixtures with inline expectations.

`#! TRK003 "part of the message"` at the end of a line expects a finding that starts on it; carets
in a comment on the next line give its exact columns.  All files of a folder inside a rule's
folder are one small project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tricklint.engine import Engine
from tricklint.finding import Finding
from tricklint.settings import Settings
from tricklint.workspace import Workspace

RULES = Path(__file__).parent / "rules"
_EXPECTED = re.compile(r'#! (TRK\d+)(?: "([^"]*)")?(?: "([^"]*)")?')
_CARETS = re.compile(r"#\s*(\^+)\s*$")


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding that a fixture announces; columns count from 0."""

    line: int
    code: str
    parts: tuple[str, ...]
    columns: tuple[int, int] | None


def fixtures() -> list[Path]:
    """All fixture files but the fixed twins."""
    return sorted(one for one in RULES.rglob("*.py") if not one.name.endswith(".fixed.py"))


def project_of(path: Path) -> Path:
    """The folder whose files are analysed together."""
    return path.parent


def engine_for(folder: Path) -> tuple[Engine, Workspace]:
    """An engine that sees the files of one fixture folder."""
    files = tuple(str(one) for one in folder.rglob("*.py") if not one.name.endswith(".fixed.py"))
    workspace = Workspace((str(folder),), _read, lambda: files)
    return Engine(workspace, Settings()), workspace


def _read(path: str) -> str | None:
    file = Path(path)
    return file.read_text(encoding="utf-8") if file.is_file() else None


def expected(text: str) -> list[Expected]:
    """What the comments of a fixture announce."""
    lines = text.split("\n")
    found: list[Expected] = []
    for number, line in enumerate(lines):
        columns = None
        carets = _CARETS.match(lines[number + 1]) if number + 1 < len(lines) else None
        if carets:
            columns = carets.span(1)
        for match in _EXPECTED.finditer(line):
            parts = tuple(part for part in match.groups()[1:] if part)
            found.append(Expected(number, match[1], parts, columns))
    return found


def difference(announced: list[Expected], findings: tuple[Finding, ...]) -> list[str]:
    """What is missing and what came unasked, a line each; empty when all is right."""
    left = list(findings)
    problems: list[str] = []
    for one in announced:
        match = next((finding for finding in left if _fits(one, finding)), None)
        if match is None:
            problems.append(f"line {one.line + 1}: missing {one.code} {' '.join(one.parts)}")
        else:
            left.remove(match)
    problems += [
        f"line {one.span.start.line + 1}:{one.span.start.column}-{one.span.end.column}: "
        f"unexpected {one.code} {one.message}"
        for one in left
    ]
    return problems


def _fits(announced: Expected, finding: Finding) -> bool:
    span = finding.span
    return (
        span.start.line == announced.line
        and finding.code == announced.code
        and all(part in finding.message for part in announced.parts)
        and (
            announced.columns is None
            or announced.columns == (span.start.column, span.end.column)
            or span.end.line != span.start.line
        )
    )

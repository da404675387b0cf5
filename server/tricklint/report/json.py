"""Findings as JSON, with the field names that ruff made common.

Rows and columns count from 1, columns in code points; in a notebook, rows count within the cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypedDict

from tricklint.draft import Home
from tricklint.finding import Edit, Finding, Fix, Note, Position, Span
from tricklint.report.summary import Look, page_of


def render(findings: Iterable[Finding], look: Look) -> str:
    """A list with one object for each finding."""
    # Foreign text stays pure ASCII here, so it cannot steer a terminal.
    return json.dumps(as_objects(findings, look), indent=2)


def as_objects(findings: Iterable[Finding], look: Look) -> list[_Finding]:
    """One object for each finding."""
    return [_finding(finding, look) for finding in findings]


class _Location(TypedDict):
    row: int
    column: int


class _Place(TypedDict):
    filename: str
    cell: int | None
    location: _Location
    end_location: _Location


class _Edit(_Place):
    content: str


class _Fix(TypedDict):
    applicability: str
    message: str
    edits: list[_Edit]


class _Related(_Place):
    message: str


class _Finding(_Place):
    code: str
    name: str
    message: str
    severity: str
    url: str
    fix: _Fix | None
    related: list[_Related]


def _finding(finding: Finding, look: Look) -> _Finding:
    return {
        "code": finding.code,
        "name": finding.name,
        "message": finding.message,
        **_place(finding.span, look),
        "severity": finding.severity.value,
        "url": page_of(finding),
        "fix": _fix(finding.fixes[0], look) if finding.fixes else None,
        "related": [_related(note, look) for note in finding.notes],
    }


def _fix(fix: Fix, look: Look) -> _Fix:
    edits = [_edit(edit, look) for edit in fix.edits]
    return {"applicability": fix.safety.value, "message": fix.title, "edits": edits}


def _edit(edit: Edit, look: Look) -> _Edit:
    return {**_place(edit.span, look), "content": edit.text}


def _related(note: Note, look: Look) -> _Related:
    return {**_place(note.span, look), "message": note.message}


def _place(span: Span, look: Look) -> _Place:
    draft = look(span.path)
    start = draft.home(span.start.line) if draft else Home(span.start.line)
    # A cell ends before the line end that the module has behind it.
    end = Home(start.line + span.end.line - span.start.line, start.cell)
    return {
        "filename": span.path,
        "cell": start.cell,
        "location": _location(start, span.start),
        "end_location": _location(end, span.end),
    }


def _location(home: Home, place: Position) -> _Location:
    return {"row": home.line + 1, "column": place.column + 1}

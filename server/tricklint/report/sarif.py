"""Findings as SARIF 2.1.0, which code hosts and editors read.  Lines and columns count from 1."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from urllib.parse import quote

from tricklint import __version__
from tricklint.finding import Finding, Severity, Span
from tricklint.report.summary import page_of

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
    Severity.HINT: "note",
}


def render(findings: Iterable[Finding], root: str) -> str:
    """One run of tricklint; paths are relative to the root where they lie below it."""
    kept = list(findings)
    kinds = {one.code: one for one in kept}
    rules = [
        {"id": code, "name": one.name, "helpUri": page_of(one)}
        for code, one in sorted(kinds.items())
    ]
    driver = {"name": "tricklint", "version": __version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, root) for one in kept],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _result(finding: Finding, root: str) -> dict[str, object]:
    related = [
        {**_location(note.span, root), "message": {"text": note.message}} for note in finding.notes
    ]
    return {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": finding.message},
        "locations": [_location(finding.span, root)],
        **({"relatedLocations": related} if related else {}),
    }


def _location(span: Span, root: str) -> dict[str, object]:
    below = os.path.relpath(span.path, root) if span.path.startswith(root + os.sep) else span.path
    address = quote(below.replace(os.sep, "/"), errors="replace")
    region = {
        "startLine": span.start.line + 1,
        "startColumn": span.start.column + 1,
        "endLine": span.end.line + 1,
        "endColumn": span.end.column + 1,
    }
    uri = f"file://{address}" if below == span.path else address
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}

"""The three ways to say "I know" of a finding: here, in this file, everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from tricklint.finding import Finding, Fix, Safety
from tricklint.lsp.documents import Files, OpenFile
from tricklint.settings import RuleId
from tricklint.settings_edits import ignore_rule
from tricklint.suppression import suppressing_edit, suppressing_file_edit


def ignoring_fixes(file: OpenFile, finding: Finding, files: Files) -> Iterator[Fix]:
    """From the narrowest to the widest."""
    name, document = finding.name, file.document
    place = "this notebook" if file.notebook else "this file"
    here, there = suppressing_edit(document, finding), suppressing_file_edit(document, finding)
    yield Fix(f"Ignore {name} for this statement", (here,), Safety.SAFE)
    yield Fix(f"Ignore {name} in {place}", (there,), Safety.SAFE)
    projects = files.projects
    settings = None if projects.is_outdated else projects.settings_file(file.path)
    text = files.text(settings) if settings else None
    if settings and text is not None:
        everywhere = ignore_rule(settings, text, RuleId(finding.code, name), projects.rules)
        if everywhere:
            yield everywhere

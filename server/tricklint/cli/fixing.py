"""Fixes, one after the other, each tried before it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tricklint.cli.session import File
from tricklint.draft import Draft
from tricklint.edits import EditConflictError
from tricklint.engine import Engine
from tricklint.finding import Finding, Fix, Safety

_MOST = 500  # fixes of one file; each removes a finding, so this is never reached in good order


def fix(file: File, others: Mapping[str, File], *, unsafe: bool) -> int:
    """Apply what can be applied, and return how many fixes that were.

    A fix may reach into other files, but only into those that are being checked too.
    """
    for count in range(_MOST):
        fixed = next(_candidates(file, others, unsafe=unsafe), None)
        if fixed is None:
            return count
        for changed, draft in fixed:
            changed.change(draft)
    return _MOST


def with_sound_fixes(finding: Finding, engine: Engine) -> Finding:
    """The finding with those fixes only that were tried and do what they say."""
    path = finding.span.path
    return replace(finding, fixes=tuple(one for one in finding.fixes if engine.verify(path, one)))


def _candidates(
    file: File, others: Mapping[str, File], *, unsafe: bool
) -> Iterator[list[tuple[File, Draft]]]:
    """The texts that one fix each makes, those of the first findings first."""
    for finding in file.engine.check(file.path):
        # The first fix is the one that the rule would choose itself.
        for one in finding.fixes[:1]:
            allowed = unsafe or one.safety is Safety.SAFE
            fixed = _applied(file, others, one) if allowed else None
            if fixed and file.engine.verify(file.path, one):
                yield fixed


def _applied(file: File, others: Mapping[str, File], fix: Fix) -> list[tuple[File, Draft]] | None:
    found: list[tuple[File, Draft]] = []
    for path, edits in fix.by_file().items():
        changed = others.get(path)
        if changed is None or changed.engine is not file.engine:
            return None
        try:
            found.append((changed, changed.draft.with_edits(edits)))
        except EditConflictError:
            return None
    return found

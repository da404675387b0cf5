"""Fixes, one after the other, each tried before it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from tricklint.cli.session import File
from tricklint.draft import Draft
from tricklint.edits import EditConflictError
from tricklint.engine import Engine
from tricklint.finding import Finding, Fix, Safety

_MOST = 500  # fixes of one file; each removes a finding, so this is never reached in good order


def fix(file: File, *, unsafe: bool) -> int:
    """Apply what can be applied, and return how many fixes that were."""
    for count in range(_MOST):
        fixed = next(_candidates(file, unsafe=unsafe), None)
        if fixed is None:
            return count
        file.change(fixed)
    return _MOST


def with_sound_fixes(finding: Finding, engine: Engine) -> Finding:
    """The finding with those fixes only that were tried and do what they say."""
    path = finding.span.path
    return replace(finding, fixes=tuple(one for one in finding.fixes if engine.verify(path, one)))


def _candidates(file: File, *, unsafe: bool) -> Iterator[Draft]:
    """The texts that one fix each makes of a file, those of the first findings first."""
    for finding in file.engine.check(file.path):
        # The first fix is the one that the rule would choose itself.
        for one in finding.fixes[:1]:
            allowed = unsafe or one.safety is Safety.SAFE
            fixed = _applied(file.draft, one) if allowed else None
            if fixed and file.engine.verify(file.path, one):
                yield fixed


def _applied(draft: Draft, fix: Fix) -> Draft | None:
    try:
        return draft.with_edits(fix.edits)
    except EditConflictError:
        return None

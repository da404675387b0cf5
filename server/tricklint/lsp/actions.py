"""Quick fixes: the fixes of the findings in a range, each one proved before it is offered."""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types

from tricklint.finding import Fix, Safety
from tricklint.lsp.convert import Converter
from tricklint.lsp.reports import Part


def quick_fixes(
    part: Part, wanted: types.Range, proved: Callable[[Fix], bool], converter: Converter
) -> list[types.CodeAction]:
    """The actions for what is underlined in a range; each finding's safe fixes come first."""
    actions: list[types.CodeAction] = []
    for shown in part.shown:
        if not meet(shown.diagnostic.range, wanted):
            continue
        fixes = sorted(filter(proved, shown.finding.fixes), key=_is_unsafe)
        for fix in fixes:
            # An editor applies the preferred fix without asking, so there is one at most.
            preferred = fix is fixes[0] and not _is_unsafe(fix)
            action = converter.action(fix, shown.diagnostic, preferred=preferred)
            if action and action not in actions:
                actions.append(action)
    return actions


def meet(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges have at least a border in common."""
    return not (_before(one.end, other.start) or _before(other.end, one.start))


def _is_unsafe(fix: Fix) -> bool:
    return fix.safety is Safety.UNSAFE


def _before(one: types.Position, other: types.Position) -> bool:
    return (one.line, one.character) < (other.line, other.character)

"""Quick fixes: the fixes of the findings in a range, each one proved before it is offered."""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types

from tricklint.finding import Finding, Fix, Safety
from tricklint.lsp.convert import Converter, meet
from tricklint.lsp.reports import Part
from tricklint.suppression import suppressing_edit
from tricklint.syntax.document import Document


def quick_fixes(
    part: Part,
    wanted: types.Range,
    proved: Callable[[Fix], bool],
    ignoring: Callable[[Finding], Fix],
    converter: Converter,
) -> list[types.CodeAction]:
    """The actions for what is underlined in a range; each finding's safe fixes come first."""
    actions: list[types.CodeAction] = []
    for shown in part.shown:
        if not meet(shown.diagnostic.range, wanted):
            continue
        fixes = sorted(filter(proved, shown.finding.fixes), key=_is_unsafe)
        can_be_ignored = shown.page is not None and shown.page.is_rule
        comments = [ignoring(shown.finding)] if can_be_ignored else []
        for fix in (*fixes, *comments):
            # An editor applies the preferred fix without asking, so there is one at most.
            preferred = fix in fixes[:1] and not _is_unsafe(fix)
            action = converter.action(fix, shown.diagnostic, preferred=preferred)
            if action and action not in actions:
                actions.append(action)
    return actions


def ignoring_fix(document: Document, finding: Finding) -> Fix:
    """A comment that says "I know"."""
    edit = suppressing_edit(document, finding)
    return Fix(f"Ignore {finding.name} for this statement", (edit,), Safety.SAFE)


def _is_unsafe(fix: Fix) -> bool:
    return fix.safety is Safety.UNSAFE

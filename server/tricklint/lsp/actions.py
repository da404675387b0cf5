"""What can be offered: fixes, each one proved before, and ways to say "I know"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lsprotocol import types

from tricklint.finding import Finding, Fix, Safety
from tricklint.lsp.convert import SOURCE, meet
from tricklint.lsp.reports import Part, Shown
from tricklint.together import combine

FIX_ALL = "source.fixAll.tricklint"
FIX_NOTEBOOK = "notebook.source.fixAll.tricklint"
KINDS = (
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.Refactor,
    FIX_ALL,
    FIX_NOTEBOOK,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that a person may pick.

    What takes time to work out is a function, called when it is picked by whoever can wait so long.
    """

    title: str
    kind: str
    fix: Fix | Callable[[], Fix | None]
    diagnostics: tuple[types.Diagnostic, ...] = ()
    preferred: bool = False
    # A person who picks a refactoring wants just that, and is not asked once more.
    asks: bool = True

    def made(self) -> Fix | None:
        """What it changes; None where that does not hold after all."""
        return self.fix if isinstance(self.fix, Fix) else self.fix()


Proof = Callable[[Fix], bool]


def quick_fixes(part: Part, wanted: types.Range, proved: Proof, place: str) -> Iterator[Offer]:
    """The fixes for what is underlined in a range, safe ones first.

    `place` is what a person calls the part: a file, or a cell.
    """
    for shown in _within(part, wanted):
        fixes = sorted(filter(proved, shown.finding.fixes), key=_is_unsafe)
        for fix in fixes:
            # An editor applies the preferred fix without asking, so there is one at most.
            yield _offer(shown, fix, preferred=fix is fixes[0] and not _is_unsafe(fix))
        if fixes:
            yield from _fix_all_of_rule(shown, part, proved, place)


def silencers(
    part: Part, wanted: types.Range, ignoring: Callable[[Finding], Iterable[Fix]]
) -> Iterator[Offer]:
    """The ways to say "I know" of what is underlined in a range."""
    for shown in _within(part, wanted):
        # A comment for what only a probe sees would be one that suppresses nothing.
        is_ours = shown.diagnostic.source == SOURCE
        if is_ours and shown.page is not None and shown.page.is_rule:
            for fix in ignoring(shown.finding):
                yield _offer(shown, fix)


def _within(part: Part, wanted: types.Range) -> Iterator[Shown]:
    return (shown for shown in part.shown if meet(shown.diagnostic.range, wanted))


def fix_all(kind: str, findings: Iterable[Finding], proved: Proof) -> Offer | None:
    """All that can be fixed without a person looking; None where there is nothing."""
    fixes = [one.fixes[0] for one in findings if one.fixes and not _is_unsafe(one.fixes[0])]
    title = "Fix all that tricklint can fix safely"
    return Offer(title, kind, lambda: combine(title, fixes, proved)) if fixes else None


def covers(only: Sequence[str] | None, kind: str) -> bool:
    """Whether an editor that wants only these kinds wants this one."""
    if not only or "" in only:
        # A notebook's own kinds stand beside those of its cells, and must not come along.
        return kind != FIX_NOTEBOOK
    return any(kind == one or kind.startswith(f"{one}.") for one in only)


def _fix_all_of_rule(shown: Shown, part: Part, proved: Proof, place: str) -> Iterator[Offer]:
    name = shown.finding.name
    same = (one.finding for one in part.shown if one.finding.name == name)
    fixes = [one.fixes[0] for one in same if one.fixes]
    if len(fixes) > 1:
        title = f"Fix all {len(fixes)} findings of {name} in {place}"
        quick = types.CodeActionKind.QuickFix
        yield Offer(title, quick, lambda: combine(title, fixes, proved), (shown.diagnostic,))


def _offer(shown: Shown, fix: Fix, *, preferred: bool = False) -> Offer:
    quick = types.CodeActionKind.QuickFix
    return Offer(fix.title, quick, fix, (shown.diagnostic,), preferred)


def once(offers: Iterable[Offer]) -> Iterator[Offer]:
    """What is offered for several findings alike is offered once."""
    seen: set[tuple[str, Fix | None]] = set()
    for offer in offers:
        key = (offer.title, offer.fix if isinstance(offer.fix, Fix) else None)
        if key not in seen:
            seen.add(key)
            yield offer


def _is_unsafe(fix: Fix) -> bool:
    return fix.safety is Safety.UNSAFE

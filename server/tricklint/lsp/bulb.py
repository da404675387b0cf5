"""The light bulb: what is offered for the findings of an open file, and what that changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from tricklint.finding import Finding, Fix
from tricklint.lsp.actions import (
    FIX_ALL,
    FIX_NOTEBOOK,
    Offer,
    covers,
    fix_all,
    once,
    quick_fixes,
    silencers,
)
from tricklint.lsp.checks import Checks
from tricklint.lsp.client import Client
from tricklint.lsp.convert import Converter
from tricklint.lsp.documents import Files, OpenFile
from tricklint.lsp.ignoring import ignoring_fixes
from tricklint.lsp.offers import Offers
from tricklint.lsp.reports import FixQuestion, Part, Report


class Bulb:
    """Answers what can be done in a range.  Every fix is proved once for the texts of the moment."""

    def __init__(
        self,
        client: Client,
        converter: Converter,
        checks: Checks,
        files: Files,
    ) -> None:
        """The checks are refactorings that are offered, too."""
        self._offers = Offers(client, converter)
        self._checks = checks
        self._files = files
        self._proofs: dict[tuple[str, Fix], bool] = {}

    def actions(
        self, file: OpenFile, report: Report, question: FixQuestion
    ) -> list[types.CodeAction]:
        """What a person can pick there."""
        parts = [part for part in report.parts if part.uri == question.uri]
        offers = (offer for part in parts for offer in self._of(file, report, part, question))
        return self._offers.actions(question.uri, once(offers))

    def resolve(self, action: types.CodeAction, number: int) -> types.CodeAction | None:
        """The action with its edit; None where it was offered for another text."""
        return self._offers.resolve(action, number)

    def withdraw(self) -> None:
        """A text changed: what was offered does not fit any more."""
        self._offers.withdraw()

    def doubt(self) -> None:
        """Something changed, here or elsewhere: the fixes have to prove themselves again."""
        self._proofs.clear()

    def _of(
        self, file: OpenFile, report: Report, part: Part, question: FixQuestion
    ) -> Iterator[Offer]:
        only, where = question.only, question.range
        is_quick, fixes = covers(only, types.CodeActionKind.QuickFix), list[Offer]()
        if is_quick:
            place = "this cell" if file.notebook else "this file"
            fixes = list(quick_fixes(part, where, lambda fix: self._proved(file, fix), place))
        yield from fixes
        # Unless it was asked for by name, it is offered only where there is something to fix.
        if covers(only, FIX_ALL) and (only or fixes):
            here = (one.finding for one in part.shown)
            yield from self._all(file, FIX_ALL, (one for one in here if _stays(file, one, part)))
        if file.notebook and covers(only, FIX_NOTEBOOK):
            everywhere = (shown.finding for one in report.parts for shown in one.shown)
            yield from self._all(file, FIX_NOTEBOOK, everywhere)
        if covers(only, types.CodeActionKind.Refactor):
            yield from self._checks.offers(file, question)
        if is_quick:
            # To say "I know" is never the first thing to do.
            yield from silencers(
                part, where, lambda finding: ignoring_fixes(file, finding, self._files)
            )

    def _all(self, file: OpenFile, kind: str, findings: Iterable[Finding]) -> Iterator[Offer]:
        offer = fix_all(kind, findings, lambda fix: self._proved(file, fix))
        if offer:
            yield offer

    def _proved(self, file: OpenFile, fix: Fix) -> bool:
        key = file.path, fix
        if key not in self._proofs:
            self._proofs[key] = self._files.projects.engine(file.path).verify(file.path, fix)
        return self._proofs[key]


def _stays(file: OpenFile, finding: Finding, part: Part) -> bool:
    """Whether the fix of a finding changes nothing but this file or cell.

    Cells are fixed one by one when a notebook is saved, each as if it were alone.
    """
    places = (edit.span for fix in finding.fixes[:1] for edit in fix.edits)
    homes = (file.home(one.start.line) if one.path == file.path else None for one in places)
    return all(home is not None and home.uri == part.uri for home in homes)

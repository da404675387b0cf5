"""One-batch checks: a refactoring and a code lens where a training loop begins."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lsprotocol import types

from tricklint.finding import Fix
from tricklint.lsp.actions import Offer
from tricklint.lsp.convert import Converter, meet
from tricklint.lsp.documents import OpenFile
from tricklint.lsp.reports import INSERT_CHECK, CheckQuestion, FixQuestion, LensQuestion
from tricklint.program import Program
from tricklint.sanity_check import OFFER, offer
from tricklint.settings import Settings
from tricklint.suppression import is_offered

log = logging.getLogger(__name__)

REFACTOR = types.CodeActionKind.Refactor


class Checks:
    """The checks that can be inserted in the open files, and what the editor was told of them."""

    def __init__(
        self,
        program: Callable[[OpenFile], Program],
        settings: Callable[[OpenFile], Settings],
        converter: Converter,
        refresh_lenses: Callable[[], None] | None,
    ) -> None:
        """`refresh_lenses` has the editor ask again; None where it never would."""
        self._program = program
        self._settings = settings
        self._converter = converter
        self._refresh_lenses = refresh_lenses
        self._known: dict[str, tuple[_Check, ...]] = {}
        self._told: dict[str, _Told] = {}

    def offers(self, file: OpenFile, question: FixQuestion) -> list[Offer]:
        """Those for the loops that begin in a range, as refactorings."""
        found = self._at(file, question.uri)
        fixes = [check.fix for check in found if meet(check.head.range, question.range)]
        return [Offer(one.title, REFACTOR, one, asks=False) for one in fixes]

    def settle_lenses(self, file: OpenFile, question: LensQuestion) -> None:
        """Tell above which lines they can be inserted."""
        told = _Told(file.version_at(question.uri), self._lenses(file, question.uri))
        self._told[question.uri] = told
        if not question.answer(told.lenses):
            # It took too long, and the editor shows none.
            self._outdate(question.uri)

    def insertion(
        self, file: OpenFile, question: CheckQuestion
    ) -> list[types.ApplyWorkspaceEditParams]:
        """The edit for the loop that begins in a line, if the text is still that of the lens."""
        if question.version != file.version_at(question.uri):
            return []
        found = self._at(file, question.uri)
        fixes = [check.fix for check in found if check.head.range.start.line == question.line]
        edits = ((fix.title, self._converter.edit(fix)) for fix in fixes)
        return [types.ApplyWorkspaceEditParams(edit, title) for title, edit in edits if edit]

    def renew(self, file: OpenFile) -> None:
        """After a check of the file: what the editor shows may be wrong without an edit there.

        Where the text itself was edited, the editor asks again by itself.
        """
        for uri in file.uris if self._refresh_lenses else ():
            told = self._told.get(uri)
            if told is None or told.version != file.version_at(uri):
                continue
            if told.lenses != self._lenses(file, uri):
                self._outdate(uri)

    def outdate(self) -> None:
        """Something changed: the checks are to be found anew."""
        self._known.clear()

    def forget(self, file: OpenFile) -> None:
        """The file is closed."""
        for uri in file.uris:
            self._told.pop(uri, None)

    def _outdate(self, uri: str) -> None:
        del self._told[uri]
        if self._refresh_lenses:
            self._refresh_lenses()

    def _lenses(self, file: OpenFile, uri: str) -> list[types.CodeLens]:
        version = file.version_at(uri)
        return [_lens(check, version) for check in self._at(file, uri)]

    def _at(self, file: OpenFile, uri: str) -> list[_Check]:
        if file.path not in self._known:
            self._known[file.path] = self._fenced(file)
        return [check for check in self._known[file.path] if check.head.uri == uri]

    def _fenced(self, file: OpenFile) -> tuple[_Check, ...]:
        try:
            return tuple(self._find(file))
        except Exception:
            # Whoever asks for fixes still gets those.
            log.exception("no checks can be offered in %s", file.path)
            return ()

    def _find(self, file: OpenFile) -> Iterator[_Check]:
        settings = self._settings(file)
        if not settings.enables(OFFER) or settings.ignores_in(file.path, OFFER):
            return
        program = self._program(file)
        for training in program.trainings:
            if program.module_of(training.loop).path != file.path:
                continue
            found = offer(program, training)
            if found is None or not is_offered(file.document, settings, found):
                continue
            head = self._converter.location(found.span)
            if head is not None:
                yield _Check(head, found.fixes[0])


@dataclass(frozen=True, slots=True)
class _Check:
    """Where a loop begins, and what inserts its check."""

    head: types.Location
    fix: Fix


class _Told(NamedTuple):
    """The lenses that the editor shows for a version of a file or cell."""

    version: int
    lenses: list[types.CodeLens]


def _lens(check: _Check, version: int) -> types.CodeLens:
    start = check.head.range.start
    arguments = [check.head.uri, version, start.line]
    command = types.Command("Overfit one batch", INSERT_CHECK, arguments=arguments)
    return types.CodeLens(types.Range(start, start), command)

"""Code lenses where a training loop begins: a one-batch check to insert, and its findings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lsprotocol import types

from tricklint.finding import Finding, Fix, Span
from tricklint.lsp.actions import Offer
from tricklint.lsp.convert import Converter, meet
from tricklint.lsp.documents import OpenFile
from tricklint.lsp.reports import (
    INSERT_CHECK,
    PROBE,
    SHOW_FINDINGS,
    CheckQuestion,
    FindingsQuestion,
    FixQuestion,
    LensQuestion,
)
from tricklint.program import Program
from tricklint.sanity_check import OFFER, offer
from tricklint.settings import Settings
from tricklint.suppression import is_offered

log = logging.getLogger(__name__)

REFACTOR = types.CodeActionKind.Refactor
_TITLE = "Overfit one batch"


class Checks:
    """The checks that can be inserted in the open files, and what the editor was told of them."""

    def __init__(  # noqa: PLR0913  (where the session keeps what they are made from)
        self,
        program: Callable[[OpenFile], Program],
        settings: Callable[[OpenFile], Settings],
        findings: Callable[[OpenFile], Sequence[Finding]],
        converter: Converter,
        refresh_lenses: Callable[[], None] | None,
        *,
        probes: bool = False,
    ) -> None:
        """`refresh_lenses` has the editor ask again; None where it never would.

        Where the editor `probes`, a click runs the script instead of inserting a check.
        """
        self._probes = probes
        self._program = program
        self._settings = settings
        self._findings = findings
        self._converter = converter
        self._refresh_lenses = refresh_lenses
        self._known: dict[str, tuple[_Loop, ...]] = {}
        self._told: dict[str, _Told] = {}

    def offers(self, file: OpenFile, question: FixQuestion) -> list[Offer]:
        """Those for the loops that begin in a range, as refactorings."""
        found = self._at(file, question.uri)
        fixes = [one.fix for one in found if one.fix and meet(one.head.range, question.range)]
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
        fixes = [one.fix for one in found if one.fix and one.line == question.line]
        edits = ((fix.title, self._converter.edit(fix)) for fix in fixes)
        return [types.ApplyWorkspaceEditParams(edit, title) for title, edit in edits if edit]

    def first_findings(self, file: OpenFile, question: FindingsQuestion) -> list[types.Location]:
        """Where the findings in the loop that begins in a line are."""
        loops = (one for one in self._at(file, question.uri) if one.line == question.line)
        found = (finding for loop in loops for finding in self._inside(file, loop))
        places = (self._converter.location(finding.span) for finding in found)
        return [place for place in places if place]

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
        found: list[types.CodeLens] = []
        for loop in self._at(file, uri):
            if self._probes:
                found.append(_probe_lens(loop))
            elif loop.fix:
                found.append(_lens(loop, _TITLE, INSERT_CHECK, version))
            if number := len(self._inside(file, loop)):
                title = f"{number} finding{'s' if number > 1 else ''} here"
                found.append(_lens(loop, title, SHOW_FINDINGS, version))
        return found

    def _inside(self, file: OpenFile, loop: _Loop) -> list[Finding]:
        return [one for one in self._findings(file) if _holds(loop.span, one.span)]

    def _at(self, file: OpenFile, uri: str) -> list[_Loop]:
        if file.path not in self._known:
            self._known[file.path] = self._fenced(file)
        return [check for check in self._known[file.path] if check.head.uri == uri]

    def _fenced(self, file: OpenFile) -> tuple[_Loop, ...]:
        try:
            return tuple(self._find(file))
        except Exception:
            # Whoever asks for fixes still gets those.
            log.exception("no checks can be offered in %s", file.path)
            return ()

    def _find(self, file: OpenFile) -> Iterator[_Loop]:
        if file.is_settings:
            return
        settings = self._settings(file)
        is_wanted = settings.enables(OFFER) and not settings.ignores_in(file.path, OFFER)
        program = self._program(file)
        for training in program.trainings:
            module = program.module_of(training.loop)
            if module.path != file.path:
                continue
            span = module.statement(training.loop)
            head = self._converter.location(span)
            if head is not None:
                body = Span(span.path, span.start, module.span(training.loop).end)
                found = offer(program, training) if is_wanted else None
                is_offered_here = found and is_offered(file.document, settings, found)
                yield _Loop(head, body, found.fixes[0] if found and is_offered_here else None)


@dataclass(frozen=True, slots=True)
class _Loop:
    """Where a training loop begins, all of it, and what inserts its check, where that can be."""

    head: types.Location
    span: Span
    fix: Fix | None

    @property
    def line(self) -> int:
        """Where the lenses are shown."""
        return self.head.range.start.line


class _Told(NamedTuple):
    """The lenses that the editor shows for a version of a file or cell."""

    version: int
    lenses: list[types.CodeLens]


def _lens(loop: _Loop, title: str, command: str, version: int) -> types.CodeLens:
    start = loop.head.range.start
    arguments = [loop.head.uri, version, start.line]
    there = types.Range(start, start)
    return types.CodeLens(there, types.Command(title, command, arguments=arguments))


def _probe_lens(loop: _Loop) -> types.CodeLens:
    start = loop.head.range.start
    command = types.Command(_TITLE, PROBE, arguments=[loop.head.uri])
    return types.CodeLens(types.Range(start, start), command)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.path == inner.path and outer.start <= inner.start and inner.end <= outer.end

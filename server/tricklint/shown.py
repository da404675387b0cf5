"""What was last said of one file, kept in its place while the text is edited.

An edit is answered twice: at once with what the edited functions show by themselves, beside what
was said before of all others; then with the findings of a whole run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from .finding import Finding, Note, Span
from .rules import discover
from .syntax.document import Document, Replaced

Findings: TypeAlias = tuple[Finding, ...]
Key: TypeAlias = tuple[str, str]  # of an entry point


class Shown:
    """Findings of one document, together and by the entry point whose run showed them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._version = document.version
        self._all: Findings = ()
        self._by_entry: dict[Key, Findings] = {}
        self._settled = document.version
        self._then: Callable[[Key], Findings] = _nothing

    def is_about(self, document: Document) -> bool:
        """Is it the same document, edited or not?"""
        return document is self._document

    def settle(self, findings: Findings, then: Callable[[Key], Findings]) -> None:
        """These are the findings of a whole run; `then` can tell what an entry point showed in it."""
        self._version = self._settled = self._document.version
        self._all, self._then = findings, then
        self._by_entry = {}

    def revise(self, by_entry: Mapping[Key, Findings]) -> Findings:
        """These entry points show this now; the others stay as they were, without their fixes.

        What another one may excuse is nothing new before all have been looked at.
        """
        self._follow()
        outdated = {_identity(one) for key in by_entry for one in self._said_by(key)}
        before = {_identity(one) for one in self._all}
        together = _together()
        fresh = {
            identity: one
            for found in by_entry.values()
            for one in found
            if (identity := _identity(one)) in before or one.code not in together
        }
        kept = [
            one
            for one in self._all
            if _identity(one) not in fresh and _identity(one) not in outdated
        ]
        self._all = (*kept, *fresh.values())
        self._by_entry |= by_entry
        return self._all

    def _said_by(self, key: Key) -> Findings:
        if key in self._by_entry:
            return self._by_entry[key]
        edits = self._document.edits_since(self._settled)
        return _moved(self._then(key), edits) if edits is not None else ()

    def _follow(self) -> None:
        edits = self._document.edits_since(self._version)
        self._version = self._document.version
        if edits is None:
            self._all, self._by_entry = (), {}
        elif edits:
            self._all = _moved(self._all, edits)
            self._by_entry = {key: _moved(one, edits) for key, one in self._by_entry.items()}


def _together() -> frozenset[str]:
    return frozenset(rule.code for rule in discover() if rule.rule.together)


def _nothing(_: Key) -> Findings:
    return ()


def _identity(finding: Finding) -> tuple[str, str, Span]:
    return finding.code, finding.message, finding.span


def _moved(findings: Iterable[Finding], edits: Iterable[Replaced]) -> Findings:
    """The findings that no edit touched, where they stand now; their fixes would not fit."""
    found: list[Finding] = []
    for finding in findings:
        span = _follow_edits(finding.span, finding.span.path, edits)
        if span is not None:
            found.append(replace(finding, span=span, notes=_moved_notes(finding, edits), fixes=()))
    return tuple(found)


def _moved_notes(finding: Finding, edits: Iterable[Replaced]) -> tuple[Note, ...]:
    spans = [(note, _follow_edits(note.span, finding.span.path, edits)) for note in finding.notes]
    return tuple(Note(span, note.message) for note, span in spans if span is not None)


def _follow_edits(span: Span, edited: str, edits: Iterable[Replaced]) -> Span | None:
    found: Span | None = span
    for edit in edits if span.path == edited else ():
        found = edit.moved(found) if found is not None else None
    return found

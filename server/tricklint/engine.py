"""From a workspace and settings to findings: what is run again, filtered, fenced and suppressed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from .edits import apply_edits
from .finding import Finding, Fix
from .interpreter.facts import Fact, Update
from .interpreter.machine import Cancelled, Record
from .interpreter.world import Outcome, Sources, World
from .libraries import tables
from .program import Program
from .rules import LoadedRule, discover
from .settings import Settings
from .suppression import suppress

if TYPE_CHECKING:
    from .syntax.document import Document

log = logging.getLogger("tricklint")


class Workspace(Sources, Protocol):
    """What the engine asks of the files around."""

    def document(self, path: str) -> Document | None:
        """The document in this file."""
        ...

    def open(self, path: str, text: str, cells: tuple[int, ...] = ()) -> Document:
        """Let this text count as the file's."""
        ...

    def restore(self, path: str, document: Document) -> None:
        """Let an earlier document count again."""
        ...

    def reaches_torch(self, path: str) -> bool:
        """Can anything in the file have to do with torch?"""
        ...

    def importers(self, path: str) -> tuple[str, ...]:
        """The files that import this one, directly or not."""
        ...


def never() -> bool:
    """Nobody cancels."""
    return False


class Engine:
    """Findings of files, with a memory of what has not changed."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self._workspace = workspace
        self._settings = settings
        self._cancelled: Callable[[], bool] = never
        self._world = World(workspace, tables(), lambda: self._cancelled())

    def check(self, path: str, cancelled: Callable[[], bool] = never) -> tuple[Finding, ...]:
        """The findings of one file, sorted.  Raises Cancelled once `cancelled()` is true."""
        document = self._workspace.document(path)
        if document is None:
            return ()
        findings: list[Finding] = []
        if self._workspace.reaches_torch(path):
            self._cancelled = cancelled
            program = self._program(path)
            findings = [one for one in self._run_rules(program) if one.span.path == path]
        kept = suppress(document, self._settings, findings)
        return tuple(sorted(kept, key=lambda one: (one.span, one.code, one.message)))

    def _program(self, path: str) -> Program:
        self._world.refresh()
        files = [path, *self._workspace.importers(path)]
        for file in files:
            self._world.load_file(file)
        outcomes = self._world.outcomes(path, self._world.telling())
        through = self._world.telling(path) if len(files) > 1 else set[str]()
        for file in files[1:]:
            outcomes += self._world.outcomes(file, through)
        bodies = [self._world.body_record(file) for file in files]
        facts = dict.fromkeys(_facts(outcomes, [one for one in bodies if one is not None]))
        return Program(self._world.modules(), tuple(facts))

    def _run_rules(self, program: Program) -> Iterable[Finding]:
        for rule in discover():
            yield from _fenced(rule, program)

    def verify(self, path: str, fix: Fix) -> bool:
        """Does the fix parse, remove findings, and bring none that was not there before?"""
        document = self._workspace.document(path)
        if document is None or any(edit.span.path != path for edit in fix.edits):
            return False
        before = [(one.code, one.message) for one in self.check(path)]
        text, cells = document.text, document.cells
        try:
            fixed = self._workspace.open(path, apply_edits(text, fix.edits), cells)
            if len(fixed.module.holes) > len(document.module.holes):
                return False
            after = [(one.code, one.message) for one in self.check(path)]
        finally:
            self._workspace.restore(path, document)
        return len(after) < len(before) and all(one in before for one in after)


def _fenced(rule: LoadedRule, program: Program) -> list[Finding]:
    """One rule's crash costs its findings for this file, and is logged."""
    try:
        return list(rule.check(program))
    except Exception:
        log.exception("rule %s failed", rule.code)
        return []


def _facts(outcomes: list[Outcome], bodies: list[Record]) -> Iterable[Fact]:
    """All facts that count.

    What happens between calls is judged where a function is called; only one that nobody in
    sight calls is judged alone.
    """
    for record in bodies:
        yield from record.facts
    called = _called(outcomes, bodies)
    for outcome in outcomes:
        alone = outcome.key not in called
        for fact in outcome.record.facts:
            if alone or not isinstance(fact, Update):
                yield fact


def _called(outcomes: list[Outcome], bodies: list[Record]) -> set[tuple[str, str]]:
    """The functions that something in sight calls, other than those that call each other."""
    found: set[tuple[str, str]] = set()
    for record in bodies:
        found |= record.called
    calls = {outcome.key: outcome.record.called for outcome in outcomes}
    for outcome in outcomes:
        own = outcome.key
        found |= {key for key in outcome.record.called if own not in calls.get(key, ())}
    return found


__all__ = ["Cancelled", "Engine", "never"]

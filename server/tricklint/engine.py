"""From a workspace and settings to findings: what is run again, filtered, fenced and suppressed."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from .edits import apply_edits, moved
from .finding import Finding, Fix, Span
from .interpreter.facts import Fact
from .interpreter.machine import Cancelled, Record
from .interpreter.outcomes import Key, Outcome, memo_key
from .interpreter.world import Sources, World
from .libraries import tables
from .program import Program
from .rules import LoadedRule, discover
from .settings import Settings
from .shown import Shown
from .suppression import suppress
from .syntax.document import Document

if TYPE_CHECKING:
    from .syntax.ir import NodeRef
    from .syntax.module import Module

log = logging.getLogger("tricklint")


class Workspace(Sources, Protocol):
    """What the engine asks of the files around."""

    def document(self, path: str) -> Document | None:
        """The document in this file."""
        ...

    def reaches_torch(self, path: str) -> bool:
        """Can anything in the file have to do with torch?"""
        ...

    def importers(self, path: str) -> tuple[str, ...]:
        """The files that import this one directly, in a fixed order."""
        ...

    def mentions(self, path: str, names: set[str]) -> bool:
        """Is one of these names a word of the file?"""
        ...


_WORTH_WHILE = 300  # steps, less than a millisecond; so much is waited for


def never() -> bool:
    """Nobody cancels."""
    return False


class Engine:
    """Findings of files, with a memory of what has not changed."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self._workspace = workspace
        self._settings = settings
        self._cancelled: Callable[[], bool] = never
        self._world = World(workspace, tables(), self._is_cancelled)
        self._shown: dict[str, Shown] = {}
        self._called: dict[str, set[Key]] = {}
        self._excuses: dict[str, tuple[Fact, ...]] = {}

    def _is_cancelled(self) -> bool:
        return self._cancelled()

    def check(
        self,
        path: str,
        cancelled: Callable[[], bool] = never,
        early: Callable[[tuple[Finding, ...]], None] | None = None,
    ) -> tuple[Finding, ...]:
        """The findings of one file, sorted.  Raises Cancelled once `cancelled()` is true.

        After an edit `early` may be told what can be said at once: what the edited functions show
        by themselves, and for the rest what was said before.
        """
        document = self._workspace.document(path)
        if document is None:
            return ()
        findings: tuple[Finding, ...] = ()
        if self._workspace.reaches_torch(path):
            self._cancelled = cancelled
            shown = self._shown_of(document)
            if early is not None and (revised := self._revise(path, shown)) is not None:
                early(self._kept(document, revised))
            found = self._run(path)
            findings = self._judge(path, [one.fact for one in found])
            if early is not None:
                excuses = tuple(dict.fromkeys(one.fact for one in found if one.fact.EXCUSE))
                self._excuses[path] = excuses
                shown.settle(findings, self._teller(path, found, excuses))
                self._world.settled(path)
        return self._kept(document, findings)

    def _kept(self, document: Document, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        kept = suppress(document, self._settings, findings)
        return tuple(sorted(kept, key=lambda one: (one.span, one.code, one.message)))

    def _shown_of(self, document: Document) -> Shown:
        known = self._shown.get(document.path)
        if known is None or not known.is_about(document):
            known = self._shown[document.path] = Shown(document)
        return known

    def facts(self, path: str) -> tuple[tuple[Span, str, str], ...]:
        """Every name that the file's code binds, and what the engine believes it to hold then."""
        world = World(self._workspace, tables(), never)
        found: list[tuple[NodeRef, str, str]] = []

        def told(ref: NodeRef, name: str, what: str) -> None:
            found.append((ref, name, what))

        world.observe(told)
        world.load_file(path)
        world.outcomes(path)
        module = self._workspace.module(path)
        if module is None:
            return ()
        here = [one for one in found if module.holds(one[0])]
        return tuple((module.span(ref), name, what) for ref, name, what in here)

    def program(self, path: str) -> Program:
        """A file and all that it needs, to be asked about more than findings."""
        self._cancelled = never
        found = self._run(path) if self._workspace.reaches_torch(path) else []
        return Program(self._world.modules(), tuple(dict.fromkeys(one.fact for one in found)), self)

    def _judge(
        self,
        path: str,
        facts: Iterable[Fact],
        excuses: tuple[Fact, ...] = (),
        modules: Mapping[str, Module] | None = None,
    ) -> tuple[Finding, ...]:
        """What the rules make of some facts, in one file."""
        once = (*dict.fromkeys(facts), *excuses)
        program = Program(modules or self._world.modules(), once, self)
        return tuple(one for one in self._run_rules(program) if one.span.path == path)

    def _teller(
        self, path: str, found: Sequence[Seen], excuses: tuple[Fact, ...]
    ) -> Callable[[Key], tuple[Finding, ...]]:
        """Tells, when somebody asks, what an entry point shows by itself in the text of today."""
        facts: dict[Key, list[Fact]] = {}
        for one in found:
            if not one.fact.PIECE:
                facts.setdefault(one.entry, []).append(one.fact)
        modules = self._world.modules()

        def tell(key: Key) -> tuple[Finding, ...]:
            own = facts.get(key)
            return self._judge(path, own, excuses, modules) if own else ()

        return tell

    def _revise(self, path: str, shown: Shown) -> tuple[Finding, ...] | None:
        """The findings after a look at nothing but the functions that were rewritten.

        None where that is no sooner than a look at everything.
        """
        world = self._world
        world.refresh()
        world.load_file(path)
        rewritten, telling = world.rewritten(path, world.telling())
        said: dict[Key, tuple[Finding, ...]] = {memo_key(entry): () for entry in rewritten}
        # A look at everything takes about a step for each entry point that stands.
        rest = world.count_entries(path)
        rest += sum(steps for key, steps in world.outdated_steps().items() if key not in said)
        if rest < _WORTH_WHILE:
            return None
        for entry in telling:
            outcome = world.outcome(entry)
            alone = outcome.key not in self._called.get(path, ())
            facts = [
                one
                for one in outcome.record.facts
                if not one.PIECE and (alone or not one.BETWEEN_CALLS)
            ]
            # The excuses are those of entry points that are not looked at yet.
            excuses = self._excuses.get(path, ())
            said[memo_key(entry)] = self._judge(path, facts, excuses) if facts else ()
        return shown.revise(said) if said else None

    def _run(self, path: str) -> list[Seen]:
        records, found = self._collect(path)
        gone = {file for file, record in records if not self._world.holds(record)}
        if gone:
            # The text around a fact was written anew, though it means the same as before.
            self._world.forget(gone)
            _, found = self._collect(path)
        return found

    def _collect(self, path: str) -> tuple[list[tuple[str, Record]], list[Seen]]:
        self._world.refresh()
        self._world.load_file(path)
        names = self._world.contextual(path)
        files = [path, *self._callers(path, names)]
        outcomes = self._world.outcomes(path, self._world.telling())
        for file in files[1:]:
            outcomes += self._world.outcomes(file, names)
        found = ((file, self._world.body_record(file)) for file in files)
        bodies = [(file, record) for file, record in found if record is not None]
        called = _called(outcomes, [record for _, record in bodies])
        self._called[path] = called
        records = [*bodies, *((one.entry.module.path, one.record) for one in outcomes)]
        return records, _of_interest(list(_seen(outcomes, bodies, called)))

    def _callers(self, path: str, names: set[str]) -> list[str]:
        """The files, importing this one directly or not, that mention such a name.

        `names` grows by what leads to them there.
        """
        found: list[str] = []
        todo = [path] if names else []
        while todo:
            for file in self._workspace.importers(todo.pop()):
                if file != path and file not in found and self._workspace.mentions(file, names):
                    found.append(file)
                    todo.append(file)
                    self._world.load_file(file)
                    names |= self._world.callers(file, names)
        return found

    def named_elsewhere(self, path: str, *names: str) -> bool:
        """Does a file that imports this one, directly or not, mention one of the names?"""
        seen, todo = {path}, [path]
        while todo:
            new = [file for file in self._workspace.importers(todo.pop()) if file not in seen]
            if any(self._workspace.mentions(file, set(names)) for file in new):
                return True
            seen.update(new)
            todo += new
        return False

    def imported_by(self, path: str) -> frozenset[str]:
        """The files that this one imports, directly or not."""
        return self._world.imported_by(path)

    def _run_rules(self, program: Program) -> Iterable[Finding]:
        for rule in discover():
            yield from _fenced(rule, program)

    def verify(self, path: str, fix: Fix) -> bool:
        """Does the fix of a finding in this file parse, remove findings, and bring no new one?"""
        trials: dict[str, Document] = {}
        for file, edits in fix.by_file().items():
            document = self._workspace.document(file)
            if document is None:
                return False
            text = apply_edits(document.text, edits)
            fixed = Document(file, text, moved(document.cells, edits))
            if len(fixed.module.holes) > len(document.module.holes):
                return False
            trials[file] = fixed
        trial = Engine(_Trial(self._workspace, trials), self._settings)
        files = {path, *trials}
        return trial._tally(files) < self._tally(files)

    def _tally(self, files: set[str]) -> Counter[tuple[str, str, str]]:
        return Counter(
            (file, one.code, one.message) for file in sorted(files) for one in self.check(file)
        )


class _Trial:
    """The workspace with another text for some files."""

    def __init__(self, workspace: Workspace, documents: dict[str, Document]) -> None:
        self._workspace = workspace
        self._documents = documents

    @property
    def files_version(self) -> int:
        """Changes whenever a file has come or gone."""
        return self._workspace.files_version

    def document(self, path: str) -> Document | None:
        """The document in this file."""
        return self._documents.get(path) or self._workspace.document(path)

    def module(self, path: str) -> Module | None:
        """The current tree of a file."""
        document = self.document(path)
        return None if document is None else document.module

    def locate(self, name: str, importer: str, level: int) -> str | None:
        """The file that an import means."""
        return self._workspace.locate(name, importer, level)

    def reaches_torch(self, path: str) -> bool:
        """Can anything in the file have to do with torch?"""
        return self._workspace.reaches_torch(path)

    def importers(self, path: str) -> tuple[str, ...]:
        """The files that import this one directly, in a fixed order."""
        return self._workspace.importers(path)

    def mentions(self, path: str, names: set[str]) -> bool:
        """Is one of these names a word of the file?"""
        return self._workspace.mentions(path, names)


def _fenced(rule: LoadedRule, program: Program) -> list[Finding]:
    """One rule's crash costs its findings for this file, and is logged."""
    try:
        return list(rule.check(program))
    except Exception:
        log.exception("rule %s failed", rule.code)
        return []


class Seen(NamedTuple):
    """A fact that counts, and the entry point or module body whose run showed it."""

    entry: Key
    fact: Fact


def _seen(
    outcomes: list[Outcome], bodies: list[tuple[str, Record]], called: set[Key]
) -> Iterable[Seen]:
    """All facts that count.

    What happens between calls is judged where a function is called; only one that nobody in
    sight calls is judged alone.
    """
    for path, record in bodies:
        for fact in record.facts:
            yield Seen((path, ""), fact)
    for outcome in outcomes:
        alone = outcome.key not in called
        for fact in outcome.record.facts:
            if alone or not fact.BETWEEN_CALLS:
                yield Seen(memo_key(outcome.entry), fact)


def _of_interest(seen: list[Seen]) -> list[Seen]:
    kinds = {type(one.fact) for one in seen}
    return [one for one in seen if one.fact.DENIES is None or one.fact.DENIES in kinds]


def _called(outcomes: list[Outcome], bodies: list[Record]) -> set[Key]:
    """The functions that something in sight calls, other than those that call each other."""
    found: set[Key] = set()
    for record in bodies:
        found |= record.called
    calls = {outcome.key: outcome.record.called for outcome in outcomes}
    for outcome in outcomes:
        own = outcome.key
        found |= {key for key in outcome.record.called if own not in calls.get(key, ())}
    return found


__all__ = ["Cancelled", "Engine", "never"]

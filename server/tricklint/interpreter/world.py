"""The modules around the running code, each run once, and again when what it read has changed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from . import definitions, expressions, statements
from .describe import describe
from .entries import Built, Entry, EntryPoints, build, entries, run_entry, run_module
from .library import Tables
from .machine import Cancelled, Machine, Record
from .outcomes import Key, Outcome, Outcomes
from .relevance import Relevance
from .values import Alternatives, Class, Function, ModuleValue, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from ..syntax.module import Definition, Module


# Importing them is what registers the meaning of each kind of node.
MEANINGS = (definitions, expressions, statements)
MOST_STEPS_TO_BUILD = 4_000
MOST_STEPS_TO_CALL = 8_000
DEEPEST_RECURSION = 8_000


class Sources(Protocol):
    """Where modules come from."""

    @property
    def files_version(self) -> int:
        """Changes whenever a file has come or gone."""
        ...

    def module(self, path: str) -> Module | None:
        """The current tree of a file; None if it is not there or cannot matter."""
        ...

    def locate(self, name: str, importer: str, level: int) -> str | None:
        """The file that an import in `importer` means, if it is in the workspace."""
        ...


@dataclass(slots=True)
class Loaded:
    """A module whose body has run.  `imports` are the files its body asked for."""

    value: ModuleValue
    module: Module
    record: Record = field(default_factory=Record)
    imports: set[str] = field(default_factory=set[str])
    missing: set[tuple[str, str, int]] = field(default_factory=set[tuple[str, str, int]])


class World:
    """All loaded modules and what their entry points did."""

    def __init__(self, sources: Sources, tables: Tables, cancelled: Callable[[], bool]) -> None:
        # Code runs by recursion here, and a call may first want its callee run on its own.
        sys.setrecursionlimit(max(sys.getrecursionlimit(), DEEPEST_RECURSION))
        self._sources = sources
        self._loaded: dict[str, Loaded] = {}
        self._outcomes = Outcomes()
        self._rewritten: dict[str, set[str]] = {}
        self._entries: dict[str, EntryPoints] = {}
        self._relevance = Relevance(tables.all)
        self._machine = Machine(self, tables, cancelled)
        self._loading: list[Loaded] = []
        self._objects: dict[Class, Built] = {}
        self._subclasses: tuple[list[ModuleValue], dict[Class, list[Class]]] | None = None
        self._measuring: set[Class | Function] = set()
        self._heavy: dict[Class | Function, tuple[int, Record | None]] = {}
        self._files = -1
        self._version = 0

    def observe(self, told: Callable[[NodeRef, str, str], None]) -> None:
        """From now on, tell what every name is bound to, in words."""
        machine = self._machine

        def observer(ref: NodeRef, name: str, value: Value) -> None:
            told(ref, name, describe(machine, value))

        machine.observer = observer

    # The interpreter's side

    def load(self, name: str, importer: str, level: int) -> ModuleValue | None:
        """The module of the workspace that this import names, with its body run."""
        if level == 0 and self._machine.tables.knows_package(name):
            return None  # its source may lie in the workspace, but what it does is known better
        path = self._sources.locate(name, importer, level)
        for one in self._loading[-1:]:
            if path is None:
                one.missing.add((name, importer, level))
            else:
                one.imports.add(path)
        return None if path is None else self.load_file(path)

    def definition(self, path: str, key: str) -> Definition | None:
        """The current text of a function."""
        loaded = self._loaded.get(path)
        return None if loaded is None else loaded.module.functions.get(key)

    def is_heavy(self, called: Class | Function) -> bool:
        """Does this call take too long to be followed from each of its callers?

        That is judged by a run of its own, from unknown arguments, so it holds for all callers.
        """
        loading = any(one.value is called.module for one in self._loading)
        if loading or called in self._measuring:
            return False
        known = self._heavy.get(called)
        if known is None or known[0] != self._version:
            known = self._heavy[called] = (self._version, self._measure(called))
        record = known[1]
        if record is None:
            return False
        self._machine.record.functions |= record.functions
        most = MOST_STEPS_TO_BUILD if isinstance(called, Class) else MOST_STEPS_TO_CALL
        return record.steps > most

    def _measure(self, called: Class | Function) -> Record | None:
        self._measuring.add(called)
        try:
            with self._from_scratch():
                return self._run_alone(called)
        finally:
            self._measuring.discard(called)

    def _from_scratch(self) -> AbstractContextManager[None]:
        """What an entry point has written so far must not show in what stays."""
        store = self._machine.store
        return store.suspended(store.mark() if self._loading[:-1] else 0)

    def _run_alone(self, called: Class | Function) -> Record | None:
        if isinstance(called, Class):
            built = self._built(called)
            return built.record if built is not None else None
        loaded = self._loaded.get(called.module.path)
        if called.owner is not None or called.key is None or loaded is None:
            return None
        if loaded.value is not called.module:
            return None
        return self.outcome(Entry(called.module, called, None)).record

    def key_of(self, path: str, ref: NodeRef) -> str | None:
        """The key of a function by its definition, if it is not nested in another."""
        loaded = self._loaded.get(path)
        if loaded is None:
            return None
        try:
            return loaded.module.key_of(ref)
        except KeyError:
            return None

    # The engine's side

    def load_file(self, path: str) -> ModuleValue | None:
        """The module in this file, with its body run."""
        known = self._loaded.get(path)
        if known is not None:
            self._machine.record.modules.add(path)
            return known.value
        module = self._sources.module(path)
        if module is None:
            return None
        value = ModuleValue(path)
        loaded = self._loaded[path] = Loaded(value, module)
        self._machine.record.modules.add(path)
        self._loading.append(loaded)
        try:
            with self._from_scratch():
                loaded.record = run_module(self._machine, value, module)
        except Cancelled:
            self._drop((path,))
            raise
        finally:
            self._loading.pop()
        return value

    def refresh(self) -> None:
        """Take note of edits: bodies of modules that read something changed will run again."""
        files = self._sources.files_version
        if files == self._files and all(
            self._sources.module(path) is loaded.module for path, loaded in self._loaded.items()
        ):
            return
        self._files = files
        self._version += 1
        stale = {path for path, loaded in self._loaded.items() if self._is_stale(path, loaded)}
        for path, loaded in self._loaded.items():
            changed = set(self._changed_functions(path, loaded))
            if changed:
                self._outcomes.changed((path, key) for key in changed)
                self._rewritten.setdefault(path, set()).update(changed)
        self._drop(self._with_importers(stale))
        current_modules = {loaded.value for loaded in self._loaded.values()}
        for cls in [one for one in self._objects if one.module not in current_modules]:
            del self._objects[cls]
        for path, loaded in self._loaded.items():
            current = self._sources.module(path)
            if current is not None:
                loaded.module = current

    def _changed_functions(self, path: str, loaded: Loaded) -> Iterable[str]:
        current = self._sources.module(path)
        if current is loaded.module:
            return []
        if current is None:
            return loaded.module.functions
        return current.rewritten(loaded.module)

    def _drop(self, paths: Iterable[str]) -> None:
        for path in paths:
            self._loaded.pop(path, None)
            self._outcomes.changed((path,))

    def _with_importers(self, paths: set[str]) -> set[str]:
        found = set(paths)
        while True:
            more = {
                path
                for path, loaded in self._loaded.items()
                if path not in found and not loaded.imports.isdisjoint(found)
            }
            if not more:
                return found
            found |= more

    def _is_stale(self, path: str, loaded: Loaded) -> bool:
        current = self._sources.module(path)
        if current is None or current.digest != loaded.module.digest:
            return True
        if any(self._sources.locate(*request) is not None for request in loaded.missing):
            return True
        return not self._same_functions(loaded.record)

    def _same_functions(self, record: Record) -> bool:
        for (path, key), digest in record.functions.items():
            current = self._sources.module(path)
            found = current.functions.get(key) if current is not None else None
            if found is None or found.digest != digest:
                return False
        return True

    def modules(self) -> dict[str, Module]:
        """The trees of all loaded modules."""
        return {path: loaded.module for path, loaded in self._loaded.items()}

    def imported_by(self, path: str) -> frozenset[str]:
        """The loaded files that this one imports, directly or not."""
        found: set[str] = set()
        todo = [path]
        while todo:
            loaded = self._loaded.get(todo.pop())
            new = loaded.imports - found if loaded is not None else set[str]()
            found |= new
            todo += new
        return frozenset(found)

    def holds(self, record: Record) -> bool:
        """Do all nodes that a run's facts speak of still stand somewhere?"""
        rest = record.leaves
        for loaded in self._loaded.values():
            if rest <= loaded.module.leaves:
                return True
            if not rest.isdisjoint(loaded.module.leaves):
                rest = rest - loaded.module.leaves
        return not rest

    def forget(self, paths: set[str]) -> None:
        """Run these modules again, and all that import them."""
        self._drop(self._with_importers(paths))
        self._version += 1

    def body_record(self, path: str) -> Record | None:
        """What the module's body did."""
        loaded = self._loaded.get(path)
        return None if loaded is None else loaded.record

    def telling(self) -> set[str]:
        """The names that lead to something a rule needs."""
        return self._related.telling()

    @property
    def _related(self) -> Relevance:
        self._relevance.refresh(self.modules())
        return self._relevance

    def contextual(self, path: str) -> set[str]:
        """The names in a file that lead to code whose findings may depend on who calls it."""
        return self._related.contextual(path) if path in self._loaded else set()

    def callers(self, path: str, names: set[str]) -> set[str]:
        """`names`, and those in a file that lead to one of them."""
        return self._related.callers(path, names) if path in self._loaded else names

    def entries(self, path: str, telling: set[str] | None = None) -> list[Entry]:
        """The entry points of a file; with `telling`, only those that mention one of these names."""
        if path not in self._loaded:
            return []
        named = self._related.names(path)
        every = self._entries_of(path).every
        return [entry for entry in every if _mentions_one(entry, telling, named)]

    def count_entries(self, path: str) -> int:
        """How many entry points a loaded file has."""
        return len(self._entries_of(path).every) if path in self._loaded else 0

    def _entries_of(self, path: str) -> EntryPoints:
        value, subclasses = self._loaded[path].value, self.subclasses()
        known = self._entries.get(path)
        if known is None or known.value is not value or known.subclasses != subclasses:
            every = list(entries(value, subclasses))
            known = self._entries[path] = EntryPoints(value, subclasses, every)
        return known

    def outcome(self, entry: Entry) -> Outcome:
        """What an entry point does, run again only where that may differ."""
        known = self._outcomes.standing(entry)
        if known is None:
            module = self._loaded[entry.module.path].module
            record = run_entry(self._machine, entry, module, self._built(entry.cls))
            known = Outcome(entry, record, self._bodies(record))
            self._outcomes.keep(known)
        return known

    def outcomes(self, path: str, telling: set[str] | None = None) -> list[Outcome]:
        """What the entry points of a file do."""
        return [self.outcome(entry) for entry in self.entries(path, telling)]

    def rewritten(self, path: str, telling: set[str]) -> tuple[list[Entry], list[Entry]]:
        """The entry points whose own function was edited since `settled`; and those that matter."""
        keys = self._rewritten.get(path)
        if not keys or path not in self._loaded:
            return [], []
        by_key = self._entries_of(path).by_key
        own = [entry for key in sorted(keys) for entry in by_key.get(key, ())]
        named = self._related.names(path)
        return own, [entry for entry in own if _mentions_one(entry, telling, named)]

    def settled(self, path: str) -> None:
        """All that was edited in a file has been looked at."""
        self._rewritten.pop(path, None)

    def outdated_steps(self) -> dict[Key, int]:
        """How long the entry points ran that have to be run again."""
        return self._outcomes.outdated_steps()

    def _built(self, cls: Class | None) -> Built | None:
        if cls is None:
            return None
        known = self._objects.get(cls)
        if known is None or not self._same_functions(known.record):
            known = self._objects[cls] = build(self._machine, cls)
        return known

    def _bodies(self, record: Record) -> frozenset[ModuleValue]:
        return frozenset(
            self._loaded[path].value for path in record.modules if path in self._loaded
        )

    def subclasses(self) -> dict[Class, list[Class]]:
        """The direct subclasses in sight of each class."""
        if self._loading:
            return self._find_subclasses()
        values = [loaded.value for loaded in self._loaded.values()]
        if self._subclasses is None or self._subclasses[0] != values:
            self._subclasses = (values, self._find_subclasses())
        return self._subclasses[1]

    def _find_subclasses(self) -> dict[Class, list[Class]]:
        found: dict[Class, list[Class]] = {}
        for loaded in self._loaded.values():
            for held in loaded.value.scope.values():
                for value in held.options if isinstance(held, Alternatives) else (held,):
                    if isinstance(value, Class) and value.module is loaded.value:
                        for base in value.bases:
                            if isinstance(base, Class):
                                found.setdefault(base, []).append(value)
        return found


def _mentions_one(
    entry: Entry, telling: set[str] | None, named: Mapping[str, frozenset[str]]
) -> bool:
    own = entry.function.key if entry.function is not None else None
    return own is None or telling is None or not telling.isdisjoint(named.get(own, telling))

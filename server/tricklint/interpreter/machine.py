"""The machine: state of one abstract run, and the ways into its parts.

`expressions`, `statements`, `attributes`, `calls` and `events` hold what each kind of node does;
they reach each other only through this object.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..syntax.ir import Block, Call, Expression, NodeRef
from .dims import Dim, Symbol, Symbols
from .facts import Fact
from .frames import Frame, Loop
from .gradients import Gradients, Place
from .joins import join
from .library import Key, Tables
from .modes import Watch
from .shape import Shape
from .store import Store
from .values import Class, Function, Instance, ModuleValue, Object, Unknown, Value

if TYPE_CHECKING:
    from ..syntax.leaf import Leaf
    from ..syntax.module import Definition

MOST_FUEL = 20_000
MOST_DEPTH = 8

T = TypeVar("T")


class OutOfFuel(Exception):
    """The run is longer than we care to follow: what is not yet known stays unknown."""


class PathEnds(Exception):
    """A call that never returns, such as `sys.exit()`."""


class Cancelled(Exception):
    """Nobody waits for the answer any more."""


class Program(Protocol):
    """The modules around the running code."""

    def load(self, name: str, importer: str, level: int) -> ModuleValue | None:
        """The module of the workspace that this import names, with its body run."""
        ...

    def definition(self, path: str, key: str) -> Definition | None:
        """The current text of a function."""
        ...

    def is_heavy(self, called: Class | Function) -> bool:
        """Does this call take too long to be followed from each of its callers?"""
        ...

    def key_of(self, path: str, ref: NodeRef) -> str | None:
        """The key of a function by its definition, if it is not nested in another."""
        ...


@dataclass(slots=True)
class Record:
    """What one entry point did: its facts, and everything it read that an edit may change."""

    facts: list[Fact] = field(default_factory=list[Fact])
    pieces: set[Fact] = field(default_factory=set[Fact])  # those of the facts that are pieces
    functions: dict[tuple[str, str], bytes] = field(default_factory=dict[tuple[str, str], bytes])
    called: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    modules: set[str] = field(default_factory=set[str])
    exhausted: bool = False
    steps: int = 0
    _leaves: frozenset[Leaf] | None = None

    @property
    def leaves(self) -> frozenset[Leaf]:
        """Where the facts stand; asked for once the run is over."""
        if self._leaves is None:
            self._leaves = frozenset(ref.leaf for fact in self.facts for ref in fact.places)
        return self._leaves


@dataclass(slots=True)
class Machine:
    """One run.  `grads` and `shapes` are cells of the store, keyed by atom and by value."""

    program: Program
    tables: Tables
    cancelled: Callable[[], bool]
    store: Store = field(default_factory=lambda: Store(join))
    record: Record = field(default_factory=Record)
    fuel: int = MOST_FUEL
    frames: list[Frame] = field(default_factory=list[Frame])
    leaf: Leaf | None = None
    grads: dict[Any, Gradients] = field(default_factory=dict[Any, Gradients])
    optimizers: dict[Value, str] = field(default_factory=dict[Value, str])
    shapes: dict[Any, Shape] = field(default_factory=dict[Any, Shape])
    unrolls: dict[Any, int] = field(default_factory=dict[Any, int])
    equal: dict[Symbol, Dim] = field(default_factory=dict[Symbol, Dim])
    sizes: dict[Any, Dim] = field(default_factory=dict[Any, Dim])
    flags: dict[str, Any] = field(default_factory=dict[str, Any])
    known_keys: dict[object, tuple[Key, ...]] = field(default_factory=dict[object, Any])
    children: dict[tuple[Value, str], Value] = field(default_factory=dict[Any, Value])
    discarded: bool = False
    labelled: bool = False  # have labels of a known data set been seen?
    observer: Callable[[NodeRef, str, Value], None] | None = None  # told of every name bound
    grad_off: int = 0
    invoked: set[Value] = field(default_factory=set[Value])
    call_node: Call | None = None
    watch: Watch = field(default_factory=Watch)
    symbols: Symbols = field(default_factory=Symbols)

    # Running

    def tick(self) -> None:
        """Count one step."""
        self.fuel -= 1
        if self.fuel < 0:
            raise OutOfFuel
        if self.fuel % 256 == 0 and self.cancelled():
            raise Cancelled

    def evaluate(self, node: Expression) -> Value:
        """The value of an expression."""
        self.tick()
        return EVALUATE[type(node)](self, node)

    def execute(self, block: Block) -> bool:
        """Run statements; False if no path reaches their end."""
        outer = self.leaf
        try:
            for leaf, body in block:
                if leaf is not None:
                    self.leaf = leaf
                for statement in body:
                    self.tick()
                    if not EXECUTE[type(statement)](self, statement):
                        return False
        finally:
            self.leaf = outer
        return True

    def branch(self, ways: tuple[Callable[[], bool], ...]) -> bool:
        """Run each way from the same state, and go on from where they meet."""
        start = self.store.mark()
        arrived: list[Any] = []
        for way in ways:
            if way():
                arrived.append(self.store.changes(start))
            self.store.undo(start)
        if arrived:
            self.store.merge(arrived)
        return bool(arrived)

    def perhaps(self, act: Callable[[], object]) -> None:
        """Something that may or may not happen."""

        def happens() -> bool:
            act()
            return True

        self.branch((happens, lambda: True))

    def choose(self, options: tuple[Value, ...], act: Callable[[Value], Value]) -> Value:
        """The joined result of an act on one of several values.

        Which of them it is nobody knows, so a fact counts only where all of them show it; pieces
        of facts count from each.
        """
        results: list[Value] = []
        facts: list[list[Fact]] = []
        outer = self.record.facts
        self.watch.aside += 1

        def way(option: Value) -> Callable[[], bool]:
            def run() -> bool:
                self.record.facts = []
                facts.append(self.record.facts)
                results.append(act(option))
                return True

            return run

        try:
            self.branch(tuple(way(option) for option in options))
        finally:
            self.record.facts = outer
            self.watch.aside -= 1
        outer += [one for one in facts[0] if one.PIECE or all(one in other for other in facts)]
        outer += [one for other in facts[1:] for one in other if one.PIECE]
        result = results[0]
        for other in results[1:]:
            result = join(result, other)
        return result

    # State

    @property
    def frame(self) -> Frame:
        """The running function, class body or module."""
        return self.frames[-1]

    def ref(self, at: int) -> NodeRef:
        """The name of a node of the running leaf."""
        assert self.leaf is not None
        return NodeRef(self.leaf, at)

    def place(self, ref: NodeRef, certain: bool = True) -> Place:
        """Where an event happens now: the innermost loop that is running, in whatever function."""
        conditions: list[bool] = []
        for frame in reversed(self.frames):
            conditions += frame.conditions
            if frame.loops:
                loop: Loop = frame.loops[-1]
                conditions += loop.conditions
                return Place(ref, loop, loop.number, bool(conditions), any(conditions), certain)
        return Place(ref, None, 0, bool(conditions), any(conditions), certain)

    def report(self, fact: Fact) -> None:
        """Remember a fact for the rules."""
        if fact.PIECE:
            if fact in self.record.pieces:
                return
            self.record.pieces.add(fact)
        self.record.facts.append(fact)

    def unknown(self, hint: str = "", **rest: Any) -> Unknown:
        """Something new that nothing is known of."""
        return Unknown(hint, **rest)

    def child(self, owner: Value, name: str, hint: str) -> Value:
        """An attribute of a known object that nothing in sight has set, the same at each call."""
        found = self.children.get((owner, name))
        if found is None:
            found = self.children[owner, name] = Unknown(hint, given=True)
        return found

    @property
    def no_grad(self) -> bool:
        """Is nothing recorded for a backward now?"""
        return self.grad_off > 0 or bool(self.flags.get("no_grad"))

    # Libraries

    def keys(self, value: Value) -> tuple[Key, ...]:
        """Under which keys libraries answer for a value, the most special first."""
        if isinstance(value, Object):
            return (value.kind, value.role, Object)
        if isinstance(value, Unknown):
            name: object = (value.kind, value.hint)
        elif isinstance(value, Instance):
            name = value.cls
        else:
            return (type(value),)
        found = self.known_keys.get(name)
        if found is None:
            found = self.known_keys[name] = (*self._find_keys(value), type(value))
        return found

    def _find_keys(self, value: Unknown | Instance) -> list[Key]:
        found: list[Key] = []
        if isinstance(value, Unknown):
            found += [value.kind] if value.kind else []
        else:
            for path in value.cls.externals():
                base: str | None = path
                while base is not None and base not in found:
                    found.append(base)
                    base = self.tables.base_kind(base)
        for evidence in self.tables.all.evidence:
            role = evidence(value)
            if role is not None:
                found.append(role)
        return found

    def lookup(self, table: dict[tuple[Key, str], T], value: Value, name: str) -> T | None:
        """A library's handler for a method or attribute of a value; "*" stands for plain names."""
        plain = not name.startswith(("__", "operator "))
        for key in self.keys(value):
            handler = table.get((key, name)) or (table.get((key, "*")) if plain else None)
            if handler is not None:
                return handler
        return None


EVALUATE: dict[type, Callable[[Machine, Any], Value]] = {}
EXECUTE: dict[type, Callable[[Machine, Any], bool]] = {}


def evaluates(kind: type) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Register the meaning of an expression node."""

    def register(function: Callable[..., Value]) -> Callable[..., Value]:
        EVALUATE[kind] = function
        return function

    return register


def executes(kind: type) -> Callable[[Callable[..., bool]], Callable[..., bool]]:
    """Register the meaning of a statement node."""

    def register(function: Callable[..., bool]) -> Callable[..., bool]:
        EXECUTE[kind] = function
        return function

    return register

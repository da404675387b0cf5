"""How knowledge of a library is told to the interpreter: handlers by dotted name or by method.

A library file makes one `Library`, decorates small functions with it, and is found by discovery.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from .values import NONE, Constant, External, Object, Role, Sequence, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .machine import Machine


@dataclass(frozen=True, slots=True)
class Arguments:
    """The arguments of one call.  `open`: there may be more, from `*x` or `**x` out of sight."""

    positional: tuple[Value, ...] = ()
    keywords: tuple[tuple[str, Value], ...] = ()
    open: bool = False

    def get(self, index: int, name: str) -> Value | None:
        """The argument by position (from 0; -1 for keyword only) or name; None if not given."""
        if 0 <= index < len(self.positional):
            return self.positional[index]
        for key, value in self.keywords:
            if key == name:
                return value
        return None

    def values(self) -> tuple[Value, ...]:
        """All of them."""
        return self.positional + tuple(value for _, value in self.keywords)

    def after(self, *first: Value) -> Arguments:
        """The same with more positional arguments in front."""
        return Arguments(first + self.positional, self.keywords, self.open)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a library answers for.  `name` is the method or the dotted name."""

    machine: Machine
    ref: NodeRef
    args: Arguments
    receiver: Value = NONE
    name: str = ""

    def get(self, index: int, name: str) -> Value | None:
        """The argument by position or name; None if not given."""
        return self.args.get(index, name)

    def integer(self, index: int, name: str, default: int | None = None) -> int | None:
        """The argument as a known integer; None where it is given and not known."""
        value = self.get(index, name)
        if value is None:
            return default
        return int_of(value)

    def flag(self, index: int, name: str, default: bool) -> bool | None:
        """The argument as a known boolean; None where it is given and not known."""
        value = self.get(index, name)
        if value is None:
            return None if self.args.open else default
        return value.value if isinstance(value, Constant) and type(value.value) is bool else None


def int_of(value: Value) -> int | None:
    """A known integer."""
    if isinstance(value, Constant) and type(value.value) is int:
        return value.value
    return None


def items_of(value: Value | None) -> tuple[Value, ...] | None:
    """All items of a known list or tuple."""
    return value.items if isinstance(value, Sequence) and value.exact else None


Handler: TypeAlias = Callable[[Call], Value]
Register: TypeAlias = Callable[[Handler], Handler]
Key: TypeAlias = type[Value] | Role | str
Beside: TypeAlias = tuple[frozenset[str], frozenset[str]]


@dataclass(slots=True)
class Library:
    """What one library file knows.

    Keys of methods, attributes and calls are a value type, a role, or the dotted name of a class;
    the dotted name wins, then the role, then the type.
    """

    functions: dict[str, Handler] = field(default_factory=dict[str, Handler])
    methods: dict[tuple[Key, str], Handler] = field(default_factory=dict[tuple[Key, str], Handler])
    observers: dict[tuple[Key, str], Handler] = field(
        default_factory=dict[tuple[Key, str], Handler]
    )
    # What the result of a method means that a framework asks for; it is the only argument.
    results: dict[tuple[Key, str], Handler] = field(default_factory=dict[tuple[Key, str], Handler])
    attributes: dict[tuple[Key, str], Handler] = field(
        default_factory=dict[tuple[Key, str], Handler]
    )
    calls: dict[Key, Handler] = field(default_factory=dict[Key, Handler])
    aliases: dict[str, str] = field(default_factory=dict[str, str])
    constants: dict[str, Value] = field(default_factory=dict[str, Value])
    bases: dict[str, str] = field(default_factory=dict[str, str])
    passive: set[str] = field(default_factory=set[str])
    passive_methods: set[str] = field(default_factory=set[str])
    # Packages whose functions compute with what they are given: losses, layers.
    computing: set[str] = field(default_factory=set[str])
    # Functions that go through what they are given at once, before anything else happens.
    collecting: set[str] = field(default_factory=set[str])
    # Layers whose gradients go back through time, and optimizers that need theirs as they are.
    recurrent: set[str] = field(default_factory=set[str])
    searching: set[str] = field(default_factory=set[str])
    # Layers that work otherwise in eval mode, by dotted name: does this very one?
    modal: dict[str, Callable[[Object], bool]] = field(
        default_factory=dict[str, Callable[[Object], bool]]
    )
    # What tells how good an output is, and what makes it part of a training, by plain name.
    measures: set[str] = field(default_factory=set[str])
    picks: set[str] = field(default_factory=set[str])  # only along an axis
    feeds: set[str] = field(default_factory=set[str])
    # Names without which nothing can be found: code that cannot reach one of them is not run.
    telling: set[str] = field(default_factory=set[str])
    # Telling names, and more that tell as much where one of those is mentioned.
    telling_beside: list[Beside] = field(default_factory=list["Beside"])
    # Names that a function has if what it finds may depend on who calls it.
    contextual: set[str] = field(default_factory=set[str])
    # What an unknown value or an object of a class in sight is for.  Of an unknown value only its
    # kind and hint may be looked at, of an object only its class: the answer is remembered.
    evidence: list[Callable[[Value], Role | None]] = field(
        default_factory=list[Callable[[Value], Role | None]]
    )

    def function(self, *names: str) -> Register:
        """The answer to a call of a function or class by its dotted name."""

        def register(handler: Handler) -> Handler:
            for name in names:
                self.functions[name] = handler
            return handler

        return register

    def method(self, key: Key, *names: str) -> Register:
        """The answer to a method call; the name "*" answers for all that have no own."""

        def register(handler: Handler) -> Handler:
            for name in names:
                self.methods[key, name] = handler
            return handler

        return register

    def observer(self, key: Key, *names: str) -> Register:
        """What a call of a method means beside what its own code in sight does, told before."""

        def register(handler: Handler) -> Handler:
            for name in names:
                self.observers[key, name] = handler
            return handler

        return register

    def result(self, key: Key, *names: str) -> Register:
        """What it means what a method of a class in sight gives, which a framework will call."""

        def register(handler: Handler) -> Handler:
            for name in names:
                self.results[key, name] = handler
            return handler

        return register

    def attribute(self, key: Key, *names: str) -> Register:
        """The value of an attribute."""

        def register(handler: Handler) -> Handler:
            for name in names:
                self.attributes[key, name] = handler
            return handler

        return register

    def call(self, *keys: Key) -> Register:
        """The answer to calling an object."""

        def register(handler: Handler) -> Handler:
            for key in keys:
                self.calls[key] = handler
            return handler

        return register


class Tables:
    """All libraries in one."""

    def __init__(self, libraries: tuple[Library, ...]) -> None:
        self.all = Library()
        for one in libraries:
            self.all.functions |= one.functions
            self.all.methods |= one.methods
            self.all.attributes |= one.attributes
            self.all.observers |= one.observers
            self.all.results |= one.results
            self.all.calls |= one.calls
            self.all.aliases |= one.aliases
            self.all.constants |= one.constants
            self.all.bases |= one.bases
            self.all.passive |= one.passive
            self.all.passive_methods |= one.passive_methods
            self.all.computing |= one.computing
            self.all.collecting |= one.collecting
            self.all.modal |= one.modal
            self.all.recurrent |= one.recurrent
            self.all.searching |= one.searching
            self.all.measures |= one.measures
            self.all.picks |= one.picks
            self.all.feeds |= one.feeds
            self.all.evidence += one.evidence
            self.all.telling |= one.telling
            self.all.telling_beside += one.telling_beside
            self.all.contextual |= one.contextual
        self._canonical: dict[str, str] = {}
        known = (*self.all.functions, *self.all.aliases, *self.all.bases)
        self._packages = {name.partition(".")[0] for name in known}

    def canonical(self, path: str) -> str:
        """The one name of what `path` names: `torch.optim.adam.Adam` is `torch.optim.Adam`."""
        found = self._canonical.get(path)
        if found is None:
            found = self._canonical[path] = self._resolve(path)
        return found

    def _resolve(self, path: str) -> str:
        parts = path.split(".")
        for count in range(len(parts), 0, -1):
            target = self.all.aliases.get(".".join(parts[:count]))
            if target is not None:
                return self.canonical(".".join([target, *parts[count:]]))
        return path

    def external(self, path: str) -> Value:
        """The value of a name outside the workspace."""
        path = self.canonical(path)
        return self.all.constants.get(path) or External(path)

    def knows(self, path: str) -> bool:
        """Does a library answer for this name?"""
        path = self.canonical(path)
        return path in self.all.functions or path in self.all.constants or path in self.all.bases

    def knows_package(self, name: str) -> bool:
        """Is the package that a dotted name begins with one that a library file is about?"""
        return name.partition(".")[0] in self._packages

    def is_passive(self, path: str) -> bool:
        """Calls into this library never touch gradients unless a handler says so."""
        return path.split(".", 1)[0] in self.all.passive or path in self.all.passive

    def computes(self, path: str) -> bool:
        """Is this a function that computes with its arguments?"""
        return any(path.startswith(f"{package}.") for package in self.all.computing)

    def base_kind(self, path: str) -> str | None:
        """What a class derived from this one is: the dotted name whose handlers answer for it."""
        return self.all.bases.get(path)

"""What an expression of the user's program may be.

Values that change (`Instance`, `Sequence`, `Mapping`, `Object`) keep their contents in `slots`,
written only through `Store.put`, so a branch can be undone.  Everything else is immutable.
Identity is the identity of the Python object: one per creation and inlining path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from .modes import Watch
from .numbers import next_number

if TYPE_CHECKING:
    from ..syntax.ir import FunctionDef, Lambda, NodeRef
    from ..syntax.leaf import Leaf
    from .biases import Decision
    from .dims import Dim
    from .frames import Scope

Slots = dict[Any, Any]


@dataclass(frozen=True, slots=True)
class Reach:
    """The parameters that a value depends on, so that a backward from it feeds their gradients.

    An atom is one leaf layer, one unknown model, or one unknown optimizer's parameters.
    `open` says that it may depend on others too.
    """

    atoms: frozenset[object]
    open: bool

    def __or__(self, other: Reach) -> Reach:
        if other.atoms <= self.atoms and (self.open or not other.open):
            return self
        if self is NOTHING:
            return other
        return Reach(self.atoms | other.atoms, self.open or other.open)


NOTHING = Reach(frozenset(), False)
ANYTHING = Reach(frozenset(), True)


class Value:
    """The base of all values."""

    __slots__ = ()


@dataclass(eq=False, slots=True)
class Made(Value):
    """What gradients and modes may be those of, and so stands in sets."""

    number: int = field(default_factory=next_number, init=False, repr=False)

    def __hash__(self) -> int:
        return self.number


@dataclass(eq=False, slots=True)
class Unknown(Made):
    """Something out of sight.  `hint` is how the user writes it; attributes are the same each time.

    `given` is set for parameters and what hangs on them: their sizes stand for every size.
    """

    hint: str = ""
    reach: Reach = ANYTHING
    given: bool = False
    parent: Unknown | None = None
    kind: str = ""  # the dotted name of its class, from an annotation or a library
    slots: Slots = field(default_factory=dict[Any, Any])
    children: dict[Any, Value] = field(default_factory=dict[Any, Value])
    output_of: frozenset[Object] = frozenset()  # perhaps: see Tensor

    def child(self, key: object, hint: str) -> Value:
        """The attribute or item `key`, the same object at each call."""
        found = self.children.get(key)
        if found is None:
            found = Unknown(hint, self.reach, self.given, self)
            self.children[key] = found
        return found


@dataclass(frozen=True, slots=True)
class Constant(Value):
    """A Python literal, or a number computed from literals."""

    value: object

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Constant)
            and type(self.value) is type(other.value)
            and self.value == other.value
        )

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


NONE = Constant(None)
TRUE = Constant(True)
FALSE = Constant(False)


@dataclass(frozen=True, slots=True)
class Number(Value):
    """An integer known only as a product of symbols."""

    dim: Dim


@dataclass(frozen=True, slots=True)
class External(Value):
    """A module, class or function outside the workspace, by its dotted name."""

    path: str


@dataclass(eq=False, slots=True)
class ModuleValue(Value):
    """A module of the workspace; `scope` is filled when its body has run."""

    path: str
    scope: Slots = field(default_factory=dict[Any, Any])
    watch: Watch = field(default_factory=Watch)  # the modes that its body left


class Binding(Enum):
    """What reading a function through a class or an instance makes of it."""

    METHOD = "method"
    STATIC = "staticmethod"
    CLASS = "classmethod"
    PROPERTY = "property"


@dataclass(eq=False, slots=True)
class Function(Value):
    """A function or lambda in sight.

    With a `key` its text is asked for when it runs, and `node` is only its head.
    """

    name: str
    node: FunctionDef | Lambda
    leaf: Leaf
    module: ModuleValue
    closure: Scope | None
    defaults: dict[str, Value]
    key: str | None = None
    binding: Binding = Binding.METHOD
    owner: Class | None = None
    contexts: tuple[Value, ...] = ()  # managers that decorators put around every call


@dataclass(frozen=True, slots=True)
class Bound(Value):
    """A method and what it was read from.  Without `function` a library answers the call."""

    receiver: Value
    name: str
    function: Function | None = None


@dataclass(eq=False, slots=True)
class Class(Value):
    """A class in sight."""

    name: str
    bases: tuple[Value, ...]
    module: ModuleValue
    ref: NodeRef
    key: str = ""
    slots: Slots = field(default_factory=dict[Any, Any])

    def ancestry(self) -> tuple[Value, ...]:
        """The class and its bases, nearest first, each once: `Class`, `External` or other."""
        found: list[Value] = [self]
        for base in self.bases:
            line = base.ancestry() if isinstance(base, Class) else (base,)
            found += [one for one in line if one not in found]
        return tuple(found)

    def externals(self) -> tuple[str, ...]:
        """The dotted names of its bases out of sight."""
        return tuple(one.path for one in self.ancestry() if isinstance(one, External))


@dataclass(eq=False, slots=True)
class Instance(Made):
    """An object of a class in sight."""

    cls: Class
    hint: str = ""
    slots: Slots = field(default_factory=dict[Any, Any])


@dataclass(frozen=True, slots=True)
class Super(Value):
    """`super()` inside a method of `cls`."""

    receiver: Value
    cls: Class


@dataclass(eq=False, slots=True)
class Sequence(Value):
    """A list, tuple or set.

    `slots` has "items", a tuple; "exact": is that all of them? and "count", which is their
    number only where no path left one of them out.
    """

    kind: str
    slots: Slots

    @property
    def items(self) -> tuple[Value, ...]:
        """What is known to be in it, in order."""
        return self.slots["items"]

    @property
    def exact(self) -> bool:
        """Is that all, and in just this number?"""
        return self.slots["exact"]

    @property
    def sure(self) -> bool:
        """Is just this in it on every path?  An item appended in one branch only is not."""
        return self.exact and self.slots.get("count") == len(self.items)


def sequence(
    kind: str, items: tuple[Value, ...], exact: bool = True, sure: bool = True
) -> Sequence:
    """A new list, tuple or set."""
    return Sequence(kind, {"items": items, "exact": exact, "count": len(items) if sure else None})


@dataclass(eq=False, slots=True)
class Mapping(Value):
    """A dict with constant keys: `slots` maps the key's Python value to a Value.

    `OTHERS` in the slots says that there may be further keys, and what they hold.
    """

    slots: Slots


class Others:
    """The key under which a mapping keeps what its unknown keys hold."""

    def __repr__(self) -> str:
        return "OTHERS"


OTHERS = Others()


@dataclass(eq=False, slots=True)
class Stream(Value):
    """Something that yields `element` an unknown number of times (a loader, a generator)."""

    element: Callable[[], Value]
    source: Value | None = None
    length: int | None = None
    opened: tuple[
        Sequence, ...
    ] = ()  # the lists that it takes its elements of, if some are left out


@dataclass(frozen=True, slots=True)
class Alternatives(Value):
    """One of these objects; a must-question needs all of them."""

    options: tuple[Value, ...]


@dataclass(eq=False, slots=True)
class Iterator(Value):
    """Something that can be gone through once.  `slots` has "spent" once that has happened."""

    ref: NodeRef  # where it was made
    slots: Slots = field(default_factory=dict[Any, Any])


@dataclass(frozen=True, slots=True)
class Params(Value):
    """Parameters: all those of `reach`.  Iterating gives one value that stands for them all.

    `once` is the generator that `model.parameters()` gives.
    """

    reach: Reach
    named: bool = False
    once: Iterator | None = None


@dataclass(frozen=True, slots=True)
class Gradient(Value):
    """`p.grad` for all parameters of `reach`."""

    reach: Reach


class Role(Enum):
    """What an object of a library is for."""

    LAYER = "layer"
    LOSS = "loss"
    OPTIMIZER = "optimizer"
    SCALER = "scaler"
    LOADER = "loader"
    SOURCE = "source"  # nothing is known of it but that it yields data
    DATASET = "dataset"
    TRANSFORM = "transform"
    PASSIVE = "passive"  # never touches gradients: schedulers, writers, meters
    HELPER = "helper"  # anything else a library knows how to answer for


@dataclass(eq=False, slots=True)
class Object(Made):
    """An object of a library class: `kind` is its dotted name, `config` its arguments by name."""

    role: Role
    kind: str
    config: dict[str, Value]
    slots: Slots = field(default_factory=dict[Any, Any])
    hint: str = ""
    reach: Reach = NOTHING
    ref: NodeRef | None = None  # the call that made it
    made_by: tuple[NodeRef, ...] = ()  # of layers and norms: that call, and the calls around it
    decisions: tuple[Decision, ...] = ()  # what gives it a bias, if it surely has one


class Order(Enum):
    """In which order the passes over a loader serve its samples."""

    FIXED = "fixed"  # the same in every pass
    SORTED = "sorted"  # the same in every pass, one class after the other
    DRAWN = "drawn"  # another in every pass
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Serving:
    """How a loader serves its data.

    `data` is what the data set is called; `own` the user's class of it.  `published` says that
    the order is that of a known collection, and `told` that `shuffle` was given.
    """

    order: Order = Order.UNKNOWN
    data: str = ""
    own: NodeRef | None = None
    published: bool = False
    told: bool = False


@dataclass(eq=False, slots=True)
class Loader(Object):
    """A loader of batches."""

    serving: Serving = Serving()


@dataclass(frozen=True, slots=True)
class Partial(Value):
    """`functools.partial(callee, ...)`."""

    callee: Value
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Generator(Value):
    """The result of calling a generator function in sight: its body runs when it is iterated."""

    function: Value
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]

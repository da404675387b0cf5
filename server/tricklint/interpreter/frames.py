"""Where names live while code runs: scopes, and the frames of functions and loops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..syntax.ir import Call, NodeRef
    from .loop_marks import First
    from .store import Changes
    from .values import Class, Function, ModuleValue, Reach, Value

STAR = "*"  # under this name a module keeps the packages out of sight that it imports all from


@dataclass(eq=False, slots=True)
class Scope:
    """The names of one function run, and the scope around its definition."""

    names: dict[Any, Any]
    parent: Scope | None = None
    outer: frozenset[str] = frozenset()  # declared global or nonlocal

    def around(self) -> Iterator[Scope]:
        """This scope and those around it, innermost first."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


@dataclass(eq=False, slots=True)
class Loop:
    """One run of a loop: what the paths that left it by `break` or `continue` had changed."""

    start: int
    exact: bool = False  # are its turns all that there are, one by one?
    breaks: list[Changes] = field(default_factory=list["Changes"])
    returns: list[bool] = field(default_factory=list[bool])  # by them: had it met a backward?
    turn: int = 0  # where the store stood when the running turn began
    number: int = 0
    continues: list[Changes] = field(default_factory=list["Changes"])
    conditions: list[bool] = field(default_factory=list[bool])  # open ifs; is the test periodic?
    ref: NodeRef | None = None
    length: int | None = None  # how often it surely runs
    cut: bool = False  # something in it was detached, or a backward ran
    source: Value | None = None  # what a `for` runs over
    cells: dict[Any, Any] = field(default_factory=dict[Any, Any])  # of the running turn
    known: tuple[Value, ...] = ()  # the optimizers in sight when it began
    steppers: list[Value] = field(default_factory=list["Value"])  # those that stepped in it
    backwards: dict[NodeRef, Reach] = field(default_factory=dict["NodeRef", "Reach"])  # its own
    firsts: list[First] = field(default_factory=list["First"])  # that a backward went through


@dataclass(eq=False, slots=True)
class Frame:
    """One run of a function, a class body or a module."""

    module: ModuleValue
    scope: Scope | None  # None: names are the module's own
    function: Function | None = None
    owner: Class | None = None
    receiver: Value | None = None
    start: int = 0
    returns: list[tuple[Changes, Value]] = field(default_factory=list[Any])
    yields: list[Value] = field(default_factory=list["Value"])
    loops: list[Loop] = field(default_factory=list[Loop])
    comprehensions: list[Loop] = field(default_factory=list[Loop])  # those that are running
    decided: int = 0  # open ifs whose test is known
    conditions: list[bool] = field(default_factory=list[bool])
    call: tuple[Call, NodeRef] | None = None  # of the function, where it is written

"""Entry points: where code starts to run.

A module's body is one, its `if __name__ == "__main__"` block another, and so is every function
and method, run with unknown arguments and, for a method, an object built by its own `__init__`.
"""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..syntax import ir
from . import biases, calls, evaluations, events
from .binding import bind_unknown
from .frames import Frame, Scope
from .library import Arguments, Call
from .machine import MOST_FUEL, Cancelled, Machine, OutOfFuel, Record
from .modes import Watch
from .numbers import numbers_of_a_run
from .statements import is_main
from .values import (
    Alternatives,
    Binding,
    Class,
    External,
    Function,
    Instance,
    ModuleValue,
    Value,
)

if TYPE_CHECKING:
    from ..syntax.leaf import Leaf
    from ..syntax.module import Module
    from .gradients import Gradients

log = logging.getLogger("tricklint")


@dataclass(frozen=True, slots=True)
class Entry:
    """Where to start: a function, on an object of a class if it is a method, or the main block."""

    module: ModuleValue
    function: Function | None
    cls: Class | None

    @property
    def name(self) -> str:
        """For messages and memo keys; unique in its module."""
        if self.function is None:
            return "__main__"
        key = self.function.key or self.function.name
        return f"{key} on {self.cls.module.path}:{self.cls.name}" if self.cls else key


@dataclass(slots=True)
class EntryPoints:
    """The entry points of a module; `by_key` are those whose function is its own."""

    value: ModuleValue
    subclasses: dict[Class, list[Class]]
    every: list[Entry]
    by_key: dict[str, list[Entry]] = field(default_factory=dict[str, list[Entry]])

    def __post_init__(self) -> None:
        for entry in self.every:
            function = entry.function
            if function is not None and function.key and function.module is self.value:
                self.by_key.setdefault(function.key, []).append(entry)


def entries(module: ModuleValue, subclasses: dict[Class, list[Class]]) -> Iterator[Entry]:
    """The entry points of a module, beside its body.

    A method of a class with subclasses in sight runs on objects of those: what its hooks do is
    known there.
    """
    yield Entry(module, None, None)
    for value in _own(module):
        if isinstance(value, Function):
            yield Entry(module, value, None)
        elif isinstance(value, Class):
            for function in _methods(value):
                for cls in _final(value, subclasses):
                    yield Entry(module, function, cls)


def _own(module: ModuleValue) -> Iterator[Value]:
    for found in tuple(module.scope.values()):
        for value in found.options if isinstance(found, Alternatives) else (found,):
            if isinstance(value, Function | Class) and value.module is module:
                yield value


def _methods(cls: Class) -> Iterator[Function]:
    for value in cls.slots.values():
        if isinstance(value, Function) and value.owner is cls:
            yield value


def _final(cls: Class, subclasses: dict[Class, list[Class]]) -> list[Class]:
    found: list[Class] = []
    for one in subclasses.get(cls, ()):
        found += [final for final in _final(one, subclasses) if final not in found]
    return found or [cls]


def run_module(machine: Machine, value: ModuleValue, module: Module) -> Record:
    """Run a module's body; what it defines stays."""
    record = Record()
    with _own_run(machine, record, f"the body of {value.path}") as start:
        machine.frames.append(Frame(value, None, start=start))
        try:
            machine.execute(module.outline)
            evaluations.conclude(machine)
        finally:
            value.watch = machine.watch.goes_on()
            machine.store.keep(start)
    return record


def run_entry(machine: Machine, entry: Entry, module: Module, built: Built | None) -> Record:
    """Run one entry point from the state that the module bodies left; nothing of it stays."""
    if built is not None and entry.function is not None and entry.function.name == "__init__":
        return built.record
    record = Record()
    sizes, children = len(machine.sizes), len(machine.children)
    with _own_run(machine, record, f"{entry.name} of {entry.module.path}") as start:
        machine.frames.append(Frame(entry.module, None, start=start))
        if entry.function is None:
            machine.watch = entry.module.watch.goes_on()
            _run_main(machine, module)
            evaluations.conclude(machine)
        else:
            _run_function(machine, entry.function, built)
    _shrink(machine.sizes, sizes)
    _shrink(machine.children, children)
    return record


@dataclass(frozen=True, slots=True)
class Built:
    """An object of a class as its `__init__` leaves it, and what that did to gradients."""

    instance: Instance
    record: Record
    grads: dict[object, Gradients]
    optimizers: dict[Value, str]


def build(machine: Machine, cls: Class) -> Built:
    """An object of a class, built by its `__init__` from unknown arguments; it stays."""
    built = Built(Instance(cls, "self"), Record(), {}, {})
    with _own_run(machine, built.record, f"building a {cls.name}") as start:
        machine.grads, machine.optimizers = built.grads, built.optimizers
        machine.frames.append(Frame(cls.module, None, start=start))
        try:
            _initialise(machine, built.instance)
        finally:
            machine.store.keep(start)
    return built


def _initialise(machine: Machine, instance: Instance) -> None:
    for base in instance.cls.ancestry():
        init = base.slots.get("__init__") if isinstance(base, Class) else None
        if isinstance(init, Function):
            node, leaf = calls.current(machine, init)
            if isinstance(node, ir.FunctionDef):
                _run_alone(machine, init, node, leaf, instance)
            return


@contextmanager
def _own_run(machine: Machine, record: Record, name: str) -> Generator[int]:
    """Set aside what belongs to the run in progress, for a run of its own; undo what it leaves."""
    outer = (machine.record, machine.fuel, machine.frames, machine.leaf, machine.invoked)
    state = (machine.grads, machine.optimizers, machine.discarded, machine.grad_off)
    call_node = machine.call_node
    watch, machine.watch = machine.watch, Watch()
    machine.record, machine.fuel, machine.frames, machine.leaf = record, MOST_FUEL, [], None
    machine.invoked = set()
    machine.grads, machine.optimizers, machine.discarded, machine.grad_off = {}, {}, False, 0
    start = machine.store.mark()
    try:
        with numbers_of_a_run():
            yield start
    except OutOfFuel:
        record.exhausted = True
    except Cancelled:
        raise
    except Exception:  # a fault of ours costs what is not yet known, never the other findings
        log.exception("%s cannot be followed", name)
    finally:
        record.steps = MOST_FUEL - machine.fuel
        machine.record, machine.fuel, machine.frames, machine.leaf, machine.invoked = outer
        machine.grads, machine.optimizers, machine.discarded, machine.grad_off = state
        machine.call_node = call_node
        machine.watch = watch
        machine.store.undo(start)


def _shrink(cells: dict[Any, Any], size: int) -> None:
    while len(cells) > size:
        cells.popitem()


def _run_main(machine: Machine, module: Module) -> None:
    for section in module.outline:
        for statement in section.body:
            if isinstance(statement, ir.If) and is_main(statement.test):
                machine.leaf = section.leaf
                machine.execute(statement.body)


def _run_function(machine: Machine, function: Function, built: Built | None) -> None:
    node, leaf = calls.current(machine, function)
    if isinstance(node, ir.Lambda) or calls.is_hook(function, node):
        return
    machine.leaf = leaf
    receiver: Value | None = None
    if built is not None:
        receiver = built.instance
        machine.record.functions |= built.record.functions
        machine.record.modules |= built.record.modules
        machine.grads = dict(built.grads)
        machine.optimizers = dict(built.optimizers)
    _run_alone(machine, function, node, leaf, receiver)


def _run_alone(
    machine: Machine,
    function: Function,
    node: ir.FunctionDef,
    leaf: Leaf,
    receiver: Value | None,
) -> None:
    """Run a function with unknown arguments."""
    scope = Scope({}, function.closure)
    frame = Frame(function.module, scope, function, function.owner, start=machine.store.mark())
    if receiver is not None and node.params and function.binding is not Binding.STATIC:
        if function.binding is Binding.CLASS and isinstance(receiver, Instance):
            receiver = receiver.cls
        frame.receiver = receiver
        scope.names[node.params[0].name] = receiver
    machine.invoked.add(function)
    bind_unknown(machine, node.params, scope, _annotations(machine, node, leaf))
    for value in scope.names.values():
        events.notice(machine, value)
    result = calls.run_body(machine, frame, leaf, node.body, ir.NodeRef(leaf, node.at))
    biases.hand_out(machine, result)
    if receiver is not None:
        _hand_to_framework(machine, function, receiver, result, ir.NodeRef(leaf, node.at))
    evaluations.conclude(machine)
    machine.watch = machine.watch.inherit()
    run_uncalled(machine, scope, node, leaf)


def _hand_to_framework(
    machine: Machine, function: Function, receiver: Value, result: Value, ref: ir.NodeRef
) -> None:
    """A method that a framework calls: the library knows what becomes of the result."""
    handler = machine.lookup(machine.tables.all.results, receiver, function.name)
    if handler is not None:
        handler(Call(machine, ref, Arguments((result,)), receiver, function.name))


def _annotations(machine: Machine, node: ir.FunctionDef, leaf: Leaf) -> dict[str, str]:
    """The dotted names of the parameters' classes, where an annotation names one."""
    found: dict[str, str] = {}
    outer, machine.leaf = machine.leaf, leaf
    for param in node.params:
        if isinstance(param.annotation, ir.Name | ir.Attribute):
            value = machine.evaluate(param.annotation)
            if isinstance(value, External):
                found[param.name] = machine.tables.canonical(value.path)
    machine.leaf = outer
    return found


def run_uncalled(machine: Machine, scope: Scope, node: ir.FunctionDef, leaf: Leaf) -> None:
    """Nested functions that nothing in sight calls are called by something out of sight."""
    for value in tuple(scope.names.values()):
        if not isinstance(value, Function) or value in machine.invoked or value.key is not None:
            continue
        inner = value.node
        if isinstance(inner, ir.FunctionDef) and value.closure is scope:
            _run_alone(machine, value, inner, value.leaf, None)

"""Context managers: what happens before and behind the body of a `with`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import calls
from .library import Arguments, Call
from .values import Generator, Instance, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .machine import Machine


def enter(machine: Machine, manager: Value, ref: NodeRef) -> Value:
    """What `with manager` does before its body, and binds."""
    handler = machine.lookup(machine.tables.all.methods, manager, "__enter__")
    if handler is not None:
        return handler(Call(machine, ref, Arguments(), manager, "__enter__"))
    if isinstance(manager, Generator):
        found: list[Value] = []
        machine.perhaps(lambda: found.append(calls.run_generator(machine, manager, ref)))
        return found[0]
    if isinstance(manager, Instance):
        return calls.call_method(machine, manager, "__enter__", Arguments(), ref)
    return manager


def leave(machine: Machine, manager: Value, ref: NodeRef) -> None:
    """What it does behind the body."""
    handler = machine.lookup(machine.tables.all.methods, manager, "__exit__")
    if handler is not None:
        handler(Call(machine, ref, Arguments(), manager, "__exit__"))
    elif isinstance(manager, Generator):
        machine.perhaps(lambda: calls.run_generator(machine, manager, ref))
    elif isinstance(manager, Instance):
        calls.call_method(machine, manager, "__exit__", Arguments(), ref)

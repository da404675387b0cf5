"""Binding values to targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..syntax import ir
from . import attributes, sizes
from .iteration import turns
from .joins import join
from .store import MISSING, Cells
from .tensors import ShapeOf, Tensor
from .values import Alternatives, Instance, Object, Sequence, Unknown, Value, sequence

if TYPE_CHECKING:
    from .machine import Machine


def assign(machine: Machine, target: ir.Expression, value: Value) -> None:
    """`target = value`."""
    if isinstance(target, ir.Name):
        assign_name(machine, target.id, value)
        if machine.observer is not None:
            machine.observer(machine.ref(target.at), target.id, value)
    elif isinstance(target, ir.Attribute):
        owner = machine.evaluate(target.value)
        ref = machine.ref(target.at)
        attributes.set_attribute(machine, owner, target.attr, value, ref)
    elif isinstance(target, ir.Subscript):
        owner = machine.evaluate(target.value)
        index = machine.evaluate(target.index)
        attributes.set_item(machine, owner, index, value, machine.ref(target.at))
    elif isinstance(target, ir.Sequence):
        _unpack(machine, target.items, value)
    elif isinstance(target, ir.Starred):
        assign(machine, target.value, value)


def assign_name(machine: Machine, name: str, value: Value) -> None:
    """Bind a name where Python would."""
    if isinstance(value, Unknown | Object | Instance) and not value.hint:
        value.hint = name
    machine.store.put(_home(machine, name), name, value)


def _home(machine: Machine, name: str) -> Cells:
    scope = machine.frame.scope
    if scope is None:
        return machine.frame.module.scope
    if name not in scope.outer:
        return scope.names
    around = scope.parent.around() if scope.parent is not None else ()
    for outer in around:
        if name in outer.names:
            return outer.names
    return machine.frame.module.scope


def scope_of_names(machine: Machine) -> Cells:
    """Where plain names are bound now."""
    scope = machine.frame.scope
    return machine.frame.module.scope if scope is None else scope.names


def _unpack(machine: Machine, targets: tuple[ir.Expression, ...], value: Value) -> None:
    starred = [n for n, one in enumerate(targets) if isinstance(one, ir.Starred)]
    if starred:
        values = _unpack_starred(machine, targets, value, starred[0])
    else:
        values = unpacked(machine, value, targets)
    for target, one in zip(targets, values, strict=True):
        assign(machine, target, one)


def _unpack_starred(
    machine: Machine, targets: tuple[ir.Expression, ...], value: Value, star: int
) -> list[Value]:
    after = len(targets) - star - 1
    if isinstance(value, Sequence) and value.exact and len(value.items) >= len(targets) - 1:
        items = value.items
        middle = sequence("list", items[star : len(items) - after])
        return [*items[:star], middle, *items[len(items) - after :]]
    whole: list[Value] = []
    for number in range(len(targets)):
        index = number if number < star else number - len(targets)
        if isinstance(value, ShapeOf) and number != star:
            whole.append(sizes.number(sizes.axis(machine, value.tensor, index)))
        else:
            whole.append(Unknown(given=isinstance(value, Unknown) and value.given))
    return whole


def unpacked(
    machine: Machine, value: Value, targets: tuple[ir.Expression, ...]
) -> tuple[Value, ...]:
    """The parts of a value that is unpacked into so many targets."""
    count = len(targets)
    if isinstance(value, Sequence) and len(value.items) == count:
        return value.items
    if isinstance(value, ShapeOf):
        names = tuple(one.id if isinstance(one, ir.Name) else "" for one in targets)
        return sizes.unpack_shape(machine, value.tensor, names)
    if isinstance(value, Unknown):
        return tuple(
            found
            if (found := value.slots.get(("item", n), MISSING)) is not MISSING
            else value.child(("item", n), _name(targets[n]))
            for n in range(count)
        )
    if isinstance(value, Alternatives):
        return _unpack_alternatives(machine, value, targets)
    if isinstance(value, Tensor):
        return tuple(turns(machine, value, None).item(0) for _ in range(count))
    if isinstance(value, Sequence):
        found = turns(machine, value, None)
        return tuple(found.item(n) if value.items else Unknown() for n in range(count))
    return tuple(Unknown(_name(one)) for one in targets)


def _unpack_alternatives(
    machine: Machine, value: Alternatives, targets: tuple[ir.Expression, ...]
) -> tuple[Value, ...]:
    parts = [unpacked(machine, option, targets) for option in value.options]
    result = list(parts[0])
    for other in parts[1:]:
        result = [join(a, b) for a, b in zip(result, other, strict=True)]
    return tuple(result)


def _name(target: ir.Expression) -> str:
    return target.id if isinstance(target, ir.Name) else ""

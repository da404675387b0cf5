"""What a loop runs over: exact items where they are known, else what stands for each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import biases, calls
from .library import Arguments, Call
from .shape import Shape
from .sizes import shape_of
from .tensors import Tensor
from .values import (
    OTHERS,
    Alternatives,
    Constant,
    Generator,
    Instance,
    Mapping,
    Params,
    Sequence,
    Stream,
    Unknown,
    Value,
    sequence,
)

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .machine import Machine

MOST_UNROLLED = 6
ENDLESS = 2  # iterations that stand for any number of them


@dataclass(frozen=True, slots=True)
class Turns:
    """The turns of a loop.  Without `exact`, `count` turns stand for any number of them."""

    count: int
    exact: bool
    item: Callable[[int], Value]
    opened: tuple[Sequence, ...] = ()  # lists of which not all items get their turn


def turns(machine: Machine, value: Value, ref: NodeRef | None) -> Turns:
    """How often a loop over this value runs, and over what."""
    if isinstance(value, Sequence):
        found = _of_items(value.items, value.exact)
        return found if found.exact or len(value.items) < 2 else replace(found, opened=(value,))
    if isinstance(value, Mapping):
        keys = tuple(Constant(key) for key in value.slots if key is not OTHERS)
        return _of_items(keys, OTHERS not in value.slots)
    if isinstance(value, Params):
        return Turns(1, True, lambda _: _one_parameter(value))
    if isinstance(value, Alternatives):
        return _of_alternatives(machine, value, ref)
    if isinstance(value, Stream):
        if value.length is not None and value.length <= MOST_UNROLLED:
            return Turns(value.length, True, lambda _: value.element())
        return Turns(ENDLESS, False, lambda _: value.element(), value.opened)
    if isinstance(value, Generator):
        return _endless(lambda: _generated(machine, value, ref))
    if isinstance(value, Tensor):
        return _endless(lambda: _row(machine, value))
    if isinstance(value, Unknown):
        return _endless(lambda: value.child("element", ""))
    return _of_object(machine, value, ref)


def _of_items(items: tuple[Value, ...], exact: bool) -> Turns:
    if not items:
        return Turns(0, True, lambda _: Unknown()) if exact else _endless(Unknown)
    last = len(items) - 1
    unrolled = exact and len(items) <= MOST_UNROLLED
    return Turns(
        len(items) if unrolled else ENDLESS, unrolled, lambda number: items[min(number, last)]
    )


def _endless(element: Callable[[], Value]) -> Turns:
    return Turns(ENDLESS, False, lambda _: element())


def _one_parameter(value: Params) -> Value:
    one = Params(value.reach)
    return sequence("tuple", (Unknown("name"), one)) if value.named else one


def _row(machine: Machine, value: Tensor) -> Value:
    biases.see(machine, value)
    shape = shape_of(machine, value)
    row = Shape(shape.dims[1:]) if shape is not None and not shape.prefix else None
    return Tensor(value.reach, row)


def _generated(machine: Machine, value: Generator, ref: NodeRef | None) -> Value:
    """The generator's body may run between two turns."""
    found: list[Value] = []
    assert ref is not None
    machine.perhaps(lambda: found.append(calls.run_generator(machine, value, ref)))
    return found[0]


def _of_alternatives(machine: Machine, value: Alternatives, ref: NodeRef | None) -> Turns:
    options = [turns(machine, option, ref) for option in value.options]

    def item(number: int) -> Value:
        def of(option: Value) -> Value:
            one = options[value.options.index(option)]
            return one.item(min(number, max(one.count - 1, 0))) if one.count else Unknown()

        return machine.choose(value.options, of)

    return Turns(ENDLESS, False, item)


def _of_object(machine: Machine, value: Value, ref: NodeRef | None) -> Turns:
    if isinstance(value, Instance) and ref is not None:
        found = calls.call_method(machine, value, "__iter__", Arguments(), ref)
        if isinstance(found, Generator | Stream | Sequence):
            return turns(machine, found, ref)
    handler = machine.lookup(machine.tables.all.methods, value, "__iter__")
    if handler is not None and ref is not None:
        found = handler(Call(machine, ref, Arguments(), value, "__iter__"))
        if isinstance(found, Sequence | Params | Stream | Mapping):
            return turns(machine, found, ref)
    element = machine.child(value, "element", "")
    return _endless(lambda: element)

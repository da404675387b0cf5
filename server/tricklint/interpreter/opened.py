"""Containers of layers that are gone through in a way that was not followed to the end.

Of a long loop only the first turns run.  What it does with the other layers is not known, so
whatever they put out may be looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ..syntax import ir
from . import biases
from .search import parts, statements
from .values import Alternatives, Instance, Mapping, Object, Sequence, Value

if TYPE_CHECKING:
    from .machine import Machine

_DEEPEST = 12
_ASKING = ("isinstance", "type", "print", "hasattr", "id", "len", "str")


def need_all(machine: Machine, value: Value, deep: bool = False) -> None:
    """Any of the layers in a list may be looked at; `deep`: also of those in modules in it."""
    layers = frozenset(_layers(value, deep, set()))
    if layers:
        biases.need(machine, layers)


def _layers(value: Value, deep: bool, seen: set[int], depth: int = 0) -> Iterator[Object]:
    if id(value) in seen or depth > _DEEPEST:
        return
    seen.add(id(value))
    held: Iterable[object] = ()
    if isinstance(value, Object) and value.decisions:
        yield value
    elif isinstance(value, Sequence):
        held = value.items
    elif isinstance(value, Alternatives):
        held = value.options
    elif isinstance(value, Mapping) or (deep and isinstance(value, Object | Instance)):
        held = value.slots.values()
    for one in held:
        if isinstance(one, Value):
            yield from _layers(one, deep, seen, depth + 1)


def by_loop(machine: Machine, node: ir.For, opened: tuple[Sequence, ...], walked: int) -> None:
    """A loop runs with its first item now; `walked` are those that it will run with."""
    left = _left_out(opened, walked)
    leaf = machine.leaf
    if left and leaf is not None:
        body = [part for one, _ in statements(node.body, leaf) for part in parts(one)]
        _need_if_used(machine, node.target, body, opened, left)


def by_comprehension(
    machine: Machine, node: ir.Comprehension, target: ir.Expression, opened: tuple[Sequence, ...]
) -> None:
    """A comprehension runs with the first item alone."""
    left = _left_out(opened, 1)
    if left:
        tests = [test for one in node.generators for test in one.conditions]
        results = [one for one in (node.key, node.element) if one is not None]
        _need_if_used(machine, target, [*results, *tests], opened, left)


def _need_if_used(
    machine: Machine,
    target: ir.Expression,
    code: list[ir.Node],
    opened: tuple[Sequence, ...],
    left: frozenset[Object],
) -> None:
    """Where layers are called, the first ones tell of themselves; where they are kept, none do."""
    for name in _targets(target):
        value = machine.evaluate(name)
        if not isinstance(value, Object | Instance | Alternatives):
            continue
        if any(_names(one, name.id) or _is_given(one, name.id) for one in code):
            for one in opened:
                need_all(machine, one)
        elif any(_is_called(one, name.id) for one in code):
            biases.need(machine, left)


def _targets(node: ir.Node) -> Iterator[ir.Name]:
    if isinstance(node, ir.Name):
        yield node
    for part in parts(node):
        yield from _targets(part)


def _left_out(opened: tuple[Sequence, ...], walked: int) -> frozenset[Object]:
    """The layers that those which are walked do not stand for.

    Layers of the same call, with the same behind them, fare alike.
    """
    found: set[Object] = set()
    for one in opened:
        items = one.items
        known = {key for at in range(walked) for _, key in _keys(items, at, one.exact)}
        for at in range(walked, len(items)):
            found.update(layer for layer, key in _keys(items, at, one.exact) if key not in known)
    return frozenset(found)


def _keys(items: tuple[Value, ...], at: int, exact: bool) -> Iterator[tuple[Object, object]]:
    if at >= len(items):
        return
    behind = items[at + 1] if at + 1 < len(items) else items[at - 1 if exact else at]
    kind = (behind.kind if isinstance(behind, Object) else None, exact and at + 1 == len(items))
    for layer in _layers(items[at], False, set()):
        yield layer, (tuple(one.call for one in layer.decisions), kind)


def _is_called(node: ir.Node, name: str) -> bool:
    if isinstance(node, ir.Call) and _names(node.func, name):
        return True
    return any(_is_called(part, name) for part in parts(node))


def _is_given(node: ir.Node, name: str) -> bool:
    """To read its attributes, or to ask what it is, is no use."""
    if isinstance(node, ir.Call):
        asks = isinstance(node.func, ir.Name) and node.func.id in _ASKING
        if not asks and any(_names(one.value, name) for one in node.args):
            return True
    return any(_is_given(part, name) for part in parts(node))


def _names(node: ir.Node, name: str) -> bool:
    return isinstance(node, ir.Name) and node.id == name

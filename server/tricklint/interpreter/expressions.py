"""The value of each kind of expression."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from ..syntax import ir
from . import attributes, biases, calls, forwards, labels, opened, operators
from .assign import assign, assign_name, scope_of_names
from .frames import STAR, Loop
from .iteration import turns
from .joins import join
from .library import Arguments
from .machine import evaluates
from .store import MISSING
from .values import (
    NOTHING,
    OTHERS,
    Constant,
    External,
    Function,
    Mapping,
    Sequence,
    Super,
    Unknown,
    Value,
    sequence,
)

if TYPE_CHECKING:
    from .machine import Machine

_BUILTINS = frozenset(dir(builtins))


@evaluates(ir.Name)
def _name(machine: Machine, node: ir.Name) -> Value:
    return lookup(machine, node.id)


def lookup(machine: Machine, name: str) -> Value:
    """What a name means here."""
    frame = machine.frame
    if frame.scope is not None:
        for scope in frame.scope.around():
            if name in scope.names and name not in scope.outer:
                return scope.names[name]
    module = frame.module
    found = module.scope.get(name)
    if found is not None:
        return found
    if name in _BUILTINS:
        return machine.tables.external(f"builtins.{name}")
    if name == "__name__":
        return Unknown("__name__")
    starred = [f"{path}.{name}" for path in module.scope.get(STAR, ())]
    known = [path for path in starred if machine.tables.knows(path)]
    if known or len(starred) == 1:
        return machine.tables.external((known or starred)[-1])
    return machine.child(module, name, name)


@evaluates(ir.Constant)
def _constant(machine: Machine, node: ir.Constant) -> Value:
    return Constant(node.value)


@evaluates(ir.Attribute)
def _attribute(machine: Machine, node: ir.Attribute) -> Value:
    value = machine.evaluate(node.value)
    result = attributes.get_attribute(machine, value, node.attr, machine.ref(node.at))
    if machine.watch.outputs:
        forwards.derive(machine, (value,), result)
    return result


@evaluates(ir.Subscript)
def _subscript(machine: Machine, node: ir.Subscript) -> Value:
    value = machine.evaluate(node.value)
    index = machine.evaluate(node.index)
    result = attributes.get_item(machine, value, index, machine.ref(node.at))
    if machine.watch.outputs:
        forwards.derive(machine, (value,), result)
    return result


@evaluates(ir.Slice)
def _slice(machine: Machine, node: ir.Slice) -> Value:
    parts = (node.lower, node.upper, node.step)
    return sequence(
        "slice", tuple(Constant(None) if one is None else machine.evaluate(one) for one in parts)
    )


@evaluates(ir.Call)
def _call(machine: Machine, node: ir.Call) -> Value:
    ref = machine.ref(node.at)
    discarded, machine.discarded = machine.discarded, False
    func = node.func
    receiver: Value | None = None
    args = Arguments()
    if isinstance(func, ir.Attribute):
        receiver = machine.evaluate(func.value)
        args = arguments(machine, node.args)
        machine.call_node, machine.discarded = node, discarded
        result = calls.call_method(machine, receiver, func.attr, args, ref)
    elif isinstance(func, ir.Name) and func.id == "super":
        result = _super(machine, node)
    else:
        callee = machine.evaluate(func)
        collects = isinstance(callee, External) and callee.path in machine.tables.all.collecting
        args = arguments(machine, node.args, at_once=collects)
        machine.call_node, machine.discarded = node, discarded
        result = calls.call(machine, callee, args, ref)
    machine.discarded = discarded
    if machine.watch.outputs:
        sources = (*(() if receiver is None else (receiver,)), *args.values())
        forwards.follow(machine, node, sources, result, discarded)
    return result


def _super(machine: Machine, node: ir.Call) -> Value:
    for frame in reversed(machine.frames):
        if frame.owner is not None and frame.receiver is not None:
            return Super(frame.receiver, frame.owner)
    return Unknown("super()")


def arguments(
    machine: Machine, written: tuple[ir.Argument, ...], at_once: bool = False
) -> Arguments:
    """The arguments of a call, unpacked as far as they are known.

    `at_once`: a generator among them is gone through before anything else happens.
    """
    positional: list[Value] = []
    keywords: list[tuple[str, Value]] = []
    is_open = False
    for one in written:
        if at_once and isinstance(one.value, ir.Comprehension):
            machine.tick()
            value = _comprehend(machine, one.value)
        else:
            value = machine.evaluate(one.value)
        if one.keyword is not None:
            keywords.append((one.keyword, value))
        elif one.star == "*":
            known = value.items if isinstance(value, Sequence) else (value,)
            positional += known
            is_open |= not (isinstance(value, Sequence) and value.exact)
        elif one.star == "**":
            if isinstance(value, Mapping):
                keywords += [(k, v) for k, v in value.slots.items() if isinstance(k, str)]
            is_open |= not isinstance(value, Mapping) or OTHERS in value.slots
        else:
            positional.append(value)
    return Arguments(tuple(positional), tuple(keywords), is_open)


@evaluates(ir.Unary)
def _unary(machine: Machine, node: ir.Unary) -> Value:
    operand = machine.evaluate(node.operand)
    result = operators.unary(machine, node.op, operand)
    if machine.watch.outputs:
        forwards.derive(machine, (operand,), result)
    return result


@evaluates(ir.Binary)
def _binary(machine: Machine, node: ir.Binary) -> Value:
    left = machine.evaluate(node.left)
    if node.op in ("and", "or"):
        return _logical(machine, node, left)
    right = machine.evaluate(node.right)
    result = operators.binary(machine, node.op, left, right, machine.ref(node.at))
    if machine.watch.outputs:
        forwards.derive(machine, (left, right), result)
    return result


def _logical(machine: Machine, node: ir.Binary, left: Value) -> Value:
    truth = operators.truth(left)
    if truth is (node.op == "or"):
        return left
    if truth is not None:
        return machine.evaluate(node.right)
    result = left

    def right() -> bool:
        nonlocal result
        result = join(result, machine.evaluate(node.right))
        return True

    machine.branch((right, lambda: True))
    return result


_OF_NUMBERS = frozenset(("==", "!=", "<", "<=", ">", ">="))  # tensors are compared one by one


@evaluates(ir.Compare)
def _compare(machine: Machine, node: ir.Compare) -> Value:
    left = machine.evaluate(node.left)
    result: Value | None = None
    for op, right_node in node.comparisons:
        right = machine.evaluate(right_node)
        if op not in ("is", "is not"):
            biases.see(machine, left)
            biases.see(machine, right)
        if machine.watch.outputs:
            forwards.measure(machine, (left, right))
        # Labels that are compared with a constant select a class, and say nothing else.
        if machine.labelled and not isinstance(left, Constant) and not isinstance(right, Constant):
            labels.read(machine, (left, right))
        one = operators.compare(op, left, right)
        if isinstance(one, Unknown) and op in _OF_NUMBERS:
            one = operators.mask(machine, left, right) or one
        result = one if result is None else operators.both(result, one)
        left = right
    return result or Unknown(reach=NOTHING)


@evaluates(ir.Conditional)
def _conditional(machine: Machine, node: ir.Conditional) -> Value:
    truth = operators.truth(machine.evaluate(node.test))
    if truth is not None:
        return machine.evaluate(node.body if truth else node.orelse)
    results: list[Value] = []

    def way(expression: ir.Expression) -> bool:
        results.append(machine.evaluate(expression))
        return True

    machine.branch((lambda: way(node.body), lambda: way(node.orelse)))
    return join(results[0], results[1])


@evaluates(ir.Sequence)
def _sequence(machine: Machine, node: ir.Sequence) -> Value:
    items: list[Value] = []
    exact = True
    for one in node.items:
        if isinstance(one, ir.Starred):
            value = machine.evaluate(one.value)
            if isinstance(value, Sequence):
                items += value.items
                exact &= value.exact
            else:
                exact = False
        else:
            items.append(machine.evaluate(one))
    return sequence(node.kind, tuple(items), exact)


@evaluates(ir.Starred)
def _starred(machine: Machine, node: ir.Starred) -> Value:
    return machine.evaluate(node.value)


@evaluates(ir.Dict)
def _dict(machine: Machine, node: ir.Dict) -> Value:
    found = Mapping({})
    for key_node, value_node in node.items:
        value = machine.evaluate(value_node)
        if key_node is None:
            if isinstance(value, Mapping):
                found.slots.update(value.slots)
            else:
                found.slots[OTHERS] = value
            continue
        key = machine.evaluate(key_node)
        if isinstance(key, Constant):
            found.slots[key.value] = value
        else:
            found.slots[OTHERS] = join(found.slots.get(OTHERS, MISSING), value)
    return found


@evaluates(ir.Comprehension)
def _comprehension(machine: Machine, node: ir.Comprehension) -> Value:
    if node.kind != "generator":
        return _comprehend(machine, node)
    machine.watch.aside += 1
    try:
        return _comprehend(machine, node)
    finally:
        machine.watch.aside -= 1


def _comprehend(machine: Machine, node: ir.Comprehension) -> Value:
    results: list[tuple[Value | None, Value]] = []
    names = scope_of_names(machine)
    before = dict(names)
    exact = _generate(machine, node, 0, results)
    for name in [key for key in names if names.get(key) is not before.get(key, MISSING)]:
        machine.store.put(names, name, before.get(name, MISSING))
    if node.kind != "dict":
        kind = "list" if node.kind == "generator" else node.kind
        return sequence(kind, tuple(value for _, value in results), exact)
    found = Mapping({})
    for key, value in results:
        if isinstance(key, Constant):
            found.slots[key.value] = value
        else:
            found.slots[OTHERS] = join(found.slots.get(OTHERS, MISSING), value)
    return found


def _generate(
    machine: Machine,
    node: ir.Comprehension,
    depth: int,
    results: list[tuple[Value | None, Value]],
) -> bool:
    """Run the generators from `depth` on; False if the number of results is not known."""
    if depth == len(node.generators):
        key = machine.evaluate(node.key) if node.key is not None else None
        results.append((key, machine.evaluate(node.element)))
        return True
    generator = node.generators[depth]
    source = machine.evaluate(generator.iter)
    found = turns(machine, source, machine.ref(node.at))
    exact = found.exact
    loop = Loop(machine.store.mark(), exact, ref=machine.ref(node.at), source=source)
    running = machine.frame.comprehensions
    running.append(loop)
    try:
        for number in range(found.count if exact else 1):
            loop.number += 1
            assign(machine, generator.target, found.item(number))
            if found.opened:
                opened.by_comprehension(machine, node, generator.target, found.opened)
            keeps = [operators.truth(machine.evaluate(test)) for test in generator.conditions]
            if False in keeps:
                continue
            exact &= None not in keeps
            exact &= _generate(machine, node, depth + 1, results)
    finally:
        running.pop()
    return exact


@evaluates(ir.Lambda)
def _lambda(machine: Machine, node: ir.Lambda) -> Value:
    assert machine.leaf is not None
    frame = machine.frame
    defaults = {
        one.name: machine.evaluate(one.default) for one in node.params if one.default is not None
    }
    return Function("lambda", node, machine.leaf, frame.module, frame.scope, defaults)


@evaluates(ir.Joined)
def _joined(machine: Machine, node: ir.Joined) -> Value:
    for value in node.values:
        machine.evaluate(value)
    return Unknown(reach=NOTHING)


@evaluates(ir.Named)
def _named(machine: Machine, node: ir.Named) -> Value:
    value = machine.evaluate(node.value)
    assign_name(machine, node.target.id, value)
    return value


@evaluates(ir.Await)
def _await(machine: Machine, node: ir.Await) -> Value:
    return machine.evaluate(node.value)


@evaluates(ir.Yield)
def _yield(machine: Machine, node: ir.Yield) -> Value:
    value = Constant(None) if node.value is None else machine.evaluate(node.value)
    if node.is_from:
        value = turns(machine, value, machine.ref(node.at)).item(0)
    biases.see(machine, value)
    machine.frame.yields.append(value)
    return Unknown()

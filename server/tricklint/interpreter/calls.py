"""Calling things: in sight they are inlined, a library answers for its own, the rest is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..syntax import ir
from . import attributes, clips, contexts, events, forwards, labels, mode_events, pixels
from .binding import bind_parameters
from .frames import Frame, Scope
from .joins import join
from .library import Arguments, Call
from .machine import MOST_DEPTH
from .search import self_assignments
from .tensors import Tensor
from .values import (
    NONE,
    NOTHING,
    Alternatives,
    Bound,
    Class,
    Constant,
    External,
    Function,
    Generator,
    Instance,
    Mapping,
    Object,
    Partial,
    Reach,
    Role,
    Sequence,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from ..syntax.leaf import Leaf
    from .machine import Machine


def call(machine: Machine, callee: Value, args: Arguments, ref: ir.NodeRef) -> Value:
    """`callee(args)`."""
    if isinstance(callee, Function):
        return invoke(machine, callee, args, ref)
    if isinstance(callee, Bound):
        if callee.function is not None:
            return invoke(machine, callee.function, args.after(callee.receiver), ref)
        return call_method(machine, callee.receiver, callee.name, args, ref)
    if isinstance(callee, External):
        return _call_external(machine, callee, args, ref)
    if isinstance(callee, Class):
        return instantiate(machine, callee, args, ref)
    if isinstance(callee, Alternatives):
        return machine.choose(callee.options, lambda one: call(machine, one, args, ref))
    if isinstance(callee, Partial):
        keywords = (*args.keywords, *callee.keywords)
        return call(
            machine,
            callee.callee,
            Arguments(callee.args + args.positional, keywords, args.open),
            ref,
        )
    return _call_object(machine, callee, args, ref)


def _call_object(machine: Machine, callee: Value, args: Arguments, ref: ir.NodeRef) -> Value:
    if isinstance(callee, Instance):
        method = _find(callee, "__call__")
        if method is not None:
            return invoke(machine, method, args.after(callee), ref)
    if machine.labelled:
        labels.read(machine, args.values())
    keys = machine.keys(callee)
    for key in keys:
        handler = machine.tables.all.calls.get(key)
        if handler is not None:
            made = Call(machine, ref, args, callee, "__call__")
            if Role.LAYER in keys:
                return forwards.run(machine, handler, made)
            if Role.LOSS in keys:
                pixels.see(machine, *args.values())
                if machine.watch.outputs:
                    forwards.measure(machine, args.values())
            return handler(made)
    return unknown_call(machine, callee, args)


def _find(instance: Instance, name: str) -> Function | None:
    for base in instance.cls.ancestry():
        found = base.slots.get(name) if isinstance(base, Class) else None
        if isinstance(found, Function):
            return found
    return None


def _call_external(machine: Machine, callee: External, args: Arguments, ref: ir.NodeRef) -> Value:
    path = machine.tables.canonical(callee.path)
    handler = machine.tables.all.functions.get(path)
    if machine.labelled:
        labels.read(machine, args.values())
    if handler is not None:
        return handler(Call(machine, ref, args, NONE, path))
    owner, _, method = path.rpartition(".")
    if args.positional and (owner, method) in machine.tables.all.methods:
        rest = Arguments(args.positional[1:], args.keywords, args.open)
        handler = machine.tables.all.methods[owner, method]
        return handler(Call(machine, ref, rest, args.positional[0], method))
    return unknown_call(machine, callee, args)


def call_method(
    machine: Machine, receiver: Value, name: str, args: Arguments, ref: ir.NodeRef
) -> Value:
    """`receiver.name(args)`."""
    if isinstance(receiver, Alternatives):
        return machine.choose(
            receiver.options, lambda one: call_method(machine, one, name, args, ref)
        )
    if name == "forward" and _is_model(machine, receiver):
        return call(machine, receiver, args, ref)
    if _is_written(receiver, name):
        found = attributes.get_attribute(machine, receiver, name, ref)
        if not (isinstance(found, Bound) and found.function is None):
            observer = machine.lookup(machine.tables.all.observers, receiver, name)
            if observer is not None:
                observer(Call(machine, ref, args, receiver, name))
            if machine.optimizers and _is_inherited(receiver, name, found):
                events.escape(machine, receiver, machine.discarded)
            return call(machine, found, args, ref)
        receiver = found.receiver
    if isinstance(receiver, Tensor):
        pixels.touch_by_method(machine, receiver, name)
    if machine.labelled:
        labels.read(machine, args.values())
    handler = machine.lookup(machine.tables.all.methods, receiver, name)
    if handler is not None:
        return handler(Call(machine, ref, args, receiver, name))
    return unknown_call(machine, receiver, args, name)


def _is_model(machine: Machine, receiver: Value) -> bool:
    """`model.forward(x)` is `model(x)` without the hooks, if the class makes nothing else of it."""
    if isinstance(receiver, Instance) and _find(receiver, "__call__") is not None:
        return False
    return isinstance(receiver, Instance | Object) and Role.LAYER in machine.keys(receiver)


def _is_written(receiver: Value, name: str) -> bool:
    """Is the attribute one that code in sight made, rather than a library's method?"""
    if isinstance(receiver, Instance):
        return True
    if isinstance(receiver, Object | Unknown):
        return name in receiver.slots
    return not isinstance(receiver, Tensor | Sequence | Mapping | Constant)


def _is_inherited(receiver: Value, name: str, found: Value) -> bool:
    """Is it a method of a base out of sight?  It has the whole object in hand."""
    if not isinstance(receiver, Instance) or not isinstance(found, Unknown):
        return False
    return name not in receiver.slots


def unknown_call(machine: Machine, callee: Value, args: Arguments, method: str = "") -> Value:
    """A call out of sight: it may do anything to what it receives; its result depends on it."""
    passive = isinstance(callee, External) and machine.tables.is_passive(callee.path)
    if not passive and not (method and method in machine.tables.all.passive_methods):
        _hand_out(machine, callee, args, method)
    if not passive or (isinstance(callee, External) and machine.tables.computes(callee.path)):
        pixels.see(machine, *args.values())
    is_model = isinstance(callee, Unknown) and not method
    if is_model and callee in machine.watch.uncalled:
        machine.report(machine.watch.uncalled[callee])  # what is called on data is a model
    reach = Reach(frozenset((callee,) if is_model else ()), not passive)
    for value in (callee, *args.values()):
        if not isinstance(value, External | Function | Class):
            reach = reach | events.reach_of(machine, value)
    if machine.no_grad:
        reach = NOTHING
    return Unknown(_result_name(callee, method), reach)


def _hand_out(machine: Machine, callee: Value, args: Arguments, method: str) -> None:
    """What code out of sight may do to what it gets hold of."""
    for value in args.values():
        events.escape(machine, value, machine.discarded)
        if machine.discarded:
            pixels.touch(machine, value)
    if method:
        _escape_receiver(machine, callee)
    elif machine.discarded and isinstance(callee, Unknown):
        events.escape(machine, callee, machine.discarded)  # `optim(params)` of another framework
    if machine.discarded:
        clips.new_era(machine)
    if not isinstance(callee, External):
        mode_events.disturb_escaped(machine)


def _escape_receiver(machine: Machine, receiver: Value) -> None:
    """`thing.method()` of an unknown thing: its value unused, it may be a hook that clears."""
    events.escape(machine, receiver, machine.discarded)
    unknown = isinstance(receiver, Unknown) and receiver.given
    if machine.discarded and unknown and not events.is_data(machine, receiver):
        events.may_clear_all(machine)


def _result_name(callee: Value, method: str) -> str:
    if method:
        return method
    if isinstance(callee, External):
        return callee.path.rpartition(".")[2]
    return callee.hint if isinstance(callee, Unknown | Instance | Object) else ""


def invoke(machine: Machine, function: Function, args: Arguments, ref: ir.NodeRef) -> Value:
    """Run a function in sight with these arguments."""
    node, leaf = current(machine, function)
    running = any(frame.function is function for frame in machine.frames)
    if running or len(machine.frames) > MOST_DEPTH or is_hook(function, node):
        machine.watch.lost = True
        return unknown_call(machine, function, args)
    if len(machine.frames) > 1 and machine.program.is_heavy(function):
        machine.watch.lost = True
        return unknown_call(machine, function, args)
    machine.invoked.add(function)
    if function.key is not None:
        machine.record.called.add((function.module.path, function.key))
    scope = Scope({}, function.closure)
    frame = Frame(function.module, scope, function, function.owner, start=machine.store.mark())
    frame.call = (machine.call_node, ref) if machine.call_node is not None else None
    if args.positional and function.owner is not None:
        frame.receiver = args.positional[0]
    bind_parameters(machine, node.params, function, args, scope)
    if isinstance(node, ir.Lambda):
        body = (ir.Section(leaf, (ir.Return(node.body, node.body.at),)),)
        return run_body(machine, frame, leaf, body, ref)
    if node.is_generator:
        keywords = tuple(args.keywords)
        return Generator(function, args.positional, keywords)
    return run_body(machine, frame, leaf, node.body, ref)


def current(machine: Machine, function: Function) -> tuple[ir.FunctionDef | ir.Lambda, Leaf]:
    """The function's text as it is now, and its leaf; `function.node` has no body, if it has a key."""
    if function.key is None:
        return function.node, function.leaf
    found = machine.program.definition(function.module.path, function.key)
    if found is None:
        return function.node, function.leaf
    machine.record.functions[function.module.path, function.key] = found.digest
    return found.node, found.leaf


def run_body(machine: Machine, frame: Frame, leaf: Leaf, body: ir.Block, ref: ir.NodeRef) -> Value:
    """Run a function's body in its frame; where its paths meet, its result."""
    store = machine.store
    discarded, machine.discarded = machine.discarded, False
    outer, machine.leaf = machine.leaf, leaf
    machine.frames.append(frame)
    managers = frame.function.contexts if frame.function is not None else ()
    try:
        for manager in managers:
            contexts.enter(machine, manager, ref)
        arrives = machine.execute(body)
    finally:
        for manager in managers:
            contexts.leave(machine, manager, ref)
        machine.frames.pop()
        machine.leaf = outer
        machine.discarded = discarded
    ends = list(frame.returns)
    if arrives:
        ends.append((store.changes(frame.start), NONE))
    if not ends:
        return Unknown("never")
    store.undo(frame.start)
    store.merge([changes for changes, _ in ends])
    result = ends[0][1]
    for _, value in ends[1:]:
        result = join(result, value)
    return result


def is_hook(function: Function, node: ir.FunctionDef | ir.Lambda) -> bool:
    """A method with nothing in it is there to be overridden: what really runs is out of sight."""
    if isinstance(node, ir.Lambda) or function.owner is None:
        return False
    body = [statement for section in node.body for statement in section.body]
    return all(_does_nothing(statement) for statement in body)


def _does_nothing(statement: ir.Statement) -> bool:
    if isinstance(statement, ir.Raise):
        value = statement.value
        value = value.func if isinstance(value, ir.Call) else value
        return isinstance(value, ir.Name) and value.id == "NotImplementedError"
    return isinstance(statement, ir.Pass) or (
        isinstance(statement, ir.ExpressionStatement) and isinstance(statement.value, ir.Constant)
    )


def instantiate(machine: Machine, cls: Class, args: Arguments, ref: ir.NodeRef) -> Value:
    """A new object of a class in sight."""
    instance = Instance(cls)
    init = _find(instance, "__init__")
    if init is not None and machine.program.is_heavy(cls):
        unknown_call(machine, cls, args)
        return instance
    if init is not None:
        invoke(machine, init, args.after(instance), ref)
        return instance
    handler = machine.lookup(machine.tables.all.methods, instance, "__init__")
    if handler is not None:
        handler(Call(machine, ref, args, instance, "__init__"))
        return instance
    _set_fields(machine, instance, args)
    return instance


def _set_fields(machine: Machine, instance: Instance, args: Arguments) -> None:
    """A dataclass or a named tuple: keywords become attributes.

    Where others are given too, in an order out of sight, no default is sure to hold.
    """
    if args.positional or args.open:
        for base in instance.cls.ancestry():
            for name, value in tuple(base.slots.items()) if isinstance(base, Class) else ():
                if not isinstance(value, Function):
                    machine.store.put(instance.slots, name, Unknown(name, given=True))
    for name, value in args.keywords:
        machine.store.put(instance.slots, name, value)


def derive(machine: Machine, instance: Instance, name: str) -> Value | None:
    """What an attribute holds that `__init__` does not set but another method does.

    The right-hand side is evaluated with `self` and nothing else in sight: enough for
    `self.optimizer = torch.optim.Adam(self.model.parameters())`.
    """
    found: Value | None = None
    for base in instance.cls.ancestry():
        if not isinstance(base, Class):
            continue
        for function in tuple(base.slots.values()):
            if not isinstance(function, Function) or isinstance(function.node, ir.Lambda):
                continue
            node, leaf = current(machine, function)
            assert isinstance(node, ir.FunctionDef)
            for value, inside in self_assignments(node, leaf).get(name, ()):
                one = _evaluate_alone(machine, function, value, inside, instance)
                found = one if found is None else join(found, one)
    return found


def _evaluate_alone(
    machine: Machine, function: Function, value: ir.Expression, leaf: Leaf, instance: Instance
) -> Value:
    if any(frame.function is function for frame in machine.frames[:-1]):
        return Unknown(given=True)
    params = function.node.params
    scope = Scope({one.name: Unknown(one.name, given=True) for one in params}, function.closure)
    if params:
        scope.names[params[0].name] = instance
    frame = Frame(function.module, scope, function, function.owner, instance)
    outer, machine.leaf = machine.leaf, leaf
    machine.frames.append(frame)
    try:
        return machine.evaluate(value)
    finally:
        machine.frames.pop()
        machine.leaf = outer


def run_generator(machine: Machine, generator: Generator, ref: ir.NodeRef) -> Value:
    """One turn of a generator in sight: any of what it yields."""
    function = generator.function
    assert isinstance(function, Function)
    node, leaf = current(machine, function)
    if isinstance(node, ir.Lambda) or any(f.function is function for f in machine.frames):
        return Unknown()
    scope = Scope({}, function.closure)
    frame = Frame(function.module, scope, function, function.owner, start=machine.store.mark())
    args = Arguments(generator.args, generator.keywords)
    bind_parameters(machine, node.params, function, args, scope)
    run_body(machine, frame, leaf, node.body, ref)
    return attributes.one_of(machine, tuple(frame.yields)) if frame.yields else Unknown()

"""Runs of whole models: in which mode, what becomes of their outputs, and who trains on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..certainty import Certainty
from ..syntax import ir
from . import biases, events
from .gradients import FRESH
from .library import Call
from .mode_events import is_modal, modal_layers, running_loops
from .mode_facts import ModeFault, ModeUse
from .modes import BORN_TO_EVAL, FRESH_USE, UNSET, Forward, Modal, Mode, Use
from .search import written
from .tensors import Tensor
from .values import (
    Constant,
    Generator,
    Instance,
    Object,
    Reach,
    Role,
    Sequence,
    Stream,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .frames import Loop
    from .machine import Machine
    from .modes import Watch

MOST_FORWARDS = 500
MOST_ITEMS = 8


# What runs


def run(machine: Machine, handler: Callable[[Call], Value], call: Call) -> Value:
    """Call a layer or a model; the outermost one is the model whose forward this is."""
    watch = machine.watch
    if watch.touched is not None:
        _touch(machine, call.receiver)
        return handler(call)
    node = machine.call_node
    watch.touched, watch.lost = [], False
    _touch(machine, call.receiver)
    try:
        result = handler(call)
    finally:
        touched, watch.touched = watch.touched, None
    if touched or watch.lost:
        # What the model does not own, as far as we see, does not follow its mode either.
        own = modal_layers(machine, call.receiver)
        touched = [one for one in touched if one[0] in own] or (
            [(one, watch.modes.get(one, UNSET)) for one in own if isinstance(one, Object)]
            if watch.lost
            else []
        )
    if touched and not watch.aside and len(watch.ran) < MOST_FORWARDS:
        name = written(node.func).removesuffix(".forward") if node is not None else ""
        _remember(machine, call, name or "the model", touched, result)
    return result


def _touch(machine: Machine, layer: Value) -> None:
    watch = machine.watch
    if watch.touched is not None and is_modal(machine, layer):
        assert isinstance(layer, Object)
        watch.touched.append((layer, watch.modes.get(layer, UNSET)))


def hand_on(machine: Machine, module: Instance) -> None:
    """A module tells a function in which mode it is itself."""
    watch = machine.watch
    if watch.touched is not None:
        watch.touched.append((module, watch.modes.get(module, UNSET)))


def _remember(
    machine: Machine, call: Call, name: str, touched: list[tuple[Modal, Mode]], result: Value
) -> None:
    watch, model = machine.watch, call.receiver
    use = watch.uses.get(model, FRESH_USE)
    loops = running_loops(machine)
    forward = Forward(
        model,
        name,
        call.ref,
        _common([mode for _, mode in touched]),
        tuple(layer for layer, _ in touched),
        events.reach_of(machine, model).atoms,
        loops,
        tuple(loop.number for loop in loops),
        watch.backwards,
        machine.no_grad,
        call.args.positional[0] if call.args.positional else None,
        use.learned,
        use.loaded,
        tuple(layer for layer, mode in touched if mode == BORN_TO_EVAL),
    )
    watch.ran.append(forward)
    for one in result.items if isinstance(result, Sequence) else (result,):
        watch.outputs[one] = frozenset((forward,))
    if not forward.no_grad:
        fresh = Use(forward, fed=False, learned=use.learned, loaded=use.loaded)
        machine.store.put(watch.uses, model, fresh)


def _common(modes: list[Mode]) -> Mode:
    """The mode that all are in; else an eval mode that all may have been left in."""
    if all(mode == modes[0] for mode in modes):
        return modes[0]
    if len({mode.training for mode in modes} - {Certainty.MAYBE}) == 1 and all(
        mode.training is not Certainty.MAYBE for mode in modes
    ):
        return max(modes, key=lambda mode: mode.time)
    harms = [mode.harm for mode in modes]
    same = harms[0] is not None and all(one == harms[0] for one in harms)
    return Mode(Certainty.MAYBE, left=harms[0] if same else None)


def load(machine: Machine, model: Value) -> None:
    """The model got weights from somewhere: it has learned before."""
    use = machine.watch.uses.get(model, FRESH_USE)
    machine.store.put(machine.watch.uses, model, replace(use, loaded=True))


# What becomes of outputs


def outputs_of(machine: Machine, value: Value) -> frozenset[Forward]:
    """The forwards that a value was made of."""
    outputs = machine.watch.outputs
    one: Value | None = value
    while one is not None:
        found = outputs.get(one)
        if found is not None:
            return found
        one = one.parent if isinstance(one, Unknown) else None
    found = frozenset[Forward]()
    if isinstance(value, Sequence):
        for item in value.items[-MOST_ITEMS:]:
            found |= outputs.get(item, frozenset())
    return found


def derive(machine: Machine, sources: tuple[Value, ...], result: Value) -> frozenset[Forward]:
    """A value was computed from others: whatever forwards they come from, it comes from."""
    found = frozenset[Forward]()
    for source in sources:
        found |= outputs_of(machine, source)
    if found and isinstance(result, Tensor | Unknown):
        before = machine.watch.outputs.get(result)
        machine.watch.outputs[result] = found if before is None else before | found
    return found


def follow(
    machine: Machine, node: ir.Call, sources: tuple[Value, ...], result: Value, discarded: bool
) -> None:
    """A call got an output of a model in hand."""
    found = derive(machine, sources, result)
    if not found:
        return
    name = written(node.func).rpartition(".")[2]
    known = machine.tables.all
    if name in known.measures or (name in known.picks and _is_along_an_axis(node)):
        for forward in found:
            forward.measured = True
    elif name in known.feeds or (
        discarded and isinstance(result, Unknown) and name not in known.passive_methods
    ):
        feed(found)


def feed(found: frozenset[Forward]) -> None:
    """A backward starts from what these gave, or may start from it."""
    for forward in found:
        forward.fed = True


def _is_along_an_axis(node: ir.Call) -> bool:
    """`scores.max(1)` picks a class, `scores.max()` does not."""
    return any(
        one.keyword in ("dim", "axis")
        or isinstance(one.value, ir.Unary)
        or (isinstance(one.value, ir.Constant) and isinstance(one.value.value, int))
        for one in node.args
    )


def measure(machine: Machine, values: tuple[Value, ...]) -> None:
    """Somebody looks how good these are."""
    for value in values:
        for forward in outputs_of(machine, value):
            forward.measured = True


# Training


def backward(machine: Machine, loss: Reach) -> None:
    """What a backward runs in is training, and so is the last forward of what it reaches."""
    watch = machine.watch
    loops = running_loops(machine)
    watch.trained.update(loops)
    watch.backwards += 1
    watch.sources.update(
        loop.source for loop in loops if loop.source is not None and is_data(loop.source)
    )
    for model, use in tuple(watch.uses.items()):
        if use.forward is not None and not use.fed and use.forward.atoms & loss.atoms:
            machine.store.put(watch.uses, model, replace(use, fed=True))
    turns = tuple(loop.number for loop in loops)
    for forward in watch.ran:
        # One that ran in this very turn, in a loop of its own perhaps, is part of the training.
        same = forward.loops[: len(loops)] == loops and forward.turns[: len(loops)] == turns
        if same and not forward.no_grad and forward.atoms & loss.atoms:
            forward.fed = True


def step(machine: Machine, optimizer: Reach) -> None:
    """An optimizer changes parameters: in which mode did their model run for it?"""
    watch = machine.watch
    for model, use in tuple(watch.uses.items()):
        forward = use.forward
        if forward is None or not use.fed:
            continue
        atoms = optimizer.atoms & forward.atoms
        if not atoms and not optimizer.open:
            continue
        if use.learned is None:
            machine.store.put(watch.uses, model, replace(use, learned=forward.ref))
        if atoms and not watch.aside:
            _judge_training(machine, forward, atoms)


def _judge_training(machine: Machine, forward: Forward, atoms: frozenset[object]) -> None:
    learning = {one for one in atoms if not machine.grads.get(one, FRESH).frozen}
    layers = [one for one in forward.layers if not _own(one) or _own(one) & learning]
    if not learning or not layers:
        return
    for layer in layers:
        if layer in forward.born and isinstance(layer, Object) and _own(layer):
            machine.report(_in_eval(ModeFault.BORN_IN_EVAL_MODE, forward, layer.ref, layer))
            return
    harm = forward.mode.harm
    if harm is None:
        return
    if harm.at is not None and (
        _served_evaluation(machine.watch, forward, harm)
        or _was_trained(machine.watch, forward, harm)
    ):
        loop = _meeting(forward.loops, harm.loops)
        fact = _in_eval(ModeFault.TRAINED_IN_EVAL_MODE, forward, harm.at, layers[0])
        machine.report(replace(fact, loop=loop.ref if loop is not None else None))
        return
    for layer in layers:
        biases.doubt(machine, layer)  # as it seems, it is meant to


def _own(layer: Modal) -> frozenset[object]:
    """The parameters of the layer itself."""
    return layer.reach.atoms if isinstance(layer, Object) else frozenset()


def _served_evaluation(watch: Watch, forward: Forward, harm: Mode) -> bool:
    """Was this `eval()` for an evaluation that ran elsewhere than the training?"""
    inner = forward.loops[-1] if forward.loops else None
    return any(
        one.model is forward.model
        and one.mode == harm
        and one.measured
        and not one.fed
        and (one.loops[-1] if one.loops else None) is not inner
        for one in watch.ran
    )


def _was_trained(watch: Watch, forward: Forward, harm: Mode) -> bool:
    """Did the same forward train in train mode in an earlier turn of the loop that sets eval?"""
    if forward.mode.training is not Certainty.NO or _meeting(forward.loops, harm.loops) is None:
        return False
    return any(
        one.ref == forward.ref
        and one.model is forward.model
        and one.mode.training is Certainty.YES
        and not one.no_grad
        for one in watch.ran
    )


def _meeting(loops: tuple[Loop, ...], others: tuple[Loop, ...]) -> Loop | None:
    """The innermost loop that both are in."""
    return next((loop for loop in reversed(loops) if loop in others), None)


def _in_eval(fault: ModeFault, forward: Forward, at: NodeRef | None, layer: Modal) -> ModeUse:
    return ModeUse(fault, forward.name, forward.ref, at, layer=kind_of(layer))


def is_data(source: Value | None) -> bool:
    """Does a loop over this show one piece of data after the other?"""
    if isinstance(source, Stream):
        return is_data(source.source)
    if isinstance(source, Sequence):
        return any(not isinstance(item, Constant) for item in source.items)
    if isinstance(source, Object):
        return source.role is Role.LOADER
    return isinstance(source, Unknown | Tensor | Generator | Instance)


def kind_of(layer: Modal) -> str:
    """The layer in a word.  What a module hands its mode on to is a dropout."""
    return layer.kind.rpartition(".")[2] if isinstance(layer, Object) else "Dropout"

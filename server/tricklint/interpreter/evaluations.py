"""Evaluation in train mode.

A forward counts as an evaluation by what becomes of it, never by a name: its output is compared
or goes into a loss, no backward starts from it, and it runs over other data than that which the
model is trained on, beside or after a training of the same model, or with loaded weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..certainty import Certainty
from ..syntax import ir
from . import calls, events
from .forwards import is_data, kind_of
from .mode_facts import ModeFault, ModeUse
from .relevance import identifiers
from .search import statements
from .values import Class, Function, Instance, Unknown, Value

if TYPE_CHECKING:
    from .frames import Loop
    from .machine import Machine
    from .modes import Forward, Watch


def conclude(machine: Machine) -> None:
    """The run is over: which of its forwards were evaluations in train mode?"""
    for forward in machine.watch.ran:
        if (
            forward.mode.training is Certainty.YES
            and forward.measured
            and not forward.fed
            and _is_evaluation(machine, forward)
            and not _is_chosen(forward)
            and not _returns_by_mode(machine, forward.model)
        ):
            _report_evaluation(machine, forward)


def _is_evaluation(machine: Machine, forward: Forward) -> bool:
    watch, loops = machine.watch, forward.loops
    if forward.learned is None:
        return forward.loaded and _is_inference(machine, forward)
    if not loops:
        return forward.no_grad
    inner = loops[-1]
    if inner in watch.trained:
        return (
            forward.no_grad
            and not _is_drawn(machine, forward.input)
            and _is_beside_training(watch, forward, inner)
        )
    others = all(loop in watch.trained for loop in loops[:-1])
    return others and is_data(inner.source) and inner.source not in watch.sources


def _is_chosen(forward: Forward) -> bool:
    """`if train: model.train()` for this very evaluation: its author wants to see both modes."""
    return forward.mode.chosen and forward.mode.backwards == forward.backwards


def _returns_by_mode(machine: Machine, model: Value) -> bool:
    """Some detectors return their losses in train mode only, so it is set to look at those."""
    for cls in model.cls.ancestry() if isinstance(model, Instance) else ():
        forward = cls.slots.get("forward") if isinstance(cls, Class) else None
        if isinstance(forward, Function) and isinstance(forward.node, ir.FunctionDef):
            node, leaf = calls.current(machine, forward)
            assert isinstance(node, ir.FunctionDef)
            return any(
                isinstance(one, ir.If)
                and "training" in identifiers(one.test)
                and any(isinstance(inner, ir.Return) for inner, _ in statements(one.body, inside))
                for one, inside in statements(node.body, leaf)
            )
    return False


def _is_inference(machine: Machine, forward: Forward) -> bool:
    """Weights were loaded, nothing trains, and nobody asked for train mode."""
    watch = machine.watch
    if forward.mode.at is not None or watch.backwards:
        return False
    for optimizer in machine.optimizers:
        own = events.owned(machine, optimizer)
        if own.open or own.atoms & forward.atoms:
            return False
    return all(is_data(loop.source) for loop in forward.loops)


def _is_drawn(machine: Machine, value: Value | None) -> bool:
    """Is it an element of something iterated?  One value stands for all of those."""
    while isinstance(value, Unknown):
        parent = value.parent
        if parent is not None:
            if parent.children.get("element") is value:
                return True
        elif any(name == "element" and one is value for (_, name), one in machine.children.items()):
            return True
        value = parent
    return False


def _is_beside_training(watch: Watch, forward: Forward, loop: Loop) -> bool:
    """In the loop that trains: the same input in each turn, and not one that it trains on."""
    trains = [
        one
        for one in watch.ran
        if one.model is forward.model and not one.no_grad and loop in one.loops
    ]
    again = any(
        one.ref == forward.ref and one.input is forward.input and one.turns != forward.turns
        for one in watch.ran
        if one.loops and one.loops[-1] is loop and one.model is forward.model
    )
    apart = all(one.input is not None and one.input is not forward.input for one in trains)
    return forward.input is not None and again and bool(trains) and apart


def _report_evaluation(machine: Machine, forward: Forward) -> None:
    watch = machine.watch
    around = [loop for loop in forward.loops if loop in watch.trained]
    epoch = around[-1] if around else None
    again = epoch is not None and epoch not in forward.mode.loops
    machine.report(
        ModeUse(
            ModeFault.EVALUATED_IN_TRAIN_MODE,
            forward.name,
            forward.ref,
            forward.mode.at,
            forward.learned,
            epoch.ref if epoch is not None else None,
            again,
            kind_of(forward.layers[0]),
            forward.learned is None,
        )
    )

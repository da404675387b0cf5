"""What sets modes: `train()`, `eval()`, creation, and code out of sight that may do either."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..certainty import Certainty
from . import events
from .modes import BORN_TO_TRAIN, UNSET, Modal, Mode
from .values import Alternatives, Instance, Mapping, Object, Role, Sequence, Unknown, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .frames import Loop
    from .machine import Machine


def is_modal(machine: Machine, layer: Value) -> bool:
    """Does this one layer work otherwise in eval mode?"""
    if not isinstance(layer, Object):
        return False
    test = machine.tables.all.modal.get(layer.kind)
    return test is not None and test(layer)


def modal_layers(machine: Machine, model: Value) -> list[Modal]:
    """All parts of a model that may work otherwise in eval mode, its own modules among them."""
    found: list[Modal] = []
    _collect(machine, model, found, set())
    return found


def _collect(machine: Machine, value: Value, found: list[Modal], seen: set[int]) -> None:
    if id(value) in seen:
        return
    seen.add(id(value))
    if is_modal(machine, value) or isinstance(value, Instance):
        assert isinstance(value, Object | Instance)
        found.append(value)
    for part in _submodules(machine, value):
        _collect(machine, part, found, seen)


def _submodules(machine: Machine, value: Value) -> Iterable[Value]:
    if isinstance(value, Sequence):
        return value.items
    if isinstance(value, Alternatives):
        return value.options
    if not isinstance(value, Object | Instance | Mapping):
        return ()
    return [one for one in value.slots.values() if _may_hold(machine, one)]


def _may_hold(machine: Machine, part: object) -> bool:
    if isinstance(part, Instance):
        return events.role_of(machine, part) is Role.LAYER
    return isinstance(part, Object | Mapping | Sequence | Alternatives)


def running_loops(machine: Machine) -> tuple[Loop, ...]:
    """All loops that are running, outermost first, those of comprehensions too."""
    frames = machine.frames
    return tuple(loop for one in frames for loop in (*one.loops, *one.comprehensions))


def born(machine: Machine, layer: Object, mode: Mode = BORN_TO_TRAIN) -> None:
    """A layer was made just now."""
    if is_modal(machine, layer):
        machine.store.put(machine.watch.modes, layer, mode)
        owner, function = machine.frame.receiver, machine.frame.function
        if owner is not None and function is not None and function.name == "forward":
            machine.watch.inside[layer] = owner


def module_born(machine: Machine, module: Instance) -> None:
    """A module of a class in sight was made just now."""
    machine.store.put(machine.watch.modes, module, BORN_TO_TRAIN)


def set_mode(
    machine: Machine, model: Value, training: Certainty, ref: NodeRef, told: bool = False
) -> None:
    """`model.train()` or `model.eval()`; `told`: the mode is a variable."""
    machine.watch.time += 1
    time = machine.watch.time
    if training is Certainty.MAYBE:
        mode = Mode(training, time=time)
    else:
        place = machine.place(ref)
        recurs = place.periodic or not place.conditional
        chosen = told or _is_a_choice(machine)
        backwards = machine.watch.backwards
        mode = Mode(training, ref, running_loops(machine), time, recurs, chosen, backwards)
    for layer in modal_layers(machine, model):
        machine.store.put(machine.watch.modes, layer, mode)


def _is_a_choice(machine: Machine) -> bool:
    """Does the running function do it under a condition?"""
    frame = machine.frame
    return bool(frame.decided or frame.conditions or any(loop.conditions for loop in frame.loops))


def disturb(machine: Machine, model: Value) -> None:
    """Any part of it may be in any mode from now on."""
    _forget(machine, modal_layers(machine, model))


def disturb_all(machine: Machine) -> None:
    """Code out of sight may set the mode of anything."""
    _forget(machine, tuple(machine.watch.modes))


def escape(machine: Machine, model: Value) -> None:
    """Code out of sight gets hold of a model, and may keep it."""
    layers = modal_layers(machine, model)
    machine.watch.escaped.update(layers)
    _forget(machine, layers)


def disturb_escaped(machine: Machine) -> None:
    """Something unknown runs that may hold what escaped before."""
    watch = machine.watch
    if watch.escaped and watch.quiet.get("at") != watch.time:
        _forget(machine, tuple(watch.escaped))
        machine.store.put(watch.quiet, "at", watch.time)


def disturb_owner(machine: Machine, part: Unknown) -> None:
    """An unknown object sets its mode: if a known model owns it, that is mixed now."""
    top = part
    while top.parent is not None:
        top = top.parent
    for (owner, _), child in tuple(machine.children.items()):
        if child is top:
            disturb(machine, owner)
    for held in tuple(top.slots.values()):
        if isinstance(held, Value):
            disturb(machine, held)
    disturb_escaped(machine)


def _forget(machine: Machine, layers: Iterable[Modal]) -> None:
    machine.watch.time += 1
    mode = Mode(Certainty.MAYBE, time=machine.watch.time)
    modes = machine.watch.modes
    for layer in layers:
        known = modes.get(layer, UNSET)
        if known.training is not Certainty.MAYBE or known.left is not None:
            machine.store.put(modes, layer, mode)

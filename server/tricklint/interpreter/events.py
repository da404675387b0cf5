"""What happens to gradients: backward, clear, step.  Each changes the state of atoms.

This is where the questions about an optimizer's updates are answered; the state itself and its
join are in `gradients`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from . import biases, clips, forwards, loop_marks, mode_events
from .facts import Update, UpdateFault
from .gradients import FRESH, Gradients, Place, Wipe
from .tensors import Tensor
from .values import (
    ANYTHING,
    NOTHING,
    Alternatives,
    Bound,
    Class,
    Function,
    Generator,
    Gradient,
    Instance,
    Mapping,
    Object,
    Params,
    Partial,
    Reach,
    Role,
    Sequence,
    Stream,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .machine import Machine

DEEPEST_WALK = 6
PARAMS = "<params>"  # the slot in which an optimizer keeps its parameters


def role_of(machine: Machine, value: Value) -> Role | None:
    """What a value is for, if it is an object of a library or behaves like one."""
    if isinstance(value, Object):
        return value.role
    for key in machine.keys(value):
        if isinstance(key, Role):
            return key
    return None


_COMPUTED = (Tensor, Unknown)
_REACHING = (Tensor, Unknown, Params, Gradient)
_HOLDING = (Object, Instance, Mapping, Sequence, Alternatives)


def reach_of(machine: Machine, value: Value, depth: int = 0) -> Reach:
    """The parameters that a value holds or depends on.

    What asks is about to compute something from it, so a layer's output counts as looked at.
    """
    if isinstance(value, _REACHING):
        if isinstance(value, _COMPUTED) and value.output_of:
            biases.need(machine, value.output_of)
        return value.reach
    if not isinstance(value, _HOLDING):
        return NOTHING
    if depth > DEEPEST_WALK:
        return ANYTHING
    found = value.reach if isinstance(value, Object) else NOTHING
    for part in _held(value):
        if not isinstance(part, Class | Function | Bound):
            found = found | reach_of(machine, part, depth + 1)
    return found


def _held(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Object | Instance | Mapping):
        return tuple(one for one in value.slots.values() if isinstance(one, Value))
    if isinstance(value, Sequence):
        return value.items
    return value.options if isinstance(value, Alternatives) else ()


def owned(machine: Machine, optimizer: Value) -> Reach:
    """The parameters that an optimizer steps."""
    if isinstance(optimizer, Object | Instance):
        params = optimizer.slots.get(PARAMS)
        if isinstance(params, Params) and params.reach.atoms:
            return params.reach
    return Reach(frozenset((optimizer,)), True)


def notice(machine: Machine, value: object) -> None:
    """An unknown value came into sight: is it an optimizer?"""
    if isinstance(value, Unknown) and value.hint and role_of(machine, value) is Role.OPTIMIZER:
        meet(machine, value, value.hint)


def meet(machine: Machine, optimizer: Value, name: str) -> None:
    """An optimizer is in sight from now on."""
    if machine.optimizers.get(optimizer) != name:
        machine.store.put(machine.optimizers, optimizer, name)


def backward(machine: Machine, loss: Reach, ref: NodeRef, scaled: bool = False) -> None:
    """Gradients of everything the loss reaches; an open loss may reach every optimizer."""
    loss = loop_marks.without_batches(machine, loss)
    loop_marks.saw_backward(machine, loss, ref)
    forwards.backward(machine, loss)
    if not loss.atoms:
        loss = ANYTHING
    sure = machine.place(ref)
    clips.at_backward(machine, loss, sure, scaled)
    for atom in loss.atoms:
        _put(machine, atom, _state(machine, atom).backward(sure, scaled))
    perhaps = machine.place(ref, certain=False)
    for optimizer in tuple(machine.optimizers):
        reach = owned(machine, optimizer)
        if reach.open or loss.open:
            for atom in reach.atoms - loss.atoms:
                _put(machine, atom, _state(machine, atom).backward(perhaps, scaled))


def clear(machine: Machine, reach: Reach, ref: NodeRef, certain: bool = True) -> None:
    """The gradients of these parameters are zeroed; those of related unknowns may be."""
    at, era = machine.place(ref), clips.era(machine)
    for atom in reach.atoms:
        state = _state(machine, atom)
        _put(machine, atom, state.clear(at, era) if certain else state.may_clear())


def clear_model(machine: Machine, reach: Reach, ref: NodeRef) -> None:
    """`model.zero_grad()`: an optimizer of unknown parameters may own the model's."""
    clear(machine, reach, ref)
    for optimizer in tuple(machine.optimizers):
        own = owned(machine, optimizer)
        if own.open or reach.open:
            may_clear(machine, own)


def may_clear(machine: Machine, reach: Reach) -> None:
    """Unknown code had these parameters in hand."""
    for atom in reach.atoms:
        state = _state(machine, atom)
        clips.excuse(machine, state.clip)
        _put(machine, atom, state.may_clear())


def may_clear_all(machine: Machine) -> None:
    """Unknown code had everything in hand."""
    for optimizer in tuple(machine.optimizers):
        may_clear(machine, owned(machine, optimizer))
    touch(machine, Reach(frozenset(machine.grads), True))


def escape(
    machine: Machine, value: Value, discarded: bool, depth: int = 0, within: bool = False
) -> None:
    """A value is handed to code out of sight, which may clear the gradients it can get at.

    A call whose result is used is taken to be a forward pass: it clears only what comes with
    an optimizer in hand.  `within`: it is a part of a model that has escaped as a whole.
    """
    if depth > DEEPEST_WALK:
        return
    role = role_of(machine, value)
    if role is Role.OPTIMIZER:
        may_clear(machine, owned(machine, value))
        return
    if role is Role.LAYER and not within:
        mode_events.escape(machine, value)
    elif isinstance(value, Function):
        mode_events.disturb_all(machine)
    if isinstance(value, Params | Gradient):
        may_clear(machine, value.reach)
        _may_clear_open(machine)
    elif role is Role.LAYER and discarded:
        may_clear(machine, reach_of(machine, value))
        _may_clear_open(machine)
    elif role is Role.LAYER:
        _touch_waiting(machine, value)
    elif isinstance(value, Unknown):
        _escape_unknown(machine, value)
        _touch_waiting(machine, value)
    for part in _parts(value):
        escape(machine, part, discarded, depth + 1, within or role is Role.LAYER)


def _touch_waiting(machine: Machine, value: Value) -> None:
    """Between a backward and the step, even code that gives a value may clip."""
    waiting = [atom for atom, state in machine.grads.items() if state.pending is not None]
    if waiting:
        own = (value,) if isinstance(value, Unknown) else reach_of(machine, value).atoms
        touch(machine, Reach(frozenset(atom for atom in waiting if atom in own), False))


def _escape_unknown(machine: Machine, value: Unknown) -> None:
    """Every optimizer that was read from it can be reached through it."""
    for optimizer in tuple(machine.optimizers):
        above: Unknown | None = optimizer if isinstance(optimizer, Unknown) else None
        while above is not None:
            if above is value:
                may_clear(machine, owned(machine, optimizer))
            above = above.parent


def is_data(machine: Machine, value: Value) -> bool:
    """Is it surely a batch, or a part of one?  Whatever is done to it clears no optimizer."""
    if not isinstance(value, Unknown):
        return False
    above = value.parent
    while above is not None and role_of(machine, above) is not Role.SOURCE:
        above = above.parent
    return above is not None or value.reach == NOTHING


def _may_clear_open(machine: Machine) -> None:
    for optimizer in tuple(machine.optimizers):
        own = owned(machine, optimizer)
        if own.open:
            may_clear(machine, own)


def _parts(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Instance | Mapping):
        return tuple(one for one in value.slots.values() if isinstance(one, Value))
    if isinstance(value, Object) and value.role is Role.HELPER:
        return tuple(one for one in value.slots.values() if isinstance(one, Value))
    if isinstance(value, Sequence):
        return value.items
    if isinstance(value, Alternatives):
        return value.options
    if isinstance(value, Bound):
        return (value.receiver,)
    if isinstance(value, Partial | Generator):
        return value.args + tuple(one for _, one in value.keywords)
    if isinstance(value, Stream) and value.source is not None:
        return (value.source,)
    return ()


def step(machine: Machine, optimizer: Value, name: str, ref: NodeRef, scaler: str = "") -> None:
    """The optimizer uses its gradients: are they those of this update alone?

    `scaler` is the GradScaler that steps for it.
    """
    meet(machine, optimizer, name)
    loop_marks.saw_step(machine, optimizer)
    at = machine.place(ref)
    own = owned(machine, optimizer)
    forwards.step(machine, own)
    atoms = own.atoms
    states = [_state(machine, atom) for atom in atoms]
    fault = _fault(states, at, name)
    if fault is not None:
        machine.report(fault)
    clips.at_step(machine, optimizer, clips.Step(at, name, scaler))
    era = clips.era(machine)
    for atom in atoms:
        _put(machine, atom, _state(machine, atom).step(at, era))
    for atom, state in tuple(machine.grads.items()):
        if atom not in atoms:
            _put(machine, atom, state.other_step())


def _fault(states: list[Gradients], at: Place, name: str) -> Update | None:
    """What is wrong with the gradients at a step, the surest first."""
    for state in states:
        if state.dirty is not None:
            leak = state.stepped is None
            if leak and _together(state.leaked, state.dirty):
                continue
            earlier = state.leaked if leak else state.stepped
            return Update(
                UpdateFault.OTHER_LOSS if leak else UpdateFault.NEVER_CLEARED,
                name,
                state.dirty.ref,
                at.ref,
                state.last_clear.ref if state.last_clear else None,
                earlier.ref if earlier else None,
                state.first,
            )
    wipe = _wipe(states, at, name)
    if wipe is not None:
        return wipe
    if any(state.pending for state in states):
        return None
    for state in states:
        if state.erased is not None:
            lost = state.erased
            return Update(
                UpdateFault.ERASED, name, lost.clear.ref, at.ref, earlier=lost.backward.ref
            )
    return None


def _together(leaked: Place | None, dirty: Place) -> bool:
    """Backwards of one turn after one clear may be meant to add up, whoever steps in between."""
    return leaked is None or (leaked.loop is dirty.loop and leaked.turn == dirty.turn)


def _wipe(states: list[Gradients], at: Place, name: str) -> Update | None:
    """Backwards that were thrown away in the same loop, so that this step misses them."""
    for state in states:
        lost = state.wiped
        if lost is None or lost.clear.conditional or lost.backward.conditional:
            continue
        if lost.clear.loop is not lost.backward.loop:
            continue
        if _is_periodic(lost, at) or _is_inner(lost, state, at) or _is_straight(lost, state, at):
            return Update(
                UpdateFault.WIPED, name, lost.clear.ref, at.ref, earlier=lost.backward.ref
            )
    return None


def _is_periodic(lost: Wipe, at: Place) -> bool:
    """A clear in each iteration, and a step in each k-th."""
    return at.periodic and lost.clear.loop is at.loop


def _is_inner(lost: Wipe, state: Gradients, at: Place) -> bool:
    """A clear in each turn of an inner loop that always runs to its end, and a step behind it."""
    loop = lost.clear.loop
    return (
        loop is not None
        and loop is not at.loop
        and not loop.breaks
        and state.pending is not None
        and state.pending.loop is loop
    )


def _is_straight(lost: Wipe, state: Gradients, at: Place) -> bool:
    """Backward, clear, backward, step, one after the other."""
    last = state.pending
    return (
        last is not None
        and at.loop is not None
        and not last.conditional
        and not at.conditional
        and last.loop is lost.clear.loop is at.loop
        and last.turn == lost.clear.turn == lost.backward.turn == at.turn
    )


def look(machine: Machine) -> None:
    """The user's code reads gradients."""
    for atom, state in tuple(machine.grads.items()):
        clips.excuse(machine, state.clip)
        _put(machine, atom, state.look())


def touch(machine: Machine, reach: Reach) -> None:
    """The user's code has the gradients of these parameters in hand, and may clip them."""
    for atom in reach.atoms:
        state = _state(machine, atom)
        clips.excuse(machine, state.clip)
        _put(machine, atom, replace(state, clip=state.clip.touch()))


def freeze(machine: Machine, reach: Reach, frozen: bool) -> None:
    """`requires_grad` is set; unknown counts as frozen."""
    for atom in reach.atoms:
        _put(machine, atom, _state(machine, atom).freeze(frozen))


def _state(machine: Machine, atom: object) -> Gradients:
    return machine.grads.get(atom, FRESH)


def _put(machine: Machine, atom: object, state: Gradients) -> None:
    if machine.grads.get(atom) is not state:
        machine.store.put(machine.grads, atom, state)

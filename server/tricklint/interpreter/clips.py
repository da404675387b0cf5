"""What happens when gradients are clipped or unscaled, and what that was worth when a step comes.

The state of one atom is in `clipping`; this module asks it of all atoms concerned.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from . import events
from .clipping import Clipping, Era
from .facts import Clip, ClipFault, ClipUsed, Recurrent, Tended
from .gradients import FRESH, Gradients, Place
from .store import MISSING
from .tensors import Tensor
from .values import Object, Reach, Sequence, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .machine import Machine

_ERA, _LAST = "era", "last clip"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an optimizer, as the user writes it."""

    at: Place
    optimizer: str
    scaler: str


@dataclass(frozen=True, slots=True)
class LastClip:
    """The clip since which there was neither a backward nor a step."""

    at: Place
    atoms: frozenset[object]


def era(machine: Machine) -> Era | None:
    """The running stretch without calls out of sight."""
    return machine.flags.get(_ERA)


def new_era(machine: Machine) -> None:
    """Code out of sight was called for what it does: it may have run a backward."""
    machine.store.put(machine.flags, _ERA, Era())


def at_backward(machine: Machine, loss: Reach, at: Place, scaled: bool) -> None:
    """What nothing is known of may be part of any loss, by another name."""
    _forget_last(machine)
    cut(machine)
    for atom, state in tuple(machine.grads.items()):
        if atom not in loss.atoms and (loss.open or not isinstance(atom, Object)):
            _put(machine, atom, state, state.clip.backward(at, scaled))


def _forget_last(machine: Machine) -> None:
    """What comes now is no longer about the last clip."""
    if machine.flags.get(_LAST) is not None:
        machine.store.put(machine.flags, _LAST, MISSING)


def excuse(machine: Machine, state: Clipping) -> None:
    """Something may use what the clips of this atom have done."""
    for ref in state.clips:
        machine.report(ClipUsed(ref))
    if state.wasted is not None:
        machine.report(ClipUsed(state.wasted.clip.ref))


class Bound(Enum):
    """What is known of the norm or value that gradients are clipped to."""

    FIXED = "fixed"  # it does not depend on the state of a GradScaler
    OPEN = "open"
    NONE = "none"  # the call only measures


def clip(machine: Machine, reach: Reach, ref: NodeRef, bound: Bound) -> None:
    """The gradients of these parameters are clipped; an open reach may be those of any."""
    at = machine.place(ref)
    is_idle = bound is not Bound.NONE and _are_idle(machine, reach)
    for atom in {**machine.grads, **dict.fromkeys(reach.atoms)} if reach.open else reach.atoms:
        state = machine.grads.get(atom, FRESH)
        if is_idle and state.clip.used is not None:
            machine.report(Clip(ClipFault.IDLE, ref, state.clip.used.ref))
        _put(machine, atom, state, state.clip.clip(at, is_idle, bound is Bound.FIXED))
    known = not reach.open and all(isinstance(atom, Object) for atom in reach.atoms)
    last = LastClip(at, reach.atoms) if known and bound is not Bound.NONE else MISSING
    machine.store.put(machine.flags, _LAST, last)


def _are_idle(machine: Machine, reach: Reach) -> bool:
    now = era(machine)
    if not reach.atoms or (reach.open and not _is_owned_whole(machine, reach)):
        return False
    return all(_state(machine, atom).is_idle(now) for atom in reach.atoms)


def _is_owned_whole(machine: Machine, reach: Reach) -> bool:
    """A model of partly unknown layers: are they all those of the only optimizer of such?"""
    owners = [events.owned(machine, optimizer) for optimizer in machine.optimizers]
    return [one for one in owners if one.open] == [reach]


def unscale(machine: Machine, reach: Reach, ref: NodeRef, scaler: str) -> None:
    """`scaler.unscale_(optimizer)`; unknown parameters may be among the optimizer's."""
    for atom, state in tuple(machine.grads.items()):
        if atom in reach.atoms or reach.open or not isinstance(atom, Object):
            early = state.clip.early
            if early is not None:
                fault = Clip(ClipFault.SCALED, early.clip.ref, None, early.backward.ref, ref)
                machine.report(replace(fault, scaler=scaler))
            _put(machine, atom, state, state.clip.unscale())


def unroll(machine: Machine, layer: Object, state: Value | None, steps: int | None) -> None:
    """A recurrent layer runs: over how many steps do its gradients go back, if that is known?"""
    if machine.no_grad:
        return
    loop = machine.place(layer.ref).loop if layer.ref is not None else None
    if loop is not None and loop.length is not None and _comes_back(machine, layer, state):
        steps = None if loop.cut else loop.length * (steps or 1)
    machine.store.put(machine.unrolls, layer, MISSING if steps is None else steps)


def _comes_back(machine: Machine, layer: Object, state: Value | None) -> bool:
    """Does the state that goes in come out of the same layer?"""
    parts = state.items if isinstance(state, Sequence) else (state,)
    return any(isinstance(one, Tensor) and layer in one.reach.atoms for one in parts)


def cut(machine: Machine) -> None:
    """Something is cut from its past, so the running loops may be no long way for gradients."""
    for frame in machine.frames:
        for loop in frame.loops:
            loop.cut = True


def tend(machine: Machine, reach: Reach) -> None:
    """From now on something clips these gradients at each backward."""
    for atom in reach.atoms:
        state = machine.grads.get(atom, FRESH)
        _put(machine, atom, state, replace(state.clip, tended=True))


def at_step(machine: Machine, optimizer: Value, step: Step) -> None:
    """The optimizer steps: what was clipped, what was not, and what was clipped in vain?"""
    own = events.owned(machine, optimizer)
    for atom in _perhaps_owned(machine, own):
        state = machine.grads.get(atom, FRESH)
        _judge(machine, state.clip, optimizer, step)
        if atom not in own.atoms:
            _put(machine, atom, state, state.clip.step(step.at, era(machine), optimizer))
    _look_at_recurrent(machine, optimizer, own, step)
    _look_at_last(machine, optimizer, own, step)
    _forget_last(machine)


def at_clear(machine: Machine, optimizer: Value, ref: NodeRef) -> None:
    """The optimizer clears: of unknown parameters, those that nobody owns may be its own."""
    own = events.owned(machine, optimizer)
    at = machine.place(ref)
    for atom in _perhaps_owned(machine, own):
        if atom not in own.atoms:
            state = machine.grads.get(atom, FRESH)
            _put(machine, atom, state, state.clip.clear(at, era(machine), optimizer))


def _perhaps_owned(machine: Machine, own: Reach) -> list[object]:
    """Beside its own, an optimizer of unknown parameters may step those that nobody owns."""
    if not own.open:
        return list(own.atoms)
    owners = [events.owned(machine, one) for one in machine.optimizers]
    taken = {atom for one in owners for atom in one.atoms} - own.atoms
    return [atom for atom in {**machine.grads, **dict.fromkeys(own.atoms)} if atom not in taken]


def _judge(machine: Machine, state: Clipping, optimizer: Value, step: Step) -> None:
    at = step.at.ref
    if state.wasted is not None and state.wasted.by in (None, optimizer):
        machine.report(Clip(ClipFault.IDLE, state.wasted.clip.ref, at, optimizer=step.optimizer))
        state = replace(state, wasted=None)
    excuse(machine, state)
    if state.early is not None and step.scaler:
        clipped, source = state.early.clip.ref, state.early.backward.ref
        machine.report(
            Clip(ClipFault.SCALED, clipped, at, source, None, step.optimizer, step.scaler)
        )


def _look_at_recurrent(machine: Machine, optimizer: Value, own: Reach, step: Step) -> None:
    known = machine.tables.all
    if isinstance(optimizer, Object) and optimizer.kind in known.searching:
        return  # it searches for the length of its step, and clipped gradients mislead its memory
    for atom in own.atoms:
        if not isinstance(atom, Object) or atom.kind not in known.recurrent or atom.ref is None:
            continue
        state = machine.grads.get(atom, FRESH)
        if state.clip.tended:
            machine.report(Tended(step.at.ref))
        elif state.pending is not None and state.pending.certain:
            made = optimizer.ref if isinstance(optimizer, Object) else None
            kind = atom.kind.rpartition(".")[2]
            backward = state.pending.ref
            steps = machine.unrolls.get(atom)
            fact = Recurrent(step.at.ref, step.optimizer, atom.ref, kind, steps, made, backward)
            machine.report(replace(fact, scaler=step.scaler))


def _look_at_last(machine: Machine, optimizer: Value, own: Reach, step: Step) -> None:
    """Were the gradients of other parameters clipped than the ones of this step?"""
    last = machine.flags.get(_LAST)
    if not isinstance(last, LastClip) or own.open:
        return
    here = last.at.loop is step.at.loop and last.at.turn == step.at.turn
    states = [machine.grads.get(atom, FRESH) for atom in own.atoms]
    waiting = [state.pending for state in states if state.pending is not None]
    sure = all(isinstance(atom, Object) for atom in own.atoms) and bool(waiting)
    if here and sure and not any(state.clip.tended for state in states):
        backward = next(one.ref for one in waiting)
        made = optimizer.ref if isinstance(optimizer, Object) else None
        fact = Clip(ClipFault.OTHER, last.at.ref, step.at.ref, backward, made=made)
        machine.report(replace(fact, optimizer=step.optimizer))


def _state(machine: Machine, atom: object) -> Clipping:
    return machine.grads.get(atom, FRESH).clip


def _put(machine: Machine, atom: object, state: Gradients, clip: Clipping) -> None:
    if clip is not state.clip:
        machine.store.put(machine.grads, atom, replace(state, clip=clip))

"""Which loops train, over what, and how their turns end.

A loop trains where every way through a turn meets a backward, and an optimizer that was there
before the loop steps in it.  What it trains over is what it runs over, through `enumerate` and
the like.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .facts import Fact
from .values import (
    Alternatives,
    Loader,
    Reach,
    Serving,
    Stream,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .frames import Loop
    from .machine import Machine
    from .store import Changes

_TRAINED = "trained"


@dataclass(frozen=True, slots=True)
class Training(Fact):
    """A loop that trains over a loader.

    `loader` is the call that made it, `name` what the user calls it; `repeated` says that there
    is a loop around.
    """

    BETWEEN_CALLS = True

    loop: NodeRef
    loader: NodeRef
    name: str
    serving: Serving
    repeated: bool

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        own = self.serving.own
        return (self.loop, self.loader) if own is None else (self.loop, self.loader, own)


@dataclass(frozen=True, slots=True)
class Cut(Fact):
    """A loop that trains and always ends in its first turn.  `name` is what it runs over."""

    loop: NodeRef
    name: str

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.loop,)


@dataclass(frozen=True, slots=True)
class Restart(Fact):
    """`next(iter(loader))` in each turn of a loop that trains on what it gives."""

    BETWEEN_CALLS = True

    at: NodeRef
    loop: NodeRef
    loader: NodeRef
    name: str
    serving: Serving

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        own = self.serving.own
        found = (self.at, self.loop, self.loader)
        return found if own is None else (*found, own)


@dataclass(eq=False, frozen=True, slots=True)
class First:
    """The first batch of a new pass over a loader, as something that a loss may depend on."""

    ref: NodeRef
    loader: Loader
    loop: Loop
    turn: int


def first_batch(machine: Machine, source: Value, ref: NodeRef) -> Value | None:
    """What `next(iter(source))` gives in a loop; None where that is nothing special."""
    at = machine.place(ref)
    if not isinstance(source, Loader) or source.ref is None or at.loop is None or at.conditional:
        return None
    atom = First(ref, source, at.loop, at.turn)
    return Unknown("batch", Reach(frozenset((atom,)), False), given=True)


def without_batches(machine: Machine, loss: Reach) -> Reach:
    """The parameters of a loss alone; the batches that it depends on are noted in their loops."""
    found = [one for one in loss.atoms if isinstance(one, First)]
    for one in found:
        if one.loop.number == one.turn and one not in one.loop.firsts:
            one.loop.firsts.append(one)
    return Reach(loss.atoms - frozenset(found), loss.open) if found else loss


def begin_turn(machine: Machine, loop: Loop) -> None:
    """Nothing has happened in this turn yet."""
    machine.store.put(loop.cells, _TRAINED, False)


def saw_backward(machine: Machine) -> None:
    """All loops around have met a backward in their running turn."""
    for frame in machine.frames:
        for loop in frame.loops:
            machine.store.put(loop.cells, _TRAINED, True)


def saw_step(machine: Machine, optimizer: Value) -> None:
    """An optimizer steps in all loops around."""
    for frame in machine.frames:
        for loop in frame.loops:
            if optimizer not in loop.steppers:
                loop.steppers.append(optimizer)


def end_turn(machine: Machine, loop: Loop, arrives: bool) -> bool:
    """Has every way through the turn that just ended met a backward?

    Leaving early, as after a number of steps, says nothing where others go on.
    """
    if arrives:
        return bool(loop.cells.get(_TRAINED))
    return bool(loop.breaks) and all(_trained(loop, changes) for changes in loop.breaks)


def _trained(loop: Loop, changes: Changes) -> bool:
    found = changes.get((id(loop.cells), _TRAINED))
    return found is not None and found[1] is True


def conclude(machine: Machine, loop: Loop, ref: NodeRef, *, trains: bool, single: bool) -> None:
    """The loop is over: report what it trained over."""
    if not trains or not _steps(loop):
        return
    for one in loop.firsts:
        assert one.loader.ref is not None
        found = Restart(one.ref, ref, one.loader.ref, one.loader.hint, one.loader.serving)
        machine.report(found)
    if loop.source is None:
        return
    if single and _is_many(loop.source):
        machine.report(Cut(ref, getattr(_behind(loop.source), "hint", "")))
    loaders = _loaders(loop.source)
    if loaders is None:
        return
    repeated = any(frame.loops for frame in machine.frames)
    alike = len({one.serving.order for one in loaders}) == 1
    for one in loaders:
        if one.ref is not None:
            serving = one.serving if alike else Serving()
            machine.report(Training(ref, one.ref, one.hint, serving, repeated))


def _steps(loop: Loop) -> bool:
    """Does an optimizer step that was not made for one batch, as in an attack on the input?"""
    return any(isinstance(one, Unknown) or one in loop.known for one in loop.steppers)


def _behind(source: Value) -> Value:
    """What is counted by `enumerate` or the like."""
    while isinstance(source, Stream) and source.source is not None:
        source = source.source
    return source


def _is_many(source: Value) -> bool:
    """Is it meant to give one batch after the other?"""
    source = _behind(source)
    return isinstance(source, Loader) or (isinstance(source, Unknown) and source.given)


def _loaders(source: Value) -> tuple[Loader, ...] | None:
    """The loaders that a loop runs over; None if it may be anything else."""
    source = _behind(source)
    if isinstance(source, Loader):
        return (source,)
    if isinstance(source, Alternatives):
        found = [_loaders(one) for one in source.options]
        flat = [one for some in found if some is not None for one in some]
        return tuple(flat) if None not in found else None
    return None

"""What the running turns of loops have met so far: a backward, a step, a first batch.

Whether every way through a turn met a backward is a cell of the store, so branches count.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .assign import scope_of_names
from .numbers import next_number
from .values import NOTHING, Constant, Loader, Reach, Sequence, Unknown, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .frames import Loop
    from .machine import Machine
    from .store import Changes

_TRAINED = "trained"


@dataclass(eq=False, frozen=True, slots=True)
class First:
    """The first batch of a new pass over a loader, as something that a loss may depend on.

    `loop` is the one whose turns start the passes; None if a comprehension does.
    """

    ref: NodeRef
    loader: Loader
    loop: Loop | None
    turn: int
    number: int = field(default_factory=next_number)

    def __hash__(self) -> int:
        return self.number


def first_batch(machine: Machine, source: Value, ref: NodeRef) -> Value | None:
    """What `next(iter(source))` gives in a loop; None where that is nothing special."""
    at = machine.place(ref)
    again = at.loop is not None or any(frame.comprehensions for frame in machine.frames)
    if not isinstance(source, Loader) or source.ref is None or not again or at.conditional:
        return None
    atom = First(ref, source, at.loop, at.turn)
    return Unknown("batch", Reach(frozenset((atom,)), False), given=True)


def without_batches(machine: Machine, loss: Reach) -> Reach:
    """The parameters of a loss alone; the batches that it depends on are noted in their loops."""
    found = [one for one in loss.atoms if isinstance(one, First)]
    for one in found:
        if one.loop is not None and one.loop.number == one.turn and one not in one.loop.firsts:
            one.loop.firsts.append(one)
    return Reach(loss.atoms - frozenset(found), loss.open) if found else loss


def firsts_in(source: Value) -> tuple[First, ...]:
    """The first batches that a list holds and nothing else; empty if it is another list."""
    if not isinstance(source, Sequence):
        return ()
    found = [_firsts_of(item) for item in source.items]
    if not all(found):
        return ()
    firsts = tuple(one for some in found for one in some)
    by_place = {one.ref: one for one in firsts}
    return () if source.exact and len(by_place) == len(firsts) else tuple(by_place.values())


def _firsts_of(item: Value) -> list[First]:
    """The first batch that an item is, or that is numbered by `enumerate`."""
    if isinstance(item, Sequence) and item.kind == "tuple":
        return [one for part in item.items for one in _firsts_of(part)]
    atoms = item.reach.atoms if isinstance(item, Unknown) else ()
    return [one for one in atoms if isinstance(one, First)]


def begin_turn(machine: Machine, loop: Loop) -> None:
    """Nothing has happened in this turn yet."""
    machine.store.put(loop.cells, _TRAINED, False)


def saw_backward(machine: Machine, loss: Reach, ref: NodeRef) -> None:
    """All loops around have met a backward in their running turn; it belongs to the innermost."""
    innermost: Loop | None = None
    for frame in machine.frames:
        for loop in frame.loops:
            machine.store.put(loop.cells, _TRAINED, True)
            innermost = loop
    if innermost is not None:
        innermost.backwards[ref] = innermost.backwards.get(ref, NOTHING) | loss


def saw_step(machine: Machine, optimizer: Value) -> None:
    """An optimizer steps in all loops around."""
    for frame in machine.frames:
        for loop in frame.loops:
            if optimizer not in loop.steppers:
                loop.steppers.append(optimizer)


def saw_return(machine: Machine, loops: list[Loop]) -> None:
    """A `return` leaves all loops of its function."""
    for loop in loops:
        loop.returns.append(bool(loop.cells.get(_TRAINED)))


def end_turn(machine: Machine, loop: Loop, arrives: bool) -> bool:
    """Has every way through the turn that just ended met a backward?

    Leaving early, as after a number of steps, says nothing where others go on.
    """
    if arrives:
        return bool(loop.cells.get(_TRAINED))
    ways = [*loop.returns, *(_trained(loop, changes) for changes in loop.breaks)]
    return bool(ways) and all(ways)


def forget_counters(machine: Machine, loop: Loop) -> None:
    """What a turn has counted on with is any number in later turns, of which there may be many."""
    names = scope_of_names(machine)
    for name, before in machine.store.replaced(loop.turn, names).items():
        now = names.get(name)
        if _is_integer(before) and _is_integer(now) and before != now:
            machine.store.put(names, name, Unknown(str(name), NOTHING))


def _is_integer(value: object) -> bool:
    return isinstance(value, Constant) and type(value.value) is int


def _trained(loop: Loop, changes: Changes) -> bool:
    found = changes.get((id(loop.cells), _TRAINED))
    return found is not None and found[1] is True

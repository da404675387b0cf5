"""Which loops train, over what, and how their turns end.

A loop trains where every way through a turn meets a backward, and an optimizer that was there
before the loop steps in it.  What it trains over is what it runs over, through `enumerate` and
the like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..syntax import ir
from . import loop_marks
from .events import reach_of, role_of
from .facts import Fact
from .search import nodes, statements, written
from .values import (
    NOTHING,
    Alternatives,
    Instance,
    Loader,
    Object,
    Reach,
    Role,
    Serving,
    Stream,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from ..syntax.leaf import Leaf
    from .frames import Loop
    from .machine import Machine


@dataclass(frozen=True, slots=True)
class Training(Fact):
    """A loop whose turns are the steps of a training, and who takes part, as written there."""

    loop: NodeRef
    backwards: tuple[NodeRef, ...]
    models: tuple[str, ...]
    optimizers: tuple[str, ...]
    scalers: tuple[str, ...]

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.loop, *self.backwards)


@dataclass(frozen=True, slots=True)
class Pass(Fact):
    """A loop that trains over a loader; or the method by which a framework gets what it trains on.

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
    """A loop that trains and always ends in its first turn.  `name` is what it runs over.

    `own`: the backward is its own, not that of a loop in it.
    """

    loop: NodeRef
    name: str
    own: bool

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.loop,)


@dataclass(frozen=True, slots=True)
class Restart(Fact):
    """`next(iter(loader))` for each turn of a loop that trains on what it gives.

    `at` may stand in the loop, or in what makes the list that the loop runs over.
    """

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


def conclude(
    machine: Machine, loop: Loop, node: ir.For | ir.While, *, trains: bool, single: bool
) -> None:
    """The loop is over: report what it trained, and over what."""
    if not trains or not _steps(loop):
        return
    ref = machine.ref(node.at)
    if loop.backwards:
        _report_training(machine, loop, node, ref)
    listed = () if loop.source is None else loop_marks.firsts_in(_behind(loop.source))
    for one in (*loop.firsts, *listed):
        assert one.loader.ref is not None
        found = Restart(one.ref, ref, one.loader.ref, one.loader.hint, one.loader.serving)
        machine.report(found)
    if loop.source is None:
        return
    if single and _is_many(loop.source):
        own = bool(loop.backwards)
        machine.report(Cut(ref, getattr(_behind(loop.source), "hint", ""), own))
    repeated = any(frame.loops for frame in machine.frames)
    train_on(machine, loop.source, ref, repeated)


def train_on(machine: Machine, source: Value, ref: NodeRef, repeated: bool) -> None:
    """Something trains on all that this serves; `repeated`: more than once."""
    loaders = _loaders(source) or ()
    alike = len({one.serving.order for one in loaders}) == 1
    for one in loaders:
        if one.ref is not None:
            serving = one.serving if alike else Serving()
            machine.report(Pass(ref, one.ref, one.hint, serving, repeated))


def _report_training(machine: Machine, loop: Loop, node: ir.For | ir.While, ref: NodeRef) -> None:
    known = (one for one in machine.record.facts if isinstance(one, Training))
    if any(one.loop == ref for one in known):
        return
    fed: Reach = NOTHING
    for reach in loop.backwards.values():
        fed = fed | reach
    named = _named(machine, node, ref.leaf)
    found = Training(
        ref,
        tuple(loop.backwards),
        tuple(name for name, value in named.items() if _is_fed(machine, value, fed)),
        tuple(name for name, value in named.items() if value in loop.steppers),
        tuple(name for name, value in named.items() if role_of(machine, value) is Role.SCALER),
    )
    machine.report(found)


def _named(machine: Machine, node: ir.For | ir.While, leaf: Leaf) -> dict[str, Value]:
    """The objects that a loop calls or asks something of, by how it names them."""
    found: dict[str, Value] = {}
    for statement, _ in statements(node.body, leaf):
        for one in nodes(statement):
            owner = _owner(one.func) if isinstance(one, ir.Call) else None
            name = written(owner)
            if owner is not None and name not in found:
                value = _peek(machine, owner)
                if value is not None:
                    found[name] = value
    return found


def _owner(func: ir.Expression) -> ir.Expression | None:
    """`model` of `model(x)`, `optimizer` of `optimizer.step()`, `self.model` of `self.model(x)`."""
    if isinstance(func, ir.Name):
        return func
    if not isinstance(func, ir.Attribute):
        return None
    is_method = func.attr in _METHODS
    return func.value if is_method else func


_LOSS = re.compile(r"crit|loss|mse|bce", re.IGNORECASE)
_METHODS = ("step", "zero_grad", "parameters", "scale", "update", "unscale_", "train", "forward")


def _peek(machine: Machine, node: ir.Expression) -> Value | None:
    """What a name or attribute holds, without any effect."""
    if isinstance(node, ir.Name):
        scope = machine.frame.scope
        for one in scope.around() if scope is not None else ():
            if node.id in one.names:
                return one.names[node.id]
        return machine.frame.module.scope.get(node.id)
    if isinstance(node, ir.Attribute):
        owner = _peek(machine, node.value)
        if isinstance(owner, Instance | Object | Unknown):
            found = owner.slots.get(node.attr)
            children = owner.children if isinstance(owner, Unknown) else {}
            return found or children.get(node.attr) or machine.children.get((owner, node.attr))
    return None


def _is_fed(machine: Machine, value: Value, fed: Reach) -> bool:
    """Is it a model that the loss depends on?"""
    if isinstance(value, Unknown):
        return value in fed.atoms and not _LOSS.search(value.hint)
    is_layer = role_of(machine, value) is Role.LAYER
    return is_layer and not fed.atoms.isdisjoint(reach_of(machine, value).atoms)


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

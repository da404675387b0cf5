"""Images on their way into a network: whose numbers are still those of the file.

An operation in place makes what it is done to unknown, and with it everything of the same origin,
for a view may share its memory.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .data_facts import Scale, ScaleFault, Statistics, UnitMeant
from .shape import Shape
from .tensors import TOUCHED, Origin, Range, Tensor
from .values import Object, Sequence, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .machine import Machine


@dataclass(frozen=True, slots=True)
class Seen:
    """Of which data set an image is, and how many conditions were open when it came from there."""

    dataset: Object
    conditions: int


_DATA = "data"
_STATISTICS = "statistics"
PIXELS = (Range.BYTES, Range.RAW, Range.UNIT, Range.NORMALIZED, Range.FED, Range.FED_UNIT)
_FAULTS = {Range.FED: ScaleFault.RAW_INPUT, Range.FED_UNIT: ScaleFault.UNIT_INPUT}
_FIRST = "<first>"  # the slot in which the first layer of images of 0..1 keeps what made them so
_HARMLESS = ("requires_grad_", "detach_", "squeeze_", "unsqueeze_", "transpose_", "t_", "retain_")


def range_of(value: Value | None) -> Range:
    """What the numbers of an image are, if nothing was done to it in place."""
    if not isinstance(value, Tensor) or value.range not in PIXELS:
        return Range.UNKNOWN
    touched = value.origin is not None and value.origin.touched
    return Range.UNKNOWN if touched else value.range


def touch(machine: Machine, value: Value) -> None:
    """Something is done to it in place."""
    for one in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(one, Tensor) and one.range in PIXELS and one.origin is not None:
            machine.store.put(one.origin.cells, TOUCHED, True)


def touch_by_method(machine: Machine, receiver: Value, name: str) -> None:
    """`x.div_(255)`."""
    if name.endswith("_") and not name.endswith("__") and name not in _HARMLESS:
        touch(machine, receiver)


def image(what: Range, ref: NodeRef) -> Tensor:
    """An image whose numbers come from this call."""
    return Tensor(range=what, origin=Origin(ref, is_layer=False))


def conditions(machine: Machine) -> int:
    """How many `if`s whose test is not known are open now."""
    return sum(
        len(frame.conditions) + sum(len(loop.conditions) for loop in frame.loops)
        for frame in machine.frames
    )


def mark(machine: Machine, value: Value, dataset: Object) -> None:
    """This image is one of a data set, as that gives it."""
    if isinstance(value, Tensor) and value.origin is not None:
        machine.store.put(value.origin.cells, _DATA, Seen(dataset, conditions(machine)))


def data_of(value: Value | None) -> Seen | None:
    """The data set that an image is one of, if that is in sight."""
    if not isinstance(value, Tensor) or value.origin is None:
        return None
    found = value.origin.cells.get(_DATA)
    return found if isinstance(found, Seen) else None


def normalized(at: NodeRef, statistics: Statistics | None) -> Tensor:
    """An image behind a Normalize."""
    made = image(Range.NORMALIZED, at)
    assert made.origin is not None
    made.origin.cells[_STATISTICS] = statistics
    return made


def statistics_of(value: Value | None) -> Statistics | None:
    """Those that an image was normalized with, where they are known."""
    if range_of(value) is not Range.NORMALIZED or not isinstance(value, Tensor):
        return None
    return value.origin.cells.get(_STATISTICS) if value.origin is not None else None


def of_picture(machine: Machine, picture: Object, ref: NodeRef) -> Tensor:
    """The numbers of a picture that Pillow has in hand, perhaps one of a data set."""
    made = image(Range.BYTES, ref)
    dataset = picture.config.get("dataset")
    if isinstance(dataset, Object):
        mark(machine, made, dataset)
    return made


def as_floats(value: Value, ref: NodeRef, shape: Shape | None) -> Tensor | None:
    """Bytes that this call turns into floats, as they are; None for anything else."""
    if range_of(value) is not Range.BYTES:
        return None
    return Tensor(shape=shape, range=Range.RAW, origin=Origin(ref, is_layer=False))


def enter(machine: Machine, value: Value | None, result: Tensor, ref: NodeRef) -> Tensor:
    """The first layer with weights: what it makes of raw pixels is as large as they are."""
    what = range_of(value)
    if what in _FAULTS:
        feed(machine, value)
    if not isinstance(value, Tensor) or value.origin is None:
        return result
    unit = what is Range.UNIT and data_of(value) is not None
    if what is not Range.RAW and not unit:
        return result
    fed = Range.FED_UNIT if unit else Range.FED
    return replace(result, range=fed, origin=replace(value.origin, through=ref))


def enter_first(machine: Machine, layer: Object, value: Value | None) -> None:
    """A layer that images of 0..1 enter may also see what a network draws.

    Then, as in a GAN, it is that network that tells how images have to be.
    """
    if not isinstance(value, Tensor):
        return
    if value.reach.atoms and _FIRST in layer.slots:
        machine.report(UnitMeant(layer.slots[_FIRST]))
    elif value.range is Range.UNIT and value.origin is not None:
        machine.store.put(layer.slots, _FIRST, value.origin.ref)


def feed(machine: Machine, value: Value | None) -> None:
    """An activation or a loss takes it as it is: no normalization came in between.

    Only where something learns: weights that are there already may be made for such pixels.
    """
    fault = _FAULTS.get(range_of(value))
    if fault is None or not machine.optimizers or machine.no_grad:
        return
    assert isinstance(value, Tensor)
    assert value.origin is not None
    origin, seen = value.origin, data_of(value)
    data = None if seen is None else seen.dataset.ref
    machine.report(Scale(fault, origin.ref, data=data, layer=origin.through))


def activate(machine: Machine, value: Value | None, result: Tensor) -> Tensor:
    """An activation takes raw pixels as they are; behind it, a norm may still help those of 0..1."""
    if range_of(value) is Range.FED_UNIT:
        return keep(value, result)
    feed(machine, value)
    return result


def see(machine: Machine, *values: Value) -> None:
    """Something else than a layer sees these: if they are images of 0..1, that may be meant."""
    for value in values:
        if isinstance(value, Tensor) and value.range is Range.UNIT and value.origin is not None:
            machine.report(UnitMeant(value.origin.ref))


def keep(value: Value | None, result: Tensor) -> Tensor:
    """An operation that picks or moves pixels, such as a pool."""
    if not isinstance(value, Tensor) or range_of(value) is Range.UNKNOWN:
        return result
    return replace(result, range=value.range, origin=value.origin)

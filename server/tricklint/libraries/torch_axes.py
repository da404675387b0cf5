"""Operations of `torch` and NumPy that move, add, take away, merge or repeat axes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..interpreter import shape_functions, sizes
from ..interpreter.dims import ONE, Dim
from ..interpreter.library import Call, Handler, Library, int_of
from ..interpreter.shape import Shape
from ..interpreter.tensors import Tensor
from ..interpreter.values import Sequence, Unknown, Value
from .results import ends_shift, keep_cut, operand, same_numbers, written_sizes

library = Library()

_CUTS = ("index_select",)  # and what is registered beside it
_TURNS = ("permute", "transpose", "movedim")

ShapeOfCall: TypeAlias = Callable[[Call, Shape], Shape | None]


def moves(*names: str, unknown: bool = True) -> Callable[[ShapeOfCall], ShapeOfCall]:
    """Register an operation that moves or picks numbers and changes none of them."""

    def register(shape_of_call: ShapeOfCall) -> ShapeOfCall:
        def handler(call: Call) -> Value:
            value, call = operand(call)
            shape = sizes.shape_of(call.machine, value)
            made = same_numbers(call, value, shape and shape_of_call(call, shape))
            if names[0] in _CUTS:
                keep_cut(value, made)
            if names[0] in _TURNS:
                made.turned = True
            return made

        _register(handler, names, unknown)
        return shape_of_call

    return register


def _register(handler: Handler, names: tuple[str, ...], unknown: bool) -> None:
    for name in names:
        library.method(Tensor, name)(handler)
        if unknown:
            library.method(Unknown, name)(handler)
        library.function(f"torch.{name}", f"numpy.{name}")(handler)


def integers(call: Call, *names: str) -> tuple[int, ...] | None:
    """The axes that are given one by one or as one tuple; None where they are not all known."""
    values = call.args.positional
    named = [value for name in names if (value := call.args.get(-1, name)) is not None]
    if named:
        values = tuple(named)
    if len(values) == 1 and isinstance(values[0], Sequence):
        if not values[0].exact:
            return None
        values = values[0].items
    found = [int_of(value) for value in values]
    known = tuple(one for one in found if one is not None)
    return known if len(known) == len(found) and not call.args.open else None


@moves("permute")
def _permute(call: Call, shape: Shape) -> Shape | None:
    axes = integers(call, "dims", "axes")
    return None if axes is None else shape_functions.permute(shape, axes)


@moves("transpose", "swapaxes", "swapdims")
def _transpose(call: Call, shape: Shape) -> Shape | None:
    values = call.args.positional
    axes_of_numpy = call.args.get(-1, "axes") is not None
    if axes_of_numpy or len(values) > 2 or (len(values) == 1 and isinstance(values[0], Sequence)):
        return _permute(call, shape)
    if not call.args.values():
        return _reversed(shape)
    first, second = call.integer(0, "dim0"), call.integer(1, "dim1")
    return None if first is None or second is None else _swapped(shape, first, second)


def _swapped(shape: Shape, first: int, second: int) -> Shape | None:
    return shape_functions.transpose(shape, first, second)


def _reversed(shape: Shape) -> Shape | None:
    return shape_functions.permute(shape, range(len(shape.dims))[::-1])


@moves("movedim", "moveaxis")
def _move_axis(call: Call, shape: Shape) -> Shape | None:
    source, target = call.integer(0, "source"), call.integer(1, "destination")
    if source is None or target is None:
        return None
    return shape_functions.move_axis(shape, source, target)


@moves("t")
def _t(call: Call, shape: Shape) -> Shape | None:
    return _reversed(shape) if shape.rank == 2 else None


@library.attribute(Tensor, "T", "mT")
@library.attribute(Unknown, "T", "mT")
def _turned(call: Call) -> Value:
    shape = sizes.shape_of(call.machine, call.receiver)
    if shape is not None:
        shape = _reversed(shape) if call.name == "T" else _swapped(shape, -2, -1)
    return same_numbers(call, call.receiver, shape)


@moves("unsqueeze", "expand_dims", unknown=False)
def _unsqueeze(call: Call, shape: Shape) -> Shape | None:
    axes = integers(call, "dim", "axis")
    if axes is None or len(axes) != 1:
        return None
    return shape_functions.unsqueeze(shape, axes[0])


@moves("squeeze", unknown=False)
def _squeeze(call: Call, shape: Shape) -> Shape | None:
    axes = integers(call, "dim", "axis")
    return None if axes is None else shape_functions.squeeze(shape, *axes)


@moves("flatten", "ravel")
def _flatten(call: Call, shape: Shape) -> Shape | None:
    start, end = call.integer(0, "start_dim", 0), call.integer(1, "end_dim", -1)
    if start is None or end is None:
        return None
    return shape_functions.flatten(shape, start, end)


@moves("unflatten", unknown=False)
def _unflatten(call: Call, shape: Shape) -> Shape | None:
    axis, asked = call.integer(0, "dim"), call.get(1, "sizes")
    found = None if asked is None else sizes.sizes_of(call.machine, (asked,))
    if axis is None or found is None:
        return None
    return shape_functions.unflatten(shape, axis, found)


@moves("expand", unknown=False)
def _expand(call: Call, shape: Shape) -> Shape | None:
    asked = sizes.sizes_of(call.machine, written_sizes(call, "size", "sizes", "repeats"))
    return None if asked is None else shape_functions.expand(shape, asked)


@moves("expand_as", "view_as", "reshape_as")
def _as_other(call: Call, shape: Shape) -> Shape | None:
    other = call.get(0, "other")
    if not call.name.endswith("expand_as"):
        ends_shift(call, call.receiver)
    return None if other is None else sizes.shape_of(call.machine, other)


@moves("repeat", "tile", unknown=False)
def _repeat(call: Call, shape: Shape) -> Shape | None:
    if call.name == "numpy.repeat":
        return None
    counts = sizes.sizes_of(call.machine, written_sizes(call, "size", "sizes", "repeats")) or (
        None,
    )
    known = tuple(count for count in counts if count is not None)
    found = shape_functions.repeat(shape, known) if len(known) == len(counts) else None
    if found is None:
        return None
    # An axis of copies is cut where it likes: (d, n*d) as (n*d, d) puts them below each other.
    old = (*(ONE for _ in range(len(known) - len(shape.dims))), *shape.dims)
    cut = any(
        one.number is None and ONE not in pair
        for one, *pair in zip(found.dims, old, known, strict=True)
    )
    return None if cut else found


@moves("repeat_interleave")
def _repeat_interleave(call: Call, shape: Shape) -> Shape | None:
    times, axis = call.get(0, "repeats"), call.get(1, "dim")
    at = None if axis is None else int_of(axis)
    if times is None or (axis is not None and at is None):
        return None
    count = sizes.dim_of(call.machine, times)
    if count is None or isinstance(times, Unknown):
        # There may be another number of repeats for each row.
        count = Dim.of(sizes.fresh(call.machine, "repeats"))
    return shape_functions.repeat_interleave(shape, count, at)


@moves("index_select", "narrow", "gather", unknown=False)
def _picked(call: Call, shape: Shape) -> Shape | None:
    axis = call.integer(0, "dim")
    if axis is None:
        return None
    size = Dim.of(sizes.fresh(call.machine, "picked"))
    if call.name.endswith("gather"):
        # The index has the shape of the result, and may be smaller along every axis.
        index = call.get(1, "index")
        return None if index is None else sizes.shape_of(call.machine, index)
    length = call.get(2, "length") if call.name.endswith("narrow") else None
    known = None if length is None else sizes.dim_of(call.machine, length)
    return shape_functions.resize(shape, axis, known or size)


@moves("select", unknown=False)
def _select(call: Call, shape: Shape) -> Shape | None:
    axis = call.integer(0, "dim")
    return None if axis is None else shape_functions.unbind(shape, axis)


@moves("flip", "roll", "contiguous", "clone", "detach_", "masked_fill", "ascontiguousarray")
@moves("masked_fill_", "fliplr", "flipud", "tril", "triu", unknown=False)
def _as_before(call: Call, shape: Shape) -> Shape | None:
    return shape


@moves("unfold")
def _not_followed(call: Call, shape: Shape) -> Shape | None:
    return None

"""Tensors: what their methods, and the functions of `torch` of the same name, make of them."""

from __future__ import annotations

from ..interpreter import biases, clips, events, pixels, sizes
from ..interpreter.dims import Dim, product
from ..interpreter.facts import Reshape
from ..interpreter.library import Call, Handler, Library, Register
from ..interpreter.reshapes import Verdict, fits_if_equal, repair, reshape, resplit
from ..interpreter.shape import Shape
from ..interpreter.tensors import Range, ShapeOf, Tensor
from ..interpreter.values import NONE, NOTHING, Constant, Unknown, Value
from .results import (
    ends_shift,
    in_range,
    names_floats,
    operand,
    reach,
    same_numbers,
    tensor,
    written_sizes,
)

library = Library()
library.telling |= {"view", "reshape"}
library.passive |= {"torch", "torchvision", "torchaudio", "torchtext", "torchmetrics", "einops"}


def method(*names: str, functions: bool = True) -> Register:
    """Register for tensors, for unknown values used as such, and as `torch.NAME`."""

    def register(handler: Handler) -> Handler:
        for name in names:
            library.method(Tensor, name)(handler)
            library.method(Unknown, name)(handler)
            if functions:
                library.function(f"torch.{name}")(handler)
        return handler

    return register


@method("backward", functions=False)
def _backward(call: Call) -> Value:
    receiver = call.receiver
    scaled = isinstance(receiver, Tensor) and receiver.range is Range.SCALED
    events.backward(call.machine, events.reach_of(call.machine, receiver), call.ref, scaled)
    return NONE


@library.function("torch.autograd.backward")
def _autograd_backward(call: Call) -> Value:
    value = call.get(0, "tensors")
    if value is not None:
        events.backward(call.machine, events.reach_of(call.machine, value), call.ref)
    return NONE


@library.method(Tensor, "*")
def _other_method(call: Call) -> Value:
    return tensor(call)


@method("detach", "detach_", functions=False)
@library.function("torch.detach")
def _detach(call: Call) -> Value:
    value, call = operand(call)
    clips.cut(call.machine)
    biases.see(call.machine, value)
    if isinstance(value, Tensor):
        return Tensor(NOTHING, sizes.shape_of(call.machine, value), value.range, value.origin)
    return Tensor(NOTHING, sizes.shape_of(call.machine, value))


@library.method(Tensor, "item", "tolist", "numpy", "argmax", "argmin", "argsort", "size_")
def _number(call: Call) -> Value:
    biases.see(call.machine, call.receiver)
    return Unknown(call.name, NOTHING)


@method("softmax")
@library.function("torch.nn.functional.softmax")
def _softmax(call: Call) -> Value:
    value, call = operand(call)
    return in_range(call, value, Range.PROBABILITY)


@method("log_softmax")
@library.function("torch.nn.functional.log_softmax")
def _log_softmax(call: Call) -> Value:
    value, call = operand(call)
    return in_range(call, value, Range.LOG_PROBABILITY)


@method("log", "log_")
def _log(call: Call) -> Value:
    value, call = operand(call)
    if isinstance(value, Tensor) and value.range is Range.PROBABILITY:
        shape = sizes.shape_of(call.machine, value)
        return Tensor(reach(call), shape, Range.LOG_PROBABILITY, value.origin)
    return tensor(call, sizes.shape_of(call.machine, value))


@library.method(Tensor, "to", "cuda", "cpu", "float", "half", "double", "bfloat16", "type")
@library.method(Tensor, "clone", "contiguous", "requires_grad_", "type_as", "pin_memory")
@library.method(
    Tensor, "astype", "clamp", "clamp_", "clip", "retain_grad", "squeeze_", "xpu", "npu"
)
def _same(call: Call) -> Value:
    shape = None if call.name == "squeeze_" else sizes.shape_of(call.machine, call.receiver)
    if isinstance(call.receiver, Tensor) and call.receiver.range in pixels.PIXELS:
        return _pixels(call, shape)
    return same_numbers(call, call.receiver, shape)


@library.method(Tensor, "long", "int", "bool")
def _whole(call: Call) -> Value:
    """No gradient goes through whole numbers."""
    shape = sizes.shape_of(call.machine, call.receiver)
    if isinstance(call.receiver, Tensor) and call.receiver.range is Range.LABEL:
        return same_numbers(call, call.receiver, shape)
    return Tensor(NOTHING, shape)


_TO_FLOATS = ("float", "half", "double", "bfloat16")


def _pixels(call: Call, shape: Shape | None) -> Value:
    """An image may become floats, or its numbers be cut."""
    if call.name.startswith("cl") and call.name != "clone":
        return Tensor(reach(call), shape)
    if call.name in _TO_FLOATS or names_floats(call.args.values()):
        floats = pixels.as_floats(call.receiver, call.ref, shape)
        if floats is not None:
            return floats
    return same_numbers(call, call.receiver, shape)


@library.function("torch.clamp", "torch.clip", "torch.clone")
def _same_function(call: Call) -> Value:
    value, call = operand(call)
    if isinstance(value, Tensor) and value.range in pixels.PIXELS and call.name != "torch.clone":
        return Tensor(reach(call), sizes.shape_of(call.machine, value))
    return same_numbers(call, value, sizes.shape_of(call.machine, value))


@library.method(Unknown, "clone", "contiguous", "float", "half", "double", "cuda", "cpu")
def _same_unknown(call: Call) -> Value:
    """An unknown tensor, or model: it stays the same object."""
    return call.receiver


@library.method(Unknown, "to")
def _to(call: Call) -> Value:
    return call.receiver


@method("size", functions=False)
def _size(call: Call) -> Value:
    index = call.get(0, "dim")
    if index is None:
        return sizes.shape_value(call.machine, call.receiver)
    if isinstance(index, Constant) and type(index.value) is int:
        return sizes.number(sizes.axis(call.machine, call.receiver, index.value))
    return Unknown("size", NOTHING)


@library.attribute(Tensor, "shape")
@library.attribute(Unknown, "shape")
def _shape_attribute(call: Call) -> Value:
    return sizes.shape_value(call.machine, call.receiver)


@library.attribute(Tensor, "data")
def _data(call: Call) -> Value:
    return _detach(call)


@library.attribute(Tensor, "device", "dtype", "is_cuda", "requires_grad", "grad_fn", "layout")
def _plain(call: Call) -> Value:
    return Unknown(call.name, NOTHING)


@method("view", functions=False)
@method("reshape")
@library.function("numpy.reshape")
def _view(call: Call) -> Value:
    value, call = operand(call)
    asked = sizes.sizes_of(call.machine, _written_sizes(call))
    before = sizes.shape_of(call.machine, value)
    if asked is None:
        return same_numbers(call, value)
    if before is None:
        before = sizes.rank_from_sizes(call.machine, value, asked)
    if before is None:
        return same_numbers(call, value, _shape(call, value, asked))
    if _equate(call, before, asked):
        before = sizes.shape_of(call.machine, value) or before
        asked = sizes.sizes_of(call.machine, _written_sizes(call)) or asked
    lead = sizes.missing(call.machine, value, asked) if before.prefix and None in asked else None
    result = reshape(before, asked, lead)
    is_meant = ends_shift(call, value) or (
        isinstance(value, Tensor) and value.range is Range.COUNTED
    )
    if result.verdict is Verdict.MISALIGNED and isinstance(value, Tensor) and value.turned:
        is_meant |= result.shape is not None and fits_if_equal(before, result.shape)
    moved = result.verdict in (Verdict.PERMUTED, Verdict.MISALIGNED)
    made = same_numbers(call, value, result.shape)
    is_undone = isinstance(value, Tensor) and value.reordered is not None and not value.cut
    if result.shape is not None and moved and not is_meant and not is_undone:
        made.reordered = call.ref
        turned, cut = repair(before, result.shape), resplit(before, asked)
        if turned or cut or not _are_numbers(before, result.shape):
            call.machine.report(
                Reshape(call.ref, before, result.shape, result.verdict, turned, cut)
            )
    return made


def _are_numbers(before: Shape, after: Shape) -> bool:
    """Numbers alone name axes only where some order of the axes explains them.

    A (4, 6) that becomes a (3, 8) mixes its rows, but nobody took 3 or 8 for one of its axes.
    """
    return all(dim.number is not None for dim in (*before.dims, *after.dims))


def _equate(call: Call, before: Shape, asked: tuple[Dim | None, ...]) -> bool:
    """A view only works where both have as many elements: that may tell one size by the others."""
    if before.prefix or None in asked:
        return False
    old, new = product(before.dims), product(size for size in asked if size is not None)
    common = old.gcd(new)
    rest_old, rest_new = old.divide(common), new.divide(common)
    if rest_old is None or rest_new is None or rest_old == rest_new:
        return False
    sizes.unify(call.machine, rest_old, rest_new)
    return True


def _shape(call: Call, value: Value, asked: tuple[Dim | None, ...]) -> Shape:
    """The shape that a tensor of unknown shape is given."""
    rest = sizes.missing(call.machine, value, asked) if None in asked else None
    return Shape(tuple(one for size in asked if (one := size or rest) is not None))


def _written_sizes(call: Call) -> tuple[Value, ...]:
    values = written_sizes(call, "shape", "size")
    if len(values) == 1 and isinstance(values[0], ShapeOf):
        return (Unknown("?"), Unknown("?"))
    return values

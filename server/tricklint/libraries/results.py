"""Results that the handlers of tensor libraries share."""

from __future__ import annotations

from dataclasses import replace

from ..interpreter import events, pixels, sizes
from ..interpreter.facts import Shifted
from ..interpreter.gradients import FRESH
from ..interpreter.library import Arguments, Call
from ..interpreter.shape import Shape
from ..interpreter.tensors import Origin, Range, Tensor
from ..interpreter.values import NONE, NOTHING, Constant, External, Object, Reach, Value

PIL_IMAGE = "PIL.Image.Image"
_FLOATS = {
    *(f"torch.{name}" for name in ("float", "float32", "float64", "half", "float16", "double")),
    *(f"numpy.{name}" for name in ("float32", "float64", "float16", "double", "single")),
    *("builtins.float", "torch.FloatTensor", "torch.bfloat16"),
}
_FLOAT_NAMES = ("float", "float32", "float64", "float16", "torch.FloatTensor", "torch.float32")


def names_floats(values: tuple[Value, ...]) -> bool:
    """Is one of these the type of floats?"""
    return any(
        (isinstance(one, External) and one.path in _FLOATS)
        or (isinstance(one, Constant) and one.value in _FLOAT_NAMES)
        for one in values
    )


def reach(call: Call) -> Reach:
    """What the result of an operation on the receiver and the arguments depends on."""
    found = NOTHING
    for value in (call.receiver, *call.args.values()):
        if value is not NONE:
            found = found | events.reach_of(call.machine, value)
    return NOTHING if call.machine.no_grad else found


def tensor(call: Call, shape: Shape | None = None) -> Tensor:
    """A tensor whose numbers nothing is known of."""
    return Tensor(reach(call), shape)


def output(call: Call, shape: Shape | None = None) -> Tensor:
    """The output of the layer that is called."""
    made = Tensor(reach(call), shape)
    if isinstance(call.receiver, Object) and call.receiver.decisions:
        made.output_of = frozenset((call.receiver,))
    return made


def first_layer(call: Call, value: Value | None, result: Tensor) -> Tensor:
    """The output of what may be the first layer that an image enters, with its default weights."""
    layer = call.receiver
    if not isinstance(layer, Object) or "weight" in layer.slots:
        return result
    if call.machine.grads.get(layer, FRESH).frozen:
        return result
    pixels.enter_first(call.machine, layer, value)
    return pixels.enter(call.machine, value, result, call.ref)


def operand(call: Call) -> tuple[Value, Call]:
    """The tensor that is operated on, and the call with only the other arguments.

    `x.view(2, 3)` and `torch.view(x, 2, 3)` are the same to a handler.
    """
    if call.receiver is not NONE:
        return call.receiver, call
    value = call.get(0, "input")
    if value is None:
        return Tensor(), call
    keywords = tuple(one for one in call.args.keywords if one[0] != "input")
    rest = Arguments(call.args.positional[1:], keywords, call.args.open)
    return value, replace(call, receiver=value, args=rest)


def same_numbers(call: Call, value: Value, shape: Shape | None = None) -> Tensor:
    """The same numbers in another shape, order or place: they are what they were."""
    if isinstance(value, Tensor):
        return Tensor(reach(call), shape, value.range, value.origin, turned=value.turned)
    return Tensor(reach(call), shape)


def keep_cut(whole: Value, part: Tensor) -> None:
    """A part of a view that changed the order, with something left out."""
    if isinstance(whole, Tensor) and whole.reordered is not None:
        part.reordered, part.cut = whole.reordered, True


def ends_shift(call: Call, value: Value) -> bool:
    """Such a part is viewed once more: both views were meant (Transformer-XL, XLNet)."""
    if not isinstance(value, Tensor) or value.reordered is None or not value.cut:
        return False
    call.machine.report(Shifted(value.reordered))
    return True


def in_range(call: Call, value: Value, what: Range) -> Tensor:
    """The result of a softmax: the shape stays, the range is known, and where it came from."""
    receiver = call.receiver
    is_layer = isinstance(receiver, Object) and receiver.ref == call.ref
    origin = Origin(call.ref, is_layer)
    return Tensor(reach(call), sizes.shape_of(call.machine, value), what, origin)


def written_sizes(call: Call, *names: str) -> tuple[Value, ...]:
    """The sizes in a call, given one by one or as one of these arguments."""
    if call.args.open:
        return (NONE,)  # `*sizes` of unknown number: none of them is known
    named = (call.args.get(-1, name) for name in names)
    found = next((one for one in named if one is not None), None)
    return call.args.positional if found is None else (found,)

"""`einsum` and `einops`: operations that name every axis in a pattern."""

from __future__ import annotations

from ..interpreter import sizes
from ..interpreter.dims import Dim
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.shape import Shape
from ..interpreter.shape_patterns import Pattern, Side, Sizes, counts_axes, of_einsum, of_words
from ..interpreter.tensors import Tensor
from ..interpreter.values import Constant, Object, Role, Sequence, Unknown, Value
from .results import reach, same_numbers, tensor

library = Library()

_MOVES = ("einops.rearrange", "einops.repeat")
_LAYERS = ("einops.layers.torch.Rearrange", "einops.layers.torch.Reduce")


@library.function("torch.einsum", "numpy.einsum")
def _einsum(call: Call) -> Value:
    text, operands = call.get(0, "equation"), call.args.positional[1:]
    if len(operands) == 1 and isinstance(operands[0], Sequence):
        operands = operands[0].items
    return _worked_out(call, of_einsum(_text(text)), operands)


@library.function("einops.einsum")
def _einsum_of_words(call: Call) -> Value:
    values = call.args.positional
    return _worked_out(call, of_words(_text(values[-1] if values else None)), values[:-1])


@library.function("einops.rearrange", "einops.repeat", "einops.reduce")
def _rearranged(call: Call) -> Value:
    value, text = call.get(0, "tensor"), call.get(1, "pattern")
    pattern = of_words(_text(text))
    if value is None or pattern is None or len(pattern.operands) != 1:
        return tensor(call)
    return _moved(call, pattern, value, call.args)


@library.function(*_LAYERS)
def _layer(call: Call) -> Value:
    text = call.get(0, "pattern")
    config = {key: value for key, value in call.args.keywords if key != "pattern"}
    if text is not None:
        config["pattern"] = text
    return Object(Role.LAYER, call.name, config, ref=call.ref)


@library.call(*_LAYERS)
def _call_layer(call: Call) -> Value:
    value, layer = call.get(0, "input"), call.receiver
    config = layer.config if isinstance(layer, Object) else {}
    pattern = of_words(_text(config.get("pattern")))
    if value is None or pattern is None or len(pattern.operands) != 1:
        return tensor(call)
    named = tuple(one for one in config.items() if one[0] != "pattern")
    return _moved(call, pattern, value, Arguments((), named))


def _text(value: Value | None) -> str:
    """The pattern itself; one that fits nothing where it is not known."""
    text = value.value if isinstance(value, Constant) else None
    return text if isinstance(text, str) else "?"


def _moved(call: Call, pattern: Pattern, value: Value, args: Arguments) -> Value:
    """The same numbers, unless they are reduced."""
    shape = _result(call, pattern, (value,), _given(call, args))
    if call.name not in _MOVES and not call.name.endswith("Rearrange"):
        return Tensor(reach(call), shape)
    made = same_numbers(call, value, shape)
    made.turned |= pattern.permutes
    return made


def _worked_out(call: Call, pattern: Pattern | None, operands: tuple[Value, ...]) -> Value:
    if pattern is None or len(pattern.operands) != len(operands):
        return tensor(call)
    made = Tensor(reach(call), _result(call, pattern, operands, {}), turned=pattern.permutes)
    last = operands[-1]
    if isinstance(last, Tensor):
        made.reordered = last.reordered  # what is weighted stays where it was
    return made


def _given(call: Call, args: Arguments) -> dict[str, Dim]:
    """The sizes that are given by name."""
    found: dict[str, Dim] = {}
    for name, value in args.keywords:
        size = sizes.dim_of(call.machine, value)
        if size is not None:
            found[name] = sizes.resolved(call.machine, size)
    return found


def _result(
    call: Call, pattern: Pattern, operands: tuple[Value, ...], given: dict[str, Dim]
) -> Shape | None:
    found = Sizes(call.machine.symbols, given)
    unknown: list[tuple[Side, Value]] = []
    for side, value in zip(pattern.operands, operands, strict=True):
        shape = sizes.shape_of(call.machine, value)
        if shape is None or shape.prefix:
            unknown.append((side, value))
        elif not found.take(side, shape):
            return None
    for side, value in unknown:
        shape = _learned(call, side, value)
        if shape is not None and not found.take(side, shape):
            return None
    return found.shape(pattern.result)


def _learned(call: Call, side: Side, value: Value) -> Shape | None:
    """Without an ellipsis an operand has just the axes of the pattern, of any size.

    So it has where its shape was lost on the way here, but then the sizes may well be others that
    have a name already.
    """
    lost = isinstance(value, Tensor) and sizes.shape_of(call.machine, value) is None
    if lost or not counts_axes(side) or not isinstance(value, Tensor | Unknown):
        return None
    sizes.unpack_shape(call.machine, value, tuple("".join(axis[:1]) for axis in side))
    return sizes.shape_of(call.machine, value)

"""The shapes that layers of `torch.nn` take and give.  A layer also says what its input must be."""

from __future__ import annotations

from dataclasses import replace

from ..interpreter import calls, clips, pixels, shape_functions, shape_layers, sizes
from ..interpreter.dims import Dim
from ..interpreter.library import Call, Library, int_of
from ..interpreter.shape import Shape
from ..interpreter.shape_layers import Recurrence
from ..interpreter.tensors import Tensor
from ..interpreter.values import Class, Constant, Instance, Object, Value, sequence
from .results import first_layer, output, reach, same_numbers, tensor
from .torch_module import call_module
from .torch_nn import OWN

library = Library()


def _input(call: Call) -> tuple[Value | None, Shape | None]:
    value = call.get(0, "input")
    return value, None if value is None else sizes.shape_of(call.machine, value)


def _config(call: Call, name: str) -> Dim | None:
    receiver = call.receiver
    value = receiver.config.get(name) if isinstance(receiver, Object) else None
    return None if value is None else sizes.dim_of(call.machine, value)


@library.call("torch.nn.Linear")
def _linear(call: Call) -> Value:
    value, shape = _input(call)
    wide, out = _config(call, "in_features"), _config(call, "out_features")
    if out is None or value is None:
        return first_layer(call, value, output(call))
    if wide is not None and shape is not None and shape.dims:
        sizes.unify(call.machine, shape.dims[-1], wide)
    made = output(call, shape_layers.linear(call.machine.symbols, shape, out))
    return sizes.lead_of(call.machine, first_layer(call, value, made), value)


@library.call("torch.nn.Embedding")
def _embedding(call: Call) -> Value:
    _, shape = _input(call)
    wide = _config(call, "embedding_dim")
    if wide is None:
        return tensor(call)
    return Tensor(reach(call), shape_layers.embedding(call.machine.symbols, shape, wide))


_SAME = (
    "ReLU ReLU6 LeakyReLU ELU SELU GELU SiLU Mish Hardswish Hardtanh Tanh Sigmoid Softplus "
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout LayerNorm GroupNorm RMSNorm PReLU"
)


@library.call(*(f"torch.nn.{name}" for name in _SAME.split()))
def _same(call: Call) -> Value:
    value, shape = _input(call)
    result = Tensor(reach(call), shape)
    name = call.receiver.kind if isinstance(call.receiver, Object) else ""
    if "Dropout" in name:
        return pixels.keep(value, result)
    return result if "Norm" in name else pixels.activate(call.machine, value, result)


@library.call("torch.nn.MultiheadAttention")
def _attention(call: Call) -> Value:
    """The output has the shape of the query; the weights stand for pairs of places."""
    query, key = call.get(0, "query"), call.get(1, "key")
    receiver = call.receiver
    first = None if query is None else sizes.shape_of(call.machine, query)
    second = None if key is None else sizes.shape_of(call.machine, key)
    if not isinstance(receiver, Object) or first is None or second is None:
        return sequence("tuple", (tensor(call), tensor(call)))
    averaged = call.flag(6, "average_attn_weights", default=True)
    batch_first = _flag(receiver, "batch_first")
    found = None
    if averaged and batch_first is not None:
        found = shape_layers.attention(first, second, batch_first=batch_first)
    weights = found.weights if found is not None else None
    return sequence("tuple", (Tensor(reach(call), first), Tensor(reach(call), weights)))


@library.call("torch.nn.Flatten")
def _flatten(call: Call) -> Value:
    value, shape = _input(call)
    start, end = _integer(call, "start_dim", 1), _integer(call, "end_dim", -1)
    if value is None or shape is None or start is None or end is None:
        return tensor(call) if value is None else same_numbers(call, value)
    return same_numbers(call, value, shape_functions.flatten(shape, start, end))


@library.call("torch.nn.Unflatten")
def _unflatten(call: Call) -> Value:
    value, shape = _input(call)
    receiver = call.receiver
    asked = receiver.config.get("unflattened_size") if isinstance(receiver, Object) else None
    axis = _integer(call, "dim", None)
    cuts = None if asked is None else sizes.sizes_of(call.machine, (asked,))
    if value is None or shape is None or axis is None or cuts is None:
        return tensor(call) if value is None else same_numbers(call, value)
    return same_numbers(call, value, shape_functions.unflatten(shape, axis, cuts))


def _integer(call: Call, name: str, default: int | None) -> int | None:
    value = call.receiver.config.get(name) if isinstance(call.receiver, Object) else None
    return default if value is None else int_of(value)


@library.call("torch.nn.LSTM", "torch.nn.GRU", "torch.nn.RNN")
def _recurrent(call: Call) -> Value:
    """Outputs (batch, time, features) or (time, batch, features); states (layers, batch, features)."""
    receiver = call.receiver
    if not isinstance(receiver, Object):
        return _derived(call)
    value, shape = _input(call)
    clips.unroll(call.machine, receiver, call.get(1, "hx"), _length(receiver, shape))
    pixels.feed(call.machine, pixels.enter(call.machine, value, Tensor(), call.ref))
    hidden = _config(call, "hidden_size")
    first, both = _flag(receiver, "batch_first"), _flag(receiver, "bidirectional")
    if value is None or hidden is None or first is None or both is None:
        return _outputs(call, receiver, None, None)
    if shape is None or shape.prefix:
        dims = (sizes.axis(call.machine, value, 0), sizes.axis(call.machine, value, 1))
        shape = None if _may_be_unbatched(call) else Shape((*dims, Dim.of(1)))
    if shape is None or len(shape.dims) != 3:
        return _outputs(call, receiver, None, None)
    layer = Recurrence(hidden, _layers(call, receiver), both, first)
    found = shape_layers.recurrent(call.machine.symbols, shape, layer)
    if found is None:
        return _outputs(call, receiver, None, None)
    return _outputs(call, receiver, found.output, found.hidden)


@library.method("torch.nn.LSTM", "forward")
@library.method("torch.nn.GRU", "forward")
@library.method("torch.nn.RNN", "forward")
def _forward(call: Call) -> Value:
    """`super().forward(x)`."""
    own = call.receiver.slots.get(OWN) if isinstance(call.receiver, Instance) else None
    if isinstance(own, Object):
        return _recurrent(replace(call, receiver=own))
    return calls.unknown_call(call.machine, call.receiver, call.args)


def _derived(call: Call) -> Value:
    """An object of a class of the user's own."""
    receiver = call.receiver
    classes = receiver.cls.ancestry() if isinstance(receiver, Instance) else ()
    if any("forward" in one.slots for one in classes if isinstance(one, Class)):
        return call_module(call)
    return _forward(call)


def _length(layer: Object, shape: Shape | None) -> int | None:
    """Over how many steps it runs."""
    first = _flag(layer, "batch_first")
    if first is None or shape is None or shape.prefix or len(shape.dims) != 3:
        return None
    return shape.dims[1 if first else 0].number


def _may_be_unbatched(call: Call) -> bool:
    """An input of unknown rank has a batch axis if its sizes are asked for as if it had one."""
    value = call.get(0, "input")
    return (value, 0) not in call.machine.sizes


def _layers(call: Call, receiver: Object) -> Dim:
    value = receiver.config.get("num_layers", Constant(1))
    dim = sizes.dim_of(call.machine, value)
    return dim if dim is not None else Dim.of(sizes.fresh(call.machine, "layers"))


def _flag(receiver: Object, name: str) -> bool | None:
    value = receiver.config.get(name, Constant(False))
    if isinstance(value, Constant) and type(value.value) is bool:
        return value.value
    return None


def _outputs(call: Call, receiver: Object, output: Shape | None, state: Shape | None) -> Value:
    made: Value = Tensor(reach(call), state)
    if receiver.kind == "torch.nn.LSTM":
        made = sequence("tuple", (Tensor(reach(call), state), Tensor(reach(call), state)))
    return sequence("tuple", (Tensor(reach(call), output), made))

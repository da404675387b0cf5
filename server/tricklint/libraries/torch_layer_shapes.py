"""The shapes that layers of `torch.nn` take and give.  A layer also says what its input must be."""

from __future__ import annotations

from ..interpreter import pixels, shape_layers, sizes
from ..interpreter.dims import Dim, Shape
from ..interpreter.gradients import FRESH
from ..interpreter.library import Call, Library, int_of
from ..interpreter.shape_layers import Recurrence
from ..interpreter.values import Constant, Object, Tensor, Value, sequence
from .results import reach, tensor

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
    if out is None:
        return _first(call, value, tensor(call))
    if wide is not None and shape is not None and shape.dims:
        sizes.unify(call.machine, shape.dims[-1], wide)
    made = Tensor(reach(call), shape_layers.linear(call.machine.symbols, shape, out))
    return _first(call, value, made)


def _first(call: Call, value: Value | None, result: Tensor) -> Tensor:
    """Perhaps the first layer that an image enters, if its weights are the default ones."""
    layer = call.receiver
    if not isinstance(layer, Object) or "weight" in layer.slots:
        return result
    if call.machine.grads.get(layer, FRESH).frozen:
        return result
    return pixels.enter(call.machine, value, result, call.ref)


@library.call("torch.nn.Embedding")
def _embedding(call: Call) -> Value:
    _, shape = _input(call)
    wide = _config(call, "embedding_dim")
    if wide is None:
        return tensor(call)
    return Tensor(reach(call), shape_layers.embedding(call.machine.symbols, shape, wide))


_SAME = (
    "ReLU ReLU6 LeakyReLU ELU SELU GELU SiLU Mish Hardswish Hardtanh Tanh Sigmoid Softplus "
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout LayerNorm GroupNorm RMSNorm PReLU "
    "BatchNorm1d BatchNorm2d BatchNorm3d InstanceNorm1d InstanceNorm2d InstanceNorm3d"
)


@library.call(*(f"torch.nn.{name}" for name in _SAME.split()))
def _same(call: Call) -> Value:
    value, shape = _input(call)
    result = Tensor(reach(call), shape)
    name = call.receiver.kind if isinstance(call.receiver, Object) else ""
    if "Dropout" in name:
        return pixels.keep(value, result)
    if "Norm" not in name:
        pixels.feed(call.machine, value)
    return result


def _spatial(call: Call) -> Value:
    """Convolutions and pools: batch and rank stay, the rest is not followed."""
    value, shape = _input(call)
    result = _spatial_shape(call, shape)
    if isinstance(call.receiver, Object) and "Pool" in call.receiver.kind:
        return pixels.keep(value, result)
    return _first(call, value, result)


def _spatial_shape(call: Call, shape: Shape | None) -> Tensor:
    if shape is None or shape.prefix or len(shape.dims) < 3:
        return tensor(call)
    taken = _config(call, "in_channels")
    if taken is not None:
        sizes.unify(call.machine, shape.dims[1], taken)
    out = _config(call, "out_channels") or shape.dims[1]
    new = shape.dims[2:]
    if not _keeps_size(call.receiver):
        new = tuple(Dim.of(sizes.fresh(call.machine, "size")) for _ in new)
    return Tensor(reach(call), Shape((shape.dims[0], out, *new)))


def _keeps_size(layer: Value) -> bool:
    """A convolution of stride 1 that is padded by what its kernel takes away."""
    config = layer.config if isinstance(layer, Object) else {}
    kernel, padding = config.get("kernel_size"), config.get("padding", Constant(0))
    plain = all(config.get(name, Constant(1)) == Constant(1) for name in ("stride", "dilation"))
    if not plain or kernel is None or "output_padding" in config:
        return False
    size, pad = int_of(kernel), int_of(padding)
    return padding == Constant("same") or (
        size is not None and pad is not None and size == 2 * pad + 1
    )


library.call(
    *(f"torch.nn.Conv{kind}{n}d" for n in (1, 2, 3) for kind in ("", "Transpose")),
    *(f"torch.nn.{kind}Pool{n}d" for n in (1, 2, 3) for kind in ("Max", "Avg")),
    *(f"torch.nn.Adaptive{kind}Pool{n}d" for n in (1, 2, 3) for kind in ("Max", "Avg")),
)(_spatial)


@library.call("torch.nn.Flatten")
def _flatten(call: Call) -> Value:
    value, shape = _input(call)
    return pixels.keep(value, _flat(call, shape))


def _flat(call: Call, shape: Shape | None) -> Tensor:
    if shape is None or shape.prefix or len(shape.dims) < 2:
        return tensor(call)
    joined = Dim.of(1)
    for dim in shape.dims[1:]:
        joined = joined * dim
    return Tensor(reach(call), Shape((shape.dims[0], joined)))


@library.call("torch.nn.LSTM", "torch.nn.GRU", "torch.nn.RNN")
def _recurrent(call: Call) -> Value:
    """Outputs (batch, time, features) or (time, batch, features); states (layers, batch, features)."""
    receiver = call.receiver
    assert isinstance(receiver, Object)
    value, shape = _input(call)
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

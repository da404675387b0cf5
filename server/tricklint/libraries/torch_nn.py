"""`torch.nn`: layers, containers, losses, and classes derived from `Module`."""

from __future__ import annotations

from ..interpreter import calls, events
from ..interpreter.facts import LossInput
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.search import mentions, written
from ..interpreter.values import (
    NONE,
    Class,
    Constant,
    Function,
    Instance,
    Mapping,
    Object,
    Params,
    Range,
    Reach,
    Role,
    Sequence,
    Tensor,
    Unknown,
    Value,
    sequence,
)
from .results import in_range, reach, same_numbers, tensor

library = Library()
library.telling |= {"cross_entropy", "CrossEntropyLoss"}
library.contextual |= {
    "cross_entropy",
    "CrossEntropyLoss",
    "criterion",
    "loss_fn",
    "loss",
    "loss_func",
}

MODULE = "torch.nn.Module"

# Layers with parameters: their arguments in order.
_WITH_PARAMETERS = {
    "Linear": "in_features out_features bias",
    "Bilinear": "in1_features in2_features out_features bias",
    "LazyLinear": "out_features bias",
    "Embedding": "num_embeddings embedding_dim padding_idx",
    "EmbeddingBag": "num_embeddings embedding_dim",
    "RNN": "input_size hidden_size num_layers",
    "LSTM": "input_size hidden_size num_layers bias batch_first dropout bidirectional",
    "GRU": "input_size hidden_size num_layers bias batch_first dropout bidirectional",
    "RNNCell": "input_size hidden_size",
    "LSTMCell": "input_size hidden_size",
    "GRUCell": "input_size hidden_size",
    "MultiheadAttention": "embed_dim num_heads dropout bias",
    "Transformer": "d_model nhead",
    "TransformerEncoderLayer": "d_model nhead",
    "TransformerDecoderLayer": "d_model nhead",
    "TransformerEncoder": "encoder_layer num_layers",
    "TransformerDecoder": "decoder_layer num_layers",
    "LayerNorm": "normalized_shape",
    "GroupNorm": "num_groups num_channels",
    "PReLU": "num_parameters",
    "RMSNorm": "normalized_shape",
    **{f"BatchNorm{n}d": "num_features" for n in (1, 2, 3)},
    **{f"InstanceNorm{n}d": "num_features" for n in (1, 2, 3)},
    **{
        f"Conv{kind}{n}d": "in_channels out_channels kernel_size stride padding"
        for n in (1, 2, 3)
        for kind in ("", "Transpose")
    },
}  # fmt: skip
_PLAIN = (
    "ReLU ReLU6 LeakyReLU ELU SELU GELU SiLU Mish Hardswish Hardtanh Tanh Sigmoid Softplus "
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout Identity Flatten Unflatten Upsample "
    "MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d AdaptiveAvgPool1d "
    "AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d ZeroPad2d "
    "ReflectionPad2d ReplicationPad2d ConstantPad2d PixelShuffle PixelUnshuffle Softsign "
    "LocalResponseNorm Fold Unfold ChannelShuffle GLU CosineSimilarity Threshold LogSigmoid"
)
_LOSSES = (
    "L1Loss MSELoss NLLLoss BCELoss BCEWithLogitsLoss KLDivLoss SmoothL1Loss HuberLoss "
    "CTCLoss PoissonNLLLoss GaussianNLLLoss MarginRankingLoss HingeEmbeddingLoss "
    "CosineEmbeddingLoss TripletMarginLoss MultiMarginLoss MultiLabelMarginLoss "
    "MultiLabelSoftMarginLoss SoftMarginLoss"
)


def _config(call: Call, names: str) -> dict[str, Value]:
    given = zip(names.split(), call.args.positional, strict=False)
    return {**dict(call.args.keywords), **dict(given)}


def _make(name: str, names: str, role: Role, has_parameters: bool) -> None:
    path = f"torch.nn.{name}"

    @library.function(path)
    def construct(call: Call) -> Value:  # pyright: ignore[reportUnusedFunction]
        made = Object(role, path, _config(call, names), ref=call.ref)
        if has_parameters:
            made.reach = Reach(frozenset((made,)), False)
        return made


for _name, _names in _WITH_PARAMETERS.items():
    _make(_name, _names, Role.LAYER, has_parameters=True)
for _name in _PLAIN.split():
    _make(_name, "", Role.LAYER, has_parameters=False)
for _name in ("Softmax", "LogSoftmax", "Softmax2d", "Softmin"):
    _make(_name, "dim", Role.LAYER, has_parameters=False)
for _name in _LOSSES.split():
    _make(_name, "weight", Role.LOSS, has_parameters=False)
_make("CrossEntropyLoss", "weight", Role.LOSS, has_parameters=False)
for _place in [
    "activation",
    "adaptive",
    "batchnorm",
    "container",
    "conv",
    "dropout",
    "flatten",
    "fold",
    "instancenorm",
    "linear",
    "loss",
    "module",
    "normalization",
    "padding",
    "pixelshuffle",
    "pooling",
    "rnn",
    "sparse",
    "transformer",
    "upsampling",
]:
    library.aliases[f"torch.nn.modules.{_place}"] = "torch.nn"
library.aliases["torch.nn.modules"] = "torch.nn"
library.aliases["torch.nn.parallel.DataParallel"] = "torch.nn.DataParallel"
library.aliases["torch.nn.parallel.distributed"] = "torch.nn.parallel"


@library.call(Role.LAYER, Role.LOSS)
def _call_layer(call: Call) -> Value:
    receiver = call.receiver
    if isinstance(receiver, Object):
        return tensor(call)
    return calls.unknown_call(call.machine, receiver, call.args)


@library.call("torch.nn.MultiheadAttention")
def _call_attention(call: Call) -> Value:
    return sequence("tuple", (tensor(call), tensor(call)))


@library.call("torch.nn.LSTMCell")
def _call_lstm_cell(call: Call) -> Value:
    return sequence("tuple", (tensor(call), tensor(call)))


@library.call("torch.nn.Identity")
def _call_identity(call: Call) -> Value:
    return same_numbers(call, call.get(0, "input") or Tensor())


@library.call("torch.nn.Softmax", "torch.nn.Softmax2d")
def _call_softmax(call: Call) -> Value:
    return in_range(call, call.get(0, "input") or Tensor(), Range.PROBABILITY)


@library.call("torch.nn.LogSoftmax")
def _call_log_softmax(call: Call) -> Value:
    return in_range(call, call.get(0, "input") or Tensor(), Range.LOG_PROBABILITY)


@library.call("torch.nn.CrossEntropyLoss")
@library.function("torch.nn.functional.cross_entropy")
def _cross_entropy(call: Call) -> Value:
    value = call.get(0, "input")
    if isinstance(value, Tensor) and value.origin is not None:
        node = call.machine.call_node
        loss = written(node.func) if node is not None else ""
        call.machine.report(LossInput(call.ref, loss or "the loss", value.range, value.origin))
    return tensor(call)


@library.function("torch.nn.Sequential")
def _sequential(call: Call) -> Value:
    values = call.args.positional
    only = values[0] if len(values) == 1 else None
    if isinstance(only, Mapping):
        values = tuple(only.slots.values())
    elif isinstance(only, Sequence):
        values = only.items
    made = Object(Role.LAYER, "torch.nn.Sequential", {})
    made.slots["layers"] = sequence("list", values, not call.args.open)
    return made


@library.call("torch.nn.Sequential")
def _call_sequential(call: Call) -> Value:
    layers = _layers(call.receiver)
    value = call.get(0, "input")
    if layers is None or value is None:
        return calls.unknown_call(call.machine, call.receiver, call.args)
    for layer in layers.items:
        ref = layer.ref if isinstance(layer, Object) and layer.ref else call.ref
        value = calls.call(call.machine, layer, Arguments((value,)), ref)
    return value


def _layers(receiver: Value) -> Sequence | None:
    layers = receiver.slots.get("layers") if isinstance(receiver, Object | Instance) else None
    return layers if isinstance(layers, Sequence) else None


@library.method("torch.nn.Sequential", "add_module")
@library.method("torch.nn.Sequential", "append")
@library.method("torch.nn.ModuleList", "append", "extend")
def _add_layer(call: Call) -> Value:
    layers = _layers(call.receiver)
    added = call.get(1, "module") if call.name == "add_module" else call.get(0, "module")
    if layers is not None and added is not None:
        new = added.items if isinstance(added, Sequence) else (added,)
        call.machine.store.put(layers.slots, "items", (*layers.items, *new))
    return call.receiver


@library.method("torch.nn.Sequential", "__getitem__", "__iter__")
@library.method("torch.nn.ModuleList", "__getitem__", "__iter__")
def _of_layers(call: Call) -> Value:
    layers = _layers(call.receiver)
    if layers is None:
        return Unknown()
    if call.name == "__iter__":
        return layers
    return calls.call_method(call.machine, layers, "__getitem__", call.args, call.ref)


@library.method(Sequence, "__getitem__")
def _sequence_item(call: Call) -> Value:
    from ..interpreter.attributes import get_item

    return get_item(call.machine, call.receiver, call.args.positional[0], call.ref)


@library.function("torch.nn.ModuleList", "torch.nn.ParameterList")
def _module_list(call: Call) -> Value:
    source = call.get(0, "modules")
    made = Object(Role.LAYER, "torch.nn.ModuleList", {})
    if isinstance(source, Sequence):
        made.slots["layers"] = sequence("list", source.items, source.exact)
    else:
        made.slots["layers"] = sequence("list", (source,) if source else (), exact=source is None)
    return made


@library.function("torch.nn.ModuleDict", "torch.nn.ParameterDict")
def _module_dict(call: Call) -> Value:
    source = call.get(0, "modules")
    return source if isinstance(source, Mapping) else Mapping({})


@library.function("torch.nn.Parameter", "torch.nn.parameter.Parameter")
def _parameter(call: Call) -> Value:
    made = Object(Role.HELPER, "torch.nn.Parameter", {})
    made.reach = Reach(frozenset((made,)), False)
    return Tensor(made.reach)


@library.function("torch.nn.DataParallel", "torch.nn.parallel.DistributedDataParallel")
@library.function(
    "torch.compile", "torch.jit.script", "torch.nn.SyncBatchNorm.convert_sync_batchnorm"
)
def _wrapped(call: Call) -> Value:
    """The wrapper behaves as what it wraps."""
    return call.get(0, "module") or Unknown()


# Every module


@library.call(MODULE)
def _call_module(call: Call) -> Value:
    receiver = call.receiver
    lines = receiver.cls.ancestry() if isinstance(receiver, Instance) else ()
    for base in lines:
        forward = base.slots.get("forward") if isinstance(base, Class) else None
        if isinstance(forward, Function):
            args = call.args.after(receiver)
            result = calls.invoke(call.machine, forward, args, call.ref)
            return _with_parameters(call, result)
    layers = _layers(receiver)
    if layers is not None:
        return _call_sequential(call)
    return calls.unknown_call(call.machine, receiver, call.args)


def _with_parameters(call: Call, result: Value) -> Value:
    """An output that seems to depend on no parameter: we lost track, so it may be any."""
    if isinstance(result, Tensor) and not result.reach.atoms and not call.machine.no_grad:
        own = events.reach_of(call.machine, call.receiver)
        if own.atoms:
            return Tensor(Reach(own.atoms, True), result.shape, result.range, result.origin)
    return result


@library.method(MODULE, "__init__")
def _init(call: Call) -> Value:
    return NONE


@library.method("torch.nn.Sequential", "__init__")
def _init_sequential(call: Call) -> Value:
    made = _sequential(call)
    if isinstance(call.receiver, Instance) and isinstance(made, Object):
        call.machine.store.put(call.receiver.slots, "layers", made.slots["layers"])
    return NONE


@library.method(Role.LAYER, "parameters", "named_parameters")
@library.method(Unknown, "parameters", "named_parameters")
def _parameters(call: Call) -> Value:
    receiver = call.receiver
    named = call.name == "named_parameters"
    if isinstance(receiver, Unknown):
        return Params(Reach(frozenset((receiver,)), False), named)
    return Params(events.reach_of(call.machine, receiver), named)


@library.attribute(Role.LAYER, "weight", "bias")
def _weight(call: Call) -> Value:
    return Params(events.reach_of(call.machine, call.receiver))


@library.method(Role.LAYER, "zero_grad")
@library.method(Unknown, "zero_grad")
def _zero_grad(call: Call) -> Value:
    receiver, machine = call.receiver, call.machine
    found = events.reach_of(machine, receiver)
    if isinstance(receiver, Unknown):
        events.escape(machine, receiver, discarded=True)
        found = Reach(frozenset((receiver,)), True)
    events.clear_model(machine, found, call.ref)
    return NONE


@library.method(Role.LAYER, "train", "eval", "to", "cuda", "cpu", "float", "half", "double")
@library.method(Role.LAYER, "apply", "share_memory", "xpu", "bfloat16", "type")
@library.method(Role.LOSS, "to", "cuda", "cpu", "train", "eval", "float", "half", "double")
def _itself(call: Call) -> Value:
    return call.receiver


@library.method(Role.LAYER, "state_dict", "load_state_dict", "register_buffer", "buffers")
@library.method(Role.LAYER, "register_parameter", "named_buffers", "extra_repr", "compile")
def _nothing(call: Call) -> Value:
    if call.name == "register_buffer" and isinstance(call.receiver, Instance):
        name, value = call.get(0, "name"), call.get(1, "tensor")
        if isinstance(name, Constant) and value is not None:
            call.machine.store.put(call.receiver.slots, name.value, value)
    return Unknown(call.name, reach(call))


@library.method(Role.LAYER, "modules", "children", "named_modules", "named_children")
def _modules(call: Call) -> Value:
    receiver = call.receiver
    slots = receiver.slots if isinstance(receiver, Instance | Object) else {}
    layers = _layers(receiver)
    found = layers.items if layers is not None else tuple(slots.values())
    own = tuple(
        one for one in found if isinstance(one, Value)
        and events.role_of(call.machine, one) is Role.LAYER
    )  # fmt: skip
    if call.name.startswith("named"):
        own = tuple(sequence("tuple", (Unknown("name"), one)) for one in own)
    return sequence("list", own, exact=not call.name.endswith("modules"))


@library.method(MODULE, "add_module", "register_module")
def _add_module(call: Call) -> Value:
    name, value = call.get(0, "name"), call.get(1, "module")
    if isinstance(call.receiver, Instance) and isinstance(name, Constant) and value is not None:
        call.machine.store.put(call.receiver.slots, name.value, value)
    return NONE


@library.method(Role.LAYER, "register_forward_pre_hook", "register_forward_hook")
@library.method(Role.LAYER, "register_full_backward_hook", "register_full_backward_pre_hook")
def _hook(call: Call) -> Value:
    """A hook out of sight, or one that names a gradient, may clear at every forward."""
    hook = call.get(0, "hook")
    if not isinstance(hook, Function) or mentions(hook, ("zero_grad", "grad")):
        found = events.reach_of(call.machine, call.receiver)
        events.freeze(call.machine, found, frozen=True)
        for optimizer in tuple(call.machine.optimizers):
            events.freeze(call.machine, events.owned(call.machine, optimizer), frozen=True)
    return Unknown("handle")


def _is_module(value: Value) -> Role | None:
    if isinstance(value, Instance):
        for path in value.cls.externals():
            if path == MODULE or path.startswith("torch.nn.") or path in library.bases:
                return Role.LAYER
    return None


library.evidence.append(_is_module)
for _name in ("Sequential", "ModuleList", "Linear", "Conv2d", "CrossEntropyLoss", "LSTM"):
    library.bases[f"torch.nn.{_name}"] = MODULE

"""`torch.nn`: layers and losses."""

from __future__ import annotations

from ..interpreter import biases, calls, clips, mode_events, pixels
from ..interpreter.data_facts import Labels, LabelUse
from ..interpreter.facts import LossInput
from ..interpreter.library import Call, Library
from ..interpreter.search import written
from ..interpreter.tensors import Range, Tensor
from ..interpreter.values import NONE, TRUE, Instance, Object, Reach, Role, Value, sequence
from .results import in_range, output, same_numbers, tensor

library = Library()
library.computing.add("torch.nn")
library.telling |= {"cross_entropy", "CrossEntropyLoss"}
library.contextual |= {
    "cross_entropy",
    "CrossEntropyLoss",
    "criterion",
    "loss_fn",
    "loss",
    "loss_func",
}

# Layers with parameters: their arguments in order.
_WITH_PARAMETERS = {
    "Linear": "in_features out_features bias",
    "Bilinear": "in1_features in2_features out_features bias",
    "LazyLinear": "out_features bias",
    "Embedding": "num_embeddings embedding_dim padding_idx",
    "EmbeddingBag": "num_embeddings embedding_dim",
    "RNN": "input_size hidden_size num_layers nonlinearity bias batch_first dropout bidirectional",
    "LSTM": "input_size hidden_size num_layers bias batch_first dropout bidirectional",
    "GRU": "input_size hidden_size num_layers bias batch_first dropout bidirectional",
    "RNNCell": "input_size hidden_size",
    "LSTMCell": "input_size hidden_size",
    "GRUCell": "input_size hidden_size",
    "MultiheadAttention": (
        "embed_dim num_heads dropout bias add_bias_kv add_zero_attn kdim vdim batch_first"
    ),
    "Transformer": "d_model nhead num_encoder_layers num_decoder_layers dim_feedforward dropout",
    "TransformerEncoderLayer": "d_model nhead dim_feedforward dropout",
    "TransformerDecoderLayer": "d_model nhead dim_feedforward dropout",
    "TransformerEncoder": "encoder_layer num_layers",
    "TransformerDecoder": "decoder_layer num_layers",
    "LayerNorm": "normalized_shape",
    "GroupNorm": "num_groups num_channels",
    "PReLU": "num_parameters",
    "RMSNorm": "normalized_shape",
    **{
        f"{lazy}{kind}Norm{n}d": f"{taken}eps momentum affine track_running_stats"
        for n in (1, 2, 3)
        for kind in ("Batch", "Instance")
        for lazy, taken in (("", "num_features "), ("Lazy", ""))
    },
    "SyncBatchNorm": "num_features eps momentum affine track_running_stats",
    **{
        f"{lazy}Conv{kind}{n}d": f"{taken}out_channels kernel_size stride padding {rest}"
        for n in (1, 2, 3)
        for lazy, taken in (("", "in_channels "), ("Lazy", ""))
        for kind, rest in (
            ("", "dilation groups bias padding_mode"),
            ("Transpose", "output_padding groups bias dilation padding_mode"),
        )
    },
}  # fmt: skip
OWN = "<own>"  # the slot in which an object of a derived class keeps the layer that it is
_RECURRENT = ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell")
library.recurrent |= {f"torch.nn.{_name}" for _name in _RECURRENT}
# Layers without parameters whose arguments say something about shapes.
_SHAPED = {
    **{
        f"MaxPool{n}d": "kernel_size stride padding dilation return_indices ceil_mode"
        for n in (1, 2, 3)
    },
    **{f"AvgPool{n}d": "kernel_size stride padding ceil_mode" for n in (1, 2, 3)},
    **{f"Adaptive{kind}Pool{n}d": "output_size" for n in (1, 2, 3) for kind in ("Avg", "Max")},
    "Flatten": "start_dim end_dim",
    "Unflatten": "dim unflattened_size",
    "Upsample": "size scale_factor mode",
    "UpsamplingNearest2d": "size scale_factor",
    "UpsamplingBilinear2d": "size scale_factor",
    "PixelShuffle": "upscale_factor",
    "PixelUnshuffle": "downscale_factor",
    "Unfold": "kernel_size dilation padding stride",
}
# Those that add a bias of their own to each channel or feature of their output.
_BIASED = [name for name in _WITH_PARAMETERS if "Conv" in name or name in ("Linear", "LazyLinear")]
_PLAIN = (
    "ReLU ReLU6 LeakyReLU ELU SELU GELU SiLU Mish Hardswish Hardtanh Tanh Sigmoid Softplus "
    "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout RReLU Identity "
    "ZeroPad2d ReflectionPad2d ReplicationPad2d ConstantPad2d Softsign LocalResponseNorm Fold "
    "ChannelShuffle GLU CosineSimilarity Threshold LogSigmoid"
)
_LOSSES = (
    "L1Loss MSELoss NLLLoss BCELoss BCEWithLogitsLoss KLDivLoss SmoothL1Loss HuberLoss "
    "CTCLoss PoissonNLLLoss GaussianNLLLoss MarginRankingLoss HingeEmbeddingLoss "
    "CosineEmbeddingLoss TripletMarginLoss MultiMarginLoss MultiLabelMarginLoss "
    "MultiLabelSoftMarginLoss SoftMarginLoss"
)
# Those that take the mean of each channel away.
_CENTRED = [name for name in _WITH_PARAMETERS if "BatchNorm" in name or "InstanceNorm" in name]


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
        if name in _BIASED and _adds_bias(call, made):
            position = names.split().index("bias")
            made.decisions = biases.decisions(call.machine, call.ref, position)
        if made.decisions or name in _CENTRED:
            made.made_by = biases.calls_around(call.machine, call.ref)
        if role is Role.LAYER:
            mode_events.born(call.machine, made)
        return made


def _derive(name: str, names: str) -> None:
    """A class of the user's own that is derived from a layer has that layer's parameters."""
    path = f"torch.nn.{name}"
    library.bases[path] = "torch.nn.Module"

    @library.method(path, "__init__")
    def construct(call: Call) -> Value:  # pyright: ignore[reportUnusedFunction]
        own = Object(Role.LAYER, path, _config(call, names), ref=call.ref)
        own.reach = Reach(frozenset((own,)), False)
        if isinstance(call.receiver, Instance):
            call.machine.store.put(call.receiver.slots, OWN, own)
        return NONE


def _adds_bias(call: Call, layer: Object) -> bool:
    bias = layer.config.get("bias")
    return bias == TRUE or (bias is None and not call.args.open)


for _name, _names in _WITH_PARAMETERS.items():
    _make(_name, _names, Role.LAYER, has_parameters=True)
    if _name in _RECURRENT:
        _derive(_name, _names)
for _name, _names in _SHAPED.items():
    _make(_name, _names, Role.LAYER, has_parameters=False)
for _name in _PLAIN.split():
    _make(_name, "p" if "Dropout" in _name else "", Role.LAYER, has_parameters=False)
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
        return output(call)
    return calls.unknown_call(call.machine, receiver, call.args)


@library.call("torch.nn.GRUCell", "torch.nn.RNNCell")
def _call_cell(call: Call) -> Value:
    if isinstance(call.receiver, Object):
        clips.unroll(call.machine, call.receiver, call.get(1, "hx"), None)
    return _call_layer(call)


@library.call("torch.nn.LSTMCell")
def _call_lstm_cell(call: Call) -> Value:
    if isinstance(call.receiver, Object):
        clips.unroll(call.machine, call.receiver, call.get(1, "hx"), None)
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


@library.call("torch.nn.NLLLoss")
@library.function("torch.nn.functional.nll_loss")
def _nll(call: Call) -> Value:
    _note_target(call)
    return tensor(call)


def _note_target(call: Call) -> None:
    """Are the classes that a known data set gives what is learned?"""
    target = call.get(1, "target")
    if isinstance(target, Tensor) and target.range is Range.LABEL and target.origin is not None:
        call.machine.report(Labels(target.origin.ref, LabelUse.TARGET))


_SOFTMAXED = (Range.PROBABILITY, Range.LOG_PROBABILITY)


@library.call("torch.nn.CrossEntropyLoss")
@library.function("torch.nn.functional.cross_entropy")
def _cross_entropy(call: Call) -> Value:
    value = call.get(0, "input")
    pixels.feed(call.machine, value)
    _note_target(call)
    if isinstance(value, Tensor) and value.origin is not None and value.range in _SOFTMAXED:
        node = call.machine.call_node
        loss = written(node.func) if node is not None else ""
        call.machine.report(LossInput(call.ref, loss or "the loss", value.range, value.origin))
    return tensor(call)

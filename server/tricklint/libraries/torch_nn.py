"""`torch.nn`: layers and losses."""

from __future__ import annotations

from ..interpreter import calls, pixels
from ..interpreter.facts import LossInput
from ..interpreter.library import Call, Library
from ..interpreter.search import written
from ..interpreter.values import (
    Object,
    Range,
    Reach,
    Role,
    Tensor,
    Value,
    sequence,
)
from .results import in_range, same_numbers, tensor

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


_SOFTMAXED = (Range.PROBABILITY, Range.LOG_PROBABILITY)


@library.call("torch.nn.CrossEntropyLoss")
@library.function("torch.nn.functional.cross_entropy")
def _cross_entropy(call: Call) -> Value:
    value = call.get(0, "input")
    pixels.feed(call.machine, value)
    if isinstance(value, Tensor) and value.origin is not None and value.range in _SOFTMAXED:
        node = call.machine.call_node
        loss = written(node.func) if node is not None else ""
        call.machine.report(LossInput(call.ref, loss or "the loss", value.range, value.origin))
    return tensor(call)

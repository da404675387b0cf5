"""Train and eval mode in torch: which layers they change, what sets them, what ignores them."""

from __future__ import annotations

from ..certainty import Certainty
from ..interpreter import biases, calls, forwards, mode_events, pixels, sizes
from ..interpreter.library import Call, Library
from ..interpreter.mode_facts import ModeSlip, SlipKind
from ..interpreter.modes import BORN_TO_TRAIN
from ..interpreter.search import mentions, written
from ..interpreter.tensors import Tensor
from ..interpreter.values import (
    FALSE,
    NONE,
    Constant,
    External,
    Function,
    Instance,
    Object,
    Role,
    Unknown,
    Value,
)
from ..syntax import ir
from . import pretrained
from .results import operand, reach

library = Library()
library.telling |= {"dropout", "eval", "load_state_dict", "pretrained", "IMAGENET1K_V1"}
library.contextual |= {"no_grad", "inference_mode", "eval"}
library.measures |= {
    "argmax", "topk", "eq", "ne", "item", "softmax", "sigmoid", "cross_entropy", "nll_loss",
    "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "binary_cross_entropy",
    "binary_cross_entropy_with_logits", "accuracy_score", "f1_score", "roc_auc_score",
}  # fmt: skip
library.picks |= {"max", "min"}
library.feeds |= {"backward", "manual_backward", "grad"}


# Which layers


def _always(layer: Object) -> bool:
    return True


def _drops(layer: Object) -> bool:
    return _has_rate(layer, "p", default=True)


def _counts(layer: Object) -> bool:
    """Statistics of the batch while training, running ones in eval mode."""
    return layer.config.get("track_running_stats") != FALSE


def _counts_if_asked(layer: Object) -> bool:
    return layer.config.get("track_running_stats") == Constant(True)


def _drops_between(layer: Object) -> bool:
    """Recurrent layers drop between their layers: with one there is no between."""
    layers = layer.config.get("num_layers")
    more = isinstance(layers, Constant) and isinstance(layers.value, int) and layers.value > 1
    return more and _has_rate(layer, "dropout", default=False)


def _drops_if_asked(layer: Object) -> bool:
    return _has_rate(layer, "dropout", default=False)


def _drops_unless_told(layer: Object) -> bool:
    return _has_rate(layer, "dropout", default=True)


def _has_rate(layer: Object, name: str, default: bool) -> bool:
    rate = layer.config.get(name)
    return default if rate is None else _may_drop(rate)


def _is_made_of(layer: Object) -> bool:
    inner = layer.config.get("encoder_layer") or layer.config.get("decoder_layer")
    return isinstance(inner, Object) and _drops_unless_told(inner)


_DROPOUTS = "Dropout Dropout1d Dropout2d Dropout3d AlphaDropout FeatureAlphaDropout"
_MODAL = {
    _DROPOUTS: _drops,
    "BatchNorm1d BatchNorm2d BatchNorm3d SyncBatchNorm LazyBatchNorm1d LazyBatchNorm2d "
    "LazyBatchNorm3d": _counts,
    "InstanceNorm1d InstanceNorm2d InstanceNorm3d": _counts_if_asked,
    "RReLU": _always,
    "LSTM GRU RNN": _drops_between,
    "MultiheadAttention": _drops_if_asked,
    "Transformer TransformerEncoderLayer TransformerDecoderLayer": _drops_unless_told,
    "TransformerEncoder TransformerDecoder": _is_made_of,
}
for _names, _test in _MODAL.items():
    for _name in _names.split():
        library.modal[f"torch.nn.{_name}"] = _test


# What sets the mode


@library.method(Role.LAYER, "eval")
@library.method("torch.nn.Module", "eval")
def _eval(call: Call) -> Value:
    mode_events.set_mode(call.machine, call.receiver, Certainty.NO, call.ref)
    _freeze(call)
    return call.receiver


def _freeze(call: Call) -> None:
    """A norm alone is put in eval mode, or a part of a module whenever that is to train."""
    function, owner = call.machine.frame.function, call.machine.frame.receiver
    if function is not None and function.name == "train" and isinstance(owner, Instance):
        if Role.LAYER in call.machine.keys(owner):
            for layer in mode_events.modal_layers(call.machine, call.receiver):
                biases.doubt(call.machine, layer)
    elif mode_events.is_modal(call.machine, call.receiver):
        biases.doubt(call.machine, call.receiver)


@library.method(Role.LAYER, "train")
@library.method("torch.nn.Module", "train")
def _train(call: Call) -> Value:
    mode = call.flag(0, "mode", True)
    known = {True: Certainty.YES, False: Certainty.NO, None: Certainty.MAYBE}
    node = call.machine.call_node
    told = node is not None and any(not isinstance(one.value, ir.Constant) for one in node.args)
    mode_events.set_mode(call.machine, call.receiver, known[mode], call.ref, told)
    if mode is False:
        _freeze(call)
    return call.receiver


@library.method(Unknown, "train", "eval")
def _unknown(call: Call) -> Value:
    assert isinstance(call.receiver, Unknown)
    mode_events.disturb_owner(call.machine, call.receiver)
    return calls.unknown_call(call.machine, call.receiver, call.args, call.name)


@library.attribute(Role.LAYER, "training=")
def _set_training(call: Call) -> Value:
    mode_events.disturb(call.machine, call.receiver)
    biases.doubt(call.machine, call.receiver)
    return NONE


@library.attribute(Role.LAYER, "module")
def _module(call: Call) -> Value:
    """`.module` of a wrapper, which is taken to be what it wraps."""
    return call.receiver


@library.method(Role.LAYER, "apply")
def _apply(call: Call) -> Value:
    """`model.apply(freeze)` may set the mode of some of its layers."""
    function = call.get(0, "fn")
    node = calls.current(call.machine, function)[0] if isinstance(function, Function) else None
    if node is None or mentions(node, ("train", "eval", "training")):
        mode_events.disturb(call.machine, call.receiver)
    return call.receiver


@library.method(Role.LAYER, "load_state_dict")
def _load(call: Call) -> Value:
    forwards.load(call.machine, call.receiver)
    pretrained.replace_weights(call, call.receiver)
    return Unknown(call.name, reach(call))


@library.function("torch.autograd.grad")
def _grad(call: Call) -> Value:
    """Whatever runs around it is no evaluation."""
    outputs = call.get(0, "outputs")
    forwards.backward(call.machine, reach(call))
    if outputs is not None:
        forwards.feed(forwards.outputs_of(call.machine, outputs))
    return calls.unknown_call(call.machine, External(call.name), call.args)


# What ignores it


@library.function(*(f"torch.nn.functional.dropout{kind}" for kind in ("", "1d", "2d", "3d")))
def _functional(call: Call) -> Value:
    """`training` is True where it is not given."""
    mode = call.get(2, "training")
    told = mode is not None or call.args.open
    owner = None if mode is None else _owner_of(call, mode)
    if owner is not None and _may_drop(call.get(1, "p")):
        forwards.hand_on(call.machine, owner)
    node, module = call.machine.call_node, _module_of(call)
    if not told and node is not None and module and _may_drop(call.get(1, "p")):
        name = written(node.func)
        call.machine.report(ModeSlip(SlipKind.FUNCTIONAL, call.ref, name, module))
    value, call = operand(call)
    return pixels.keep(value, Tensor(reach(call), sizes.shape_of(call.machine, value)))


def _owner_of(call: Call, mode: Value) -> Instance | None:
    """The module whose `training` this is."""
    children = call.machine.children
    for frame in call.machine.frames:
        owner = frame.receiver
        if isinstance(owner, Instance) and children.get((owner, "training")) is mode:
            return owner
    return None


def _may_drop(rate: Value | None) -> bool:
    return not isinstance(rate, Constant) or rate.value not in (0, None)


def _module_of(call: Call) -> str:
    """How the running method names the module that it is one of; empty outside of one."""
    frame = call.machine.frame
    receiver, function = frame.receiver, frame.function
    if not isinstance(receiver, Instance) or function is None or not function.node.params:
        return ""
    keys = call.machine.keys(receiver)
    is_module = Role.LAYER in keys or "torch.nn.Module" in keys  # or a base of a framework
    return function.node.params[0].name if is_module else ""


@library.call(*(f"torch.nn.{name}" for name in _DROPOUTS.split()))
def _call_dropout(call: Call) -> Value:
    """One made in the forward that uses it is in train mode whatever the module is in."""
    layer, watch = call.receiver, call.machine.watch
    owner = watch.inside.get(layer)
    if owner is not None and isinstance(layer, Object) and layer.ref is not None:
        still = watch.modes.get(layer) == BORN_TO_TRAIN
        if still and layer not in mode_events.modal_layers(call.machine, owner):
            name = layer.kind.rpartition(".")[2]
            slip = ModeSlip(SlipKind.MADE_INSIDE, layer.ref, name, _module_of(call))
            call.machine.report(slip)
    value = call.get(0, "input")
    shape = sizes.shape_of(call.machine, value) if value is not None else None
    return pixels.keep(value, Tensor(reach(call), shape))

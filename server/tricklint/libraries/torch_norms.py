"""The norms of `torch.nn` that subtract the mean of every channel, and with it a layer's bias.

Batch norm takes it over all samples, instance norm over each.  Group, layer and RMS norm do not:
their means run over several channels, or there is none.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from ..certainty import Certainty
from ..interpreter import biases, events, sizes
from ..interpreter.biases import CancelledBias
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.shape import Shape
from ..interpreter.tensors import Tensor
from ..interpreter.values import NONE, Object, Value
from .results import reach

library = Library()

_BATCH = {f"torch.nn.{lazy}BatchNorm{n}d": n for n in (1, 2, 3) for lazy in ("", "Lazy")}
_INSTANCE = {f"torch.nn.{lazy}InstanceNorm{n}d": n for n in (1, 2, 3) for lazy in ("", "Lazy")}
_SYNC = "torch.nn.SyncBatchNorm"
_CENTRED = frozenset((*_BATCH, *_INSTANCE, _SYNC))
_CONVOLUTIONS = {
    f"torch.nn.{lazy}Conv{kind}{n}d": n
    for n in (1, 2, 3)
    for kind in ("", "Transpose")
    for lazy in ("", "Lazy")
}
_LINEAR = ("torch.nn.Linear", "torch.nn.LazyLinear")


def _names(*paths: str) -> frozenset[str]:
    return frozenset(path.rpartition(".")[2] for path in paths)


_NORMS = _names(*_CENTRED)
library.telling |= _NORMS
library.telling_beside.append((_NORMS, _names(*_CONVOLUTIONS, *_LINEAR)))
HOOKS = frozenset(("register_forward_hook", "register_forward_pre_hook"))  # see torch_module
library.telling_beside.append((_NORMS, HOOKS))


@library.call(*sorted(_CENTRED))
def _normalize(call: Call) -> Value:
    value = call.get(0, "input")
    shape = None if value is None else sizes.shape_of(call.machine, value)
    if isinstance(value, Tensor) and value.output_of and isinstance(call.receiver, Object):
        for layer in value.output_of:
            _take_mean_away(call, layer, call.receiver, shape)
        plain = replace(value, output_of=frozenset())
        call = replace(call, args=Arguments((plain,)))
    return Tensor(reach(call), shape)


@library.attribute(Object, "bias=")
def _set_bias(call: Call) -> Value:
    """A bias that is given away, or comes from elsewhere, may be the bias of a layer without norm."""
    assert isinstance(call.receiver, Object)
    to = call.args.positional[0]
    owners = [one for one in events.reach_of(call.machine, to).atoms if isinstance(one, Object)]
    layers = frozenset(one for one in (call.receiver, *owners) if one.decisions)
    biases.need(call.machine, layers)
    call.machine.store.put(call.receiver.slots, "bias", to)
    return NONE


@library.method(Tensor, "__setitem__")
def _set_item(call: Call) -> Value:
    """The output is not any more what the layer made."""
    biases.see(call.machine, call.receiver)
    return NONE


def notice_pairs(call: Call, layers: tuple[Value, ...]) -> None:
    """Layers that were put one behind the other will run so, whoever runs them."""
    objects = [one if isinstance(one, Object) else None for one in layers]
    for first, second in pairwise(objects):
        if first and second and first.decisions and second.kind in _CENTRED:
            _take_mean_away(call, first, second, None)


def _take_mean_away(call: Call, layer: Object, norm: Object, shape: Shape | None) -> None:
    """The bias is the same for a whole channel: the mean holds it, if it is taken per channel."""
    aligned = _is_aligned(call, layer, norm, shape)
    if aligned is Certainty.NO:
        biases.need(call.machine, frozenset((layer,)))
        return
    name, kind = (one.kind.rpartition(".")[2] for one in (layer, norm))
    sure = aligned is Certainty.YES
    call.machine.report(
        CancelledBias(layer.decisions, name, kind, sure, layer.made_by, norm.made_by)
    )


def _is_aligned(call: Call, layer: Object, norm: Object, shape: Shape | None) -> Certainty:
    """Are the norm's channels those that the layer puts out, each with one bias?"""
    axes = _CONVOLUTIONS.get(layer.kind)
    if axes is not None:
        wanted = _BATCH.get(norm.kind) or _INSTANCE.get(norm.kind)
        return Certainty.YES if wanted in (axes, None) else Certainty.NO
    if _BATCH.get(norm.kind, 1) != 1 or norm.kind in _INSTANCE:
        return Certainty.NO
    if shape is not None and not shape.prefix:
        return Certainty.YES if len(shape.dims) == 2 else Certainty.NO
    # (batch, features), or (batch, time, features), whose channels are the second axis?  A norm
    # for as many channels as the layer has features fits the former only.
    pair = (layer.config.get("out_features"), norm.config.get("num_features"))
    dims = [None if one is None else sizes.dim_of(call.machine, one) for one in pair]
    return Certainty.YES if dims[0] is not None and dims[0] == dims[1] else Certainty.MAYBE

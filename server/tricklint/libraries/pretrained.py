"""Networks with pretrained weights, and the images that those are made for.

All weights for classification and segmentation that torchvision publishes, but for one network,
want images of 0..1 behind a Normalize with the statistics of ImageNet:
https://docs.pytorch.org/vision/stable/models.html#using-the-pre-trained-models.  Those of timm's
families here want the same, or means and deviations of 0.5; images of 0..1 as they are, none.
"""

from __future__ import annotations

from ..interpreter import mode_events, pixels
from ..interpreter.data_facts import Scale, ScaleFault
from ..interpreter.library import Call
from ..interpreter.tensors import Range, Tensor
from ..interpreter.values import Constant, External, Object, Unknown, Value
from .statistics import IMAGENET, differ

_OWN_STATISTICS = ("torchvision.models.efficientnet_v2_l",)
_LARGEST = 0.3  # in deviations: one number for all channels is near enough
_WEIGHTS = "<weights>"  # the slot that tells that a network has the weights that were published
_FAULTS = {Range.UNIT: ScaleFault.PRETRAINED_UNIT, Range.RAW: ScaleFault.PRETRAINED_RAW}


def is_loaded(weights: Value | None) -> bool:
    """Does this argument surely name weights to load?"""
    if isinstance(weights, Constant):
        return weights.value is True or isinstance(weights.value, str)
    return isinstance(weights, External)


def load(call: Call, model: Object) -> None:
    """The network gets the weights that were published with it."""
    call.machine.store.put(model.slots, _WEIGHTS, Constant(True))


def replace_weights(call: Call, model: Value) -> None:
    """A network, or what it is a part of, gets other weights."""
    for one in mode_events.modal_layers(call.machine, model):
        if _WEIGHTS in one.slots:
            call.machine.store.put(one.slots, _WEIGHTS, Constant(False))


# The parts that a classifier of other classes gets anew, and those that see the image first.
_HEADS = {_WEIGHTS, "fc", "classifier", "head", "heads", "avgpool", "AuxLogits", "aux_classifier"}
_STEMS = ("conv1", "features", "stem", "Conv2d_1a_3x3", "backbone", "conv_stem", "patch_embed")


def _begins_anew(call: Call, model: Object) -> bool:
    """May its first layer be another one than that of the published weights?"""
    children = call.machine.children
    stems = (children.get((model, name)) for name in _STEMS)
    touched = any(isinstance(one, Unknown) and (one.slots or one.children) for one in stems)
    return touched or "in_chans" in model.config or not model.slots.keys() <= _HEADS


def enter(call: Call, model: Value, image: Value | None) -> None:
    """An image enters a network: is it what the weights are made for?"""
    if not isinstance(model, Object) or model.slots.get(_WEIGHTS) != Constant(True):
        return
    if _begins_anew(call, model):
        return
    if not isinstance(image, Tensor) or image.origin is None:
        return
    fault = _FAULTS.get(pixels.range_of(image))
    statistics = pixels.statistics_of(image)
    own = model.kind in _OWN_STATISTICS or "transform_input" in model.config
    imagenet = model.kind.startswith("torchvision.") and not own
    if imagenet and statistics is not None and differ(IMAGENET, statistics, _LARGEST):
        fault = ScaleFault.PRETRAINED_OTHER
    if fault is not None:
        seen = pixels.data_of(image)
        data = seen.dataset.ref if seen is not None else None
        named = model.config.get("model_name")
        name = str(named.value) if isinstance(named, Constant) else model.kind.rpartition(".")[2]
        at = image.origin.ref
        found = Scale(fault, at, data=data, layer=call.ref, name=name, imagenet=imagenet)
        call.machine.report(found)

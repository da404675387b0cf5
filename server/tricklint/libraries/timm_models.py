"""`timm.create_model`: the families that have batch norm."""

from __future__ import annotations

import re

from ..interpreter import calls, forwards, mode_events
from ..interpreter.library import Call, Library
from ..interpreter.values import Constant, External, Value
from . import pretrained
from .results import output
from .torchvision_models import model

library = Library()
library.aliases["timm.models.create_model"] = "timm.create_model"

_KIND = "timm.BatchNormalized"
_FAMILIES = re.compile(
    r"(tf_)?(resnet|resnext|wide_resnet|seresnet|seresnext|ecaresnet|densenet|efficientnet|"
    r"mobilenetv[23]|mnasnet|regnet[xy]|dla|hrnet|rexnet|ghostnet|xception|inception|vgg\d+_bn)"
)


@library.function("timm.create_model")
def _create(call: Call) -> Value:
    name = call.get(0, "model_name")
    text = name.value if isinstance(name, Constant) else None
    if not isinstance(text, str) or not _FAMILIES.match(text):
        return calls.unknown_call(call.machine, External(call.name), call.args)
    made = model(call, _KIND)
    mode_events.born(call.machine, made)
    if pretrained.is_loaded(call.get(1, "pretrained")):
        forwards.load(call.machine, made)
        pretrained.load(call, made)
        made.config["model_name"] = Constant(text)
    return made


@library.call(_KIND)
def _forward(call: Call) -> Value:
    pretrained.enter(call, call.receiver, call.get(0, "x"))
    return output(call)


library.modal[_KIND] = lambda _: True

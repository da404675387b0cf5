"""`torchvision.models`: networks with layers that depend on the mode."""

from __future__ import annotations

from ..interpreter import forwards, mode_events
from ..interpreter.library import Call, Library
from ..interpreter.values import Object, Reach, Role, Value
from . import pretrained
from .pretrained import is_loaded
from .results import output

library = Library()

# Each has batch norm, dropout or stochastic depth as it is made; vision transformers have none.
_NAMES = (
    "alexnet convnext_base convnext_large convnext_small convnext_tiny densenet121 densenet161 "
    "densenet169 densenet201 efficientnet_b0 efficientnet_b1 efficientnet_b2 efficientnet_b3 "
    "efficientnet_b4 efficientnet_b5 efficientnet_b6 efficientnet_b7 efficientnet_v2_l "
    "efficientnet_v2_m efficientnet_v2_s googlenet inception_v3 mnasnet0_5 mnasnet0_75 mnasnet1_0 "
    "mnasnet1_3 mobilenet_v2 mobilenet_v3_large mobilenet_v3_small regnet_x_400mf regnet_x_800mf "
    "regnet_y_400mf regnet_y_800mf resnet101 resnet152 resnet18 resnet34 resnet50 "
    "resnext101_32x8d resnext101_64x4d resnext50_32x4d shufflenet_v2_x0_5 shufflenet_v2_x1_0 "
    "shufflenet_v2_x1_5 shufflenet_v2_x2_0 squeezenet1_0 squeezenet1_1 swin_b swin_s swin_t "
    "swin_v2_b swin_v2_s swin_v2_t vgg11 vgg11_bn vgg13 vgg13_bn vgg16 vgg16_bn vgg19 vgg19_bn "
    "wide_resnet101_2 wide_resnet50_2"
)
_SEGMENTATION = (
    "deeplabv3_mobilenet_v3_large deeplabv3_resnet101 deeplabv3_resnet50 fcn_resnet101 "
    "fcn_resnet50 lraspp_mobilenet_v3_large"
)
PATHS = (
    *(f"torchvision.models.{name}" for name in _NAMES.split()),
    *(f"torchvision.models.segmentation.{name}" for name in _SEGMENTATION.split()),
)
for _place in ("alexnet", "densenet", "inception", "mobilenet", "resnet", "squeezenet", "vgg"):
    for _name in _NAMES.split():
        library.aliases[f"torchvision.models.{_place}.{_name}"] = f"torchvision.models.{_name}"


def model(call: Call, kind: str) -> Object:
    """A network out of sight: one atom, and perhaps more."""
    made = Object(Role.LAYER, kind, dict(call.args.keywords), ref=call.ref)
    made.reach = Reach(frozenset((made,)), True)
    return made


@library.function(*PATHS)
def _model(call: Call) -> Value:
    made = model(call, call.name)
    mode_events.born(call.machine, made)
    if is_loaded(call.get(0, "pretrained")) or is_loaded(call.get(-1, "weights")):
        forwards.load(call.machine, made)
        pretrained.load(call, made)
    return made


@library.call(*PATHS)
def _forward(call: Call) -> Value:
    pretrained.enter(call, call.receiver, call.get(0, "x"))
    return output(call)


library.modal |= dict.fromkeys(PATHS, lambda _: True)

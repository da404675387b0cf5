"""`kornia.augmentation`: transforms that are layers, for whole batches.

What they are called, and what their numbers mean, is as in torchvision; some happen with another
probability unless told.
"""

from __future__ import annotations

from ..interpreter import calls
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.tensors import Tensor
from ..interpreter.values import NOTHING, Constant, Object, Role, Sequence, Unknown, Value, sequence
from . import label_harm
from .torchvision_transforms import change_of

library = Library()

_PACKAGE = "kornia.augmentation"
# Their arguments by position, and the probability that goes without saying.
_TRANSFORMS = {
    "RandomHorizontalFlip": ("", 0.5),
    "RandomVerticalFlip": ("", 0.5),
    "RandomRotation": ("degrees", 0.5),
    "RandomAffine": ("degrees translate scale shear", 0.5),
    "RandomResizedCrop": ("size scale ratio", 1.0),
    "RandomCrop": ("size padding", 1.0),
    "RandomPerspective": ("distortion_scale", 0.5),
    "RandomErasing": ("scale ratio value", 0.5),
    "ColorJitter": ("brightness contrast saturation hue", 1.0),
    "RandomGrayscale": ("", 0.1),
    "RandomInvert": ("max_val", 0.5),
    "RandomGaussianBlur": ("kernel_size sigma", 0.5),
    "RandomGaussianNoise": ("mean std", 0.5),
}
library.aliases[f"{_PACKAGE}.ColorJiggle"] = f"{_PACKAGE}.ColorJitter"
_CONTAINERS = ("AugmentationSequential", "ImageSequential")


def _make(name: str, names: str, p: float) -> None:
    path = f"{_PACKAGE}.{name}"

    @library.function(path)
    def construct(call: Call) -> Value:  # pyright: ignore[reportUnusedFunction]
        given = zip(names.split(), call.args.positional, strict=False)
        config = {"p": Constant(p), **dict(call.args.keywords), **dict(given)}
        if call.args.open or len(call.args.positional) > len(names.split()):
            config["*"] = Unknown("*")
        return Object(Role.TRANSFORM, path, config, ref=call.ref)


for _name, (_names, _p) in _TRANSFORMS.items():
    _make(_name, _names, _p)


@library.function(*(f"{_PACKAGE}.{name}" for name in _CONTAINERS))
def _container(call: Call) -> Value:
    """Its positional arguments are its steps; with `random_apply` only some of them run."""
    made = Object(Role.TRANSFORM, call.name, {}, ref=call.ref)
    some = "random_apply" in dict(call.args.keywords)
    exact = not call.args.open and not some
    made.slots["transforms"] = sequence("list", call.args.positional, exact)
    return made


@library.call(*(f"{_PACKAGE}.{name}" for name in _TRANSFORMS))
def _apply(call: Call) -> Value:
    image, step = call.get(0, "input"), call.receiver
    assert isinstance(step, Object)
    label_harm.apply(call, step, change_of(step), image)
    if not isinstance(image, Tensor):
        return Unknown("image", NOTHING)
    return Tensor(range=image.range, origin=image.origin)


@library.call(*(f"{_PACKAGE}.{name}" for name in _CONTAINERS))
def _apply_all(call: Call) -> Value:
    """Masks and boxes that are given too are changed alike."""
    step, values = call.receiver, call.args.values()
    held = step.slots["transforms"] if isinstance(step, Object) else None
    if len(values) != 1 or not isinstance(held, Sequence) or not held.sure:
        return Unknown("image", NOTHING)
    image = values[0]
    for one in held.items:
        image = calls.call(call.machine, one, Arguments((image,)), call.ref)
    return image


for _name in (*_TRANSFORMS, *_CONTAINERS):

    @library.method(f"{_PACKAGE}.{_name}", "to", "cuda", "cpu", "train", "eval", "float", "half")
    def _itself(call: Call) -> Value:  # pyright: ignore[reportUnusedFunction]
        return call.receiver

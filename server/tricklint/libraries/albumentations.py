"""`albumentations`: what its pipelines make of the scale of an image.

Its `Normalize` divides by 255 itself, and its `ToTensorV2` never does.
"""

from __future__ import annotations

from ..interpreter import calls, pixels
from ..interpreter.data_facts import Scale, ScaleFault
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.values import (
    NOTHING,
    Constant,
    Mapping,
    Object,
    Origin,
    Range,
    Role,
    Sequence,
    Tensor,
    Unknown,
    Value,
)
from .torchvision_transforms import number_of, numbers_of

library = Library()
library.aliases["albumentations.pytorch.ToTensorV2"] = "albumentations.ToTensorV2"
library.aliases["albumentations.pytorch.transforms.ToTensorV2"] = "albumentations.ToTensorV2"
library.aliases["albumentations.augmentations.transforms"] = "albumentations"

# They move, cut or resize pixels, or change their colours within 0..255.
_KEEPS = [
    "Resize",
    "RandomCrop",
    "CenterCrop",
    "RandomResizedCrop",
    "RandomSizedCrop",
    "Crop",
    "PadIfNeeded",
    "LongestMaxSize",
    "SmallestMaxSize",
    "HorizontalFlip",
    "VerticalFlip",
    "Flip",
    "Transpose",
    "RandomRotate90",
    "Rotate",
    "SafeRotate",
    "ShiftScaleRotate",
    "Affine",
    "Perspective",
    "ElasticTransform",
    "GridDistortion",
    "OpticalDistortion",
    "RandomBrightnessContrast",
    "HueSaturationValue",
    "RGBShift",
    "ColorJitter",
    "CLAHE",
    "Blur",
    "GaussianBlur",
    "MedianBlur",
    "MotionBlur",
    "GaussNoise",
    "CoarseDropout",
    "Cutout",
    "ToGray",
    "RandomGamma",
    "ToTensorV2",
]
_CONTAINERS = ("Compose", "OneOf", "SomeOf", "Sequential")


@library.function(*(f"albumentations.{name}" for name in (*_KEEPS, "Normalize", "ToFloat")))
def _transform(call: Call) -> Value:
    config = dict(call.args.keywords)
    config |= dict(zip(("mean", "std", "max_pixel_value"), call.args.positional, strict=False))
    return Object(Role.TRANSFORM, call.name, config, ref=call.ref)


@library.function(*(f"albumentations.{name}" for name in _CONTAINERS))
def _container(call: Call) -> Value:
    made = Object(Role.TRANSFORM, call.name, {}, ref=call.ref)
    made.slots["steps"] = call.get(0, "transforms") or Unknown("transforms")
    return made


@library.call(
    *(f"albumentations.{name}" for name in (*_KEEPS, *_CONTAINERS, "Normalize", "ToFloat"))
)
def _apply(call: Call) -> Value:
    """`transform(image=image)["image"]`."""
    image, step = call.get(-1, "image"), call.receiver
    made = {key: Unknown(key, NOTHING, given=True) for key, _ in call.args.keywords}
    if image is None or not isinstance(step, Object):
        return Mapping(made)
    return Mapping({**made, "image": _applied(call, step, image)})


def _applied(call: Call, step: Object, image: Value) -> Value:
    name = step.kind.rpartition(".")[2]
    if name in _CONTAINERS:
        return _all_of(call, step, image)
    if name == "Normalize":
        return _normalized(call, step, image)
    if name == "ToFloat":
        return Tensor()
    return Tensor(range=image.range, origin=image.origin) if isinstance(image, Tensor) else image


def _all_of(call: Call, step: Object, image: Value) -> Value:
    held = step.slots["steps"]
    if not isinstance(held, Sequence) or not held.sure or not isinstance(image, Tensor):
        return Unknown("image", NOTHING, given=True)
    for one in held.items:
        if not isinstance(one, Object) or one.role is not Role.TRANSFORM:
            return Unknown("image", NOTHING, given=True)
        found = calls.call(call.machine, one, Arguments((), (("image", image),)), call.ref)
        image = found.slots["image"] if isinstance(found, Mapping) else image
    return image


def _normalized(call: Call, step: Object, image: Value) -> Value:
    """(image / largest - mean) / std."""
    at, config = step.ref or call.ref, step.config
    largest = number_of(config.get("max_pixel_value", Constant(255.0)))
    mean, std = numbers_of(config.get("mean")), numbers_of(config.get("std"))
    is_bytes = pixels.range_of(image) in (Range.BYTES, Range.RAW)
    if is_bytes and mean and std and "normalization" not in config:
        if largest == 255 and max(mean) > 1 and min(std) > 1:
            call.machine.report(Scale(ScaleFault.BYTE_STATISTICS, at))
        if largest == 1 and 0 < max(mean) <= 1 and max(std) <= 1:
            call.machine.report(Scale(ScaleFault.UNIT_STATISTICS, at))
    return Tensor(range=Range.NORMALIZED, origin=Origin(at, is_layer=False))

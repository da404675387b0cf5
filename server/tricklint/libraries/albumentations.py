"""`albumentations`: what its pipelines make of an image: its scale, and what it shows.

Its `Normalize` divides by 255 itself, and its `ToTensorV2` never does.
"""

from __future__ import annotations

from ..interpreter import calls, pixels
from ..interpreter.data_facts import Scale, ScaleFault
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.tensors import Range, Tensor
from ..interpreter.values import NOTHING, Constant, Mapping, Object, Role, Sequence, Unknown, Value
from . import label_harm
from .known_data import LARGEST_ANGLE, LARGEST_HUE, Change
from .torchvision_transforms import is_chance, number_of, numbers_of

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
    "D4",
    "SquareSymmetry",
    "ChannelShuffle",
    "InvertImg",
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
    label_harm.apply(call, step, change_of(step), image)
    if name == "Normalize":
        return _normalized(call, step, image)
    if name == "ToFloat":
        return Tensor()
    return Tensor(range=image.range, origin=image.origin) if isinstance(image, Tensor) else image


def change_of(step: Object) -> Change | None:
    """What a transform surely does to some images that may change what they show.

    All of them have p=0.5 where nothing else is said.
    """
    if "mean" in step.config or not is_chance(step):
        return None  # something is given by position, whose meaning differs by version
    match step.kind.rpartition(".")[2]:
        case "HorizontalFlip" | "Flip" | "Transpose" | "D4" | "SquareSymmetry":
            return "mirrored"
        case "VerticalFlip":
            return "upside_down"
        case "RandomRotate90":
            return "turned"
        case "Rotate" | "SafeRotate":
            return "turned" if _reaches(step, "limit", LARGEST_ANGLE, default=90) else None
        case "ShiftScaleRotate":
            return "turned" if _reaches(step, "rotate_limit", LARGEST_ANGLE, default=45) else None
        case "HueSaturationValue":
            far = _reaches(step, "hue_shift_limit", LARGEST_HUE * _HUES, default=20)
            return "recoloured" if far else None
        case "ColorJitter":
            return "recoloured" if _reaches(step, "hue", LARGEST_HUE, default=0) else None
        case "ChannelShuffle" | "InvertImg":
            return "recoloured"
        case _:
            return None


_HUES = 180  # OpenCV counts two degrees of the colour circle as one


def _reaches(step: Object, name: str, limit: float, default: float) -> bool:
    """Does a range, (-x, x) if it is one number, go as far as that?"""
    found = numbers_of(step.config.get(name, Constant(default)))
    if found is None or (len(found) == 2 and found[0] == found[1]):
        return False
    return max(abs(one) for one in found) >= limit


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
    return pixels.normalized(at, None)

"""`torchvision.transforms`, both versions: what a pipeline is made of, and what is random in it."""

from __future__ import annotations

from ..interpreter.data_facts import Statistics
from ..interpreter.library import Call, Library
from ..interpreter.values import (
    Alternatives,
    Constant,
    Object,
    Role,
    Sequence,
    Unknown,
    Value,
)
from .known_data import LARGEST_ANGLE, LARGEST_HUE, SMALLEST_CROP, Change

library = Library()

TRANSFORMS = "torchvision.transforms"
library.aliases[f"{TRANSFORMS}.v2"] = TRANSFORMS
library.aliases[f"{TRANSFORMS}.transforms"] = TRANSFORMS

_CONTAINERS = {
    "Compose": "transforms",
    "RandomApply": "transforms p",
    "RandomChoice": "transforms p",
    "RandomOrder": "transforms",
}
_PLAIN = {
    "Resize": "size interpolation max_size antialias",
    "CenterCrop": "size",
    "Pad": "padding fill padding_mode",
    "Lambda": "lambd",
    "ToTensor": "",
    "PILToTensor": "",
    "ToPILImage": "mode",
    "ToImage": "",
    "ToPureTensor": "",
    "ToDtype": "dtype scale",
    "ConvertImageDtype": "dtype",
    "Normalize": "mean std inplace",
    "Grayscale": "num_output_channels",
    "FiveCrop": "size vertical_flip",
    "TenCrop": "size vertical_flip",
    "RandomHorizontalFlip": "p",
    "RandomVerticalFlip": "p",
    "RandomRotation": "degrees interpolation expand center fill",
    "RandomAffine": "degrees translate scale shear interpolation fill center",
    "RandomPerspective": "distortion_scale p interpolation fill",
    "RandomCrop": "size padding pad_if_needed fill padding_mode",
    "RandomResizedCrop": "size scale ratio interpolation antialias",
    "ColorJitter": "brightness contrast saturation hue",
    "RandomGrayscale": "p",
    "RandomErasing": "p scale ratio value inplace",
    "RandomInvert": "p",
    "RandomPosterize": "bits p",
    "RandomSolarize": "threshold p",
    "RandomAdjustSharpness": "sharpness_factor p",
    "RandomAutocontrast": "p",
    "RandomEqualize": "p",
    "ElasticTransform": "alpha sigma interpolation fill",
    "GaussianBlur": "kernel_size sigma",
    "GaussianNoise": "mean sigma clip",
    "AutoAugment": "policy interpolation fill",
    "RandAugment": "num_ops magnitude num_magnitude_bins interpolation fill",
    "TrivialAugmentWide": "num_magnitude_bins interpolation fill",
    "AugMix": "severity mixture_width chain_depth alpha all_ops interpolation fill",
}


def _make(name: str, names: str) -> None:
    path = f"{TRANSFORMS}.{name}"

    @library.function(path)
    def construct(call: Call) -> Value:  # pyright: ignore[reportUnusedFunction]
        given = zip(names.split(), call.args.positional, strict=False)
        config = {**dict(call.args.keywords), **dict(given)}
        made = Object(Role.TRANSFORM, path, config, ref=call.ref)
        inner = config.pop("transforms", None) if name in _CONTAINERS else None
        if inner is not None:
            made.slots["transforms"] = inner
        if call.args.open:
            made.config["*"] = Unknown("*")
        return made


for _name, _names in (_CONTAINERS | _PLAIN).items():
    _make(_name, _names)


def name_of(transform: Object) -> str:
    """The class of a transform, such as "RandomCrop"."""
    return transform.kind.rpartition(".")[2]


def steps_of(value: Value | None) -> tuple[Object, ...]:
    """The transforms that surely are part of a pipeline, in order, containers taken apart.

    What is there on some paths only, or may never be applied, is left out.
    """
    if isinstance(value, Alternatives):
        ways = [steps_of(option) for option in value.options]
        return tuple(step for step in ways[0] if all(step in way for way in ways[1:]))
    if not isinstance(value, Object):
        return ()
    if value.kind == "torch.nn.Sequential":
        return _items(value.slots.get("layers"))
    if value.role is not Role.TRANSFORM:
        return ()
    if "transforms" not in value.slots:
        return (value,)
    return _items(value.slots["transforms"]) if _may_happen(value, 0.5) else ()


def _items(held: object) -> tuple[Object, ...]:
    if not isinstance(held, Sequence) or not held.sure:
        return ()
    return tuple(step for item in held.items for step in steps_of(item))


def number_of(value: Value | None) -> float | None:
    """A known number."""
    if isinstance(value, Constant) and isinstance(value.value, int | float):
        return float(value.value)
    return None


def numbers_of(value: Value | None) -> tuple[float, ...] | None:
    """One known number, or a list of them."""
    one = number_of(value)
    if one is not None:
        return (one,)
    if not isinstance(value, Sequence) or not value.sure:
        return None
    found = tuple(number_of(item) for item in value.items)
    known = tuple(item for item in found if item is not None)
    return known if len(known) == len(found) else None


def statistics_of(step: Object) -> Statistics | None:
    """Mean and deviation of a Normalize, where both are known."""
    if name_of(step) != "Normalize":
        return None
    mean, std = numbers_of(step.config.get("mean")), numbers_of(step.config.get("std"))
    return (mean, std) if mean and std else None


def _may_happen(step: Object, default: float) -> bool:
    """Is its probability surely above 0?"""
    if "*" in step.config:
        return False
    p = step.config.get("p")
    known = default if p is None else number_of(p)
    return known is not None and known > 0


def is_chance(step: Object, default: float = 0.5) -> bool:
    """Does it surely happen to some images and not to others?

    With p=1 it is no augmentation: the images are put upright, or all are turned on purpose.
    """
    p = step.config.get("p")
    known = default if p is None else number_of(p)
    return known is not None and known < 1 and _may_happen(step, default)


def change_of(step: Object) -> Change | None:
    """What a transform surely does to some images that may change what they show."""
    match name_of(step):
        case "RandomHorizontalFlip" if is_chance(step):
            return "mirrored"
        case "RandomVerticalFlip" if is_chance(step):
            return "upside_down"
        case "RandomRotation" | "RandomAffine":
            angles = _angles(step)
            far = angles is not None and max(abs(one) for one in angles) >= LARGEST_ANGLE
            return "turned" if far else None
        case "RandomResizedCrop":
            scale = _scale(step)
            return "cropped" if scale is not None and scale[0] < SMALLEST_CROP else None
        case "ColorJitter":
            hue = numbers_of(step.config.get("hue"))
            far = hue is not None and max(abs(one) for one in hue) >= LARGEST_HUE
            return "recoloured" if far and _may_happen(step, 1.0) else None
        case "RandomInvert" | "RandomChannelPermutation" if is_chance(step):
            return "recoloured"
        case _:
            return None


def _angles(step: Object) -> tuple[float, float] | None:
    """From where to where it turns; None if that is one angle, or not known."""
    found = numbers_of(step.config.get("degrees"))
    if "*" in step.config or found is None or len(found) not in (1, 2):
        return None
    low, high = (-found[0], found[0]) if len(found) == 1 else (found[0], found[1])
    return (low, high) if low < high else None


def _scale(step: Object) -> tuple[float, float] | None:
    """The smallest and largest share of the area that a crop keeps; None if not known."""
    given = step.config.get("scale")
    found = (0.08, 1.0) if given is None else numbers_of(given)
    if "*" in step.config or found is None or len(found) != 2:
        return None
    return found[0], found[1]


def is_random(step: Object) -> bool:
    """Does it surely give another image each time?"""
    if "*" in step.config:
        return False
    match name_of(step):
        case "RandomRotation":
            return _angles(step) is not None
        case "RandomAffine":
            return _angles(step) is not None or _is_set(step, "translate", "scale", "shear")
        case "RandomCrop":
            padding = numbers_of(step.config.get("padding"))
            return padding is not None and any(padding)
        case "RandomResizedCrop":
            scale = _scale(step)
            return scale is not None and scale[0] < scale[1]
        case "ColorJitter":
            return _is_set(step, "brightness", "contrast", "saturation", "hue")
        case "RandAugment" | "AutoAugment" | "TrivialAugmentWide" | "AugMix":
            return True
        case "RandomGrayscale":
            return is_chance(step, 0.1)
        case name:
            return name.startswith("Random") and is_chance(step)


def _is_set(step: Object, *names: str) -> bool:
    """Is one of these known to be more than nothing?"""
    values = [numbers_of(step.config.get(name)) for name in names]
    return any(found is not None and any(found) for found in values)


@library.attribute(Role.TRANSFORM, "transforms")
def _transforms(call: Call) -> Value:
    receiver = call.receiver
    held = receiver.slots.get("transforms") if isinstance(receiver, Object) else None
    return held if isinstance(held, Value) else Unknown("transforms")


@library.method(Role.TRANSFORM, "*")
def _other(call: Call) -> Value:
    return Unknown(call.name)

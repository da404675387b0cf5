"""What a transform of torchvision makes of an image: the scale of its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..interpreter import calls, pixels
from ..interpreter.data_facts import Scale, ScaleFault
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.tensors import Origin, Range, Tensor
from ..interpreter.values import NOTHING, Constant, Object, Role, Sequence, Unknown, Value
from . import label_harm
from .results import PIL_IMAGE, names_floats
from .torchvision_transforms import TRANSFORMS, change_of, name_of, statistics_of

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef

library = Library()
library.aliases["torchvision.transforms.functional_pil"] = "torchvision.transforms.functional"
library.telling |= {"to_tensor", "pil_to_tensor", "PILToTensor", "ToDtype"}

# A deviation below this multiplies: the way back from 0..1 to 0..255.
_SMALLEST_DEVIATION = 0.02


@library.call(Role.TRANSFORM)
def _apply(call: Call) -> Value:
    image = call.args.positional[0] if call.args.positional else None
    step = call.receiver
    if image is None or not isinstance(step, Object):
        return Unknown("image", NOTHING)
    label_harm.apply(call, step, change_of(step), image)
    return _applied(call, step, image)


_FUNCTIONS = {
    "to_tensor": "ToTensor",
    "pil_to_tensor": "PILToTensor",
    "to_image": "ToImage",
    "convert_image_dtype": "ConvertImageDtype",
    "to_dtype": "ToDtype",
    "normalize": "Normalize",
    **dict.fromkeys(("resize", "center_crop", "crop", "hflip", "vflip", "rotate"), "Resize"),
}
_ARGUMENTS = {"Normalize": ("mean", "std"), "ConvertImageDtype": ("dtype",)}
_ARGUMENTS["ToDtype"] = ("dtype", "scale")


@library.function(*(f"{TRANSFORMS}.functional.{name}" for name in _FUNCTIONS))
def _function(call: Call) -> Value:
    """`TF.normalize(image, mean, std)` is a Normalize for once."""
    if not call.args.positional:
        return Unknown("image", NOTHING)
    image, *rest = call.args.positional
    name = _FUNCTIONS[call.name.rpartition(".")[2]]
    given = dict(zip(_ARGUMENTS.get(name, ()), rest, strict=False))
    config = {**dict(call.args.keywords), **given}
    step = Object(Role.TRANSFORM, f"{TRANSFORMS}.{name}", config, ref=call.ref)
    return _applied(call, step, image)


def _applied(call: Call, step: Object, image: Value) -> Value:
    match name_of(step):
        case "Compose":
            return _all_of(call, step, image)
        case "ToTensor":
            return _to_tensor(call, step, image)
        case "PILToTensor" | "ToImage":
            return (
                pixels.image(Range.BYTES, _at(call, step)) if _is_picture(image) else _same(image)
            )
        case "ConvertImageDtype":
            return _to_dtype(call, step, image, scale=Constant(True), default=True)
        case "ToDtype":
            scale = step.config.get("scale", Constant(False))
            return _to_dtype(call, step, image, scale, default=False)
        case "Normalize":
            return _normalized(call, step, image)
        case "Lambda":
            return calls.call(
                call.machine, step.config.get("lambd") or Unknown(), Arguments((image,)), call.ref
            )
        case name if name in _KEEPS:
            return _same(image)
        case _:
            return Unknown("image", NOTHING)


# They move, cut or resize, and leave the scale as it is.
_KEEPS = {
    "Resize",
    "CenterCrop",
    "Pad",
    "Grayscale",
    "ToPureTensor",
    "RandomHorizontalFlip",
    "RandomVerticalFlip",
    "RandomRotation",
    "RandomAffine",
    "RandomPerspective",
    "RandomCrop",
    "RandomResizedCrop",
    "ColorJitter",
    "RandomGrayscale",
    "ElasticTransform",
    "GaussianBlur",
    "AutoAugment",
    "RandAugment",
    "TrivialAugmentWide",
    "AugMix",
    "RandomErasing",
    "RandomAutocontrast",
    "RandomEqualize",
    "RandomAdjustSharpness",
}


def _at(call: Call, step: Object) -> NodeRef:
    return step.ref or call.ref


def _is_picture(image: Value) -> bool:
    return isinstance(image, Object) and image.kind == PIL_IMAGE


def _same(image: Value) -> Value:
    """The same numbers; the size is another one, perhaps."""
    if isinstance(image, Tensor):
        return Tensor(range=image.range, origin=image.origin)
    return image if _is_picture(image) else Unknown("image", NOTHING)


def _all_of(call: Call, step: Object, image: Value) -> Value:
    held = step.slots.get("transforms")
    if not isinstance(held, Sequence) or not held.sure:
        return Unknown("image", NOTHING)
    for one in held.items:
        image = calls.call(call.machine, one, Arguments((image,)), call.ref)
    return image


def _to_tensor(call: Call, step: Object, image: Value) -> Value:
    """Bytes are divided by 255, floats stay as they are."""
    if _is_picture(image) or pixels.range_of(image) is Range.BYTES:
        return pixels.image(Range.UNIT, _at(call, step))
    return _same(image) if isinstance(image, Tensor) else Tensor()


def _to_dtype(call: Call, step: Object, image: Value, scale: Value, default: bool) -> Value:
    """Bytes become floats, with `scale` divided by 255."""
    dtype = step.config.get("dtype")
    floats = default if dtype is None else names_floats((dtype,))
    if not floats or pixels.range_of(image) is not Range.BYTES:
        return Tensor() if isinstance(image, Tensor) else Unknown("image", NOTHING)
    if scale not in (Constant(True), Constant(False)):
        return Tensor()
    what = Range.UNIT if scale == Constant(True) else Range.RAW
    return Tensor(range=what, origin=Origin(_at(call, step), is_layer=False))


def _normalized(call: Call, step: Object, image: Value) -> Value:
    at, before = _at(call, step), pixels.range_of(image)
    statistics = statistics_of(step)
    source = image.origin.ref if isinstance(image, Tensor) and image.origin else None
    fault = None
    if _is_picture(image) or before is Range.BYTES:
        fault = ScaleFault.NOT_A_TENSOR
    elif statistics is not None:
        mean, deviation = statistics
        if min(deviation) < _SMALLEST_DEVIATION:
            return Tensor()
        small = max(map(abs, mean)) <= 1 and max(deviation) <= 1
        if before is Range.UNIT and max(mean) > 1 and min(deviation) > 1:
            fault = ScaleFault.BYTE_STATISTICS
        elif before is Range.RAW and small and any(mean):
            fault = ScaleFault.UNIT_STATISTICS
    if fault is not None:
        call.machine.report(Scale(fault, at, source))
    return pixels.normalized(at, statistics if before is Range.UNIT else None)

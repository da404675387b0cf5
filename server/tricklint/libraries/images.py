"""Pillow, OpenCV and `torchvision.io`: images as they come from files, numbers from 0 to 255."""

from __future__ import annotations

from ..interpreter import pixels
from ..interpreter.library import Call, Library
from ..interpreter.tensors import Range, Tensor
from ..interpreter.values import NOTHING, Constant, External, Object, Role, Unknown, Value
from .results import PIL_IMAGE

library = Library()
library.aliases["torchvision.io.image"] = "torchvision.io"
library.telling |= {"imread", "read_image", "frombuffer"}
_EIGHT_BIT_FLAGS = ("cv2.IMREAD_COLOR", "cv2.IMREAD_GRAYSCALE")


@library.function("PIL.Image.open")
def _open(call: Call) -> Value:
    return Object(Role.HELPER, PIL_IMAGE, {}, ref=call.ref)


@library.method(PIL_IMAGE, "convert", "resize", "crop", "rotate", "transpose", "copy", "thumbnail")
def _same_picture(call: Call) -> Value:
    mode = call.get(0, "mode") if call.name == "convert" else Constant("RGB")
    return call.receiver if mode in (Constant("RGB"), Constant("L")) else Unknown("image", NOTHING)


@library.method(PIL_IMAGE, "*")
def _other(call: Call) -> Value:
    return Unknown(call.name, NOTHING)


@library.function("cv2.imread")
def _imread(call: Call) -> Value:
    """Eight bits a channel, unless a flag asks for the file's own depth."""
    flag = call.get(1, "flags")
    named = isinstance(flag, External) and flag.path in _EIGHT_BIT_FLAGS
    if flag is None or named or flag in (Constant(0), Constant(1)):
        return pixels.image(Range.BYTES, call.ref)
    return Tensor()


@library.function("torchvision.io.read_image", "torchvision.io.decode_image")
@library.function("torchvision.io.decode_jpeg", "torchvision.io.decode_png")
def _read_image(call: Call) -> Value:
    return pixels.image(Range.BYTES, call.ref)


@library.function("cv2.resize", "cv2.flip", "cv2.copyMakeBorder", "cv2.cvtColor")
def _same(call: Call) -> Value:
    value = call.get(0, "src")
    plain = call.name != "cv2.cvtColor" or _is_rgb(call.get(1, "code"))
    return pixels.keep(value, Tensor()) if plain else Tensor()


def _is_rgb(code: Value | None) -> bool:
    """Colours in another order, or grey: the numbers stay from 0 to 255."""
    name = code.path if isinstance(code, External) else ""
    return name in ("cv2.COLOR_BGR2RGB", "cv2.COLOR_RGB2BGR", "cv2.COLOR_BGR2GRAY")


@library.function("numpy.frombuffer")
def _from_buffer(call: Call) -> Value:
    dtype = call.get(1, "dtype")
    if isinstance(dtype, External) and dtype.path == "numpy.uint8":
        return pixels.image(Range.BYTES, call.ref)
    return Tensor()

"""The shapes that sliding windows and resizing give: convolutions, pools, `Upsample`, pixel shuffle.

Most are a layer of `torch.nn` and a function of `torch.nn.functional`: the settings of both are
read by name, from the layer's configuration or from the call.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from ..interpreter import pixels, shape_layers, sizes
from ..interpreter.dims import ONE, Dim
from ..interpreter.library import Call, Library
from ..interpreter.shape import Shape
from ..interpreter.shape_layers import Padding, Setting, Window
from ..interpreter.tensors import Tensor
from ..interpreter.values import NONE, Constant, Number, Object, Sequence, Value, sequence
from .results import first_layer, output

library = Library()

Settings: TypeAlias = dict[str, Value]
ShapeOfLayer: TypeAlias = Callable[[Call, Settings, "Shape | None"], "Shape | None"]

_ZERO = Dim.of(0)
_UNKNOWN: Setting = (None,)
_NO, _YES = Constant(False), Constant(True)
_PADDINGS: dict[Value | None, Padding] = {
    Constant("same"): Padding.SAME,
    Constant("valid"): Padding.VALID,
}


def _settings(call: Call, names: str) -> Settings:
    """What the layer was made with, or the function is given; None among them is no setting."""
    if isinstance(call.receiver, Object):
        given = call.receiver.config
    else:
        behind = zip(names.split(), call.args.positional[1:], strict=False)
        given = {**dict(call.args.keywords), **dict(behind)}
    return {name: value for name, value in given.items() if value != NONE}


def _size(call: Call, value: Value | None) -> Dim | None:
    """A single size.  What nothing is known of may as well be a tuple of them."""
    if isinstance(value, Constant | Number) or (value is not None and value in call.machine.sizes):
        return sizes.dim_of(call.machine, value)
    return None


def _setting(call: Call, value: Value | None, default: Setting, axes: int) -> Setting:
    """One size for all axes, or one for each."""
    if value is None:
        return default
    if not isinstance(value, Sequence):
        return (_size(call, value),)
    fits = value.exact and len(value.items) in (1, axes)
    return tuple(_size(call, item) for item in value.items) if fits else _UNKNOWN


def _window(call: Call, settings: Settings, stride: Setting, axes: int) -> Window:
    def read(name: str, default: Setting) -> Setting:
        return _setting(call, settings.get(name), default, axes)

    ceil = settings.get("ceil_mode", _NO)
    return Window(
        kernel=read("kernel_size", _UNKNOWN),
        stride=read("stride", stride),
        padding=_PADDINGS.get(settings.get("padding")) or read("padding", (_ZERO,)),
        dilation=read("dilation", (ONE,)) if ceil in (_NO, _YES) else _UNKNOWN,
        output_padding=read("output_padding", (_ZERO,)),
        ceil=ceil != _NO,
    )


def _register(shape_of: ShapeOfLayer, layers: str, functions: str = "", names: str = "") -> None:
    """`names` are the arguments of the functions, behind the input."""

    def handler(call: Call) -> Value:
        value = call.get(0, "input")
        shape = None if value is None else sizes.shape_of(call.machine, value)
        settings = _settings(call, names)
        made = output(call, shape_of(call, settings, shape))
        if "Conv" in layers:
            made = first_layer(call, value, made)
        elif "Pool" in layers:
            made = pixels.keep(value, made)
        if settings.get("return_indices", _NO) == _NO:
            return made
        return sequence("tuple", (made, Tensor(shape=made.shape)))

    library.call(*(f"torch.nn.{name}" for name in layers.split()))(handler)
    library.function(*(f"torch.nn.functional.{name}" for name in functions.split()))(handler)


def _convolved(
    axes: int, transposed: bool, call: Call, settings: Settings, shape: Shape | None
) -> Shape | None:
    taken = _size(call, settings.get("in_channels"))
    if taken is not None and shape is not None and len(shape.dims) > axes:
        sizes.unify(call.machine, shape.dims[-axes - 1], taken)
    out = settings.get("out_channels")
    channels = None if out is None else sizes.dim_of(call.machine, out)
    convolve = shape_layers.conv_transposed if transposed else shape_layers.conv
    window = _window(call, settings, (ONE,), axes)
    return convolve(call.machine.symbols, shape, channels, window, axes)


def _pooled(axes: int, call: Call, settings: Settings, shape: Shape | None) -> Shape | None:
    kernel = _setting(call, settings.get("kernel_size"), _UNKNOWN, axes)
    window = _window(call, settings, kernel, axes)
    return shape_layers.pool(call.machine.symbols, shape, window, axes)


def _pooled_to_size(axes: int, call: Call, settings: Settings, shape: Shape | None) -> Shape | None:
    asked = settings.get("output_size")
    if isinstance(asked, Sequence):
        if not asked.exact or len(asked.items) not in (1, axes):
            return None
        pairs = [(item, _size(call, item)) for item in asked.items]
    else:
        pairs = [(asked, _size(call, asked))]
    if any(size is None and item != NONE for item, size in pairs):
        return None
    wanted = [size for _, size in pairs]
    return shape_layers.adaptive_pool(call.machine.symbols, shape, wanted, axes)


def _resized(call: Call, settings: Settings, shape: Shape | None) -> Shape | None:
    if shape is None or shape.prefix or len(shape.dims) < 3:
        return None
    axes, symbols = len(shape.dims) - 2, call.machine.symbols
    if "size" in settings:
        asked = _setting(call, settings["size"], _UNKNOWN, axes)
        return shape_layers.interpolate(symbols, shape, sizes=asked)
    scale = settings.get("scale_factor")
    given = scale.items if isinstance(scale, Sequence) and scale.exact else (scale,)
    factors = [_factor(call, one) for one in given]
    return shape_layers.interpolate(symbols, shape, scale=factors)


def _factor(call: Call, value: Value | None) -> float | Dim | None:
    if isinstance(value, Constant) and type(value.value) is float:
        return value.value
    return _size(call, value)


def _shuffled(call: Call, settings: Settings, shape: Shape | None) -> Shape | None:
    factor = _size(call, settings.get("upscale_factor"))
    return None if shape is None or factor is None else shape_layers.pixel_shuffle(shape, factor)


def _unshuffled(call: Call, settings: Settings, shape: Shape | None) -> Shape | None:
    factor = _size(call, settings.get("downscale_factor"))
    return None if shape is None or factor is None else shape_layers.pixel_unshuffle(shape, factor)


def _unfolded(call: Call, settings: Settings, shape: Shape | None) -> Shape | None:
    if shape is None:
        return None
    window = _window(call, settings, (ONE,), 2)
    return shape_layers.unfold(call.machine.symbols, shape, window)


_POOL = "kernel_size stride padding"
for _n in (1, 2, 3):
    _register(partial(_convolved, _n, False), f"Conv{_n}d")
    _register(partial(_convolved, _n, True), f"ConvTranspose{_n}d")
    _register(
        partial(_pooled, _n),
        f"MaxPool{_n}d",
        f"max_pool{_n}d",
        f"{_POOL} dilation ceil_mode return_indices",
    )
    _register(partial(_pooled, _n), f"AvgPool{_n}d", f"avg_pool{_n}d", f"{_POOL} ceil_mode")
    _register(
        partial(_pooled_to_size, _n),
        f"AdaptiveAvgPool{_n}d AdaptiveMaxPool{_n}d",
        f"adaptive_avg_pool{_n}d adaptive_max_pool{_n}d",
        "output_size return_indices",
    )
_register(
    _resized,
    "Upsample UpsamplingNearest2d UpsamplingBilinear2d",
    "interpolate upsample",
    "size scale_factor mode",
)
_register(_shuffled, "PixelShuffle", "pixel_shuffle", "upscale_factor")
_register(_unshuffled, "PixelUnshuffle", "pixel_unshuffle", "downscale_factor")
_register(_unfolded, "Unfold", "unfold", "kernel_size dilation padding stride")

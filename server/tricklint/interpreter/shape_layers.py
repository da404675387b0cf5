"""The shapes that layers give: convolutions, pools, linear and recurrent layers, attention.

An input that is not known at all is None; what the layer itself fixes is then still known.
Settings of a layer are dims, or None where they are not known; one for all axes or one each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, TypeAlias

from .dims import ONE, Dim, Symbols, product
from .shape import Shape

Setting: TypeAlias = tuple[Dim | None, ...]

_ZERO = Dim.of(0)


class Padding(Enum):
    """The paddings that have a name."""

    SAME = "same"
    VALID = "valid"


@dataclass(frozen=True, slots=True)
class Window:
    """How a convolution or pool slides along its axes."""

    kernel: Setting
    stride: Setting = (ONE,)
    padding: Setting | Padding = (_ZERO,)
    dilation: Setting = (ONE,)
    output_padding: Setting = (_ZERO,)
    ceil: bool = False


def conv(
    symbols: Symbols, shape: Shape | None, channels: Dim | None, window: Window, axes: int
) -> Shape | None:
    """A convolution over the last `axes` axes, with or without a batch axis."""
    shape = _spatial(symbols, shape, axes)
    if shape is None:
        return None
    sizes = [_slid(symbols, shape.dims[at - axes], window, at) for at in range(axes)]
    return Shape((*shape.dims[: -axes - 1], _or_unknown(symbols, channels), *sizes), shape.prefix)


def conv_transposed(
    symbols: Symbols, shape: Shape | None, channels: Dim | None, window: Window, axes: int
) -> Shape | None:
    """A transposed convolution over the last `axes` axes."""
    shape = _spatial(symbols, shape, axes)
    if shape is None:
        return None
    sizes = [_spread(symbols, shape.dims[at - axes], window, at) for at in range(axes)]
    return Shape((*shape.dims[: -axes - 1], _or_unknown(symbols, channels), *sizes), shape.prefix)


def pool(symbols: Symbols, shape: Shape | None, window: Window, axes: int) -> Shape | None:
    """Max, average and power pools.  Their stride, unless given, is the kernel."""
    shape = _spatial(symbols, shape, axes)
    if shape is None:
        return None
    sizes = [_slid(symbols, shape.dims[at - axes], window, at) for at in range(axes)]
    return Shape((*shape.dims[:-axes], *sizes), shape.prefix)


def adaptive_pool(
    symbols: Symbols, shape: Shape | None, sizes: Sequence[Dim | None], axes: int
) -> Shape | None:
    """Adaptive pools; None among the sizes keeps the size of the input."""
    shape = _spatial(symbols, shape, axes)
    if shape is None:
        return None
    asked = tuple(sizes) * axes if len(sizes) == 1 else tuple(sizes)
    pairs = zip(shape.dims[-axes:], asked, strict=True)
    return Shape((*shape.dims[:-axes], *(size or old for old, size in pairs)), shape.prefix)


def interpolate(
    symbols: Symbols,
    shape: Shape,
    sizes: Sequence[Dim | None] | None = None,
    scale: Sequence[float | Dim | None] | None = None,
) -> Shape | None:
    """`interpolate` and `Upsample`: everything behind batch and channel axis is resized."""
    if shape.prefix or len(shape.dims) < 3:
        return None
    old = shape.dims[2:]
    asked = sizes if sizes is not None else scale
    if not asked or len(asked) not in (1, len(old)):
        return None
    asked = tuple(asked) * len(old) if len(asked) == 1 else tuple(asked)
    new: list[Dim] = []
    for size, one in zip(old, asked, strict=True):
        given = one if isinstance(one, Dim) else None
        new.append(_scaled(symbols, size, one) if sizes is None else _or_unknown(symbols, given))
    return Shape((*shape.dims[:2], *new))


def linear(symbols: Symbols, shape: Shape | None, features: Dim | None) -> Shape | None:
    """`Linear`, `Bilinear`, `LazyLinear`: another last axis."""
    last = _or_unknown(symbols, features)
    if shape is None:
        return Shape((last,), prefix=True)
    return Shape((*shape.dims[:-1], last), shape.prefix) if shape.dims or shape.prefix else None


def embedding(symbols: Symbols, shape: Shape | None, features: Dim | None) -> Shape:
    """One more axis behind those of the indices."""
    last = _or_unknown(symbols, features)
    return (
        Shape((last,), prefix=True) if shape is None else Shape((*shape.dims, last), shape.prefix)
    )


class Recurrent(NamedTuple):
    """The shapes of `output, (h_n, c_n)`; a GRU or RNN has no cell."""

    output: Shape
    hidden: Shape
    cell: Shape


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The settings of an RNN, GRU or LSTM.  `projection` is `proj_size`."""

    hidden: Dim
    layers: Dim = ONE
    bidirectional: bool = False
    batch_first: bool = False
    projection: Dim | None = None


def recurrent(symbols: Symbols, shape: Shape | None, layer: Recurrence) -> Recurrent | None:
    """An RNN, GRU or LSTM over (time, batch, features), with or without the batch."""
    ways = Dim.of(2 if layer.bidirectional else 1)
    size = layer.projection or layer.hidden
    states = layer.layers * ways
    if shape is None or shape.prefix:
        # Unknown rank: there may be no batch axis at all.
        return Recurrent(
            Shape((size * ways,), prefix=True),
            Shape((size,), prefix=True),
            Shape((layer.hidden,), prefix=True),
        )
    if len(shape.dims) not in (2, 3):
        return None
    output = Shape((*shape.dims[:-1], size * ways))
    batch = shape.dims[:-1][0 if layer.batch_first else 1 :][:1] if len(shape.dims) == 3 else ()
    return Recurrent(output, Shape((states, *batch, size)), Shape((states, *batch, layer.hidden)))


class Attention(NamedTuple):
    """The shapes of `output, weights`."""

    output: Shape
    weights: Shape | None


def attention(
    query: Shape,
    key: Shape,
    *,
    batch_first: bool = False,
    heads: Dim | None = None,
) -> Attention | None:
    """`MultiheadAttention`.  With `heads` the weights are not averaged over them."""
    if query.prefix or key.prefix or len(query.dims) != len(key.dims):
        return Attention(query, None)
    if len(query.dims) not in (2, 3):
        return None
    time = 1 if batch_first and len(query.dims) == 3 else 0
    batch = (query.dims[1 - time],) if len(query.dims) == 3 else ()
    apart = () if heads is None else (heads,)
    weights = Shape((*batch, *apart, query.dims[time], key.dims[time]))
    return Attention(query, weights)


def pixel_shuffle(shape: Shape, factor: Dim) -> Shape | None:
    """Channels become pixels."""
    if len(shape.dims) < 3:
        return None
    *lead, channels, height, width = shape.dims
    dims = (*lead, channels // (factor * factor), height * factor, width * factor)
    return Shape(dims, shape.prefix)


def pixel_unshuffle(shape: Shape, factor: Dim) -> Shape | None:
    """Pixels become channels."""
    if len(shape.dims) < 3:
        return None
    *lead, channels, height, width = shape.dims
    dims = (*lead, channels * factor * factor, height // factor, width // factor)
    return Shape(dims, shape.prefix)


def unfold(symbols: Symbols, shape: Shape, window: Window) -> Shape | None:
    """`nn.Unfold`: (batch, channels * kernel, places) of an image."""
    if shape.prefix or len(shape.dims) not in (3, 4):
        return None
    kernel = [_setting(window.kernel, at) for at in range(2)]
    places = product(_slid(symbols, shape.dims[at - 2], window, at) for at in range(2))
    known = [size for size in kernel if size is not None]
    area = product(known) if len(known) == 2 else Dim.of(symbols.constant("kernel"))
    return Shape((*shape.dims[:-3], shape.dims[-3] * area, places))


def _spatial(symbols: Symbols, shape: Shape | None, axes: int) -> Shape | None:
    """A shape in which the channel axis and the axes behind it are in sight."""
    if shape is None:
        shape = Shape((), prefix=True)
    missing = axes + 1 - len(shape.dims)
    if shape.prefix:
        unknown = tuple(Dim.of(symbols.constant("?")) for _ in range(missing))
        return Shape((*unknown, *shape.dims), prefix=True)
    return shape if len(shape.dims) - axes in (1, 2) else None


def _or_unknown(symbols: Symbols, size: Dim | None) -> Dim:
    return Dim.of(symbols.constant("?")) if size is None else size


def _setting(setting: Setting, at: int) -> Dim | None:
    return setting[0] if len(setting) == 1 else setting[at]


def _settings(window: Window, at: int) -> tuple[Dim, Dim, Dim, Dim] | None:
    """Kernel, stride, padding on both sides together and dilation along one axis."""
    kernel, stride = _setting(window.kernel, at), _setting(window.stride, at)
    dilation = _setting(window.dilation, at)
    if kernel is None or stride is None or dilation is None:
        return None
    if isinstance(window.padding, Padding):
        same = window.padding is Padding.SAME
        return kernel, stride, dilation * (kernel - ONE) if same else _ZERO, dilation
    padding = _setting(window.padding, at)
    return None if padding is None else (kernel, stride, padding * 2, dilation)


def _slid(symbols: Symbols, size: Dim, window: Window, at: int) -> Dim:
    """How many places a window finds along an axis.

    Written out in full, the size stays itself where the padding makes up for the kernel, and
    comes to H // 2 where the stride halves it.
    """
    if window.padding is Padding.SAME:
        return size  # Strides other than 1 are refused there.
    settings = _settings(window, at)
    if settings is None or settings[1] == _ZERO:
        return Dim.of(symbols.constant("?"))
    kernel, stride, padding, dilation = settings
    if not window.ceil or stride == ONE:
        key = (size, *settings)
        places = symbols.worked_out.get(key)
        if places is None:
            places = symbols.worked_out[key] = _places(*key)
        return places
    room = size + padding - dilation * (kernel - ONE) - ONE
    numbers = (size.number, room.number, stride.number, padding.number)
    return _ceiled(*numbers) or Dim.of(symbols.constant("?"))


def _places(size: Dim, kernel: Dim, stride: Dim, padding: Dim, dilation: Dim) -> Dim:
    return (size + padding - dilation * (kernel - ONE) - ONE) // stride + ONE


def _ceiled(
    size: int | None, room: int | None, stride: int | None, padding: int | None
) -> Dim | None:
    """With `ceil_mode`; a last window that would start in the right padding does not count."""
    if size is None or room is None or not stride or padding is None:
        return None
    places = -(-room // stride) + 1
    return Dim.of(places - ((places - 1) * stride >= size + padding // 2))


def _spread(symbols: Symbols, size: Dim, window: Window, at: int) -> Dim:
    settings, extra = _settings(window, at), _setting(window.output_padding, at)
    if settings is None or extra is None:
        return Dim.of(symbols.constant("?"))
    kernel, stride, padding, dilation = settings
    return (size - ONE) * stride - padding + dilation * (kernel - ONE) + extra + ONE


def _scaled(symbols: Symbols, size: Dim, scale: float | Dim | None) -> Dim:
    if isinstance(scale, Dim):
        return size * scale
    if scale is not None and size.number is not None:
        return Dim.of(int(size.number * scale))
    if scale is not None and scale == int(scale):
        return size * int(scale)
    if scale is not None and scale > 0 and 1 / scale == int(1 / scale):
        return size // int(1 / scale)
    return Dim.of(symbols.constant("?"))

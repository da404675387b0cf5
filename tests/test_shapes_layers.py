"""Shapes of layers against the layers of torch, on meta tensors with random settings."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional

from tricklint.interpreter import shape_layers as layers
from tricklint.interpreter.dims import Dim, Kind, Symbols
from tricklint.interpreter.shape import Shape
from tricklint.interpreter.shape_layers import Padding, Recurrence, Window

_any_settings = settings(max_examples=40, deadline=None)
SIZES = st.integers(3, 12)
SMALL = st.integers(1, 3)
CONVOLUTIONS = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
TRANSPOSED = {1: nn.ConvTranspose1d, 2: nn.ConvTranspose2d, 3: nn.ConvTranspose3d}
MAX_POOLS = {1: nn.MaxPool1d, 2: nn.MaxPool2d, 3: nn.MaxPool3d}
ADAPTIVE_POOLS = {
    1: nn.AdaptiveAvgPool1d,
    2: nn.AdaptiveAvgPool2d,
    3: nn.AdaptiveAvgPool3d,
}


def meta(shape):
    return torch.empty(shape, device="meta")


def real(function, *arguments):
    """The shape that torch gives, or None where it refuses."""
    try:
        return tuple(function(*arguments).shape)
    except (RuntimeError, ValueError):
        return None


def dims(values):
    return tuple(Dim.of(value) for value in values)


def settings_of(axes, values):
    """One setting for all axes, or one each."""
    return st.one_of(
        values.map(lambda value: (value,)), st.lists(values, min_size=axes, max_size=axes)
    ).map(tuple)


def plain(setting, axes):
    return setting * axes if len(setting) == 1 else setting


@st.composite
def windows(draw, axes, *, kernels=SMALL):
    """Settings as torch takes them, in its order."""
    kernel = draw(settings_of(axes, kernels))
    stride = draw(settings_of(axes, SMALL))
    padding = draw(settings_of(axes, st.integers(0, 2)))
    dilation = draw(settings_of(axes, st.integers(1, 2)))
    return kernel, stride, padding, dilation


@st.composite
def inputs(draw, axes):
    """With or without a batch axis."""
    lead = (draw(SMALL), 4) if draw(st.booleans()) else (4,)
    return (*lead, *draw(st.lists(SIZES, min_size=axes, max_size=axes)))


def agree(function, shape, expected):
    """With numbers it is exact; with symbols, their values put in, it says nothing wrong."""
    if expected is None:
        return
    assert function(Symbols(), Shape.of(*shape)) == Shape.of(*expected)
    symbols = Symbols()
    names = [symbols.generic("n") for _ in shape]
    found = function(symbols, Shape.of(*names))
    found = found.substitute(dict(zip(names, dims(shape), strict=True)))
    numbers = [dim.number for dim in found.dims if dim.kind is not Kind.CONSTANT]
    assert numbers == [
        size
        for dim, size in zip(found.dims, expected, strict=True)
        if dim.kind is not Kind.CONSTANT
    ]
    behind = function(Symbols(), Shape.of(*shape[1:], prefix=True))
    assert [dim.number for dim in behind.dims if dim.number is not None] == [
        size
        for dim, size in zip(behind.dims, expected[-len(behind.dims) :], strict=True)
        if dim.number is not None
    ]


@_any_settings
@given(st.data(), st.integers(1, 3))
def test_conv(data, axes):
    shape, window = data.draw(inputs(axes)), data.draw(windows(axes))
    kernel, stride, padding, dilation = (plain(setting, axes) for setting in window)
    layer = CONVOLUTIONS[axes](4, 6, kernel, stride, padding, dilation, device="meta")
    ours = Window(*map(dims, window))
    agree(lambda s, x: layers.conv(s, x, Dim.of(6), ours, axes), shape, real(layer, meta(shape)))


@_any_settings
@given(st.data(), st.integers(1, 2), st.sampled_from(Padding))
def test_conv_with_named_padding(data, axes, padding):
    # Torch warns of even kernels: their padding has two sides of different width.
    window = data.draw(windows(axes, kernels=st.sampled_from([1, 3])))
    shape, (kernel, _, _, dilation) = data.draw(inputs(axes)), window
    layer = CONVOLUTIONS[axes](
        4,
        6,
        plain(kernel, axes),
        padding=padding.value,
        dilation=plain(dilation, axes),
        device="meta",
    )
    ours = Window(dims(kernel), padding=padding, dilation=dims(dilation))
    agree(lambda s, x: layers.conv(s, x, Dim.of(6), ours, axes), shape, real(layer, meta(shape)))


@_any_settings
@given(st.data(), st.integers(1, 3), st.integers(0, 1))
def test_conv_transposed(data, axes, extra):
    shape, window = data.draw(inputs(axes)), data.draw(windows(axes))
    kernel, stride, padding, dilation = (plain(setting, axes) for setting in window)
    try:
        layer = TRANSPOSED[axes](
            4, 6, kernel, stride, padding, extra, dilation=dilation, device="meta"
        )
    except ValueError:
        return
    ours = Window(*map(dims, window), output_padding=dims([extra]))
    agree(
        lambda s, x: layers.conv_transposed(s, x, Dim.of(6), ours, axes),
        shape,
        real(layer, meta(shape)),
    )


@_any_settings
@given(st.data(), st.integers(1, 3), st.booleans())
def test_pool(data, axes, ceil):
    shape, window = data.draw(inputs(axes)), data.draw(windows(axes))
    kernel, stride, padding, dilation = (plain(setting, axes) for setting in window)
    layer = MAX_POOLS[axes](kernel, stride, padding, dilation, ceil_mode=ceil)
    ours = Window(*map(dims, window), ceil=ceil)
    agree(lambda s, x: layers.pool(s, x, ours, axes), shape, real(layer, meta(shape)))


@pytest.mark.parametrize("size", [3, 4, 5, 6])
def test_a_last_window_that_starts_in_the_padding_does_not_count(size):
    expected = real(nn.MaxPool1d(2, 2, 1, ceil_mode=True), meta((1, 1, size)))
    ours = Window(dims([2]), dims([2]), dims([1]), ceil=True)
    assert layers.pool(Symbols(), Shape.of(1, 1, size), ours, 1) == Shape.of(*expected)


@_any_settings
@given(st.data(), st.integers(1, 3))
def test_adaptive_pool(data, axes):
    shape = data.draw(inputs(axes))
    if axes == 1:
        sizes = (data.draw(SMALL),)
    else:
        sizes = tuple(data.draw(st.one_of(st.none(), SMALL)) for _ in range(axes))
    expected = real(ADAPTIVE_POOLS[axes](sizes), meta(shape))
    asked = [None if size is None else Dim.of(size) for size in sizes]
    agree(lambda s, x: layers.adaptive_pool(s, x, asked, axes), shape, expected)


@pytest.mark.parametrize(
    ("window", "size"),
    [
        (Window(dims([3]), padding=dims([1])), "n"),
        (Window(dims([1])), "n"),
        (Window(dims([5]), padding=dims([4]), dilation=dims([2])), "n"),
        (Window(dims([4]), dims([2]), dims([1])), "n//2"),
        (Window(dims([2]), dims([2])), "n//2"),
        (Window(dims([16]), dims([16])), "n//16"),
        (Window(dims([3]), padding=Padding.SAME), "n"),
        (Window((None,)), "?"),
        (Window(dims([2]), dims([2]), ceil=True), "?"),
    ],
)
def test_what_a_window_leaves_of_a_named_size(window, size):
    symbols = Symbols()
    shape = Shape.of(1, 8, symbols.generic("n"))
    found = layers.conv(symbols, shape, Dim.of(8), window, 1)
    assert found is not None
    assert str(found.dims[-1]) == size


def test_a_patch_embedding_of_a_named_patch():
    symbols = Symbols()
    height, patch = Dim.of(symbols.generic("H")), Dim.of(symbols.generic("p"))
    window = Window((patch,), (patch,))
    found = layers.conv(symbols, Shape.of(1, 3, height), Dim.of(8), window, 1)
    assert found == Shape.of(1, 8, height // patch)


def test_what_a_layer_fixes_of_an_unknown_input():
    symbols = Symbols()
    window = Window(dims([3]))
    assert layers.linear(symbols, None, Dim.of(5)) == Shape.of(5, prefix=True)
    assert layers.embedding(symbols, None, Dim.of(5)) == Shape.of(5, prefix=True)
    assert str(layers.conv(symbols, None, Dim.of(5), window, 2)) == "(..., 5, ? - 2, ? - 2)"
    assert str(layers.adaptive_pool(symbols, None, dims([1]), 2)) == "(..., ?, 1, 1)"
    found = layers.recurrent(symbols, None, Recurrence(Dim.of(5), bidirectional=True))
    assert found is not None
    assert found.output == Shape.of(10, prefix=True)


@_any_settings
@given(st.data(), st.booleans(), st.sampled_from([0.5, 1.5, 2, 3]))
def test_interpolate(data, by_size, scale):
    axes = data.draw(st.integers(1, 3))
    shape = (2, 3, *data.draw(st.lists(SIZES, min_size=axes, max_size=axes)))
    if by_size:
        sizes = data.draw(settings_of(axes, SIZES))
        expected = real(lambda x: functional.interpolate(x, plain(sizes, axes)), meta(shape))
        assert layers.interpolate(Symbols(), Shape.of(*shape), dims(sizes)) == Shape.of(*expected)
    else:
        expected = real(lambda x: functional.interpolate(x, scale_factor=scale), meta(shape))
        found = layers.interpolate(Symbols(), Shape.of(*shape), scale=[scale])
        assert found == Shape.of(*expected)


@pytest.mark.parametrize(("scale", "size"), [(2, "2*n"), (0.5, "n//2"), (1.5, "?")])
def test_interpolate_a_named_size(scale, size):
    symbols = Symbols()
    found = layers.interpolate(symbols, Shape.of(1, 3, symbols.generic("n")), scale=[scale])
    assert found is not None
    assert str(found.dims[-1]) == size


@_any_settings
@given(st.lists(SMALL, max_size=3))
def test_linear_and_embedding(shape):
    expected = real(nn.Linear(4, 7, device="meta"), meta((*shape, 4)))
    assert layers.linear(Symbols(), Shape.of(*shape, 4), Dim.of(7)) == Shape.of(*expected)
    indices = torch.empty(shape, dtype=torch.long, device="meta")
    expected = real(nn.Embedding(4, 7, device="meta"), indices)
    assert layers.embedding(Symbols(), Shape.of(*shape), Dim.of(7)) == Shape.of(*expected)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([nn.RNN, nn.GRU, nn.LSTM]),
    st.integers(1, 3),
    st.tuples(st.booleans(), st.booleans()),
    st.booleans(),
    st.booleans(),
)
def test_recurrent(kind, count, extras, batch_first, batched):
    bidirectional, projected = extras
    options = {"proj_size": 3} if projected and kind is nn.LSTM else {}
    layer = kind(
        4,
        6,
        count,
        bidirectional=bidirectional,
        batch_first=batch_first,
        device="meta",
        **options,
    )
    shape = (5, 2, 4) if batched else (5, 4)
    output, state = layer(meta(shape))
    hidden, cell = state if kind is nn.LSTM else (state, None)
    found = layers.recurrent(
        Symbols(),
        Shape.of(*shape),
        Recurrence(
            Dim.of(6),
            Dim.of(count),
            bidirectional,
            batch_first,
            Dim.of(3) if options else None,
        ),
    )
    assert found is not None
    assert found.output == Shape.of(*output.shape)
    assert found.hidden == Shape.of(*hidden.shape)
    if cell is not None:
        assert found.cell == Shape.of(*cell.shape)


@_any_settings
@given(st.booleans(), st.booleans(), st.booleans())
def test_attention(batch_first, batched, averaged):
    layer = nn.MultiheadAttention(6, 2, batch_first=batch_first, device="meta")
    query, key = (3, 5, 6), (3, 7, 6)
    if not batched:
        query, key = query[1:], key[1:]
    elif not batch_first:
        query, key = (5, 3, 6), (7, 3, 6)
    output, weights = layer(meta(query), meta(key), meta(key), average_attn_weights=averaged)
    found = layers.attention(
        Shape.of(*query),
        Shape.of(*key),
        batch_first=batch_first,
        heads=None if averaged else Dim.of(2),
    )
    assert found == (Shape.of(*output.shape), Shape.of(*weights.shape))


@_any_settings
@given(SMALL, SMALL, SMALL, SMALL)
def test_pixel_shuffle_and_back(factor, channels, height, width):
    shape = (2, channels * factor**2, height, width)
    shuffled = functional.pixel_shuffle(meta(shape), factor)
    found = layers.pixel_shuffle(Shape.of(*shape), Dim.of(factor))
    assert found == Shape.of(*shuffled.shape)
    assert layers.pixel_unshuffle(found, Dim.of(factor)) == Shape.of(*shape)


@_any_settings
@given(st.data())
def test_unfold(data):
    shape, window = data.draw(inputs(2)), data.draw(windows(2))
    kernel, stride, padding, dilation = (plain(setting, 2) for setting in window)
    layer = nn.Unfold(kernel, dilation, padding, stride)
    expected = real(layer, meta(shape))
    found = layers.unfold(Symbols(), Shape.of(*shape), Window(*map(dims, window)))
    if expected is not None:
        assert found == Shape.of(*expected)

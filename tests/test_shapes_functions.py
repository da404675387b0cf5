"""Shape functions against torch itself, on meta tensors with random arguments.

Each example is worked out twice: with plain sizes, and with symbols in place of some of them,
whose values are put in afterwards.  Where torch refuses the arguments any answer will do.
"""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional

from tricklint.interpreter import shape_functions as shapes
from tricklint.interpreter.dims import Dim, Kind, Symbols
from tricklint.interpreter.shape import Shape
from tricklint.interpreter.shape_indexing import Item, Slice, index

_any_arguments = settings(max_examples=40, deadline=None)
SIZES = st.integers(1, 5)
SHAPES = st.lists(SIZES, min_size=0, max_size=4).map(tuple)
SOME_AXES = st.lists(SIZES, min_size=1, max_size=4).map(tuple)
AXES = st.integers(-5, 4)


def meta(shape):
    return torch.empty(shape, device="meta")


def real(function, *arguments, **options):
    """The shape that torch gives, or None where it refuses."""
    try:
        return tuple(function(*arguments, **options).shape)
    except (RuntimeError, IndexError, ValueError):
        return None


def named(symbols, shape, some):
    """The same sizes behind symbols, where `some` says so, and their values."""
    values, dims = {}, []
    for size, hide in zip(shape, some, strict=False):
        symbol = symbols.generic("n")
        values[symbol] = Dim.of(size)
        # A generic size stands for more than 1.
        dims.append(Dim.of(symbol if hide and size > 1 else size))
    return Shape(tuple(dims)), values


HIDING = st.lists(st.booleans(), min_size=5, max_size=5)


def agree(found, values, expected):
    """What is found, with values put in, is expected; unknown constants may be anything."""
    if expected is None or found is None:
        return
    found = found.substitute(values)
    assert len(found.dims) == len(expected)
    for dim, size in zip(found.dims, expected, strict=True):
        if dim.kind is not Kind.CONSTANT:
            assert dim.number == size


def exact(found, expected):
    """With plain sizes the answer is complete wherever torch gives one."""
    if expected is not None:
        assert found == Shape.of(*expected)


def check(function, expected, *given_shapes, hiding):
    """`function` takes symbols and shapes: with numbers it is exact, with names it agrees."""
    exact(function(Symbols(), *(Shape.of(*shape) for shape in given_shapes)), expected)
    symbols, values, hidden = Symbols(), {}, []
    for shape in given_shapes:
        one, more = named(symbols, shape, hiding)
        hidden.append(one)
        values |= more
    agree(function(symbols, *hidden), values, expected)


@_any_arguments
@given(SHAPES, SHAPES, SHAPES, HIDING)
def test_broadcast(one, other, third, hiding):
    try:
        expected = tuple(torch.broadcast_shapes(one, other, third))
    except RuntimeError:
        return
    check(shapes.broadcast, expected, one, other, third, hiding=hiding)


@_any_arguments
@given(SHAPES, SHAPES, SIZES, HIDING)
def test_matmul(one, other, inner, hiding):
    left = (*one, inner)
    right = (*other[:-1], inner, *other[-1:])
    expected = real(torch.matmul, meta(left), meta(right))
    check(shapes.matmul, expected, left, right, hiding=hiding)


@_any_arguments
@given(SOME_AXES, AXES, AXES, HIDING)
def test_transpose_and_move(shape, one, other, hiding):
    expected = real(torch.transpose, meta(shape), one, other)
    check(lambda _, x: shapes.transpose(x, one, other), expected, shape, hiding=hiding)
    expected = real(torch.movedim, meta(shape), one, other)
    check(lambda _, x: shapes.move_axis(x, one, other), expected, shape, hiding=hiding)


@_any_arguments
@given(st.data(), SHAPES, HIDING)
def test_permute(data, shape, hiding):
    axes = data.draw(st.permutations(range(len(shape))))
    axes = [axis - len(shape) if data.draw(st.booleans()) else axis for axis in axes]
    expected = real(torch.permute, meta(shape), tuple(axes))
    check(lambda _, x: shapes.permute(x, axes), expected, shape, hiding=hiding)


BOUNDS = st.one_of(st.none(), st.integers(-6, 6))
SLICES = st.builds(slice, BOUNDS, BOUNDS, st.sampled_from([None, 1, 2, 3]))
ITEMS = st.one_of(st.just(0), st.none(), SLICES)


def described(item):
    if isinstance(item, slice):
        parts = (item.start, item.stop, item.step)
        return Slice(*(None if part is None else Dim.of(part) for part in parts))
    if isinstance(item, torch.Tensor):
        return Shape.of(*item.shape)
    return {0: Item.INTEGER, None: Item.NEW, ...: Item.ELLIPSIS}[item]


@_any_arguments
@given(st.data(), SHAPES)
def test_index(data, shape):
    items = data.draw(st.lists(ITEMS, max_size=4))
    if data.draw(st.booleans()):
        items.insert(data.draw(st.integers(0, len(items))), ...)
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(items)))
        items.insert(at, torch.empty(data.draw(SHAPES), dtype=torch.long, device="meta"))
    expected = real(lambda: meta(shape)[tuple(items)])
    exact(index(Symbols(), Shape.of(*shape), [described(item) for item in items]), expected)


@_any_arguments
@given(st.integers(6, 20), st.sampled_from([slice(None, 3), slice(2, None), slice(1, 4)]))
def test_a_slice_of_a_named_size(size, part):
    symbols = Symbols()
    shape, values = named(symbols, (size,), [True])
    found = index(symbols, shape, [described(part)])
    assert found is not None
    assert found.substitute(values) == Shape.of(len(range(size)[part]))


@pytest.mark.parametrize(
    ("item", "size"),
    [
        (Slice(None, Dim.of(-2)), "n - 2"),
        (Slice(Dim.of(-1)), "1"),
        (Slice(Dim.of(-3)), "?"),
        (Slice(None, None, Dim.of(2)), "?"),
    ],
)
def test_slices_that_may_reach_over_the_end(item, size):
    symbols = Symbols()
    found = index(symbols, Shape.of(symbols.generic("n")), [item])
    assert found is not None
    assert str(found.dims[0]) == size


@_any_arguments
@given(SOME_AXES, st.lists(AXES, max_size=2, unique=True), HIDING)
def test_squeeze(shape, axes, hiding):
    expected = real(torch.squeeze, meta(shape), *([tuple(axes)] if axes else []))
    check(lambda _, x: shapes.squeeze(x, *axes), expected, shape, hiding=hiding)


@_any_arguments
@given(SHAPES, AXES, HIDING)
def test_unsqueeze(shape, axis, hiding):
    expected = real(torch.unsqueeze, meta(shape), axis)
    check(lambda _, x: shapes.unsqueeze(x, axis), expected, shape, hiding=hiding)


@_any_arguments
@given(SHAPES, st.integers(1, 3), AXES, HIDING)
def test_stack(shape, count, axis, hiding):
    expected = real(torch.stack, [meta(shape)] * count, axis)
    check(lambda s, *x: shapes.stack(s, x, axis), expected, *[shape] * count, hiding=hiding)


@_any_arguments
@given(SOME_AXES, st.lists(SIZES, min_size=1, max_size=3), AXES, HIDING)
def test_cat(shape, sizes, axis, hiding):
    parts = [list(shape) for _ in sizes]
    for part, size in zip(parts, sizes, strict=True):
        if -len(shape) <= axis < len(shape):
            part[axis] = size
    expected = real(torch.cat, [meta(part) for part in parts], axis)
    check(lambda s, *x: shapes.cat(s, x, axis), expected, *parts, hiding=hiding)


def test_axes_that_must_agree_are_the_best_known_of_them():
    symbols = Symbols()
    n, k = symbols.generic("n"), symbols.constant("k")
    parts = [Shape.of(k, 3), Shape.of(n, 3), Shape.of(4, 3)]
    assert shapes.cat(symbols, parts, 1) == Shape.of(4, 9)
    assert shapes.cat(symbols, parts[:2], 1) == Shape.of(n, 6)
    assert shapes.stack(symbols, parts[:2]) == Shape.of(2, n, 3)
    assert shapes.broadcast(symbols, *parts[:2]) == Shape.of(n, 3)


@_any_arguments
@given(st.data(), SHAPES, HIDING)
def test_expand(data, shape, hiding):
    kept = [
        data.draw(SIZES) if size == 1 else data.draw(st.sampled_from([-1, size])) for size in shape
    ]
    sizes = (*data.draw(SHAPES), *kept)
    asked = [None if size == -1 else Dim.of(size) for size in sizes]
    expected = real(torch.Tensor.expand, meta(shape), sizes)
    check(lambda _, x: shapes.expand(x, asked), expected, shape, hiding=hiding)


@_any_arguments
@given(SHAPES, SHAPES, HIDING)
def test_repeat(shape, counts, hiding):
    asked = [Dim.of(count) for count in counts]
    expected = real(torch.Tensor.repeat, meta(shape), counts)
    check(lambda _, x: shapes.repeat(x, asked), expected, shape, hiding=hiding)


@_any_arguments
@given(SHAPES, SIZES, st.one_of(st.none(), AXES), HIDING)
def test_repeat_interleave(shape, count, axis, hiding):
    expected = real(torch.repeat_interleave, torch.empty(shape), count, axis)
    check(
        lambda _, x: shapes.repeat_interleave(x, Dim.of(count), axis),
        expected,
        shape,
        hiding=hiding,
    )


@_any_arguments
@given(SHAPES, AXES, AXES, HIDING)
def test_flatten(shape, start, end, hiding):
    expected = real(torch.flatten, meta(shape), start, end)
    check(lambda _, x: shapes.flatten(x, start, end), expected, shape, hiding=hiding)


@_any_arguments
@given(st.data(), SHAPES, AXES, HIDING)
def test_unflatten(data, lead, axis, hiding):
    sizes = data.draw(SOME_AXES)
    shape = (*lead, torch.Size(sizes).numel())
    at = data.draw(st.integers(0, len(sizes)))
    asked = [-1 if number == at else size for number, size in enumerate(sizes)]
    known = [None if size == -1 else Dim.of(size) for size in asked]
    expected = real(torch.unflatten, meta(shape), axis, asked)
    check(lambda _, x: shapes.unflatten(x, axis, known), expected, shape, hiding=hiding)


def pieces(function, *arguments):
    try:
        return [tuple(piece.shape) for piece in function(*arguments)]
    except (RuntimeError, IndexError):
        return None


@_any_arguments
@given(SOME_AXES, SIZES, AXES)
def test_chunk_and_split(shape, count, axis):
    expected = pieces(torch.chunk, meta(shape), count, axis)
    if expected is not None:
        found = shapes.chunk(Symbols(), Shape.of(*shape), count, axis)
        assert found == tuple(Shape.of(*piece) for piece in expected)
    expected = pieces(torch.split, meta(shape), count, axis)
    if expected is not None:
        found = shapes.split(Shape.of(*shape), Dim.of(count), axis)
        assert found == tuple(Shape.of(*piece) for piece in expected)


def test_pieces_of_named_sizes():
    symbols = Symbols()
    n, m = Dim.of(symbols.generic("n")), Dim.of(symbols.generic("m"))
    assert shapes.chunk(symbols, Shape.of(m, n * 3), 3, -1) == (Shape.of(m, n),) * 3
    assert shapes.split(Shape.of(m, n * 3), n, 1) == (Shape.of(m, n),) * 3
    assert shapes.split(Shape.of(m, n), m, 1) is None
    assert shapes.split(Shape.of(m, n), [m, n - m], 1) == (Shape.of(m, m), Shape.of(m, n - m))


@_any_arguments
@given(SOME_AXES, AXES, HIDING)
def test_unbind(shape, axis, hiding):
    expected = real(lambda: torch.unbind(meta(shape), axis)[0])
    check(lambda _, x: shapes.unbind(x, axis), expected, shape, hiding=hiding)


@_any_arguments
@given(
    SOME_AXES,
    st.one_of(st.none(), st.lists(AXES, min_size=1, max_size=3)),
    st.booleans(),
    HIDING,
)
def test_reduce(shape, axes, keepdim, hiding):
    expected = real(torch.sum, meta(shape), dim=axes, keepdim=keepdim)
    check(lambda _, x: shapes.reduce(x, axes, keepdim=keepdim), expected, shape, hiding=hiding)


@_any_arguments
@given(SOME_AXES, AXES, SIZES, HIDING)
def test_one_axis_resized(shape, axis, size, hiding):
    picked = torch.zeros(size, dtype=torch.long, device="meta")
    expected = real(torch.index_select, meta(shape), axis, picked)
    check(lambda _, x: shapes.resize(x, axis, Dim.of(size)), expected, shape, hiding=hiding)


@_any_arguments
@given(SHAPES, SIZES)
def test_one_hot(shape, classes):
    expected = real(functional.one_hot, torch.zeros(shape, dtype=torch.long), classes)
    assert shapes.one_hot(Shape.of(*shape), Dim.of(classes)) == Shape.of(*expected)


# Unknown leading axes: whatever they are, what is said of the others is right.


def suffix_of(shape, known):
    return Shape.of(*shape[len(shape) - known :], prefix=True)


ON_ONE = [
    (lambda x: x.transpose(-1, -2), lambda x: shapes.transpose(x, -1, -2)),
    (lambda x: x.unsqueeze(-1), lambda x: shapes.unsqueeze(x, -1)),
    (lambda x: x.unsqueeze(-2), lambda x: shapes.unsqueeze(x, -2)),
    (lambda x: x.unsqueeze(0), lambda x: shapes.unsqueeze(x, 0)),
    (lambda x: x.unsqueeze(1), lambda x: shapes.unsqueeze(x, 1)),
    (lambda x: x.sum(-1), lambda x: shapes.reduce(x, [-1])),
    (lambda x: x.sum(0), lambda x: shapes.reduce(x, [0])),
    (lambda x: x.sum(-2, keepdim=True), lambda x: shapes.reduce(x, [-2], keepdim=True)),
    (lambda x: x.sum(), lambda x: shapes.reduce(x, None)),
    (lambda x: x.squeeze(), shapes.squeeze),
    (lambda x: x.squeeze(-1), lambda x: shapes.squeeze(x, -1)),
    (lambda x: x.flatten(), shapes.flatten),
    (lambda x: x.flatten(-2), lambda x: shapes.flatten(x, -2)),
    (lambda x: torch.cat([x, x], -1), lambda x: shapes.cat(Symbols(), [x, x], -1)),
    (lambda x: torch.stack([x, x]), lambda x: shapes.stack(Symbols(), [x, x])),
    (lambda x: x[..., 0], lambda x: index(Symbols(), x, [Item.ELLIPSIS, Item.INTEGER])),
    (lambda x: x[..., None], lambda x: index(Symbols(), x, [Item.ELLIPSIS, Item.NEW])),
    (lambda x: x[:, 0], lambda x: index(Symbols(), x, [Slice(), Item.INTEGER])),
    (lambda x: x[0], lambda x: index(Symbols(), x, [Item.INTEGER])),
    (lambda x: x[:, :, None], lambda x: index(Symbols(), x, [Slice(), Slice(), Item.NEW])),
]


@_any_arguments
@given(st.data(), SHAPES, st.sampled_from(ON_ONE))
def test_unknown_leading_axes(data, shape, pair):
    torch_function, function = pair
    known = data.draw(st.integers(0, len(shape)))
    ends_with(function(suffix_of(shape, known)), real(torch_function, meta(shape)))


def ends_with(found, expected):
    if expected is None or found is None:
        return
    assert found.prefix or len(found.dims) == len(expected)
    numbers = [dim.number for dim in found.dims]
    assert numbers == list(expected[len(expected) - len(numbers) :])


@_any_arguments
@given(st.data(), SHAPES, SHAPES, st.booleans())
def test_unknown_leading_axes_of_two(data, one, other, both):
    left = suffix_of(one, data.draw(st.integers(0, len(one))))
    right = suffix_of(other, data.draw(st.integers(0, len(other)))) if both else Shape.of(*other)
    expected = real(lambda: meta(one) + meta(other))
    ends_with(shapes.broadcast(Symbols(), left, right), expected)
    expected = real(lambda: meta(one) @ meta(other))
    ends_with(shapes.matmul(Symbols(), left, right), expected)

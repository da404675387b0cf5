"""Verdicts on reshapes, and their repairs, against what real tensors do.

The oracle knows nothing of dims.  For plain sizes a reshape keeps the order of axes when the
places where it cuts the flattened tensor and those where the axes end divide one another in a
chain; a repaired tensor is compared element by element with what torch permutes.
"""

from __future__ import annotations

import random
from itertools import accumulate, pairwise
from operator import mul

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tricklint.interpreter.dims import Dim, Quotient, Symbols, product
from tricklint.interpreter.reshapes import Verdict, repair, reshape, resplit
from tricklint.interpreter.shape import Shape

SYMBOLS = Symbols()
GENERIC = [Dim.of(SYMBOLS.generic(name)) for name in "BTCHWDLn"]
B, T, C, H, W, D, L, n = GENERIC
CONSTANTS = [Dim.of(SYMBOLS.constant(name)) for name in ("k1", "k2")]
k1, k2 = CONSTANTS
PRIMES = (67, 71, 73, 79, 83, 89, 97, 101)  # None divides what a constant may be, up to 60.
_any_shapes = settings(max_examples=100, deadline=None)
REORDERED = (Verdict.PERMUTED, Verdict.MISALIGNED)


def dims(*sizes):
    return tuple(None if size == -1 else Dim.of(size) for size in sizes)


def judge(before, *sizes, prefix=False):
    return reshape(Shape.of(*before, prefix=prefix), dims(*sizes)).verdict


# What is certain with sizes of any value.


@pytest.mark.parametrize(
    ("before", "sizes", "verdict"),
    [
        # Flattening, splitting and merging where the axes are.
        ((B, C, H, W), (B, -1), Verdict.KEPT),
        ((B, C, H, W), (B, C, H * W), Verdict.KEPT),
        ((B, T, C), (-1, C), Verdict.KEPT),
        ((B, T, H * D), (B, T, H, D), Verdict.KEPT),
        ((B, T, C), (B, T, H, C // H), Verdict.KEPT),
        ((B, T, C), (B, T, H, -1), Verdict.KEPT),
        ((B, T, C), (B, -1, H, C // H), Verdict.KEPT),
        ((B, T, C * 3), (B, T, 3, H, C // H), Verdict.KEPT),
        ((B, T, 512), (B, T, H, Dim.of(512) // H), Verdict.KEPT),
        ((B, 1, T), (B, T), Verdict.KEPT),
        ((B, T), (B, 1, T, 1), Verdict.KEPT),
        ((L * 2, B, H), (L, 2, B, H), Verdict.KEPT),
        ((1, B, H), (B, -1), Verdict.KEPT),
        # Pixel shuffle and patches, each step of the clean way.
        ((B, C * n * n, H, W), (B, C, n, n, H, W), Verdict.KEPT),
        ((B, C, H, n, W, n), (B, C, H * n, W * n), Verdict.KEPT),
        ((B, C, H, W), (B, C, H // 16, 16, W // 16, 16), Verdict.KEPT),
        # Axes that change places.
        ((B, T, C), (T, B, C), Verdict.PERMUTED),
        ((T, B, C), (B, -1, C), Verdict.PERMUTED),
        ((B, H, W, C), (B, C, H, W), Verdict.PERMUTED),
        ((B, C, H, W), (B, H, W, C), Verdict.PERMUTED),
        ((B, T, H, D), (B, H, T, D), Verdict.PERMUTED),
        ((B, T, H, C // H), (B, H, T, C // H), Verdict.PERMUTED),
        ((B, T, n, C // n), (B, T, C // n, n), Verdict.PERMUTED),
        # Axes that get elements of each other.
        ((B, H, T, D), (B, T, H * D), Verdict.MISALIGNED),
        ((B, H, T, D), (B, T, -1), Verdict.MISALIGNED),
        ((B, T, H * D), (B, H, T, D), Verdict.MISALIGNED),
        ((B, T, H * D), (B, H, -1, D), Verdict.MISALIGNED),
        ((B, T, C), (B, H, T, -1), Verdict.MISALIGNED),
        ((L, B, H), (B, L * H), Verdict.MISALIGNED),
        ((L, B, H), (B, -1), Verdict.MISALIGNED),
        ((2, B, H), (B, -1), Verdict.MISALIGNED),
        ((B, C, H, W), (-1, C), Verdict.MISALIGNED),
        ((B, 3, H, W), (-1, 3), Verdict.MISALIGNED),
        ((B, H * W, C), (B, C, H, W), Verdict.MISALIGNED),
        ((B, 8, T, 64), (B, T, 512), Verdict.MISALIGNED),
        # Unknown constants prove nothing, nor do sizes that hang together.
        ((B, C, k1, k2), (B, C, k2, k1), Verdict.UNKNOWN),
        ((B, C, k1), (B, k1, C), Verdict.UNKNOWN),
        ((B, 64, k1, k2), (B, -1, 64), Verdict.UNKNOWN),
        ((B, 64, k1, k2), (-1, 3136), Verdict.UNKNOWN),
        ((B, C, k1, k2), (B, C, k1 * k2), Verdict.KEPT),
        ((B, H, k1, D), (H, B, k1, D), Verdict.PERMUTED),
        ((B, H, T, T + 1), (B, H, T + 1, T), Verdict.UNKNOWN),
        ((B, C // 2, C // 4), (B, C // 4, C // 2), Verdict.UNKNOWN),
        # Products that are not proven equal.
        ((B, T, C), (B, C), Verdict.UNKNOWN),
        ((B, T), (T, W), Verdict.UNKNOWN),
        ((B, 0, T), (T, 0, B), Verdict.UNKNOWN),
    ],
)
def test_symbolic_sizes(before, sizes, verdict):
    assert judge(before, *sizes) is verdict


@pytest.mark.parametrize("odd", [T // 0, Dim.of(1) // T, Dim.of(-1) // T, -T, T - 1])
def test_sizes_that_are_none_do_no_harm(odd):
    assert judge((B, odd, 4), B, odd, 4) in (Verdict.KEPT, Verdict.UNKNOWN)
    assert reshape(Shape.of(B, odd, 4), dims(4, odd, B)).shape == Shape.of(4, odd, B)


@pytest.mark.parametrize(
    ("before", "sizes", "verdict"),
    [
        ((2, 3), (3, 2), Verdict.PERMUTED),
        ((32, 28, 28, 3), (32, 3, 28, 28), Verdict.PERMUTED),
        ((4, 16, 12), (16, 4, 12), Verdict.PERMUTED),
        ((32, 8, 49, 64), (32, 49, 512), Verdict.MISALIGNED),
        ((4, 6), (3, 8), Verdict.MISALIGNED),
        ((32, 4, 16, 12), (32, 16, 48), Verdict.STRADDLED),
        ((32, 64, 32, 32), (-1, 64), Verdict.STRADDLED),
        ((4, 6), (2, 12), Verdict.KEPT),
        ((32, 32), (32, 32), Verdict.KEPT),
        ((32, 1, 64), (32, 64), Verdict.KEPT),
        ((32, 512), (32, 8, 64), Verdict.KEPT),
        ((6, 4), (5, 5), Verdict.UNKNOWN),
    ],
)
def test_plain_sizes(before, sizes, verdict):
    assert judge(before, *sizes) is verdict


@pytest.mark.parametrize(
    ("suffix", "sizes", "verdict"),
    [
        ((H * D,), (B, H, -1, D), Verdict.MISALIGNED),
        ((C,), (B, H, -1, C // H), Verdict.MISALIGNED),
        ((512,), (B, 8, -1, 64), Verdict.MISALIGNED),
        ((H * D,), (H, -1, D), Verdict.MISALIGNED),
        ((H * D,), (B, H, T, D), Verdict.MISALIGNED),
        ((512,), (8, -1, 64), Verdict.UNKNOWN),
        ((32,), (B, 32, -1), Verdict.UNKNOWN),
        ((C,), (C, -1), Verdict.UNKNOWN),
        ((C,), (-1, C), Verdict.KEPT),
        ((H * D,), (-1, H, D), Verdict.KEPT),
        ((C,), (B * T, H, C // H), Verdict.KEPT),
        ((H * D,), (B, -1, H, D), Verdict.UNKNOWN),
        ((H * D,), (B, T, H, D), Verdict.UNKNOWN),
        ((C,), (-1, n), Verdict.UNKNOWN),
        ((C,), (B, n), Verdict.UNKNOWN),
        ((32,), (32, -1), Verdict.UNKNOWN),
        ((k1 * k2,), (B, k1, -1, k2), Verdict.UNKNOWN),
    ],
)
def test_unknown_leading_axes(suffix, sizes, verdict):
    assert judge(suffix, *sizes, prefix=True) is verdict


def test_a_missing_size_behind_unknown_axes_is_what_the_caller_says():
    before, sizes = Shape.of(C, prefix=True), dims(B, -1, C)
    assert reshape(before, sizes).shape == Shape.of(C, prefix=True)
    assert reshape(before, sizes, k1).shape == Shape.of(B, k1, C)


@pytest.mark.parametrize(
    ("before", "sizes", "shape"),
    [
        ((B, T, C), (B, -1), (B, T * C)),
        ((B, T, C), (B, T, H, -1), (B, T, H, C // H)),
        ((B, T, C), (B, -1, H, C // H), (B, T, H, C // H)),
        ((B, 64, k1), (-1, 48), ((B * k1 * 4) // 3, 48)),
        ((6, 4), (-1, 8), (3, 8)),
    ],
)
def test_a_missing_size_is_worked_out(before, sizes, shape):
    assert reshape(Shape.of(*before), dims(*sizes)).shape == Shape.of(*shape)


def test_two_missing_sizes_make_no_shape():
    assert reshape(Shape.of(B, T), dims(-1, -1)).shape is None


# Repairs.


@pytest.mark.parametrize(
    ("before", "sizes", "axes", "swap", "then_reshape"),
    [
        ((B, T, C), (T, B, C), (1, 0, 2), (0, 1), False),
        ((B, H, W, C), (B, C, H, W), (0, 3, 1, 2), None, False),
        ((32, 28, 28, 3), (32, 3, 28, 28), (0, 3, 1, 2), None, False),
        ((B, T, H, D), (B, H, T, D), (0, 2, 1, 3), (1, 2), False),
        ((B, H, T, D), (B, T, H * D), (0, 2, 1, 3), (1, 2), True),
        ((L, B, H), (B, L * H), (1, 0, 2), (0, 1), True),
        ((B, C, H, W), (B * H * W, C), (0, 2, 3, 1), None, True),
        ((B, H * W, C), (B, C, H, W), (0, 2, 1), (1, 2), True),
        ((32, 4, 16, 12), (32, 16, 48), (0, 2, 1, 3), (1, 2), True),
    ],
)
def test_repair(before, sizes, axes, swap, then_reshape):
    found = repair(Shape.of(*before), Shape.of(*sizes))
    assert found is not None
    assert (found.axes, found.swap, found.reshape) == (axes, swap, then_reshape)


@pytest.mark.parametrize(
    ("before", "sizes"),
    [
        ((B, T, C), (B, H, T, C // H)),  # to be split before axes can change places
        ((B * H, T), (B * T, H)),
        ((B, T, C), (B, C)),
        ((4, 6), (3, 8)),
    ],
)
def test_no_order_of_axes_repairs_it(before, sizes):
    assert repair(Shape.of(*before), Shape.of(*sizes)) is None


def test_a_shape_with_unknown_axes_is_not_permuted():
    assert repair(Shape.of(H * D, prefix=True), Shape.of(B, H, T, D)) is None


@pytest.mark.parametrize(
    ("before", "sizes", "order", "axes"),
    [
        ((B, T, C), (B, H, T, C // H), (0, 2, 1, 3), (0, 2, 1, 3)),
        ((B, T, C), (B, H, T, -1), (0, 2, 1, 3), (0, 2, 1, 3)),
        ((B, H * W, C), (B, C, H, W), (0, 2, 3, 1), (0, 3, 1, 2)),
        ((B * T, C), (B, C, T), (0, 2, 1), (0, 2, 1)),
    ],
)
def test_resplit(before, sizes, order, axes):
    found = resplit(Shape.of(*before), dims(*sizes))
    assert found is not None
    assert (found.order, found.axes) == (order, axes)


@pytest.mark.parametrize(
    ("suffix", "sizes"), [((H * D,), (B, H, -1, D)), ((C,), (B, H, T, C // H))]
)
def test_resplit_behind_unknown_axes(suffix, sizes):
    found = resplit(Shape.of(*suffix, prefix=True), dims(*sizes))
    assert found is not None
    assert (found.order, found.swap) == ((0, 2, 1, 3), (1, 2))


def test_a_right_split_of_unknown_axes_is_left_alone():
    assert resplit(Shape.of(H * D, prefix=True), dims(B, -1, H, D)) is None


# Against torch, with random sizes.


def fits(before, after):
    """Whether both cut the flattened tensor at places that divide one another in a chain."""
    cuts = sorted({1, *accumulate(before, mul), *accumulate(after, mul)})
    return all(larger % smaller == 0 for smaller, larger in pairwise(cuts))


def is_reordered(before, after):
    before, after = ([size for size in shape if size != 1] for shape in (before, after))
    return not fits(before, after) or (before != after and sorted(before) == sorted(after))


def grouped(draw, factors):
    """The same factors, neighbours multiplied at random."""
    groups = [factors[:1]]
    for factor in factors[1:]:
        if draw(st.booleans()):
            groups.append([factor])
        else:
            groups[-1].append(factor)
    return tuple(product(group) for group in groups)


@st.composite
def reshapes(draw, factors, most=6):
    """Two shapes with the same factors, in the same or in another order."""
    left = draw(st.lists(st.sampled_from(factors), min_size=2, max_size=most))
    right = draw(st.permutations(left)) if draw(st.booleans()) else left
    return grouped(draw, left), grouped(draw, list(right))


NUMBERS = [Dim.of(size) for size in (1, 2, 3, 4)]


def numbers(shape, values=None):
    shape = tuple(dim.substitute(values or {}) for dim in shape)
    assert all(dim.number is not None for dim in shape)
    return tuple(dim.number for dim in shape)


@_any_shapes
@given(reshapes(NUMBERS))
def test_plain_sizes_are_reordered_exactly_where_the_cuts_do_not_fit(pair):
    before, after = pair
    verdict = judge(before, *after)
    assert (verdict in REORDERED) == is_reordered(numbers(before), numbers(after))


def assignments(seed, generic, shapes):
    """Values for every symbol: the generic ones as given, the constants any."""
    values = dict(zip((dim.atoms[0] for dim in GENERIC), map(Dim.of, generic), strict=True))
    chance = random.Random(seed)
    values |= {dim.atoms[0]: Dim.of(chance.randint(1, 60)) for dim in CONSTANTS}
    if any(isinstance(atom, Quotient) for shape in shapes for dim in shape for atom in dim.atoms):
        values[C.atoms[0]] *= values[n.atoms[0]]  # So that C // n comes out even.
    return values


FACTORS = [*GENERIC[:5], *CONSTANTS, *NUMBERS, C // n, n, C]
SEEDS = st.integers(0, 1000)


@_any_shapes
@given(reshapes(FACTORS), st.lists(st.integers(1, 9), min_size=8, max_size=8), SEEDS)
def test_what_is_kept_is_kept_for_all_values(pair, sizes, seed):
    before, after = pair
    if judge(before, *after) in (Verdict.KEPT, Verdict.STRADDLED):
        values = assignments(seed, sizes, pair)
        assert fits(numbers(before, values), numbers(after, values))


@_any_shapes
@given(reshapes(FACTORS), st.permutations(PRIMES), SEEDS)
def test_what_is_reordered_is_so_whatever_the_unknown_constants_are(pair, primes, seed):
    before, after = pair
    if judge(before, *after) in REORDERED:
        values = assignments(seed, primes, pair)
        assert is_reordered(numbers(before, values), numbers(after, values))


@_any_shapes
@given(reshapes([*GENERIC[:5], n, C // n], most=5), st.permutations(PRIMES))
def test_whatever_is_reordered_for_primes_is_found(pair, primes):
    before, after = pair
    values = assignments(0, primes, pair)
    if is_reordered(numbers(before, values), numbers(after, values)):
        assert judge(before, *after) in REORDERED


@_any_shapes
@given(reshapes([*GENERIC[:4], *NUMBERS], most=5), st.permutations((2, 3, 5, 7, 4, 6, 8, 9)))
def test_repaired_tensors_have_the_asked_shape(pair, sizes):
    before, after = pair
    values = assignments(0, sizes, pair)
    old, new = numbers(before, values), numbers(after, values)
    x = numbered(old)
    if found := repair(Shape(before), Shape(after)):
        permuted = x.permute(found.axes)
        assert found.reshape or permuted.shape == new
        assert permuted.reshape(new).shape == new
    if found := resplit(Shape(before), after):
        assert x.view([new[axis] for axis in found.order]).permute(found.axes).shape == new


def numbered(shape):
    """A tensor in which every element is told apart."""
    return torch.arange(torch.Size(shape).numel()).reshape(shape)


@_any_shapes
@given(reshapes([*GENERIC[:5]], most=5), st.permutations((2, 3, 5, 7, 11, 13, 17, 19)))
def test_the_view_holds_other_elements_than_its_repair(pair, sizes):
    before, after = pair
    values = assignments(0, sizes, pair)
    old, new = numbers(before, values), numbers(after, values)
    if judge(before, *after) not in REORDERED or torch.Size(old).numel() > 10**5:
        return
    x = numbered(old)
    if found := repair(Shape(before), Shape(after)):
        assert not torch.equal(x.view(new), x.permute(found.axes).reshape(new))
    if found := resplit(Shape(before), after):
        split = x.view([new[axis] for axis in found.order])
        assert not torch.equal(x.view(new), split.permute(found.axes))


@_any_shapes
@given(reshapes([*GENERIC[:4], *NUMBERS], most=5))
def test_a_repair_leaves_nothing_to_report(pair):
    before, after = pair
    if found := repair(Shape(before), Shape(after)):
        assert judge([before[axis] for axis in found.axes], *after) is Verdict.KEPT
    if found := resplit(Shape(before), after):
        assert judge(before, *(after[axis] for axis in found.order)) is Verdict.KEPT


@_any_shapes
@given(st.permutations([B, T, H, D]), st.integers(1, 3))
def test_axes_that_only_change_places_are_always_put_right(order, merged):
    """Permute, then merge: the one repair is that permutation, merged axes in their order."""
    after = (*order[: 4 - merged], product(order[4 - merged :]))
    found = repair(Shape.of(B, T, H, D), Shape.of(*after))
    expected = [(B, T, H, D).index(dim) for dim in order]
    expected[4 - merged :] = sorted(expected[4 - merged :])
    if expected == [0, 1, 2, 3]:
        assert found is None
    else:
        assert found is not None
        assert found.axes == tuple(expected)

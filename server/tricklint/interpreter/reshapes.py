"""What a view or reshape does to the order of axes, and how it is put right.

A reshape never moves an element.  It is right when its sizes cut the flattened sequence where
the axes are, or cut an axis into pieces of itself; it is wrong when they give one axis the
elements of another.  A verdict needs both products proven equal first, and it holds for every
value of the generic symbols that it compares; unknown constants prove nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import combinations
from typing import TypeAlias

from .dims import ONE, Dim, Kind, Quotient, product
from .readings import free_symbols, with_readings
from .shape import Shape

Sizes: TypeAlias = tuple[Dim | None, ...]

_HIGHEST_RANK = 8  # Repairs try orders of axes; nobody permutes more than this by mistake.


class Verdict(Enum):
    """What a reshape does to the axes.  The middle three reorder; straddling only may."""

    KEPT = "kept"
    PERMUTED = "permuted"
    MISALIGNED = "misaligned"
    STRADDLED = "straddled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reshaped:
    """The result of a reshape.  The shape is None only where the sizes make no sense."""

    shape: Shape | None
    verdict: Verdict


def reshape(before: Shape, sizes: Sizes, missing: Dim | None = None) -> Reshaped:
    """View `before` with the given sizes; None among them is a -1.

    `missing` is what a -1 becomes where unknown leading axes hide its value; without it the
    result has unknown leading axes too.
    """
    if sizes.count(None) > 1:
        return Reshaped(None, Verdict.UNKNOWN)
    if before.prefix:
        return _reshape_unknown_rank(before.dims, sizes, missing)
    after = _resolved(before.dims, sizes)
    return Reshaped(Shape(after), _judge_written(before.dims, after))


@dataclass(frozen=True, slots=True)
class Permutation:
    """`x.permute(axes)`, then `.reshape(after)` where `reshape` says so."""

    axes: tuple[int, ...]
    reshape: bool

    @property
    def swap(self) -> tuple[int, int] | None:
        """The two axes that change places, where it is just two."""
        return _swap(self.axes)


def repair(before: Shape, after: Shape) -> Permutation | None:
    """The order of axes that was meant: the one with which the sizes in `after` fit.

    Axes that merge keep their own order, and so do axes of equal size.  None where still
    several orders would do, unless just one of them is a swap of two axes.
    """
    if before.prefix or after.prefix or len(before.dims) > _HIGHEST_RANK:
        return None
    written = with_readings(before.dims, after.dims)
    if written is None:
        return None
    orders = [order for order in _fitting_orders(*written) if order != tuple(range(len(order)))]
    if len(orders) != 1:
        orders = [order for order in orders if _swap(order)]
    if len(orders) != 1:
        return None
    permuted = tuple(written[0][axis] for axis in orders[0])
    return Permutation(orders[0], reshape=permuted != written[1])


@dataclass(frozen=True, slots=True)
class Resplit:
    """`x.view` with the sizes written in `order`, then `.permute(axes)`."""

    order: tuple[int, ...]
    axes: tuple[int, ...]

    @property
    def swap(self) -> tuple[int, int] | None:
        """The two axes that change places, where it is just two."""
        return _swap(self.axes)


def resplit(before: Shape, sizes: Sizes) -> Resplit | None:
    """The order of sizes that splits the axes where they are, to be permuted afterwards.

    This repairs `x.view(B, heads, T, -1)` of a (B, T, C), which `repair` cannot: there the
    permutation is due behind the view.
    """
    if sizes.count(None) > 1:
        return None
    if before.prefix:
        order = _resplit_unknown_rank(before.dims, sizes)
    else:
        back = repair(Shape(_resolved(before.dims, sizes)), before)
        order = back.axes if back else None
    return Resplit(order, _inverse(order)) if order else None


def fits_if_equal(before: Shape, after: Shape) -> bool:
    """Is it right where two of the sizes are equal, which only stand in each other's place?

    A picture that was cut into blocks, turned and put together again has its sides in the other
    order: `(W/8, 8, H/8, 8)` is a `(W, H)`.  Who calls that `(H, W)` may know it to be square.
    """
    written = None if before.prefix or after.prefix else with_readings(before.dims, after.dims)
    if written is None:
        return False
    old, new = written
    free = sorted({one for dim in new for one in free_symbols(dim)}, key=lambda one: one.id)
    for one, other in combinations(free, 2):
        swapped = tuple(dim.substitute({one: Dim.of(other), other: Dim.of(one)}) for dim in new)
        if swapped == new or Counter(swapped) != Counter(new):
            continue
        if _judge(old, swapped) is Verdict.KEPT:
            return True
    return False


def _resolved(before: Sequence[Dim], sizes: Sizes) -> tuple[Dim, ...]:
    """The sizes with -1 worked out, at worst as a quotient that stays written as such."""
    if None not in sizes:
        return _known(sizes)
    known = _known(sizes)
    missing = product(before) // product(known)
    if _is_quotient(missing):
        # The sizes may spell C as (C // heads) * heads; then the division comes out.
        written = with_readings(before, known)
        exact = written and product(written[0]).divide(product(written[1]))
        missing = exact or missing
    return tuple(missing if size is None else size for size in sizes)


def _is_quotient(dim: Dim) -> bool:
    return any(isinstance(atom, Quotient) for atom in dim.atoms)


def _judge_written(before: Sequence[Dim], after: Sequence[Dim]) -> Verdict:
    """The verdict on the axes as written, then with every C read as (C // heads) * heads."""
    if any(dim.coefficient <= 0 for dim in (*before, *after)):
        return Verdict.UNKNOWN  # Nothing to reorder, or sizes that are none.
    written = with_readings(before, after)
    if written is None:
        verdict = _judge(before, after)
        return verdict if verdict is Verdict.KEPT else Verdict.UNKNOWN
    return _judge(*written)


def _judge(before: Sequence[Dim], after: Sequence[Dim]) -> Verdict:
    if product(before) != product(after):
        return Verdict.UNKNOWN
    before = [dim for dim in before if dim != ONE]
    after = [dim for dim in after if dim != ONE]
    if before == after:
        return Verdict.KEPT
    same = Counter(before) == Counter(after)
    stuck = _walk(before, after)
    if stuck is not None:
        if not _differ(*stuck):
            return Verdict.UNKNOWN
        return Verdict.PERMUTED if same else Verdict.MISALIGNED
    if same:
        moved = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
        known = all(_speaks(one) and _speaks(other) for one, other in moved)
        return Verdict.PERMUTED if known else Verdict.UNKNOWN
    return Verdict.STRADDLED if _straddles(before, after) else Verdict.KEPT


def _walk(before: Sequence[Dim], after: Sequence[Dim]) -> tuple[Dim, Dim] | None:
    """Take both lists from the left, the smaller out of the larger.

    Returns the two remainders at the first place where neither divides the other (1 for a
    list that is used up), or None when everything came out even.
    """
    # Axes of size 1 hold no order.
    coming = (dim for dim in before if dim != ONE)
    going = (dim for dim in after if dim != ONE)
    left, right = ONE, ONE
    while True:
        if left == ONE:
            left = next(coming, ONE)
        if right == ONE:
            right = next(going, ONE)
        common = left.gcd(right)
        if common not in (left, right):
            return left.divide(common) or left, right.divide(common) or right
        if common == ONE:
            return None if left == right else (left, right)
        left, right = left.divide(common) or left, right.divide(common) or right


def _differ(left: Dim, right: Dim) -> bool:
    """Whether some values make two remainders without a common factor not fit each other."""
    return _speaks(left) and _speaks(right) and free_symbols(left).isdisjoint(free_symbols(right))


def _speaks(dim: Dim) -> bool:
    return dim.kind in (Kind.NUMBER, Kind.GENERIC)


def _straddles(before: Sequence[Dim], after: Sequence[Dim]) -> bool:
    """Whether a plain number is cut in two and both pieces merge with their neighbours.

    Only numbers: of a product such as heads * T any factor may come first.
    """
    cuts = set(_running_products(after))
    start = ONE
    for dim, end in zip(before, _running_products(before), strict=True):
        merges = start != ONE and start not in cuts and end not in cuts
        if merges and dim.number is not None and any(_inside(cut, start, end) for cut in cuts):
            return True
        start = end
    return False


def _inside(cut: Dim, start: Dim, end: Dim) -> bool:
    return cut.divide(start) is not None and end.divide(cut) is not None


def _running_products(dims: Sequence[Dim]) -> Iterator[Dim]:
    total = ONE
    for dim in dims:
        total = total * dim
        yield total


def _fitting_orders(before: Sequence[Dim], after: Sequence[Dim]) -> list[tuple[int, ...]]:
    """The orders of axes with which every axis lands whole, each only once for equal axes."""
    if Counter(before) == Counter(after):
        return [_matched(before, after)]
    if product(before) != product(after):
        return []
    axes = tuple(axis for axis, dim in enumerate(before) if dim != ONE)
    found: dict[tuple[Dim, ...], tuple[int, ...]] = {}
    for order in _orders(before, axes, [dim for dim in after if dim != ONE]):
        found.setdefault(tuple(before[axis] for axis in order), order)
    return [_with_ones(order, len(before)) for order in found.values()]


def _matched(before: Sequence[Dim], after: Sequence[Dim]) -> tuple[int, ...]:
    """For each size of `after` the first free axis of that size."""
    free = list(range(len(before)))
    order: list[int] = []
    for dim in after:
        axis = next(axis for axis in free if before[axis] == dim)
        free.remove(axis)
        order.append(axis)
    return tuple(order)


def _orders(
    before: Sequence[Dim], free: tuple[int, ...], targets: Sequence[Dim]
) -> Iterator[tuple[int, ...]]:
    """Fill the targets from the left: some axes merge into one, or one is split into some."""
    if not targets:
        yield from ((),) if not free else ()
        return
    for count in range(1, len(free) + 1):
        for group in combinations(free, count):
            filled = _filled(product(before[axis] for axis in group), targets)
            if filled and (filled == 1 or count == 1):
                left = tuple(axis for axis in free if axis not in group)
                for rest in _orders(before, left, targets[filled:]):
                    yield group + rest


def _filled(size: Dim, targets: Sequence[Dim]) -> int:
    """How many targets together have that size; 0 where it does not come out even."""
    for filled, total in enumerate(_running_products(targets), start=1):
        if total == size:
            return filled
    return 0


def _with_ones(order: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """Axes of size 1 stay where they were."""
    complete = list(order)
    for axis in range(rank):
        if axis not in order:
            complete.insert(axis, axis)
    return tuple(complete)


def _swap(axes: tuple[int, ...]) -> tuple[int, int] | None:
    moved = [axis for axis, source in enumerate(axes) if axis != source]
    return (moved[0], moved[1]) if len(moved) == 2 else None


def _inverse(order: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(order.index(axis) for axis in range(len(order)))


def _reshape_unknown_rank(suffix: tuple[Dim, ...], sizes: Sizes, missing: Dim | None) -> Reshaped:
    """Compare from the right, as far as the known axes reach."""
    if None not in sizes:
        after = _known(sizes)
        return Reshaped(Shape(after), _judge_suffix(suffix, after))
    at = sizes.index(None)
    left, right = _known(sizes[:at]), _known(sizes[at + 1 :])
    shape = Shape(right, prefix=True) if missing is None else Shape((*left, missing, *right))
    return Reshaped(shape, _judge_around(suffix, left, right))


def _known(sizes: Sizes) -> tuple[Dim, ...]:
    return tuple(size for size in sizes if size is not None)


def _judge_suffix(suffix: tuple[Dim, ...], after: tuple[Dim, ...]) -> Verdict:
    """All sizes are given, so the unknown axes have what the known ones leave over."""
    written = with_readings(suffix, after)
    lead = written and product(written[1]).divide(product(written[0]))
    if not written or not lead or lead.coefficient <= 0:
        return Verdict.UNKNOWN
    stuck = _walk([*reversed(written[0]), lead], [*reversed(written[1])])
    if stuck is not None:
        return Verdict.MISALIGNED if _differ(*stuck) else Verdict.UNKNOWN
    return Verdict.KEPT if lead in (ONE, written[1][0]) else Verdict.UNKNOWN


def _judge_around(
    suffix: tuple[Dim, ...], left: tuple[Dim, ...], right: tuple[Dim, ...]
) -> Verdict:
    """Judge the sizes on both sides of a -1 that takes in the unknown axes.

    The one certain mistake is `view(B, heads, -1, d)` of a (..., heads*d): the heads stand
    left of the unknown axes although they come from the right of them.  So they do in
    `view(B*heads, -1, d)`.
    """
    written = with_readings(suffix, (*left, *right))
    if written is None:
        return Verdict.UNKNOWN
    suffix, sizes = written
    left, right = sizes[: len(left)], sizes[len(left) :]
    over, beyond = _walk([*reversed(suffix)], [*reversed(right)]) or (ONE, ONE)
    if beyond != ONE:
        return Verdict.UNKNOWN
    if not left:
        return Verdict.KEPT
    # Two equal numbers may be a coincidence; behind a batch axis and before a head size less so.
    if over.number is None:
        holds = left[-1].divide(over) is not None
    else:
        holds = left[-1] == over and len(left) > 1
    jumped = over != ONE and right and holds
    return Verdict.MISALIGNED if jumped and _speaks(over) else Verdict.UNKNOWN


def _resplit_unknown_rank(suffix: tuple[Dim, ...], sizes: Sizes) -> tuple[int, ...] | None:
    """The one swap of two sizes with which the known axes are split where they are."""
    written = with_readings(suffix, _known(sizes))
    wrong = _reshape_unknown_rank(suffix, sizes, None).verdict is Verdict.MISALIGNED
    if written is None or not wrong:
        return None
    readings = iter(written[1])
    sizes = tuple(size if size is None else next(readings) for size in sizes)
    found: list[tuple[int, ...]] = []
    for one, other in combinations(range(len(sizes)), 2):
        order = list(range(len(sizes)))
        order[one], order[other] = other, one
        if _splits(written[0], [sizes[axis] for axis in order]):
            found.append(tuple(order))
    return found[0] if len(found) == 1 else None


def _splits(suffix: Sequence[Dim], sizes: Sequence[Dim | None]) -> bool:
    """Whether the sizes right of any -1 use the known axes up before they go beyond them.

    Behind a -1 they do not: which of the unknown axes it leaves to them nobody knows.
    """
    right: list[Dim] = []
    for size in reversed(sizes):
        if size is None:
            break
        right.append(size)
    stuck = _walk([*reversed(suffix)], right)
    return stuck is None or (stuck[0] == ONE and len(right) == len(sizes))

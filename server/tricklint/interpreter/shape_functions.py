"""The shapes that tensor functions give: axes moved, taken away, added, joined and cut.

Each is a pure function of shapes and returns None where the result is not known, or where the
call would fail: shape errors are left to type checkers.  Axes count as in Python.
"""

from __future__ import annotations

from collections.abc import Sequence

from .dims import ONE, Dim, Kind, Symbols, product
from .shape import Shape

_MOST_PIECES = 1000  # Nobody unpacks more, and a list of them would only fill the memory.


def broadcast(symbols: Symbols, *shapes: Shape) -> Shape | None:
    """Elementwise operations and `broadcast_tensors`: sizes meet from the right."""
    result = shapes[0]
    for shape in shapes[1:]:
        met = _broadcast(symbols, result, shape)
        if met is None:
            return None
        result = met
    return result


def matmul(symbols: Symbols, left: Shape, right: Shape) -> Shape | None:
    """`@`: vectors, matrices, and batches of them that broadcast."""
    if not left.dims or not right.dims:
        return None
    if left.rank == 1 or right.rank == 1:
        return _matmul_vector(left, right)
    if len(left.dims) < 2 or len(right.dims) < 2:
        return None
    lead = _broadcast(
        symbols, Shape(left.dims[:-2], left.prefix), Shape(right.dims[:-2], right.prefix)
    )
    return None if lead is None else Shape((*lead.dims, left.dims[-2], right.dims[-1]), lead.prefix)


def transpose(shape: Shape, one: int, other: int) -> Shape | None:
    """`transpose`, `swapaxes` and, with -2 and -1, `mT`."""
    first, second = _position(shape, one), _position(shape, other)
    if first is None or second is None:
        return None
    dims = list(shape.dims)
    dims[first], dims[second] = dims[second], dims[first]
    return Shape(tuple(dims), shape.prefix)


def permute(shape: Shape, axes: Sequence[int]) -> Shape | None:
    """`permute`; with reversed axes also `.T`."""
    order = [_position(shape, axis) for axis in axes]
    known = [axis for axis in order if axis is not None]
    if shape.prefix or sorted(known) != list(range(len(shape.dims))):
        return None
    return Shape(tuple(shape.dims[axis] for axis in known))


def move_axis(shape: Shape, source: int, target: int) -> Shape | None:
    """`movedim` of one axis."""
    start, end = _position(shape, source), _position(shape, target)
    if start is None or end is None or shape.prefix:
        return None
    dims = list(shape.dims)
    dims.insert(end, dims.pop(start))
    return Shape(tuple(dims))


def squeeze(shape: Shape, *axes: int) -> Shape | None:
    """`squeeze`, of all axes when none is named.  A generic size stands for more than 1."""
    if not axes:
        if any(dim.kind in (Kind.CONSTANT, Kind.MIXED) for dim in shape.dims):
            return None
        return Shape(tuple(dim for dim in shape.dims if dim != ONE), shape.prefix)
    named = [_position(shape, axis) for axis in axes]
    if any(axis is None or shape.dims[axis].number is None for axis in named):
        return None
    kept = (dim for axis, dim in enumerate(shape.dims) if dim != ONE or axis not in named)
    return Shape(tuple(kept), shape.prefix)


def unsqueeze(shape: Shape, axis: int) -> Shape | None:
    """A new axis of size 1."""
    if shape.prefix and axis == 0:
        return shape  # It becomes one of the unknown leading axes.
    at = _position(Shape((*shape.dims, ONE), shape.prefix), axis)
    if at is None:
        return None
    return Shape((*shape.dims[:at], ONE, *shape.dims[at:]), shape.prefix)


def stack(symbols: Symbols, shapes: Sequence[Shape], axis: int = 0) -> Shape | None:
    """`stack` of tensors that have one shape, some of them perhaps better known."""
    if not shapes or any(shape.prefix for shape in shapes):
        return None
    if len({len(shape.dims) for shape in shapes}) > 1:
        return None
    columns = zip(*(shape.dims for shape in shapes), strict=True)
    common = tuple(_agreed(symbols, column) for column in columns)
    at = _position(Shape((*common, ONE)), axis)
    if at is None:
        return None
    return Shape((*common[:at], Dim.of(len(shapes)), *common[at:]))


def cat(symbols: Symbols, shapes: Sequence[Shape], axis: int = 0) -> Shape | None:
    """`cat` and `concatenate`: sizes of one axis added, the others agree."""
    if not shapes or len({(len(shape.dims), shape.prefix) for shape in shapes}) > 1:
        return None
    at = _position(shapes[0], axis)
    if at is None:
        return None
    columns = list(zip(*(shape.dims for shape in shapes), strict=True))
    total = Dim.of(0)
    for size in columns[at]:
        total = total + size
    dims = [_agreed(symbols, column) for column in columns]
    dims[at] = total
    return Shape(tuple(dims), shapes[0].prefix)


def expand(shape: Shape, sizes: Sequence[Dim | None]) -> Shape | None:
    """`expand`; None among the sizes keeps what is there, as -1 does."""
    if shape.prefix or len(sizes) < len(shape.dims):
        return None
    missing = len(sizes) - len(shape.dims)
    old = (*(None for _ in range(missing)), *shape.dims)
    dims = [size if size is not None else dim for size, dim in zip(sizes, old, strict=True)]
    known = tuple(dim for dim in dims if dim is not None)
    return Shape(known) if len(known) == len(dims) else None


def repeat(shape: Shape, counts: Sequence[Dim]) -> Shape | None:
    """`repeat` and `tile` with at least as many counts as axes."""
    if shape.prefix or len(counts) < len(shape.dims):
        return None
    old = (*(ONE for _ in range(len(counts) - len(shape.dims))), *shape.dims)
    return Shape(tuple(dim * count for dim, count in zip(old, counts, strict=True)))


def repeat_interleave(shape: Shape, count: Dim, axis: int | None = None) -> Shape | None:
    """`repeat_interleave` by one number; without an axis the result is flat."""
    if axis is None:
        return None if shape.size is None else Shape((shape.size * count,))
    at = _position(shape, axis)
    return None if at is None else resize(shape, at - len(shape.dims), shape.dims[at] * count)


def flatten(shape: Shape, start: int = 0, end: int = -1) -> Shape | None:
    """`flatten` and `ravel`: the axes from start to end, both included, become one."""
    if shape.rank == 0:
        return Shape((ONE,))
    first, last = _position(shape, start), _position(shape, end)
    if first is None or last is None or first > last:
        return None
    merged = product(shape.dims[first : last + 1])
    return Shape((*shape.dims[:first], merged, *shape.dims[last + 1 :]), shape.prefix)


def unflatten(shape: Shape, axis: int, sizes: Sequence[Dim | None]) -> Shape | None:
    """`unflatten`: one axis becomes several; None among the sizes is worked out."""
    at = _position(shape, axis)
    if at is None or list(sizes).count(None) > 1:
        return None
    rest = shape.dims[at] // product(size for size in sizes if size is not None)
    filled = (rest if size is None else size for size in sizes)
    return Shape((*shape.dims[:at], *filled, *shape.dims[at + 1 :]), shape.prefix)


def chunk(symbols: Symbols, shape: Shape, count: int, axis: int = 0) -> tuple[Shape, ...] | None:
    """`chunk`: the pieces.  Of a size that is not a number, `count` pieces are assumed."""
    at = _position(shape, axis)
    if at is None or count < 1:
        return None
    size = shape.dims[at]
    if size.number is not None:
        return split(shape, Dim.of(max(1, -(-size.number // count))), axis)
    piece = size.divide(Dim.of(count)) or Dim.of(symbols.constant("?"))
    return (resize(shape, at - len(shape.dims), piece) or shape,) * count


def split(shape: Shape, sizes: Dim | Sequence[Dim], axis: int = 0) -> tuple[Shape, ...] | None:
    """`split` into pieces of one size or of the given sizes; None if their number is not known."""
    at = _position(shape, axis)
    if at is None:
        return None
    pieces = _even_pieces(shape.dims[at], sizes) if isinstance(sizes, Dim) else sizes
    if pieces is None:
        return None
    found = (resize(shape, at - len(shape.dims), piece) for piece in pieces)
    return tuple(piece for piece in found if piece is not None)


def unbind(shape: Shape, axis: int = 0) -> Shape | None:
    """One of the tensors that `unbind` or a loop over a tensor gives."""
    at = _position(shape, axis)
    return None if at is None else _without(shape, {at})


def reduce(shape: Shape, axes: Sequence[int] | None, *, keepdim: bool = False) -> Shape | None:
    """`sum`, `mean`, `max(dim)` and their like; no axes means all of them."""
    if axes is None:
        if not keepdim:
            return Shape(())
        return None if shape.prefix else Shape(tuple(ONE for _ in shape.dims))
    at = [_position(shape, axis) for axis in axes]
    known = {axis for axis in at if axis is not None}
    if len(known) < len(at):
        return None
    if not keepdim:
        return _without(shape, known)
    dims = (ONE if axis in known else dim for axis, dim in enumerate(shape.dims))
    return Shape(tuple(dims), shape.prefix)


def resize(shape: Shape, axis: int, size: Dim) -> Shape | None:
    """The same with another size of one axis: `topk`, `index_select`, `narrow`, `gather`."""
    at = _position(shape, axis)
    if at is None:
        return None
    return Shape((*shape.dims[:at], size, *shape.dims[at + 1 :]), shape.prefix)


def one_hot(shape: Shape, classes: Dim) -> Shape:
    """A last axis of classes is added."""
    return Shape((*shape.dims, classes), shape.prefix)


def _position(shape: Shape, axis: int) -> int | None:
    """Where an axis stands in `dims`; None if it is out of range or not in sight."""
    count = len(shape.dims)
    if shape.prefix:
        return axis + count if -count <= axis < 0 else None
    return axis % count if -count <= axis < count else None


def _without(shape: Shape, axes: set[int]) -> Shape:
    kept = (dim for axis, dim in enumerate(shape.dims) if axis not in axes)
    return Shape(tuple(kept), shape.prefix)


def _broadcast(symbols: Symbols, one: Shape, other: Shape) -> Shape | None:
    """Where axes of one meet unknown axes of the other, nothing further left is known."""
    shared = min(len(one.dims), len(other.dims))
    pairs = zip(one.dims[-shared:], other.dims[-shared:], strict=True) if shared else ()
    met: list[Dim] = []
    for left, right in pairs:
        size = _met(symbols, left, right)
        if size is None:
            return None
        met.append(size)
    longer, shorter = (one, other) if len(one.dims) >= len(other.dims) else (other, one)
    if shorter.prefix:
        return Shape(tuple(met), prefix=True)
    return Shape((*longer.dims[: len(longer.dims) - shared], *met), longer.prefix)


def _met(symbols: Symbols, left: Dim, right: Dim) -> Dim | None:
    """The size of an axis where two meet, given that the call works."""
    if right in (left, ONE):
        return left
    if left == ONE:
        return right
    numbers = [dim for dim in (left, right) if dim.number is not None]
    if len(numbers) == 2:
        return None
    # A number other than 1, or a size that stands for every value, is never the stretched one.
    if numbers:
        return numbers[0]
    generic = [dim for dim in (left, right) if dim.kind is Kind.GENERIC]
    return min(generic, key=_length) if generic else Dim.of(symbols.constant("?"))


def _agreed(symbols: Symbols, column: Sequence[Dim]) -> Dim:
    """What sizes are that must be equal: the best known of them."""
    numbers = [dim for dim in column if dim.number is not None]
    generic = [dim for dim in column if dim.kind is Kind.GENERIC]
    if len(set(column)) == 1 or not (numbers or generic):
        return column[0]
    return numbers[0] if numbers else min(generic, key=_length)


def _length(dim: Dim) -> int:
    return len(dim.key)


def _matmul_vector(left: Shape, right: Shape) -> Shape | None:
    if left.rank == 1 and right.rank == 1:
        return Shape(())
    if right.rank == 1:
        return Shape(left.dims[:-1], left.prefix)
    if len(right.dims) < 2:
        return None
    return Shape((*right.dims[:-2], right.dims[-1]), right.prefix)


def _even_pieces(size: Dim, piece: Dim) -> list[Dim] | None:
    if size.number is not None and piece.number and piece.number > 0:
        full, rest = divmod(size.number, piece.number)
        return [piece] * full + [Dim.of(rest)] * (rest > 0) if full <= _MOST_PIECES else None
    count = size.divide(piece)
    if count is None or count.number is None or count.number > _MOST_PIECES:
        return None
    return [piece] * count.number

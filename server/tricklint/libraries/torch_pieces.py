"""Operations of `torch` that cut tensors, pick from them, and join them."""

from __future__ import annotations

from ..interpreter import shape_functions, shape_indexing, sizes
from ..interpreter.dims import Dim
from ..interpreter.library import Call, Library, int_of
from ..interpreter.shape import Shape
from ..interpreter.shape_indexing import Item, Slice
from ..interpreter.tensors import Range, Tensor
from ..interpreter.values import NONE, Constant, Number, Sequence, Value, sequence
from .results import keep_cut, operand, reach, same_numbers

library = Library()

_MOST_PIECES = 16  # Of more, two stand for all of them.


@library.method(Tensor, "chunk")
@library.function("torch.chunk")
def _chunk(call: Call) -> Value:
    """`chunk(3, dim=-1)`: parts of equal size along one axis."""
    value, call = operand(call)
    shape = sizes.shape_of(call.machine, value)
    count, at = call.integer(0, "chunks"), call.integer(1, "dim", 0)
    if count is None or not 0 < count <= _MOST_PIECES:
        return _some(call, value)
    pieces = None
    if shape is not None and at is not None:
        pieces = shape_functions.chunk(call.machine.symbols, shape, count, at)
    return _all(call, value, pieces or (None,) * count)


@library.method(Tensor, "split")
@library.function("torch.split")
def _split(call: Call) -> Value:
    value, call = operand(call)
    shape = sizes.shape_of(call.machine, value)
    asked = call.get(0, "split_size") or call.get(0, "split_size_or_sections")
    at = call.integer(1, "dim", 0)
    if shape is None or asked is None or at is None:
        return _some(call, value)
    cuts = _cuts(call, asked)
    pieces = None if cuts is None else shape_functions.split(shape, cuts, at)
    if pieces is None or len(pieces) > _MOST_PIECES:
        return _some(call, value)
    return _all(call, value, pieces)


def _cuts(call: Call, asked: Value) -> Dim | tuple[Dim, ...] | None:
    """One size for all pieces, or one for each."""
    if not isinstance(asked, Sequence):
        size = sizes.dim_of(call.machine, asked)
        return None if size is None else sizes.resolved(call.machine, size)
    found = sizes.sizes_of(call.machine, (asked,)) or (None,)
    known = tuple(size for size in found if size is not None)
    return known if len(known) == len(found) else None


@library.method(Tensor, "unbind")
@library.function("torch.unbind")
def _unbind(call: Call) -> Value:
    value, call = operand(call)
    shape = sizes.shape_of(call.machine, value)
    at = call.integer(0, "dim", 0)
    if shape is None or at is None:
        return _some(call, value)
    size = shape.axis(at)
    piece = shape_functions.unbind(shape, at)
    if size is None or not 0 < (size.number or 0) <= _MOST_PIECES:
        return _some(call, value, piece)
    return _all(call, value, (piece,) * (size.number or 0))


@library.method(Tensor, "tensor_split")
@library.function("torch.tensor_split")
def _tensor_split(call: Call) -> Value:
    value, call = operand(call)
    return _some(call, value)


def _some(call: Call, value: Value, piece: Shape | None = None) -> Value:
    """Nobody knows how many."""
    one = same_numbers(call, value, piece)
    return sequence("tuple", (one, one), exact=False)


def _all(call: Call, value: Value, pieces: tuple[Shape | None, ...]) -> Value:
    return sequence("tuple", tuple(same_numbers(call, value, piece) for piece in pieces))


@library.method(Tensor, "__getitem__")
def _item(call: Call) -> Value:
    shape = sizes.shape_of(call.machine, call.receiver)
    index = call.args.positional[0]
    picks = index.items if isinstance(index, Sequence) and index.kind == "tuple" else (index,)
    items = tuple(item for pick in picks if (item := _index(call, pick)) is not None)
    known = shape is not None and len(items) == len(picks)
    picked = shape_indexing.index(call.machine.symbols, shape, items) if known and shape else None
    made = same_numbers(call, call.receiver, picked)
    slices = [one for one in picks if isinstance(one, Sequence) and one.kind == "slice"]
    if any(bound != NONE for one in slices for bound in one.items[:2]):
        keep_cut(call.receiver, made)
    return made


def _index(call: Call, pick: Value) -> shape_indexing.Index | None:
    """What a part of an index does to the shape; None for what may be a number or a mask."""
    if isinstance(pick, Number) or int_of(pick) is not None:
        return Item.INTEGER
    if isinstance(pick, Constant):
        if pick.value is None:
            return Item.NEW
        return Item.ELLIPSIS if pick.value is Ellipsis else None
    if isinstance(pick, Tensor) and pick.range is Range.COUNTED:
        return sizes.shape_of(call.machine, pick)
    if isinstance(pick, Sequence) and pick.kind == "slice":
        return _slice(call, pick)
    if isinstance(pick, Sequence) and pick.kind == "list" and pick.exact:
        # Truth values would be a mask.
        numbers = all(int_of(item) is not None for item in pick.items)
        return Shape((Dim.of(len(pick.items)),)) if numbers else None
    return None


def _slice(call: Call, pick: Sequence) -> Slice:
    return Slice(*(_bound(call, part) for part in pick.items))


def _bound(call: Call, part: Value) -> Dim | None:
    if part == Constant(None):
        return None
    known = sizes.dim_of(call.machine, part)
    return Dim.of(sizes.fresh(call.machine, "slice")) if known is None else known


_STACKS = ("torch.stack", "numpy.stack")


@library.function(*_STACKS, "torch.cat", "torch.concat", "torch.concatenate", "numpy.concatenate")
@library.function("torch.hstack", "torch.vstack", "numpy.hstack", "numpy.vstack")
def _joined(call: Call) -> Value:
    source = call.get(0, "tensors")
    items = source.items if isinstance(source, Sequence) else ()
    shapes = [sizes.shape_of(call.machine, item) for item in items]
    exact = isinstance(source, Sequence) and source.exact
    toys = [isinstance(item, Tensor) and item.range is Range.COUNTED for item in items]
    what = Range.COUNTED if toys and all(toys) else Range.UNKNOWN
    return Tensor(reach(call), _joined_shape(call, shapes, exact), what)


def _joined_shape(call: Call, shapes: list[Shape | None], exact: bool) -> Shape | None:
    """What is known of one is known of all, but for the axis along which they are joined."""
    known = [shape for shape in shapes if shape is not None and not shape.prefix]
    known = known or [shape for shape in shapes if shape is not None]
    symbols = call.machine.symbols
    at = _joining_axis(call, known)
    if not known or at is None:
        return None
    if call.name in _STACKS:
        found = shape_functions.stack(symbols, known, at)
        size = Dim.of(len(shapes)) if exact else Dim.of(sizes.fresh(call.machine, "count"))
    else:
        found = shape_functions.cat(symbols, known, at)
        if exact and len(known) == len(shapes):
            return found
        size = Dim.of(sizes.fresh(call.machine, "joined"))
    return None if found is None else shape_functions.resize(found, at, size)


def _joining_axis(call: Call, known: list[Shape]) -> int | None:
    kind = call.name.rpartition(".")[2]
    if kind not in ("hstack", "vstack"):
        named = call.args.get(-1, "axis")
        return call.integer(1, "dim", 0) if named is None else int_of(named)
    if not known or known[0].rank is None or known[0].rank < 2:
        return None
    return 1 if kind == "hstack" else 0

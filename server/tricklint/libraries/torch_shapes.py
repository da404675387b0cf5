"""What the operations of `torch` and NumPy do to the order of axes and to their sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..interpreter import sizes
from ..interpreter.dims import Dim, Shape
from ..interpreter.library import Call, Handler, Library, int_of
from ..interpreter.values import (
    Constant,
    Number,
    Range,
    Sequence,
    Tensor,
    Unknown,
    Value,
    sequence,
)
from .results import operand, reach, same_numbers, tensor

library = Library()

ShapeOfCall: TypeAlias = Callable[[Call, Shape], Shape | None]


def moves(*names: str, unknown: bool = True) -> Callable[[ShapeOfCall], ShapeOfCall]:
    """Register an operation that moves or picks numbers and changes none of them."""

    def register(shape_of_call: ShapeOfCall) -> ShapeOfCall:
        def handler(call: Call) -> Value:
            value, call = operand(call)
            shape = sizes.shape_of(call.machine, value)
            return same_numbers(call, value, shape and shape_of_call(call, shape))

        _register(handler, names, unknown)
        return shape_of_call

    return register


def _register(handler: Handler, names: tuple[str, ...], unknown: bool) -> None:
    for name in names:
        library.method(Tensor, name)(handler)
        if unknown:
            library.method(Unknown, name)(handler)
        library.function(f"torch.{name}", f"numpy.{name}")(handler)


def _axes(call: Call, rank: int) -> tuple[int, ...] | None:
    """The axes in the arguments, counted from the front."""
    values = call.args.positional
    named = call.args.get(-1, "dims")
    if named is not None:
        values = (named,)
    if len(values) == 1 and isinstance(values[0], Sequence):
        values = values[0].items
    found = [int_of(value) for value in values]
    known = [one % rank for one in found if one is not None and -rank <= one < rank]
    return tuple(known) if len(known) == len(found) else None


@moves("permute")
def _permute(call: Call, shape: Shape) -> Shape | None:
    axes = None if shape.prefix else _axes(call, len(shape.dims))
    if axes is None or sorted(axes) != list(range(len(shape.dims))):
        return None
    return Shape(tuple(shape.dims[axis] for axis in axes))


@moves("transpose", "swapaxes", "swapdims", "movedim")
def _transpose(call: Call, shape: Shape) -> Shape | None:
    values = call.args.positional
    if len(values) == 1 and isinstance(values[0], Sequence):
        return _permute(call, shape)
    first, second = call.integer(0, "dim0"), call.integer(1, "dim1")
    if len(values) > 2:  # NumPy's transpose takes all axes
        return _permute(call, shape)
    if first is None or second is None or call.name.endswith("movedim"):
        return None
    if shape.prefix and not (-len(shape.dims) <= first < 0 and -len(shape.dims) <= second < 0):
        return None
    dims = list(shape.dims)
    if not (-len(dims) <= first < len(dims) and -len(dims) <= second < len(dims)):
        return None
    dims[first], dims[second] = dims[second], dims[first]
    return Shape(tuple(dims), shape.prefix)


@moves("t")
def _t(call: Call, shape: Shape) -> Shape | None:
    return Shape(shape.dims[::-1]) if shape.rank == 2 else None


@library.attribute(Tensor, "T", "mT")
@library.attribute(Unknown, "T", "mT")
def _turned(call: Call) -> Value:
    shape = sizes.shape_of(call.machine, call.receiver)
    turned = Shape(shape.dims[::-1]) if shape is not None and shape.rank == 2 else None
    return same_numbers(call, call.receiver, turned)


@moves("unsqueeze", "expand_dims", unknown=False)
def _unsqueeze(call: Call, shape: Shape) -> Shape | None:
    at = call.integer(0, "dim")
    if at is None or shape.prefix:
        return None
    dims = list(shape.dims)
    dims.insert(at if at >= 0 else len(dims) + at + 1, Dim.of(1))
    return Shape(tuple(dims))


@moves("squeeze", unknown=False)
def _squeeze(call: Call, shape: Shape) -> Shape | None:
    at = call.integer(0, "dim")
    if at is None or shape.prefix or not -len(shape.dims) <= at < len(shape.dims):
        return None
    size = shape.dims[at].number
    if size is None:
        return None
    dims = list(shape.dims)
    if size == 1:
        del dims[at]
    return Shape(tuple(dims))


@moves("flatten", "ravel")
def _flatten(call: Call, shape: Shape) -> Shape | None:
    start, end = call.integer(0, "start_dim", 0), call.integer(1, "end_dim", -1)
    if start is None or end is None or shape.prefix:
        return None
    rank = len(shape.dims)
    start, end = start % rank if rank else 0, end % rank if rank else 0
    joined = Dim.of(1)
    for dim in shape.dims[start : end + 1]:
        joined = joined * dim
    return Shape((*shape.dims[:start], joined, *shape.dims[end + 1 :]))


@moves("flip", "roll", "contiguous", "clone", "detach_", "masked_fill", "ascontiguousarray")
@moves("masked_fill_", "fliplr", "flipud", "tril", "triu", unknown=False)
def _as_before(call: Call, shape: Shape) -> Shape | None:
    return shape


@moves("expand", "repeat", "tile", "index_select", "gather", "narrow", "select", unknown=False)
@moves("unflatten", "expand_as", "view_as", "reshape_as", "repeat_interleave", "unfold")
def _not_followed(call: Call, shape: Shape) -> Shape | None:
    return None


def _parts(call: Call) -> Value:
    """`chunk(3, dim=-1)`: parts of equal size along one axis."""
    value, call = operand(call)
    shape = sizes.shape_of(call.machine, value)
    count = call.integer(0, "chunks")
    at = call.integer(1, "dim", 0)
    part = None
    if shape is not None and count and at is not None:
        size = shape.axis(at)
        share = size.divide(Dim.of(count)) if size is not None else None
        if share is not None:
            dims = list(shape.dims)
            dims[at] = share
            part = Shape(tuple(dims), shape.prefix)
    items = tuple(same_numbers(call, value, part) for _ in range(count or 2))
    return sequence("tuple", items, exact=count is not None)


_register(_parts, ("chunk",), unknown=False)


@library.method(Tensor, "split", "unbind", "tensor_split")
@library.function("torch.split", "torch.unbind", "torch.tensor_split")
def _split(call: Call) -> Value:
    value, call = operand(call)
    part = same_numbers(call, value)
    return sequence("tuple", (part, part), exact=False)


@library.method(Tensor, "__getitem__")
def _item(call: Call) -> Value:
    shape = sizes.shape_of(call.machine, call.receiver)
    index = call.args.positional[0]
    picks = index.items if isinstance(index, Sequence) and index.kind == "tuple" else (index,)
    return same_numbers(call, call.receiver, _indexed(call, shape, picks))


def _indexed(call: Call, shape: Shape | None, picks: tuple[Value, ...]) -> Shape | None:
    if shape is None or shape.prefix or len(picks) > len(shape.dims):
        return None
    dims: list[Dim] = []
    rest = list(shape.dims)
    for pick in picks:
        if isinstance(pick, Constant) and type(pick.value) is int:
            rest.pop(0)
        elif _is_whole(pick):
            dims.append(rest.pop(0))
        elif isinstance(pick, Sequence) and pick.kind == "slice":
            rest.pop(0)
            dims.append(Dim.of(sizes.fresh(call.machine, "slice")))
        elif isinstance(pick, Constant) and pick.value is None:
            dims.append(Dim.of(1))
        else:
            return None
    return Shape((*dims, *rest))


def _is_whole(pick: Value) -> bool:
    return (
        isinstance(pick, Sequence)
        and pick.kind == "slice"
        and all(one == Constant(None) for one in pick.items)
    )


@library.method(Tensor, "operator @")
@library.method(Tensor, "matmul", "bmm", "mm")
@library.function("torch.matmul", "torch.bmm", "torch.mm", "numpy.matmul")
def _matmul(call: Call) -> Value:
    value, call = operand(call)
    left = sizes.shape_of(call.machine, value)
    other = call.args.positional[0] if call.args.positional else None
    right = sizes.shape_of(call.machine, other) if other is not None else None
    return Tensor(reach(call), _product(left, right))


def _product(left: Shape | None, right: Shape | None) -> Shape | None:
    if left is None or right is None or left.prefix or right.prefix:
        return None
    flat = len(left.dims) >= 2 and len(right.dims) == 2
    batched = len(left.dims) == len(right.dims) > 2
    return Shape((*left.dims[:-1], right.dims[-1])) if flat or batched else None


@library.function("torch.nn.functional.scaled_dot_product_attention")
def _attention(call: Call) -> Value:
    query, value = call.get(0, "query"), call.get(2, "value")
    first = sizes.shape_of(call.machine, query) if query is not None else None
    last = sizes.shape_of(call.machine, value) if value is not None else None
    if first is None or last is None or not first.dims or not last.dims:
        return tensor(call)
    return Tensor(reach(call), Shape((*first.dims[:-1], last.dims[-1]), first.prefix))


_POINTWISE = (
    "relu gelu tanh sigmoid exp sqrt rsqrt abs sin cos neg silu elu selu leaky_relu dropout "
    "relu6 hardtanh softplus mish hardswish logsigmoid normalize layer_norm batch_norm erf round "
    "floor ceil sign square pow add mul sub div dropout1d dropout2d alpha_dropout relu_ tanh_ "
    "sigmoid_ mul_ div_ add_ sub_ instance_norm group_norm rms_norm cumsum sort"
)


def _pointwise(call: Call) -> Value:
    value, call = operand(call)
    return Tensor(reach(call), sizes.shape_of(call.machine, value))


for _name in _POINTWISE.split():
    library.method(Tensor, _name)(_pointwise)
    library.function(f"torch.{_name}", f"torch.nn.functional.{_name}")(_pointwise)


_LIKE = "zeros_like ones_like rand_like randn_like empty_like full_like"


@library.function(
    *(f"{package}.{name}" for name in _LIKE.split() for package in ("torch", "numpy"))
)
@library.function("torch.from_numpy", "torch.as_tensor", "torch.tensor", "numpy.asarray")
@library.function("numpy.array", "torch.autograd.Variable", "torch.FloatTensor")
def _like(call: Call) -> Value:
    value = call.get(0, "input")
    shape = sizes.shape_of(call.machine, value) if value is not None else None
    return Tensor(shape=shape)


@library.function("torch.autograd.Variable")
def _variable(call: Call) -> Value:
    """Of the time before 0.4; a Variable is the tensor it wraps."""
    value = call.get(0, "data")
    return value if isinstance(value, Tensor) else tensor(call)


def _made(call: Call) -> Value:
    """`torch.randn(2, 3)`, `torch.zeros((2, 3))`, `np.zeros(shape)`."""
    named = call.args.get(-1, "size") or call.args.get(-1, "shape")
    values = call.args.positional if named is None else (named,)
    if call.name.startswith("numpy.") and not call.name.startswith("numpy.random."):
        values = values[:1]
    return Tensor(shape=_shape_from(call, values))


def _shape_from(call: Call, values: tuple[Value, ...]) -> Shape | None:
    if not values or not all(
        isinstance(one, Constant | Number | Sequence | Unknown) for one in values
    ):
        return None
    found = sizes.sizes_of(call.machine, values)
    single = len(values) == 1 and isinstance(values[0], Unknown)
    if found is None or None in found or single:
        return None
    return Shape(tuple(one for one in found if one is not None))


library.function(
    "torch.randn", "torch.rand", "torch.zeros", "torch.ones", "torch.empty", "numpy.zeros",
    "numpy.ones", "numpy.empty", "numpy.random.rand", "numpy.random.randn",
)(_made)  # fmt: skip


@library.function("torch.full")
def _full(call: Call) -> Value:
    size = call.get(0, "size")
    return Tensor(shape=_shape_from(call, (size,)) if size is not None else None)


@library.function("torch.randint")
def _randint(call: Call) -> Value:
    size = call.args.get(-1, "size")
    if size is None and isinstance(call.args.positional[-1], Sequence):
        size = call.args.positional[-1]
    return Tensor(shape=_shape_from(call, (size,)) if size is not None else None)


@library.function("torch.arange", "numpy.arange")
def _arange(call: Call) -> Value:
    count = call.get(0, "end") if len(call.args.positional) == 1 else None
    dim = sizes.dim_of(call.machine, count) if count is not None else None
    dim = dim if dim is not None else Dim.of(sizes.fresh(call.machine, "length"))
    return Tensor(shape=Shape((dim,)), range=Range.COUNTED)


@library.function("torch.stack", "numpy.stack", "torch.cat", "torch.concat", "numpy.concatenate")
@library.function("torch.hstack", "torch.vstack")
def _joined(call: Call) -> Value:
    source = call.get(0, "tensors")
    items = source.items if isinstance(source, Sequence) else ()
    first = sizes.shape_of(call.machine, items[0]) if items else None
    at = call.integer(1, "dim", 0)
    if first is None or first.prefix or at is None:
        return tensor(call)
    dims = list(first.dims)
    count = Dim.of(len(items)) if isinstance(source, Sequence) and source.exact else None
    new = count if count is not None else Dim.of(sizes.fresh(call.machine, "count"))
    if call.name.endswith(".stack"):
        dims.insert(at if at >= 0 else len(dims) + at + 1, new)
    elif -len(dims) <= at < len(dims):
        dims[at] = Dim.of(sizes.fresh(call.machine, "joined"))
    return Tensor(reach(call), Shape(tuple(dims)))


def _reduced(call: Call) -> Value:
    """`mean(dim=1)`: one axis less, or of size 1."""
    value, call = operand(call)
    shape = sizes.shape_of(call.machine, value)
    at = call.integer(0, "dim")
    keep = call.flag(1, "keepdim", default=False)
    if shape is None or shape.prefix or at is None or keep is None:
        return Tensor(reach(call))
    dims = list(shape.dims)
    if not -len(dims) <= at < len(dims):
        return Tensor(reach(call))
    if keep:
        dims[at] = Dim.of(1)
    else:
        del dims[at]
    return Tensor(reach(call), Shape(tuple(dims)))


for _name in ("mean", "sum", "prod", "std", "var", "norm", "logsumexp"):
    library.method(Tensor, _name)(_reduced)
    library.function(f"torch.{_name}")(_reduced)

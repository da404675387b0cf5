"""Sizes as values: between the user's integers and symbolic dims, and what is known of shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dims import ONE, Dim, Quotient, Sum, Symbol
from .shape import Shape
from .tensors import ShapeOf, Tensor
from .values import Constant, Number, Sequence, Unknown, Value, sequence

if TYPE_CHECKING:
    from .machine import Machine


def number(dim: Dim) -> Value:
    """A size as a value."""
    size = dim.number
    return Number(dim) if size is None else Constant(size)


def dim_of(machine: Machine, value: Value) -> Dim | None:
    """A value as a size; a new symbol for an unknown one, the same each time."""
    if isinstance(value, Constant):
        return Dim.of(value.value) if type(value.value) is int else None
    if isinstance(value, Number):
        return value.dim
    if isinstance(value, Unknown):
        found = machine.sizes.get(value)
        if found is None:
            found = machine.sizes[value] = Dim.of(fresh(machine, value.hint, value.given))
        return found
    return None


def fresh(machine: Machine, name: str, generic: bool = False) -> Symbol:
    """A new symbol; a generic one stands for every size."""
    name = name or "?"
    return machine.symbols.generic(name) if generic else machine.symbols.constant(name)


def shape_of(machine: Machine, value: Value) -> Shape | None:
    """The shape of a tensor, as far as it is known."""
    found = value.shape if isinstance(value, Tensor) else None
    if found is None or found.prefix:
        found = machine.shapes.get(value, found)
    if found is None or not machine.equal:
        return found
    dims = tuple([resolved(machine, dim) for dim in found.dims])
    return found if dims == found.dims else Shape(dims, found.prefix)


def learn_shape(machine: Machine, value: Value, shape: Shape) -> None:
    """The code shows that the tensor has this shape."""
    known = shape_of(machine, value)
    if known is None or (known.prefix and not shape.prefix):
        machine.store.put(machine.shapes, value, shape)


def resolved(machine: Machine, dim: Dim) -> Dim:
    """A size with everything put in that the layers have shown it to equal."""
    equal = machine.equal
    for _ in range(_MOST_EQUATIONS):
        if dim.symbols.isdisjoint(equal):
            break
        dim = dim.substitute({one: equal[one] for one in dim.symbols if one in equal})
    return dim


_MOST_EQUATIONS = 5


def unify(machine: Machine, left: Dim, right: Dim) -> None:
    """The program only works where these sizes are equal."""
    left, right = resolved(machine, left), resolved(machine, right)
    for one, other in ((left, right), (right, left)):
        for symbol in one.symbols:
            if one == Dim.of(symbol) and symbol not in other.symbols:
                machine.store.put(machine.equal, symbol, other)
                return


def axis(machine: Machine, value: Value, index: int, name: str = "") -> Dim:
    """The size of one axis: a generic symbol where it is not known."""
    shape = shape_of(machine, value)
    known = shape.axis(index) if shape is not None else None
    if known is not None:
        return known
    key = (value, index)
    found = machine.sizes.get(key)
    if found is None:
        # Whoever names it `_` does not care: there may be just one.
        is_any = not name or bool(name.strip("_"))
        found = Dim.of(fresh(machine, name or f"size({index})", generic=is_any))
        machine.sizes[key] = found
    return found


def lead_of(machine: Machine, tensor: Tensor, source: Value) -> Tensor:
    """The unknown leading axes of a tensor are those of the source."""
    if _stands_for_all(machine, source):
        machine.sizes[tensor, _LEAD] = ONE
    return tensor


def missing(machine: Machine, value: Value, asked: tuple[Dim | None, ...]) -> Dim:
    """What -1 becomes where the leading axes are not known: any size, if those are any."""
    key = (value, asked)
    found = machine.sizes.get(key)
    if found is None:
        generic = _stands_for_all(machine, value)
        found = machine.sizes[key] = Dim.of(fresh(machine, "length", generic))
    return found


_LEAD = "lead"


def _stands_for_all(machine: Machine, value: Value) -> bool:
    return (isinstance(value, Unknown) and value.given) or (value, _LEAD) in machine.sizes


def rank_from_sizes(machine: Machine, tensor: Value, asked: tuple[Dim | None, ...]) -> Shape | None:
    """`x.view(x.size(0), x.size(2), x.size(1))`: only a tensor of three axes has just these sizes."""
    count = len(asked)
    axes = [machine.sizes.get((tensor, index)) for index in range(count)]
    named = {axes.index(size) for size in asked if size is not None and size in axes}
    if len(named) < count - (None in asked) or len(named) < 2:
        return None
    order = [axes.index(size) for size in asked if size is not None]
    if None in asked and order == sorted(order) and order[-1] < count - 1:
        return None  # `x.view(x.size(0), -1, x.size(1))` may also put an axis of 1 between two
    shape = Shape(tuple(axis(machine, tensor, index) for index in range(count)))
    learn_shape(machine, tensor, shape)
    return shape


def unpack_shape(machine: Machine, tensor: Value, names: tuple[str, ...]) -> tuple[Value, ...]:
    """`B, T, C = x.shape`: the tensor has that many axes."""
    dims = tuple(axis(machine, tensor, index, name) for index, name in enumerate(names))
    known = shape_of(machine, tensor)
    if known is not None and known.prefix:
        for dim, last in zip(dims[::-1], known.dims[::-1], strict=False):
            _open(machine, last)
            unify(machine, last, dim)
    learn_shape(machine, tensor, Shape(dims))
    return tuple(number(resolved(machine, dim)) for dim in dims)


def _open(machine: Machine, size: Dim) -> None:
    """A size worked out of an unknown one, as behind a pool: code that asks for it takes any."""
    if len(size.symbols) == 1 and isinstance(size.atoms[0], Quotient | Sum):
        (symbol,) = size.symbols
        if not symbol.generic and symbol not in machine.equal:
            anything = Dim.of(fresh(machine, symbol.name, generic=True))
            machine.store.put(machine.equal, symbol, anything)


def shape_value(machine: Machine, tensor: Value) -> Value:
    """`x.shape`."""
    shape = shape_of(machine, tensor)
    if shape is None or shape.prefix:
        return ShapeOf(tensor)
    return sequence("tuple", tuple(number(dim) for dim in shape.dims))


def sizes_of(machine: Machine, values: tuple[Value, ...]) -> tuple[Dim | None, ...] | None:
    """The sizes that a call such as `x.view(a, b, -1)` was given; None stands for -1."""
    if len(values) == 1 and isinstance(values[0], Sequence):
        if not values[0].exact:
            return None
        values = values[0].items
    found: list[Dim | None] = []
    for value in values:
        dim = dim_of(machine, value)
        if dim is None:
            return None
        found.append(None if dim.number == -1 else resolved(machine, dim))
    return tuple(found)

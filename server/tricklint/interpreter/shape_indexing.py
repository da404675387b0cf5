"""The shape of `x[...]`.  Returns None where it is not known, or where the call would fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from .dims import ONE, Dim, Symbols
from .shape import Shape


class Item(Enum):
    """What stands between the brackets of `x[...]`, besides slices and index tensors."""

    INTEGER = "an integer of any value"
    NEW = "None"
    ELLIPSIS = "..."


@dataclass(frozen=True, slots=True)
class Slice:
    """`start:stop:step`; None for a part that is left out."""

    start: Dim | None = None
    stop: Dim | None = None
    step: Dim | None = None


Index: TypeAlias = Item | Slice | Shape


def index(symbols: Symbols, shape: Shape, items: Sequence[Index]) -> Shape | None:
    """`x[items]`.  At most one index tensor; masks and others are not known."""
    tensors = [item for item in items if isinstance(item, Shape)]
    unclear = len(tensors) > 1 or any(tensor.prefix for tensor in tensors)
    if unclear or items.count(Item.ELLIPSIS) > 1:
        return None
    at = items.index(Item.ELLIPSIS) if Item.ELLIPSIS in items else len(items)
    before, after = items[:at], items[at + 1 :]
    left, right = _axes_used(before), _axes_used(after)
    if shape.prefix:
        return _index_suffix(symbols, shape, before, after)
    if left + right > len(shape.dims):
        return None
    middle = len(shape.dims) - right
    first = _indexed(symbols, shape.dims[:left], before)
    last = _indexed(symbols, shape.dims[middle:], after)
    return Shape((*first, *shape.dims[left:middle], *last))


def _axes_used(items: Sequence[Index]) -> int:
    return sum(item is not Item.NEW for item in items)


def _indexed(symbols: Symbols, dims: Sequence[Dim], items: Sequence[Index]) -> list[Dim]:
    """The sizes that the items leave of as many dims as they use."""
    source = iter(dims)
    found: list[Dim] = []
    for item in items:
        match item:
            case Item.NEW:
                found.append(ONE)
            case Slice():
                found.append(_sliced(symbols, next(source), item))
            case Shape():
                next(source)
                found.extend(item.dims)
            case _:
                next(source)
    return found


def _index_suffix(
    symbols: Symbols, shape: Shape, before: Sequence[Index], after: Sequence[Index]
) -> Shape | None:
    """With unknown leading axes, only what stands right of `...` meets known ones."""
    right = _axes_used(after)
    if any(item != Slice() for item in before) or right > len(shape.dims):
        return None
    middle = len(shape.dims) - right
    return Shape((*shape.dims[:middle], *_indexed(symbols, shape.dims[middle:], after)), True)


def _sliced(symbols: Symbols, size: Dim, item: Slice) -> Dim:
    """The size that a slice leaves.  A symbolic bound is taken to lie inside of the axis."""
    if item == Slice():
        return size
    known = _sliced_numbers(size, item)
    if known is not None:
        return Dim.of(known)
    step = item.step or ONE
    start = item.start or Dim.of(0)
    if step == ONE:
        length = _span(size, start, item.stop)
        if length is not None:
            return length
    return Dim.of(symbols.constant("?"))


def _sliced_numbers(size: Dim, item: Slice) -> int | None:
    parts = (size, item.start, item.stop, item.step)
    if any(part is not None and part.number is None for part in parts):
        return None
    length, start, stop, step = (None if part is None else part.number for part in parts)
    return None if length is None else len(range(*slice(start, stop, step).indices(length)))


def _span(size: Dim, start: Dim, stop: Dim | None) -> Dim | None:
    """`stop - start`, both counted from the left; None where a bound may lie outside."""
    if start.coefficient < 0:
        # The last one is always there; of the last three some may be missing.
        return ONE if start.number == -1 and stop is None else None
    if stop is None:
        return size - start
    return (size + stop if stop.coefficient < 0 else stop) - start

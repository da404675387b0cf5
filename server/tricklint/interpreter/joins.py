"""What a cell holds where two paths meet."""

from __future__ import annotations

from typing import Any, cast

from .clipping import Era, Spent
from .dims import Dim
from .gradients import FRESH, Gradients
from .modes import FRESH_USE, UNSET, Mode, Use
from .shape import Shape
from .store import MISSING
from .tensors import Range, Tensor
from .values import (
    NONE,
    Alternatives,
    Constant,
    Mapping,
    Number,
    Object,
    Sequence,
    Unknown,
    Value,
    sequence,
)

MOST_ALTERNATIVES = 4


def join(left: Any, right: Any) -> Any:
    """The join of two cell contents.

    A name bound on one path only is taken as bound; evidence about a shape holds only if both
    paths have it.
    """
    if left is right:
        return left
    if left is MISSING or right is MISSING:
        return _join_missing(right if left is MISSING else left)
    if isinstance(left, Value) and isinstance(right, Value):
        return join_values(left, right)
    if isinstance(left, Gradients | Mode | Use) and type(left) is type(right):
        return cast("Any", left).join(right)
    if isinstance(left, bool) and isinstance(right, bool):
        return left and right
    if isinstance(left, Shape | Dim):
        return left if left == right else MISSING
    if isinstance(left, Era):
        return Era()  # neither of the two
    if isinstance(left, tuple) and isinstance(right, tuple):
        return _longer(cast("tuple[Any, ...]", left), cast("tuple[Any, ...]", right))
    return cast("object", left) if left == right else None


def _join_missing(present: Any) -> Any:
    if isinstance(present, Gradients):
        return present.join(FRESH)
    if isinstance(present, Mode):
        return present if present.at is None else present.join(UNSET)
    if isinstance(present, Use):
        return present.join(FRESH_USE)
    if isinstance(present, Shape | Dim | Spent):
        return MISSING
    return present


def _longer(left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, ...]:
    """Items appended on one path only are kept: a container may hold them."""
    if left == right:
        return left
    if len(left) == len(right):
        return tuple(join(a, b) for a, b in zip(left, right, strict=True))
    return left if len(left) > len(right) else right


def join_values(left: Value, right: Value) -> Value:
    """The value of a name after two paths met."""
    if left is right or left == right:
        return left
    if left is NONE or left == NONE:
        return right
    if right == NONE:
        return left
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        return _join_tensors(left, right)
    if isinstance(left, Constant | Number) and isinstance(right, Constant | Number):
        return Unknown(reach=_NO_REACH)
    if _same_layout(left, right):
        assert isinstance(left, Sequence)
        assert isinstance(right, Sequence)
        pairs = zip(left.items, right.items, strict=True)
        return sequence(left.kind, tuple(join_values(a, b) for a, b in pairs), left.exact)
    return _alternatives(left, right)


_NO_REACH = Tensor().reach


def _same_layout(left: Value, right: Value) -> bool:
    return (
        isinstance(left, Sequence)
        and isinstance(right, Sequence)
        and left.kind == right.kind == "tuple"
        and len(left.items) == len(right.items)
    )


def _join_tensors(left: Tensor, right: Tensor) -> Tensor:
    touched = any(one.origin is not None and one.origin.touched for one in (left, right))
    same = left.range is right.range and not touched
    return Tensor(
        reach=left.reach | right.reach,
        shape=join_shapes(left.shape, right.shape),
        range=left.range if same else Range.UNKNOWN,
        origin=left.origin if same else None,
        output_of=left.output_of | right.output_of,
    )


def join_shapes(left: Shape | None, right: Shape | None) -> Shape | None:
    """A shape that both are; None where they differ."""
    return left if left == right else None


def _alternatives(left: Value, right: Value) -> Value:
    options: list[Value] = []
    for value in (left, right):
        for one in value.options if isinstance(value, Alternatives) else (value,):
            if one not in options:
                options.append(one)
    if len(options) > MOST_ALTERNATIVES or _both_plain(options):
        return Unknown(reach=_reach_of(options), output_of=_output_of(options))
    return Alternatives(tuple(options))


def _both_plain(options: list[Value]) -> bool:
    """Numbers, strings and tensors mixed with unknowns: no object is worth remembering."""
    return all(isinstance(one, Constant | Number | Tensor | Unknown) for one in options) and any(
        isinstance(one, Constant | Number | Tensor) for one in options
    )


def _output_of(options: list[Value]) -> frozenset[Object]:
    layers = [one.output_of for one in options if isinstance(one, Tensor | Unknown)]
    return frozenset[Object]().union(*layers)


def _reach_of(options: list[Value]) -> Any:
    reach = _NO_REACH
    for one in options:
        if isinstance(one, Tensor | Unknown | Mapping):
            reach = reach | getattr(one, "reach", _NO_REACH)
    return reach

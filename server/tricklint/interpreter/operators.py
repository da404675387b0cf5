"""Operators on values: constants are computed, sizes stay symbolic, tensors keep what they depend on."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from . import events, pixels, shape_functions, sizes
from .dims import Dim
from .library import Arguments, Call, int_of
from .shape import Shape
from .tensors import Tensor
from .values import (
    FALSE,
    NOTHING,
    TRUE,
    Alternatives,
    Bound,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Mapping,
    Number,
    Object,
    Sequence,
    Unknown,
    Value,
    sequence,
)

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .machine import Machine

_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda left, right: left / right,
    "//": lambda left, right: left // right,
    "%": operator.mod,
}
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_LONGEST_TEXT = 200
_LARGEST_NUMBER = 2**63
_MOST_REPEATED = 16


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None if that is not known."""
    if isinstance(value, Constant):
        return bool(value.value)
    if isinstance(value, Sequence):
        return bool(value.items) if value.exact else None
    if isinstance(value, Function | Class | Bound | Object | External):
        return True
    return None


def unary(machine: Machine, op: str, value: Value) -> Value:
    """`op value`."""
    if op == "not":
        known = truth(value)
        return Unknown(reach=NOTHING) if known is None else Constant(not known)
    if isinstance(value, Constant) and isinstance(value.value, int | float):
        if op == "-":
            return Constant(-value.value)
        return value if op == "+" else Unknown(reach=NOTHING)
    if isinstance(value, Tensor):
        return Tensor(value.reach, sizes.shape_of(machine, value))
    return Unknown(reach=events.reach_of(machine, value))


def binary(machine: Machine, op: str, left: Value, right: Value, ref: NodeRef) -> Value:
    """`left op right`."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _constants(op, left.value, right.value)
    if isinstance(left, Sequence) and isinstance(right, Sequence) and op == "+":
        items, exact = left.items + right.items, left.exact and right.exact
        return sequence(left.kind, items, exact, left.sure and right.sure)
    if isinstance(left, Sequence) and op == "*":
        return _repeated(left, right)
    if op == "|" and isinstance(left, Mapping) and isinstance(right, Mapping):
        return Mapping({**left.slots, **right.slots})
    handler = machine.lookup(machine.tables.all.methods, left, f"operator {op}")
    if handler is not None:
        return handler(Call(machine, ref, Arguments((right,)), left, op))
    if _is_tensor(machine, left) or _is_tensor(machine, right):
        return _tensors(machine, left, right)
    if op in ("**", "/") and _is_scalar(machine, left) and _is_scalar(machine, right):
        return Number(Dim.of(sizes.fresh(machine, "number")))
    reach = events.reach_of(machine, left) | events.reach_of(machine, right)
    result = Unknown(reach=reach)
    _remember_size(machine, op, left, right, result)
    return result


def _constants(op: str, left: Any, right: Any) -> Value:
    compute = _ARITHMETIC.get(op)
    plain = isinstance(left, int | float | str) and isinstance(right, int | float | str)
    if compute is None or not plain:
        return Unknown(reach=NOTHING)
    if isinstance(left, str) is not isinstance(right, str) or (isinstance(left, str) and op != "+"):
        return Unknown(reach=NOTHING)
    try:
        result = compute(left, right)
    except (ArithmeticError, ValueError, TypeError):
        return Unknown(reach=NOTHING)
    if isinstance(result, str):
        return Constant(result) if len(result) <= _LONGEST_TEXT else Unknown(reach=NOTHING)
    return Constant(result) if abs(result) < _LARGEST_NUMBER else Unknown(reach=NOTHING)


def _is_tensor(machine: Machine, value: Value) -> bool:
    return isinstance(value, Tensor) or value in machine.shapes


def _is_scalar(machine: Machine, value: Value) -> bool:
    """Is it surely one number, though not known which?"""
    return isinstance(value, Constant | Number) or value in machine.sizes


def _repeated(left: Sequence, right: Value) -> Value:
    count = int_of(right)
    if count is not None and left.exact and 0 <= count * len(left.items) <= _MOST_REPEATED:
        return sequence(left.kind, left.items * count)
    return sequence(left.kind, left.items, exact=False)


def _tensors(machine: Machine, left: Value, right: Value) -> Value:
    pixels.see(machine, left, right)
    reach = events.reach_of(machine, left) | events.reach_of(machine, right)
    return Tensor(NOTHING if machine.no_grad else reach, _broadcast(machine, left, right))


def mask(machine: Machine, left: Value, right: Value) -> Tensor | None:
    """What a comparison of tensors gives: a tensor of their shape that no gradient goes through."""
    if not (_is_tensor(machine, left) or _is_tensor(machine, right)):
        return None
    return Tensor(NOTHING, _broadcast(machine, left, right))


def _broadcast(machine: Machine, left: Value, right: Value) -> Shape | None:
    if _is_scalar(machine, left):
        return sizes.shape_of(machine, right)
    if _is_scalar(machine, right):
        return sizes.shape_of(machine, left)
    first, second = sizes.shape_of(machine, left), sizes.shape_of(machine, right)
    if first is None or second is None:
        return None
    return shape_functions.broadcast(machine.symbols, first, second)


def _remember_size(machine: Machine, op: str, left: Value, right: Value, result: Unknown) -> None:
    """An unknown product of sizes is still a size."""
    if op not in ("*", "//", "+", "-"):
        return
    first, second = sizes.dim_of(machine, left), sizes.dim_of(machine, right)
    if first is None or second is None or (op == "//" and second.number == 0):
        return
    compute: Callable[[Any, Any], Any] = _ARITHMETIC[op]
    machine.sizes[result] = compute(first, second)


def compare(op: str, left: Value, right: Value) -> Value:
    """`left op right` as a known boolean where possible."""
    if op in ("is", "is not", "==", "!="):
        same = _same(op, left, right)
        if same is not None:
            return Constant(same is (op in ("is", "==")))
        return Unknown(reach=NOTHING)
    if op in ("in", "not in"):
        return _contains(op, left, right)
    if isinstance(left, Constant) and isinstance(right, Constant):
        try:
            return Constant(bool(_COMPARISONS[op](left.value, right.value)))
        except (TypeError, KeyError):
            pass
    return Unknown(reach=NOTHING)


def _same(op: str, left: Value, right: Value) -> bool | None:
    if isinstance(left, Constant) and isinstance(right, Constant):
        return bool(left.value == right.value)
    none = Constant(None)
    if none in (left, right):
        other = right if left == none else left
        known = Object | Tensor | Instance | Function | Class | Sequence | Mapping | Number | Bound
        return False if isinstance(other, known) else None
    if left is right and op in ("is", "is not") and not isinstance(left, Unknown | Alternatives):
        return True
    if isinstance(left, External) and isinstance(right, External) and left == right:
        return True
    return None


def _contains(op: str, left: Value, right: Value) -> Value:
    if isinstance(left, Constant):
        keys: tuple[Any, ...] | None = None
        if isinstance(right, Sequence) and right.exact:
            if all(isinstance(item, Constant) for item in right.items):
                keys = tuple(item.value for item in right.items if isinstance(item, Constant))
        elif isinstance(right, Constant) and isinstance(right.value, str):
            text = left.value
            if isinstance(text, str):
                return Constant((text in right.value) is (op == "in"))
        if keys is not None:
            return Constant((left.value in keys) is (op == "in"))
    return Unknown(reach=NOTHING)


def both(left: Value, right: Value) -> Value:
    """`left and right` of two comparisons."""
    known = (truth(left), truth(right))
    if False in known:
        return FALSE
    return TRUE if known == (True, True) else Unknown(reach=NOTHING)

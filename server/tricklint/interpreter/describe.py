"""A value in words: what the engine believes a name to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import events, sizes
from .tensors import Range, Tensor
from .values import (
    Alternatives,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Number,
    Object,
    Params,
    Reach,
    Role,
    Sequence,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from .machine import Machine


def describe(machine: Machine, value: Value) -> str:
    """Such as "Tensor (B, 10) probability" or "Optimizer over self.fc"."""
    if isinstance(value, Tensor):
        shape = sizes.shape_of(machine, value)
        parts = ["Tensor", "" if shape is None else str(shape)]
        parts.append("" if value.range is Range.UNKNOWN else value.range.value)
        return " ".join(part for part in parts if part)
    if isinstance(value, Object):
        name = value.kind.rpartition(".")[2]
        over = _over(events.owned(machine, value)) if value.role is Role.OPTIMIZER else ""
        return f"{name}{over}"
    if isinstance(value, Params):
        return f"Params{_over(value.reach)}"
    if isinstance(value, Sequence):
        items = ", ".join(describe(machine, one) for one in value.items)
        return f"{value.kind}[{items}{'' if value.exact else ', ...'}]"
    if isinstance(value, Alternatives):
        return " | ".join(describe(machine, one) for one in value.options)
    return _plain(value)


def _plain(value: Value) -> str:
    if isinstance(value, Constant):
        return repr(value.value)
    if isinstance(value, Number):
        return str(value.dim)
    if isinstance(value, Instance):
        return value.cls.name
    if isinstance(value, Function | Class):
        return value.name
    if isinstance(value, External):
        return value.path
    return type(value).__name__


def _over(reach: Reach) -> str:
    names = sorted(
        atom.hint
        for atom in reach.atoms
        if (isinstance(atom, Object) and atom.role is Role.LAYER) or isinstance(atom, Unknown)
    )
    return f" over {', '.join(names)}" if names else " over anything"

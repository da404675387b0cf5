"""Biases that a normalization takes away again: who decides that there is one, and who sees it.

A tensor knows the layers whose output it is, unchanged.  A norm that gets it takes their biases
away; whatever else looks at its numbers needs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..syntax import ir
from .facts import Fact
from .tensors import Tensor
from .values import Alternatives, Binding, Mapping, Object, Sequence, Unknown, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .machine import Machine
    from .values import Function

_COMPUTED = (Tensor, Unknown)
_DEEPEST = 4
_MOST_CALLS = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """A call that decides by its argument `keyword` whether a layer has a bias."""

    call: NodeRef
    keyword: str
    given: NodeRef | None  # what it gives for it


@dataclass(frozen=True, slots=True)
class CancelledBias(Fact):
    """A layer's output goes straight into a norm that subtracts the mean of every channel.

    `decisions` begin with the call that makes the layer, and go on with the calls that hand the
    bias on to it.  `aligned` says that the norm's channels are surely the layer's.  `layer_by` and
    `norm_by` are the calls that make them, from the innermost function on.
    """

    PIECE = True

    decisions: tuple[Decision, ...]
    layer: str
    norm: str
    aligned: bool
    layer_by: tuple[NodeRef, ...]
    norm_by: tuple[NodeRef, ...]

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (*(one.call for one in self.decisions), *self.layer_by, *self.norm_by)


@dataclass(frozen=True, slots=True)
class NeededBias(Fact):
    """Something else than such a norm sees the output of a layer whose bias these calls decide."""

    PIECE = True
    DENIES = CancelledBias

    calls: tuple[NodeRef, ...]

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return self.calls


class ReturnedBias(NeededBias):
    """The same of an output that is returned to whoever calls, if nothing in sight does."""

    __slots__ = ()

    BETWEEN_CALLS = True


@dataclass(frozen=True, slots=True)
class DoubtedNorm(Fact):
    """A norm does not always take the mean away, or something else sees what it gets.

    It trains in eval mode, makes room for something else, or has a hook.
    """

    PIECE = True
    DENIES = CancelledBias

    norm: NodeRef  # the call that makes it

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.norm,)


@dataclass(frozen=True, slots=True)
class HookedSomewhere(Fact):
    """The outputs of a layer out of sight are shown to a hook: it may be any."""

    PIECE = True
    DENIES = CancelledBias

    at: NodeRef

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at,)


def doubt(machine: Machine, norm: Value) -> None:
    """This norm, if it is one, cannot be relied on."""
    if isinstance(norm, Object) and norm.made_by and not norm.decisions:
        machine.report(DoubtedNorm(norm.made_by[0]))


def need(machine: Machine, layers: frozenset[Object]) -> None:
    """The numbers that these layers put out are looked at."""
    for layer in layers:
        machine.report(NeededBias(tuple(one.call for one in layer.decisions)))


def see(machine: Machine, value: Value) -> None:
    """A value goes where nobody knows who looks at it."""
    for layers in _outputs(value):
        need(machine, layers)


def hand_out(machine: Machine, value: Value) -> None:
    """A value is returned to unknown callers."""
    for layers in _outputs(value):
        for layer in layers:
            machine.report(ReturnedBias(tuple(one.call for one in layer.decisions)))


def _outputs(value: Value, depth: int = 0) -> list[frozenset[Object]]:
    if isinstance(value, _COMPUTED):
        return [value.output_of] if value.output_of else []
    if depth > _DEEPEST:
        return []
    parts: tuple[object, ...] = ()
    if isinstance(value, Sequence):
        parts = value.items
    elif isinstance(value, Alternatives):
        parts = value.options
    elif isinstance(value, Mapping):
        parts = tuple(value.slots.values())
    return [
        found for part in parts if isinstance(part, Value) for found in _outputs(part, depth + 1)
    ]


def calls_around(machine: Machine, ref: NodeRef) -> tuple[NodeRef, ...]:
    """A call, and those of the running functions that led to it, the innermost first."""
    found = [ref]
    for frame in reversed(machine.frames):
        if frame.call is None or len(found) == _MOST_CALLS:
            break
        found.append(frame.call[1])
    return tuple(found)


def decisions(machine: Machine, ref: NodeRef, position: int) -> tuple[Decision, ...]:
    """The calls that decide whether the layer that is just being made has a bias.

    `position` is that of the argument in the layer's own call.
    """
    node, keyword = machine.call_node, "bias"
    found: list[Decision] = []
    for frame in reversed(machine.frames):
        if node is None or node.at != ref.at:
            break
        given = _argument(node, keyword, position)
        at = None if given is None else ir.NodeRef(ref.leaf, given.at)
        found.append(Decision(ref, keyword, at))
        param = None if frame.function is None else _parameter(frame.function, node, given, keyword)
        if param is None or frame.call is None:
            break
        keyword, position = param
        node, ref = frame.call
    return tuple(found)


def _argument(node: ir.Call, keyword: str, position: int) -> ir.Expression | None:
    for one in node.args:
        if one.keyword == keyword:
            return one.value
    before = [one for one in node.args[: position + 1] if one.keyword is None and not one.star]
    return before[position].value if 0 <= position < len(before) else None


def _parameter(
    function: Function, node: ir.Call, given: ir.Expression | None, keyword: str
) -> tuple[str, int] | None:
    """The parameter of the function around that a call hands on, and its place among arguments."""
    params = function.node.params
    if given is None:
        stars = [one.value for one in node.args if one.star == "**"]
        names = [one.id for one in stars if isinstance(one, ir.Name)]
        rest = any(one.kind == "double" and one.name in names for one in params)
        return (keyword, -1) if rest else None
    if not isinstance(given, ir.Name):
        return None
    for index, one in enumerate(params):
        if one.name == given.id and one.kind not in ("star", "double"):
            bound = index - _is_method(function)
            return one.name, bound if one.kind != "keyword" else -1
    return None


def _is_method(function: Function) -> bool:
    return function.owner is not None and function.binding is not Binding.STATIC

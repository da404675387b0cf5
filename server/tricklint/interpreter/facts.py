"""What a run saw that a rule may want to speak about.  Places only: wording is the rules' own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from .dims import Shape
from .reshapes import Permutation, Resplit, Verdict
from .values import Origin, Range

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .gradients import Place


class UpdateFault(Enum):
    """What is wrong between two steps of an optimizer."""

    NEVER_CLEARED = "never cleared"
    OTHER_LOSS = "holds gradients of another optimizer's loss"
    ERASED = "cleared between backward and step"
    WIPED = "cleared between the backwards of an accumulation"
    NOT_CALLED = "zero_grad without call"


@dataclass(frozen=True, slots=True)
class Update:
    """An optimizer's step that uses the wrong gradients.

    `at` is where the mistake shows (a backward or a clear); `step` the step that suffers;
    `clear` a clear that comes too early or too late; `earlier` the step or backward whose
    gradients are still there; `first` the first backward of this update.
    """

    fault: UpdateFault
    optimizer: str
    at: NodeRef
    step: NodeRef | None = None
    clear: NodeRef | None = None
    earlier: NodeRef | None = None
    first: Place | None = None


@dataclass(frozen=True, slots=True)
class LossInput:
    """A call of a loss that applies log-softmax itself; `range` is what its input holds.

    `loss` is the function or object as the user writes it.
    """

    at: NodeRef
    loss: str
    range: Range
    origin: Origin


@dataclass(frozen=True, slots=True)
class Reshape:
    """A view or reshape that changes which number stands where."""

    at: NodeRef
    before: Shape
    after: Shape
    verdict: Verdict
    repair: Permutation | None
    resplit: Resplit | None


Fact: TypeAlias = Update | LossInput | Reshape


def places(fact: Fact) -> tuple[NodeRef, ...]:
    """The nodes that a fact speaks of."""
    if isinstance(fact, LossInput):
        return (fact.at, fact.origin.ref)
    if isinstance(fact, Reshape):
        return (fact.at,)
    first = fact.first.ref if fact.first is not None else None
    found = (fact.at, fact.step, fact.clear, fact.earlier, first)
    return tuple(one for one in found if one is not None)

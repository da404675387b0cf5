"""What a run saw that a rule may want to speak about.  Places only: wording is the rules' own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from .dims import Shape
from .reshapes import Permutation, Verdict
from .values import Range

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef


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
    gradients are still there.
    """

    fault: UpdateFault
    optimizer: str
    at: NodeRef
    step: NodeRef | None = None
    clear: NodeRef | None = None
    earlier: NodeRef | None = None


@dataclass(frozen=True, slots=True)
class LossInput:
    """A call of a loss that applies (log-)softmax itself; `range` is what its input holds."""

    at: NodeRef
    loss: str
    range: Range
    origin: NodeRef | None


@dataclass(frozen=True, slots=True)
class Reshape:
    """A view or reshape that changes which number stands where."""

    at: NodeRef
    before: Shape
    after: Shape
    verdict: Verdict
    repair: Permutation | None


Fact: TypeAlias = Update | LossInput | Reshape

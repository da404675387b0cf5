"""What a run saw that a rule may want to speak about.  Places only: wording is the rules' own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, ClassVar

from .reshapes import Permutation, Resplit, Verdict
from .shape import Shape
from .tensors import Origin, Range

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .gradients import Place


class Fact:
    """The base of all facts: frozen, hashable, and equal where they say the same."""

    __slots__ = ()

    # Does it depend on what happens between calls?  Such a fact about a function that something
    # in sight calls counts only where it was seen from a caller.
    BETWEEN_CALLS: ClassVar[bool] = False
    # Does it speak for the code?  Then it counts wherever it was seen.
    EXCUSE: ClassVar[bool] = False

    # Is it a piece of what a rule judges?  Pieces of all ways and all entry points count together.
    PIECE: ClassVar[bool] = False

    # The kind of fact that it denies: it is of no interest where there is none of those.
    DENIES: ClassVar[type[Fact] | None] = None

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of: once one is gone, the fact is."""
        raise NotImplementedError


class UpdateFault(Enum):
    """What is wrong between two steps of an optimizer."""

    NEVER_CLEARED = "never cleared"
    OTHER_LOSS = "holds gradients of another optimizer's loss"
    ERASED = "cleared between backward and step"
    WIPED = "cleared between the backwards of an accumulation"
    NOT_CALLED = "zero_grad without call"


@dataclass(frozen=True, slots=True)
class Update(Fact):
    """An optimizer's step that uses the wrong gradients.

    `at` is where the mistake shows (a backward or a clear); `step` the step that suffers;
    `clear` a clear that comes too early or too late; `earlier` the step or backward whose
    gradients are still there; `first` the first backward of this update.
    """

    BETWEEN_CALLS = True

    fault: UpdateFault
    optimizer: str
    at: NodeRef
    step: NodeRef | None = None
    clear: NodeRef | None = None
    earlier: NodeRef | None = None
    first: Place | None = None

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        first = self.first.ref if self.first is not None else None
        found = (self.at, self.step, self.clear, self.earlier, first)
        return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class LossInput(Fact):
    """A call of a loss that applies log-softmax itself; `range` is what its input holds.

    `loss` is the function or object as the user writes it.
    """

    at: NodeRef
    loss: str
    range: Range
    origin: Origin

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at, self.origin.ref)


@dataclass(frozen=True, slots=True)
class Reshape(Fact):
    """A view or reshape that changes which number stands where."""

    at: NodeRef
    before: Shape
    after: Shape
    verdict: Verdict
    repair: Permutation | None
    resplit: Resplit | None

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at,)


@dataclass(frozen=True, slots=True)
class Shifted(Fact):
    """A view whose order is meant: a part of it is left out, and the rest viewed once more.

    That shifts each row of a matrix by one more entry than the row before.
    """

    EXCUSE = True
    DENIES = Reshape

    at: NodeRef

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at,)


class ClipFault(Enum):
    """Why a clip changes nothing, or the wrong thing."""

    IDLE = "nothing to clip"
    SCALED = "gradients are still scaled"
    OTHER = "parameters of another model"
    SPENT = "an exhausted generator"


@dataclass(frozen=True, slots=True)
class Clip(Fact):
    """A clip that does not do what it is for.

    `step` is the step that suffers or came before; `source` the step, clear, backward or use of
    the generator that explains it; `unscale` comes too late; `scaler` steps for the optimizer,
    which the call `made` has made.
    """

    BETWEEN_CALLS = True

    fault: ClipFault
    at: NodeRef
    step: NodeRef | None = None
    source: NodeRef | None = None
    unscale: NodeRef | None = None
    optimizer: str = ""
    scaler: str = ""
    made: NodeRef | None = None

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        found = (self.at, self.step, self.source, self.unscale, self.made)
        return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class ClipUsed(Fact):
    """A clip whose work a step, or other code, may have used."""

    EXCUSE = True

    at: NodeRef

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at,)


@dataclass(frozen=True, slots=True)
class Recurrent(Fact):
    """An optimizer's step with gradients of a recurrent layer that nothing has clipped.

    `layer` is the call that made the layer, `kind` its class, `steps` over how many steps it is
    surely unrolled; `made` is the call that made the optimizer; `backward` the one whose gradients it uses.
    """

    BETWEEN_CALLS = True

    at: NodeRef
    optimizer: str
    layer: NodeRef
    kind: str
    steps: int | None = None
    made: NodeRef | None = None
    backward: NodeRef | None = None
    scaler: str = ""

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        found = (self.at, self.layer, self.made, self.backward)
        return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class Tended(Fact):
    """A step of an optimizer some of whose gradients something clips, or may."""

    EXCUSE = True

    at: NodeRef

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at,)

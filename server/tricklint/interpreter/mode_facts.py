"""What a run saw of train and eval mode."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from .facts import Fact

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef


class ModeFault(Enum):
    """What is wrong with the mode that a model runs in."""

    EVALUATED_IN_TRAIN_MODE = "evaluated in train mode"
    TRAINED_IN_EVAL_MODE = "trained in eval mode"
    BORN_IN_EVAL_MODE = "trained in the eval mode that it was made in"


@dataclass(frozen=True, slots=True)
class ModeUse(Fact):
    """A forward of a model in the wrong mode.

    `at` is the forward and `model` how it is written there; `set_at` the call that set the mode,
    or that made the model; `trained` the forward that trains it, if that is another one; `loop`
    the innermost loop that both trains and evaluates.
    """

    BETWEEN_CALLS = True

    fault: ModeFault
    model: str
    at: NodeRef
    set_at: NodeRef | None = None
    trained: NodeRef | None = None
    loop: NodeRef | None = None
    returns: bool = False  # is it trained again after this, in the mode that is left then?
    layer: str = field(default="", compare=False)
    loaded: bool = field(default=False, compare=False)

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        found = (self.at, self.set_at, self.trained, self.loop)
        return tuple(one for one in found if one is not None)


class SlipKind(Enum):
    """How code fails to follow the mode, whoever sets it."""

    NOT_CALLED = "train or eval without call"
    FUNCTIONAL = "functional dropout that never asks for the mode"
    MADE_INSIDE = "dropout made in the forward that uses it"


@dataclass(frozen=True, slots=True)
class ModeSlip(Fact):
    """A place that does nothing, or always the same, in either mode.

    `name` is how it is written; `owner` the name of the module in the method around it.
    """

    kind: SlipKind
    at: NodeRef
    name: str
    owner: str = ""

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at,)

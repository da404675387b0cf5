"""Train or eval mode: the mode of each layer that works otherwise in either, and who ran in which.

The mode is kept for each single layer, so a frozen submodule needs no thought; and for each module
of a class in sight, which may hand its own on to a function.  What is not in `Watch.modes` is in a
mode that nobody in sight has set.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ..certainty import Certainty

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .facts import Fact
    from .frames import Loop
    from .values import Instance, Object, Value

Modal: TypeAlias = "Object | Instance"


@dataclass(frozen=True, slots=True)
class Mode:
    """`training` is YES in train mode, NO in eval mode.  Without `at` it is so by creation.

    `time` orders the settings of a run.  `left` is an `eval()` that one path ended with and that
    no path can have undone since; it must not be one for the last turn of a loop only, so what is
    set under a condition counts if that `recurs`.  `chosen` says that there was a choice, such as
    `if train:`, and `backwards` how many there had been.
    """

    training: Certainty
    at: NodeRef | None = None
    loops: tuple[Loop, ...] = ()
    time: int = 0
    recurs: bool = True
    chosen: bool = False
    backwards: int = 0
    left: Mode | None = None

    def join(self, other: Mode) -> Mode:
        """Two paths meet."""
        if self == other:
            return self
        if self.training is other.training and self.training is not Certainty.MAYBE:
            return self if self.time >= other.time else other
        return Mode(Certainty.MAYBE, time=max(self.time, other.time), left=self._left(other))

    def _left(self, other: Mode) -> Mode | None:
        """The eval mode of one path, unless the other path may have set another one later."""
        harms = [one.harm for one in (self, other) if one.harm is not None]
        harm = max(harms, key=lambda one: one.time) if harms else None
        if harm is None:
            return None
        if not harm.recurs:
            return None
        later = [one for one in (self, other) if one.harm is None and one.time > harm.time]
        return None if later else harm

    @property
    def harm(self) -> Mode | None:
        """The `eval()` that this may still be the work of."""
        return self if self.training is Certainty.NO else self.left


BORN_TO_TRAIN = Mode(Certainty.YES)
BORN_TO_EVAL = Mode(Certainty.NO)
UNSET = Mode(Certainty.MAYBE)


@dataclass(eq=False, slots=True)
class Forward:
    """One run of a whole model.  `mode` is that of all its layers that depend on the mode.

    `born` are those that a library made in eval mode.  `measured` and `fed` are what became of
    its output: somebody looks how good it is; a backward starts from it.
    """

    model: Value
    name: str
    ref: NodeRef
    mode: Mode
    layers: tuple[Modal, ...]
    atoms: frozenset[object]
    loops: tuple[Loop, ...]
    turns: tuple[int, ...]  # of those loops
    backwards: int  # before it
    no_grad: bool
    input: Value | None
    learned: NodeRef | None
    loaded: bool
    born: tuple[Modal, ...] = ()
    measured: bool = False
    fed: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """What was done with a model: its last forward that a backward may start from, and since.

    `learned` is a training forward of it that a step followed.
    """

    forward: Forward | None = None
    fed: bool = False
    learned: NodeRef | None = None
    loaded: bool = False

    def join(self, other: Use) -> Use:
        """Two paths meet: it has learned if it may have, it was loaded if that is certain."""
        forward = self.forward or other.forward
        if self.forward is not None and other.forward is not None:
            same = self.forward.mode.training is other.forward.mode.training
            forward = self.forward if same else None
        learned = self.learned or other.learned
        loaded = self.loaded and other.loaded
        return Use(forward, self.fed and other.fed, learned, loaded)


FRESH_USE = Use()


@dataclass(slots=True)
class Watch:
    """What one run knows of modes.  `modes` and `uses` are cells of the store."""

    modes: dict[Any, Mode] = field(default_factory=dict[Any, Mode])  # by layer or module
    uses: dict[Any, Use] = field(default_factory=dict[Any, Use])  # by model
    quiet: dict[str, int] = field(default_factory=dict[str, int])  # when escaped ones were unset
    # The rest only grows: it counts what happened on any path.
    ran: list[Forward] = field(default_factory=list[Forward])
    outputs: dict[Value, frozenset[Forward]] = field(default_factory=dict[Any, Any])
    trained: set[Loop] = field(default_factory=set[Any])  # loops in which a backward ran
    sources: set[Value] = field(default_factory=set[Any])  # what such loops run over
    escaped: set[Modal] = field(default_factory=set[Any])  # layers that code out of sight holds
    uncalled: dict[Value, Fact] = field(default_factory=dict[Any, Any])  # `model.eval` alone
    touched: list[tuple[Modal, Mode]] | None = None  # by the forward that is running
    inside: dict[Value, Value] = field(default_factory=dict[Any, Any])  # made in a forward of
    lost: bool = False  # a part of that forward could not be followed
    backwards: int = 0
    aside: int = 0  # inside of a choice, or of a generator that may run later
    time: int = 0

    def inherit(self) -> Watch:
        """For code that runs at any later time: every mode may have changed until then."""
        return Watch(modes=dict.fromkeys(self.modes, UNSET))

    def goes_on(self) -> Watch:
        """For code that runs right behind this."""
        return Watch(
            modes=dict(self.modes),
            uses=dict(self.uses),
            sources=set(self.sources),
            escaped=set(self.escaped),
            backwards=self.backwards,
            time=self.time,
        )

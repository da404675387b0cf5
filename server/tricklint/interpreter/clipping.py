"""Where one atom's gradients stand with regard to clipping, and what each event does to that.

A clip counts only if a step uses the gradients that it had in hand.  So each clip collects
evidence: it did nothing here (`idle`), or a step may have used its work there (`clips`).  As in
`gradients`, innocence on one path wins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .gradients import Place
    from .values import Value

_NO_CLIPS: frozenset[NodeRef] = frozenset()


class Era:
    """A stretch of a run in which no code out of sight was called for its effects alone.

    Such a call may run a backward, so what was sure before it is not sure behind it.
    """

    __slots__ = ()


class Idle(NamedTuple):
    """The step or clear since which there is nothing to clip, for as long as the era lasts.

    `by` is set where the optimizer is only supposed to own the atom: nothing is known of either.
    """

    at: Place
    era: Era | None
    by: Value | None = None


class Wasted(NamedTuple):
    """A clip that had nothing to clip, if the atom belongs to the optimizer `by`."""

    clip: Place
    by: Value | None


@dataclass(frozen=True, slots=True)
class Spent:
    """What used up a generator of parameters."""

    ref: NodeRef


@dataclass(frozen=True, slots=True)
class Early:
    """A clip of gradients that a GradScaler had scaled and nobody had unscaled."""

    clip: Place
    backward: Place


@dataclass(frozen=True, slots=True)
class Clipping:
    """One atom."""

    idle: Idle | None = None
    live: bool = False  # a backward may have come since the last step or clear
    used: Place | None = None  # the last step, if nothing came behind it but clears
    clips: frozenset[NodeRef] = _NO_CLIPS  # those that the gradients may have gone through
    wasted: Wasted | None = None  # before the next step
    scaled: Place | None = None  # the backward of a scaled loss
    surely_scaled: bool = False
    unscaled: bool = False  # may have been, since
    early: Early | None = None
    tended: bool = False  # for good: something clips these gradients, or may

    def backward(self, at: Place, scaled: bool) -> Clipping:
        """Gradients are added."""
        return replace(
            self,
            idle=None,
            live=True,
            used=None,
            scaled=at if scaled else None,
            surely_scaled=scaled,
            unscaled=False,
        )

    def clear(self, at: Place, era: Era | None, by: Value | None = None) -> Clipping:
        """Surely zeroed."""
        idle = Idle(at, era, by)
        return Clipping(idle, used=self.used, wasted=self.wasted, tended=self.tended)

    def step(self, at: Place, era: Era | None, by: Value | None = None) -> Clipping:
        """The optimizer used them."""
        return Clipping(Idle(at, era, by), used=at, tended=self.tended)

    def touch(self) -> Clipping:
        """Code out of sight or the user's own had them in hand: it may have done anything."""
        return Clipping(live=True, clips=self.clips, unscaled=True, tended=True)

    def is_idle(self, era: Era | None) -> bool:
        """Is there surely nothing to clip?"""
        return self.idle is not None and self.idle.era is era

    def clip(self, at: Place, is_idle: bool, is_fixed: bool) -> Clipping:
        """`clip_grad_norm_` or the like, to a bound that knows of no scale if it is fixed."""
        if is_idle:
            by = self.idle.by if self.idle is not None else None
            return replace(self, wasted=Wasted(at, by), tended=True)
        live = self.live or self.idle is not None
        early = None
        if is_fixed and self.scaled is not None and self._is_scaled_at(at):
            early = Early(at, self.scaled)
        clips = self.clips | {at.ref} if live else self.clips
        return replace(self, clips=clips, early=self.early or early, tended=True)

    def _is_scaled_at(self, at: Place) -> bool:
        """A condition around the clip may be the one that says whether a scaler is in use."""
        return not self.unscaled and (self.surely_scaled or not at.conditional)

    def unscale(self) -> Clipping:
        """Divided by the scale again."""
        return replace(self, unscaled=True, early=None)

    def join(self, other: Clipping) -> Clipping:
        """Two paths meet."""
        if self == other:
            return self
        same = self.idle is not None and other.idle is not None and self.idle.era is other.idle.era
        return Clipping(
            idle=self.idle if same else None,
            live=self.live or other.live,
            used=self.used or other.used if same else None,
            clips=self.clips | other.clips,
            wasted=self.wasted or other.wasted,
            scaled=self.scaled or other.scaled,
            surely_scaled=self.surely_scaled and other.surely_scaled,
            unscaled=self.unscaled or other.unscaled,
            early=self.early or other.early,
            tended=self.tended or other.tended,
        )


UNCLIPPED = Clipping()

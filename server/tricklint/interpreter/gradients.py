"""The state of one atom's gradients, and what each event does to it.

The join is asymmetric on purpose: harm may be on one path, innocence may be on one path, and
innocence wins.  `cleared` counts a clear that only *may* have happened and is reset by a step:
so a clear in another branch, in unknown code or before the loop is judged without any reasoning
about conditions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from .clipping import UNCLIPPED, Clipping

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .clipping import Era
    from .frames import Loop


class Place(NamedTuple):
    """Where an event happened: its call, the innermost loop run and turn, the conditions in it.

    `periodic` says that one of those conditions is of the form `i % k == 0`; `certain`, of a
    backward, that the loss surely reaches the atom.
    """

    ref: NodeRef
    loop: Loop | None
    turn: int
    conditional: bool
    periodic: bool
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Wipe:
    """A certain clear that threw away gradients of `backward` in the same run of a loop."""

    clear: Place
    backward: Place


@dataclass(frozen=True, slots=True)
class Gradients:
    """One atom.  The places are there for notes and for the finding itself."""

    stepped: Place | None = None  # stepped and not surely cleared since
    cleared: bool = False  # a clear may have come since the last step
    pending: Place | None = None  # the last backward that has not been used or cleared
    first: Place | None = None  # the first such backward of the running turn of the loop
    dirty: Place | None = None  # a backward was added to used gradients
    leaked: Place | None = None  # pending while another optimizer stepped
    served: bool = False  # another optimizer has used the pending backward
    erased: Wipe | None = None  # pending gradients were surely cleared
    wiped: Wipe | None = None  # the same, kept through further backwards
    frozen: bool = False  # takes no gradients
    last_clear: Place | None = None  # the clear before the last step, for a note
    clip: Clipping = UNCLIPPED

    def backward(self, at: Place, scaled: bool = False) -> Gradients:
        """Gradients are added; `scaled` by a GradScaler."""
        if self.frozen:  # perhaps in part only
            return replace(self, clip=self.clip.backward(at, scaled))
        leak = at.certain and self.leaked is not None
        stale = not self.cleared and (self.stepped is not None or leak)
        return replace(
            self,
            pending=at,
            first=self.first if self._goes_on(at) else at,
            dirty=at if stale else self.dirty,
            erased=None,
            served=False,
            clip=self.clip.backward(at, scaled),
        )

    def _goes_on(self, at: Place) -> bool:
        """Does this backward belong to the update that the pending one began?"""
        return self.pending is not None and not self.served and _same_turn(self.first, at)

    def clear(self, at: Place, era: Era | None) -> Gradients:
        """Surely zeroed."""
        lost = Wipe(at, self.pending) if self.pending and not self.served else None
        return Gradients(
            cleared=True,
            erased=lost or self.erased,
            wiped=lost or self.wiped,
            frozen=self.frozen,
            last_clear=at,
            clip=self.clip.clear(at, era),
        )

    def may_clear(self) -> Gradients:
        """Perhaps zeroed, perhaps written: nothing can be said until the next step."""
        return replace(
            self,
            cleared=True,
            pending=None,
            dirty=None,
            leaked=None,
            erased=None,
            wiped=None,
            clip=self.clip.touch(),
        )

    def look(self) -> Gradients:
        """The user's own code reads them: a later clear throws nothing away."""
        return replace(self, pending=None, erased=None, wiped=None, clip=self.clip.touch())

    def step(self, at: Place, era: Era | None) -> Gradients:
        """The optimizer used them."""
        return Gradients(
            stepped=at,
            frozen=self.frozen,
            last_clear=self.last_clear,
            clip=self.clip.step(at, era),
        )

    def freeze(self, frozen: bool) -> Gradients:
        """`requires_grad` is set."""
        return Gradients(frozen=frozen, clip=self.clip)

    def other_step(self) -> Gradients:
        """Another optimizer stepped while these were pending: are they left over from its loss?"""
        if self.pending is None:
            return self if self.wiped is None else replace(self, wiped=None)
        if self.frozen or not self.pending.certain:
            return replace(self, wiped=None, served=True)
        return replace(self, leaked=self.pending, cleared=False, wiped=None, served=True)

    def join(self, other: Gradients) -> Gradients:
        """Two paths meet."""
        if self == other:
            return self
        cleared = self.cleared or other.cleared
        return Gradients(
            stepped=self.stepped or other.stepped,
            cleared=cleared,
            pending=self.pending or other.pending,
            first=self.first or other.first,
            dirty=self._dirty_with(other),
            leaked=None if cleared else self.leaked or other.leaked,
            served=self.served or other.served,
            erased=self.erased if self.erased and other.erased else None,
            wiped=self.wiped if self.wiped and other.wiped else None,
            frozen=self.frozen or other.frozen,
            last_clear=self.last_clear or other.last_clear,
            clip=self.clip.join(other.clip),
        )

    def _dirty_with(self, other: Gradients) -> Place | None:
        """Where one of the paths has cleared them behind the backward, the step may be right."""
        if any(one.cleared and one.dirty is None for one in (self, other)):
            return None
        return self.dirty or other.dirty


def _same_turn(first: Place | None, now: Place) -> bool:
    return first is not None and first.loop is now.loop and first.turn == now.turn


FRESH = Gradients()

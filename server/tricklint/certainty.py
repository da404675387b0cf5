"""Three-valued answers: what is known to hold, known not to hold, or not known."""

from __future__ import annotations

from enum import Enum


class Certainty(Enum):
    """The answer to a question about the user's program.  Unknown is MAYBE."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"

    def __and__(self, other: Certainty) -> Certainty:
        """Both hold."""
        if Certainty.NO in (self, other):
            return Certainty.NO
        return Certainty.YES if self is other is Certainty.YES else Certainty.MAYBE

    def __or__(self, other: Certainty) -> Certainty:
        """At least one holds."""
        if Certainty.YES in (self, other):
            return Certainty.YES
        return Certainty.NO if self is other is Certainty.NO else Certainty.MAYBE

    def __invert__(self) -> Certainty:
        """The opposite holds."""
        return _OPPOSITE[self]

    def join(self, other: Certainty) -> Certainty:
        """The answer after two paths meet: known only where both agree."""
        return self if self is other else Certainty.MAYBE


_OPPOSITE = {
    Certainty.YES: Certainty.NO,
    Certainty.MAYBE: Certainty.MAYBE,
    Certainty.NO: Certainty.YES,
}

"""What became of the static findings: confirmed, refuted, or not reached."""

from __future__ import annotations

from .checks.check import Check
from .events import Answer
from .job import Suspect

_TWICE = 2  # once may be the exception


class Agreement(Check):
    """Answers at the end."""

    def at_end(self) -> None:
        """One answer for each static finding."""
        for index, suspect in enumerate(self.session.job.suspects):
            self.session.channel.send(Answer(index, self._answer(suspect)))

    def _answer(self, suspect: Suspect) -> str:
        seen = [place for code, place in self.session.places if code == suspect.code]
        if any(_within(place.path, place.line, suspect) for place in seen):
            return "confirmed"
        # Refuted by this very line only, and never while the same mistake was seen elsewhere:
        # both may speak of one object.
        if any(place.path == suspect.path for place in seen):
            return "not reached"
        for (code, mark), count in self.session.denied.items():
            place = mark.place()
            often = code == suspect.code and count >= _TWICE
            if often and _within(place.path, place.line, suspect):
                return "refuted"
        return "not reached"


def _within(path: str, line: int, suspect: Suspect) -> bool:
    return path == suspect.path and suspect.line <= line <= suspect.end_line

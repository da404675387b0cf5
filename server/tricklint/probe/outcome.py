"""What came of a probe."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from tricklint.finding import Finding, Note, Position, Severity, Span
from tricklint.probe.runner.events import (
    Answer,
    End,
    Event,
    FileRan,
    Found,
    Hello,
    Judged,
    LoaderSeen,
    Place,
    Pulse,
    Redirected,
    SideEffect,
    Step,
)
from tricklint.probe.runner.verdict import INCONCLUSIVE, NOT_APPLICABLE


class How(Enum):
    """How the run ended."""

    FINISHED = "finished"
    FAILED = "failed"  # the script raised something
    REFUSED = "refused"
    TIMED_OUT = "timed out"
    OUT_OF_MEMORY = "out of memory"
    WROTE_TOO_MUCH = "wrote too much"
    KILLED = "killed"  # it died without a word
    CANCELLED = "cancelled"


class Agreed(Enum):
    """What a run says of a static finding."""

    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    NOT_REACHED = "not reached"


# Words of a verdict that say that something is wrong.
UNJUDGED = frozenset((NOT_APPLICABLE, INCONCLUSIVE))
BAD = frozenset(("stuck", "plateau", "diverged", "negative loss", "floor of softmax"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that is known at the end."""

    how: How
    error: str
    hint: str
    place: Span | None  # of the error, or where it stood when it was ended
    hello: Hello | None
    verdict: Judged | None
    findings: tuple[Finding, ...]
    answers: tuple[tuple[Finding, Agreed], ...]
    loaders: tuple[LoaderSeen, ...]
    redirected: tuple[Redirected, ...]
    effects: tuple[SideEffect, ...]
    files: tuple[str, ...]  # of the user, that ran
    losses: tuple[tuple[int, float | None], ...]
    output: str  # the end of what the script printed
    seconds: float
    malformed: int = 0  # events that were none

    @property
    def bad(self) -> bool:
        """Whether the verdict says that something is wrong."""
        return self.verdict is not None and self.verdict.verdict in BAD

    @property
    def answers_here(self) -> list[tuple[Finding, Agreed]]:
        """What is to be said of the static findings: those of files that ran."""
        return [one for one in self.answers if one[0].span.path in self.files]

    @property
    def ran(self) -> bool:
        """Whether the script could be run; one that had its verdict may end as it likes."""
        if self.how is How.FINISHED:
            return True
        if self.verdict is None or self.how is How.CANCELLED:
            return False
        judged = self.verdict.verdict not in UNJUDGED
        return self.verdict.steps > 0 and (judged or self.how is not How.FAILED)


_MOST = 500  # events of one kind that are kept
_Kind = TypeVar("_Kind", bound=Event)


class Collector:
    """Gathers the events of a run, whatever order they come in."""

    def __init__(self, suspects: tuple[Finding, ...]) -> None:
        self._suspects = suspects
        self._events: dict[type[Event], list[Event]] = {}
        self._findings: list[Finding] = []

    def take(self, event: Event) -> None:
        """One event; ValueError if it makes no sense.  A flood of them is cut."""
        if isinstance(event, Found):
            self._findings.append(finding(event))
        if isinstance(event, Answer):
            Agreed(event.answer)
        kept = self._events.setdefault(type(event), [])
        if isinstance(event, Pulse):
            kept.clear()  # only the last one matters
        if len(kept) < _MOST:
            kept.append(event)

    def all(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        """The events of one kind."""
        return tuple(one for one in self._events.get(kind, ()) if isinstance(one, kind))

    def last(self, kind: type[_Kind]) -> _Kind | None:
        """The last event of one kind."""
        found = self.all(kind)
        return found[-1] if found else None

    def outcome(self, how: How, error: str, output: str, seconds: float, malformed: int) -> Outcome:
        """What it comes to.  A run without an end of its own ended where it last was."""
        end, pulse = self.last(End), self.last(Pulse)
        if how is How.FINISHED and end is not None:
            how, error = How(end.why), end.error
        place = end.place if end else pulse.place if pulse else None
        answers = {one.index: Agreed(one.answer) for one in self.all(Answer)}
        return Outcome(
            how=how,
            error=error,
            hint=end.hint if end else "",
            place=span(place) if place else None,
            hello=self.last(Hello),
            verdict=self.last(Judged),
            findings=tuple(self._findings[:_MOST]),
            answers=tuple(
                (suspect, answers.get(index, Agreed.NOT_REACHED))
                for index, suspect in enumerate(self._suspects)
            ),
            loaders=self.all(LoaderSeen),
            redirected=self.all(Redirected),
            effects=self.all(SideEffect),
            files=tuple(one.path for one in self.all(FileRan)),
            losses=tuple((one.number, one.loss) for one in self.all(Step)),
            output=output,
            seconds=seconds,
            malformed=malformed,
        )


def span(place: Place) -> Span:
    """The place of an event as a span."""
    return Span(
        place.path, Position(place.line, place.column), Position(place.line, place.end_column)
    )


def finding(event: Found) -> Finding:
    """What was seen, as a finding like those of the rules."""
    notes = tuple(Note(span(one.place), one.message) for one in event.notes)
    severity = Severity(event.severity)
    return Finding(event.code, event.name, event.message, span(event.place), severity, notes)

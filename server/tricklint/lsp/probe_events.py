"""What a probe says, as an editor that shows it live is told.

Lines count from 0.  All texts are the user's own, or come from the user's code: whoever shows them
shows them as plain text.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from tricklint.finding import Finding
from tricklint.probe.outcome import Outcome, finding
from tricklint.probe.runner.events import (
    Event,
    Found,
    Hello,
    Judged,
    LoaderSeen,
    PhaseBegan,
    Pulse,
    Redirected,
    SideEffect,
    Step,
)
from tricklint.probe.words import PHASES

Message: TypeAlias = dict[str, Any]

EVENTS = "tricklint/probe"
_MOST = 500  # events that wait; a flood is cut


class Heard:
    """Events on their way from the thread that listens to the loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Event] = []

    def hear(self, event: Event) -> None:
        """Take one, in whatever thread."""
        with self._lock:
            if len(self._waiting) < _MOST:
                self._waiting.append(event)

    def drain(self) -> list[Event]:
        """All that came since the last time."""
        with self._lock:
            events, self._waiting = self._waiting, []
        return events


def messages(events: Iterable[Event]) -> list[Message]:
    """Those that an editor is told of."""
    return [found for event in events if (found := message(event))]


def message(event: Event) -> Message | None:
    """One event for an editor; None where it is none of its business."""
    match event:
        case Hello(torch=torch, python=python, device=device):
            return {"kind": "hello", "torch": torch, "python": python, "device": device}
        case PhaseBegan(name=name):
            return {"kind": "phase", "name": name, "text": PHASES.get(name, "running")}
        case Pulse(place=place):
            where = {"uri": _uri(place.path), "line": place.line} if place else {}
            return {"kind": "pulse", **where}
        case LoaderSeen(role=role, shapes=shapes, seconds=seconds):
            return {"kind": "loader", "role": role, "shapes": shapes, "seconds": seconds}
        case Step(number=number, loss=loss):
            return {"kind": "step", "number": number, "loss": loss}
        case Found():
            return {"kind": "finding", **_finding(finding(event))}
        case Redirected(what=what, path=path):
            return {"kind": "redirect", "what": what, "path": path}
        case SideEffect(what=what, detail=detail):
            return {"kind": "effect", "what": what, "detail": detail}
        case Judged():
            return {"kind": "verdict", **_verdict(event)}
        case _:
            return None


def replay(outcome: Outcome) -> Iterator[Message]:
    """The messages of a run that is over."""
    events: list[Event] = [outcome.hello] if outcome.hello else []
    events += outcome.loaders
    events += (Step(*one) for one in outcome.losses)
    events += (*outcome.redirected, *outcome.effects)
    yield from messages(events)
    yield from ({"kind": "finding", **_finding(one)} for one in outcome.findings)


def end(outcome: Outcome) -> Message:
    """The last message: what it came to."""
    return {
        "kind": "end",
        "how": outcome.how.value,
        "ran": outcome.ran,
        "bad": outcome.bad,
        "error": outcome.error,
        "hint": outcome.hint,
        "seconds": outcome.seconds,
        "verdict": _verdict(outcome.verdict) if outcome.verdict else None,
        "answers": [
            {"answer": answer.value, **_finding(one)} for one, answer in outcome.answers_here
        ],
        "output": outcome.output[-4000:],
    }


def failed(error: str) -> Message:
    """The last message where there was no run to speak of."""
    return {
        "kind": "end", "how": "failed", "ran": False, "bad": False, "error": error, "hint": "",
        "seconds": 0.0, "verdict": None, "answers": [], "output": "", "cached": False,
    }  # fmt: skip


def told(event: Event, script: str) -> str | None:
    """An event in a few words, for a bar of progress."""
    match event:
        case PhaseBegan(name=name):
            return PHASES.get(name, "running")
        case Step(number=number, loss=loss):
            shown = "no number" if loss is None else f"{loss:.4g}"
            return f"{PHASES['training']}: step {number}, loss {shown}"
        case Pulse(phase=phase, place=place) if place is not None:
            name = os.path.basename(place.path)
            return f"{PHASES.get(phase, 'running')}: {name}:{place.line + 1}"
        case Pulse(phase=phase):
            return f"{PHASES.get(phase, 'running')}: {os.path.basename(script)}"
        case _:
            return None


def _verdict(verdict: Judged) -> Message:
    return {
        "word": verdict.verdict,
        "sentence": verdict.sentence,
        "steps": verdict.steps,
        "curve": list(verdict.curve),  # all of it; live there are only some steps of a second
        "floor": verdict.floor,
        "accuracy": verdict.accuracy,
    }


def _finding(one: Finding) -> Message:
    return {
        "code": one.code,
        "name": one.name,
        "severity": one.severity.value,
        "message": one.message,
        "uri": _uri(one.span.path),
        "line": one.span.start.line,
    }


def _uri(path: str) -> str:
    # The path comes from the user's process.
    return Path(path).as_uri() if os.path.isabs(path) and "\0" not in path else ""

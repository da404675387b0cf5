"""The run as a whole: its phase, its listeners, and how it comes to an end."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .channel import Channel
from .events import End, FileRan, Found, NoteAt, PhaseBegan, Place
from .job import Job
from .places import Mark, users_files

if TYPE_CHECKING:
    from .checks.check import Check, Problem

_PATIENCE = 6  # how often a script may swallow the end before it is ended from below


class Done(BaseException):
    """Enough was seen."""


class Phase:
    """What the script is doing."""

    START = "start"
    TRAINING = "training"
    EVALUATION = "evaluation"  # the verdict is there; what comes after the training runs
    AGAIN = "again"  # one more step of training
    END = "end"


class Session:
    """Knows the checks, and what was reported."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.channel = Channel(job.channel)
        self.phase = Phase.START
        self.steps = 0  # backward passes so far
        self.busy = False  # our own code runs the user's model: nothing is to be noted
        self.checks: list[Check] = []
        self.found: set[tuple[str, str, object]] = set()
        self.denied: dict[tuple[str, Mark], int] = {}
        self.places: list[tuple[str, Place]] = []
        self.began = time.monotonic()
        self.trained: float | None = None  # when the training began
        self._stopping = False
        self._swallowed = 0
        self._ended = False

    def enter(self, phase: str) -> None:
        """Begin a phase."""
        if phase != self.phase:
            self.phase = phase
            self.channel.send(PhaseBegan(phase))

    @property
    def late(self) -> bool:
        """Whether the time for the training is over."""
        return time.monotonic() - (self.trained or self.began) > self.job.seconds

    def tell(self, event: str, *arguments: Any) -> None:
        """Call the method of this name of all checks; one that fails is left out from now on."""
        if self.busy:
            return
        for check in list(self.checks):
            act = getattr(check, event, None)
            if act is None:
                continue
            try:
                act(*arguments)
            except Exception as error:
                self.checks.remove(check)
                if os.environ.get("TRICKLINT_PROBE_STRICT"):
                    raise
                sys.stderr.write(f"tricklint: {type(check).__name__}: {error!r}\n")

    @contextmanager
    def unwatched(self) -> Any:
        """What runs within is ours."""
        self.busy = True
        try:
            yield
        finally:
            self.busy = False

    def report(
        self,
        problem: Problem,
        mark: Mark | None,
        message: str,
        notes: Iterable[tuple[Mark | None, str]] = (),
        severity: str = "",
    ) -> None:
        """Say once for each line that something is wrong there."""
        if mark is None:
            return
        place = mark.place()
        key = (problem.name, place.path, place.line)
        if key in self.found:
            return
        self.found.add(key)
        self.places.append((problem.code, place))
        for other, _ in notes:
            if other is not None:
                self.places.append((problem.code, other.place()))
        beside = tuple(NoteAt(one.place(), text) for one, text in notes if one is not None)
        self.channel.send(
            Found(problem.code, problem.name, severity or problem.severity, message, place, beside)
        )

    def deny(self, problem: Problem, mark: Mark | None) -> None:
        """Note that the opposite of a problem was seen at a line."""
        if mark is not None:
            key = (problem.code, mark)
            self.denied[key] = self.denied.get(key, 0) + 1

    def stop(self) -> None:
        """End the run, here and now."""
        self._stopping = True
        raise Done

    def go_on(self) -> None:
        """Insist on an end that the script swallowed."""
        if not self._stopping or threading.current_thread() is not threading.main_thread():
            return
        self._swallowed += 1
        if self._swallowed > _PATIENCE:
            self.finish("finished")
            os._exit(0)
        raise Done

    def finish(self, why: str, error: str = "", hint: str = "", mark: Mark | None = None) -> None:
        """Say what there is to say at the end, once."""
        if self._ended:
            return
        self._ended = True
        self.tell("at_end")
        for path in users_files():
            self.channel.send(FileRan(path))
        self.enter(Phase.END)
        seconds = time.monotonic() - self.began
        place = mark.place() if mark else None
        self.channel.send(End(why, error, hint, place, seconds))

"""What the terminal shows while a probe runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from tricklint.probe.runner.events import Event, PhaseBegan, Pulse, Step
from tricklint.probe.words import PHASES
from tricklint.report.foreign import escape
from tricklint.report.summary import shown_path


class Live:
    """A bar on standard error, where that is a terminal; Ctrl-C cancels the probe."""

    def __init__(self) -> None:
        self._interrupted = False
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[more]}", markup=False),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._progress.add_task(PHASES["start"], total=None, more="")

    @contextmanager
    def shown(self) -> Generator[None]:
        """Show it, and take it away in the end."""
        before = signal.signal(signal.SIGINT, self._interrupt)
        try:
            with self._progress:
                yield
        finally:
            signal.signal(signal.SIGINT, before)

    def show(self, event: Event) -> None:
        """Take in what is new."""
        match event:
            case PhaseBegan():
                self._progress.update(
                    self._task, description=PHASES.get(event.name, "running"), more=""
                )
            case Step():
                loss = "no number" if event.loss is None else f"{event.loss:.4g}"
                self._progress.update(self._task, more=f"step {event.number}, loss {loss}")
            case Pulse(place=place) if place is not None:
                name = escape(shown_path(place.path))
                self._progress.update(self._task, more=f"{name}:{place.line + 1}")
            case _:
                pass

    def cancelled(self) -> bool:
        """Whether the user wants it to end."""
        return self._interrupted

    def _interrupt(self, *_: object) -> None:
        self._interrupted = True

"""Starts the runner in a process of its own, listens to it, and sees to its end.

The limits are held from outside, for nothing within the user's process can be trusted to.
"""

from __future__ import annotations

import json
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass

from tricklint.probe.lock import locked
from tricklint.probe.outcome import Collector, How, Outcome
from tricklint.probe.processes import Family, machine_memory
from tricklint.probe.request import Request
from tricklint.probe.runner.events import (
    LINE_LIMIT,
    End,
    Event,
    FolderMade,
    MalformedError,
    decode,
)
from tricklint.probe.runner.job import Job, Suspect

_HERE = os.path.dirname(os.path.abspath(__file__))
RUNNER = os.path.join(_HERE, "runner")
GUARD = os.path.join(_HERE, "guard.py")
_LOOK = 0.25  # seconds between two looks at the memory
_OUTPUT = 64_000  # bytes of the output that are kept, the last ones
_EVENT_BYTES = 64 << 20  # of all events together


def run(
    request: Request,
    listen: Callable[[Event], None] = lambda _: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Outcome:
    """Run the probe to its end; BusyError if another one runs in such a folder."""
    with ExitStack() as stack:
        for root in request.roots:
            stack.enter_context(locked(root))
        scratch = stack.enter_context(_scratch())
        watch = stack.enter_context(_started(request, scratch, listen))
        how, error = watch.until_the_end(cancelled)
        return watch.outcome(how, error)
    raise AssertionError  # the stack suppresses nothing


@contextmanager
def _scratch() -> Generator[str]:
    folder = os.path.realpath(tempfile.mkdtemp(prefix="tricklint-probe-"))
    try:
        for name in ("files", "tmp"):
            os.mkdir(os.path.join(folder, name))
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(request: Request, scratch: str, listen: Callable[[Event], None]) -> Generator[_Watch]:
    """The running child, ended together with all that it started."""
    events, channel = os.pipe()
    try:
        job = os.path.join(scratch, "job.json")
        with open(job, "w", encoding="utf-8") as file:
            json.dump(asdict(_job(request, scratch, channel)), file)
        child = subprocess.Popen(  # noqa: S603  (running it is what was asked for)
            [request.python, RUNNER, job],
            cwd=request.cwd,
            env=_environment(scratch, os.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(channel,),
            start_new_session=True,
        )
    except BaseException:
        for descriptor in (events, channel):
            os.close(descriptor)
        raise
    os.close(channel)
    family = Family(child)
    watch = _Watch(request, scratch, child, family, events, listen)
    guard = subprocess.Popen(  # noqa: S603  (our own file)
        [sys.executable, "-I", "-S", GUARD, str(child.pid), scratch],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield watch
    finally:
        family.end()
        guard.communicate(b"well")
        assert child.stdout is not None
        child.stdout.close()
        os.close(events)
        watch.remove_folders()


def _job(request: Request, scratch: str, channel: int) -> Job:
    suspects = tuple(
        Suspect(one.code, one.span.path, one.span.start.line, one.span.end.line)
        for one in request.suspects
    )
    limits = request.limits
    return Job(
        script=request.script,
        arguments=request.arguments,
        module=request.module,
        source=request.source,
        roots=request.roots,
        scratch=scratch,
        channel=channel,
        steps=limits.steps,
        seconds=limits.training_seconds,
        device=request.device,
        observe=request.observe,
        file_bytes=limits.file_bytes,
        suspects=suspects,
    )


def _environment(scratch: str, outer: Mapping[str, str]) -> dict[str, str]:
    """The user's own, with what keeps trackers quiet and leaves no compiled files."""
    return {
        **outer,
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUNBUFFERED": "1",
        "MPLBACKEND": "Agg",
        "WANDB_MODE": "disabled",
        "COMET_MODE": "DISABLED",
        "MLFLOW_TRACKING_URI": f"file:{scratch}/mlruns",
        "TMPDIR": os.path.join(scratch, "tmp"),
    }


@dataclass(slots=True)
class _Lines:
    """Cuts a stream of bytes into lines; one that never ends is thrown away."""

    rest: bytes = b""
    broken: int = 0

    def feed(self, data: bytes) -> list[bytes]:
        *lines, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > LINE_LIMIT:
            self.rest = b""
            self.broken += 1
        return lines


class _Watch:
    """Reads what the child says and looks at what it takes, in turn."""

    def __init__(  # noqa: PLR0913, PLR0917  (what a running child consists of)
        self,
        request: Request,
        scratch: str,
        child: subprocess.Popen[bytes],
        family: Family,
        events: int,
        listen: Callable[[Event], None],
    ) -> None:
        self._request = request
        self._scratch = scratch
        self._child = child
        self._family = family
        self._events = events
        self._listen = listen
        self._collected = Collector(request.suspects)
        self._lines = _Lines()
        self._output = b""
        self._read = 0
        self._began = time.monotonic()
        self._looked = 0.0
        self._memory = request.limits.memory or machine_memory() * 3 // 4

    def until_the_end(self, cancelled: Callable[[], bool]) -> tuple[How, str]:
        """Watch until the child ends, or has to be ended."""
        assert self._child.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self._events, selectors.EVENT_READ, self._take_events)
            selector.register(self._child.stdout.fileno(), selectors.EVENT_READ, self._take_output)
            while True:
                for key, _ in selector.select(0.05):
                    data = os.read(key.fd, 65536)
                    if data:
                        key.data(data)
                    else:
                        selector.unregister(key.fd)
                if self._child.poll() is not None:
                    self._drain(selector)
                    return self._natural_end()
                over = (How.CANCELLED, "") if cancelled() else self._over()
                if over is not None:
                    return over

    def outcome(self, how: How, error: str) -> Outcome:
        """All that is known."""
        output = self._output.decode("utf-8", "replace")
        seconds = time.monotonic() - self._began
        return self._collected.outcome(how, error, output, seconds, self._lines.broken)

    def remove_folders(self) -> None:
        """Folders that the script made for what was written elsewhere are empty."""
        for path in sorted(
            (one.path for one in self._collected.all(FolderMade)), key=len, reverse=True
        ):
            with suppress(OSError):
                place = os.path.realpath(path) + os.sep
                if place.startswith(tuple(one + os.sep for one in self._request.roots)):
                    os.rmdir(path)

    def _take_events(self, data: bytes) -> None:
        self._read += len(data)
        for line in self._lines.feed(data):
            try:
                event = decode(line)
                self._collected.take(event)
            except (MalformedError, ValueError):
                self._lines.broken += 1
                continue
            self._listen(event)

    def _take_output(self, data: bytes) -> None:
        self._output = (self._output + data)[-_OUTPUT:]

    def _drain(self, selector: selectors.BaseSelector) -> None:
        """Read what still stands in the pipes; a grandchild may hold them open for ever."""
        while ready := selector.select(0):
            for key, _ in ready:
                data = os.read(key.fd, 65536)
                if data:
                    key.data(data)
                else:
                    selector.unregister(key.fd)
            if not selector.get_map() or time.monotonic() - self._began > self._latest:
                return

    @property
    def _latest(self) -> float:
        return self._request.limits.seconds

    def _natural_end(self) -> tuple[How, str]:
        status = self._child.returncode
        if self._collected.last(End) is not None:
            return How.FINISHED, ""
        if status < 0:
            return How.KILLED, f"the process was ended by signal {-status}"
        return How.KILLED, f"the process ended with status {status} and without a word"

    def _over(self) -> tuple[How, str] | None:
        """Whether a limit is reached."""
        now = time.monotonic()
        if now - self._began > self._latest:
            return How.TIMED_OUT, f"still running after {self._latest:.0f} seconds"
        if self._read > _EVENT_BYTES:
            return How.WROTE_TOO_MUCH, "a flood of events"
        if now - self._looked < _LOOK:
            return None
        self._looked = now
        held = self._family.memory()
        if held > self._memory:
            return How.OUT_OF_MEMORY, f"it took {held / 1e9:.1f} GB of memory"
        written = _size(self._scratch)
        if written > self._request.limits.scratch_bytes:
            return How.WROTE_TOO_MUCH, f"it wrote {written / 1e9:.1f} GB"
        return None


def _size(folder: str) -> int:
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += os.lstat(os.path.join(place, name)).st_size
    return total

"""The processes of a probe: how much they take, and that none of them stays."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import psutil

_GRACE = 2.0  # seconds between a polite word and the end


class Family:
    """A process, and whatever it started, even if that left its group."""

    def __init__(self, child: subprocess.Popen[bytes]) -> None:
        self._child = child
        self._known: dict[int, psutil.Process] = {}

    def memory(self) -> int:
        """The bytes that all of them hold."""
        total = 0
        for process in self._look():
            try:
                total += process.memory_info().rss
            except psutil.Error:  # it ended meanwhile
                continue
        return total

    def end(self) -> None:
        """End all that is left; those that do not listen are killed."""
        self._look()
        if self._child.poll() is None:
            self._signal(signal.SIGTERM)
            deadline = time.monotonic() + _GRACE
            while self._child.poll() is None and time.monotonic() < deadline:
                time.sleep(0.02)
        self._look()
        self._signal(signal.SIGKILL)
        for process in self._known.values():
            try:
                process.kill()  # psutil makes sure that it is still the same process
            except psutil.Error:
                continue
        self._child.wait()

    def _look(self) -> list[psutil.Process]:
        try:
            first = psutil.Process(self._child.pid)
            members = [first, *first.children(recursive=True)]
        except psutil.Error:
            members = []
        self._known.update((one.pid, one) for one in members if one.pid != self._child.pid)
        return members

    def _signal(self, number: signal.Signals) -> None:
        try:
            # The child leads a group of its own, which exists as long as one member lives.
            os.killpg(self._child.pid, number)
        except (ProcessLookupError, PermissionError):
            return


def machine_memory() -> int:
    """The bytes of this machine."""
    return psutil.virtual_memory().total

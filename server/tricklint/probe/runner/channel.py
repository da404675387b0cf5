"""The pipe to the supervisor."""

from __future__ import annotations

import os
import threading

from .events import Event, encode


class Channel:
    """Sends events, from any thread; never anything of the user's own output."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._process = os.getpid()
        self._lock = threading.RLock()
        os.set_inheritable(descriptor, False)

    def send(self, event: Event) -> None:
        """Send one event; a process that the user forked has nothing to say."""
        if os.getpid() != self._process:
            return
        data = encode(event)
        with self._lock:
            while data:
                data = data[os.write(self._descriptor, data) :]

"""A language server as a child process, and the messages to and from it."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

Message = dict[str, Any]


class ServerGoneError(Exception):
    """The server closed its output."""


class Wire:
    """Sends messages to a server and reads its own; requests of the server are answered at once."""

    def __init__(self, command: Sequence[str], folder: Path, env: dict[str, str] | None = None):
        """Start the server."""
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self.requests_of_server: list[Message] = []
        self.published: dict[str, list[Message]] = {}
        self.takes_edits = True
        self.choice: str | None = None  # what is clicked when the server asks
        self._incoming: queue.SimpleQueue[tuple[float, Message | None]] = queue.SimpleQueue()
        self._last_id = 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, message: Message) -> float:
        """Send a message; the result is the time just before."""
        return self.send_raw(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send_raw(self, body: bytes) -> float:
        """Send whatever it is with the right header."""
        stdin = self.process.stdin
        assert stdin
        start = time.perf_counter()
        stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        stdin.flush()
        return start

    def notify(self, method: str, params: Any = None) -> float:
        """Send a message that has no answer."""
        return self.send({"method": method, "params": params})

    def post(self, method: str, params: Any = None) -> int:
        """Send a request without waiting; the result is its number."""
        self._last_id += 1
        self.send({"id": self._last_id, "method": method, "params": params})
        return self._last_id

    def receive(self, timeout: float) -> tuple[float, Message]:
        """The next message and when it came."""
        try:
            when, message = self._incoming.get(timeout=max(timeout, 0.001))
        except queue.Empty:
            raise TimeoutError(f"no message for {timeout:.1f} s") from None
        if message is None:
            raise ServerGoneError(f"exit status {self.process.wait(10)}")
        return when, message

    def wait_for(
        self, wanted: Callable[[Message], bool], timeout: float = 60
    ) -> tuple[float, Message]:
        """The first message that is wanted, and when it came; others are passed over."""
        end = time.monotonic() + timeout
        while True:
            when, message = self.receive(end - time.monotonic())
            if wanted(message):
                return when, message

    def answer(self, number: int, timeout: float = 60) -> Message:
        """The whole answer to a posted request."""
        return self.wait_for(lambda m: m.get("id") == number and "method" not in m, timeout)[1]

    def request(self, method: str, params: Any = None, timeout: float = 60) -> Any:
        """The result of a request."""
        message = self.answer(self.post(method, params), timeout)
        assert "error" not in message, message
        return message["result"]

    def kill(self) -> None:
        """End the server by force."""
        self.process.kill()
        # Closes the pipes, too; nobody may be reading then.
        self._reader.join(10)
        with contextlib.suppress(BrokenPipeError), self.process:
            pass

    def _read(self) -> None:
        stdout = self.process.stdout
        assert stdout
        while body := _read_body(stdout):
            message: Message = json.loads(body)
            if "method" in message and "id" in message:
                self.requests_of_server.append(message)
                self._answer(message)
            if message.get("method") == "textDocument/publishDiagnostics":
                self.published[message["params"]["uri"]] = message["params"]["diagnostics"]
            self._incoming.put((time.perf_counter(), message))
        self._incoming.put((time.perf_counter(), None))

    def _answer(self, message: Message) -> None:
        result = None
        if message["method"] == "workspace/configuration":
            result = [None for _ in message["params"]["items"]]
        if message["method"] == "window/showMessageRequest" and self.choice:
            result = {"title": self.choice}
        if message["method"] == "window/showDocument":
            result = {"success": True}
        if message["method"] == "workspace/applyEdit":
            result = {"applied": self.takes_edits}
        # A server that ends does not wait for our answers.
        with contextlib.suppress(OSError, ValueError):
            self.send({"id": message["id"], "result": result})


def _read_body(stdout: IO[bytes]) -> bytes:
    length = 0
    while line := stdout.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return stdout.read(length)

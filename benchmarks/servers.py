"""Language servers side by side: each keeps a text open, and is timed from edit to diagnostics."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# The client that the tests of the server use.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "lsp"))

from wire import Message, Wire

_CAPABILITIES = {
    "textDocument": {
        "synchronization": {"didSave": True},
        "publishDiagnostics": {"versionSupport": True},
        "diagnostic": {"dynamicRegistration": False},
    },
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"configuration": True, "workspaceFolders": True},
}
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A server to measure, a line of code that it complains about, and what it then says."""

    name: str
    command: tuple[str, ...]
    probe: str
    complaint: str


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process and its children have used so far."""

    cpu_seconds: float
    rss_mib: float


class Server:
    """A running server with one open text."""

    def __init__(self, candidate: Candidate, folder: Path) -> None:
        """Start it and shake hands."""
        self.candidate = candidate
        started = time.perf_counter()
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        self._wire = Wire(candidate.command, folder, environment)
        uri = folder.as_uri()
        parameters = {
            "processId": os.getpid(),
            "rootUri": uri,
            "workspaceFolders": [{"uri": uri, "name": "w"}],
            "capabilities": _CAPABILITIES,
        }
        capabilities = self._wire.request("initialize", parameters, _PATIENCE)["capabilities"]
        self.initialize_ms = _since(started)
        self._pulls = bool(capabilities.get("diagnosticProvider"))
        self._wire.notify("initialized", {})
        self._version = 0
        self._uri = ""
        self._lines: list[str] = []

    def open(self, path: Path) -> float:
        """Open a file; the result is the time to its first diagnostics in ms."""
        self._uri, self._version = path.as_uri(), 1
        text = path.read_text(encoding="utf-8")
        self._lines = text.split("\n")
        item = {"uri": self._uri, "languageId": "python", "version": 1, "text": text}
        sent = self._wire.notify("textDocument/didOpen", {"textDocument": item})
        return self._wait(sent, lambda _: True)

    def change(self, edit: Edit, until: Callable[[list[Message]], bool]) -> float:
        """Make an edit; the result is the time in ms until the diagnostics are as wanted."""
        first, last = self._lines[edit.start[0]], self._lines[edit.end[0]]
        new = first[: edit.start[1]] + edit.text + last[edit.end[1] :]
        self._lines[edit.start[0] : edit.end[0] + 1] = new.split("\n")
        self._version += 1
        where = {"start": _place(edit.start), "end": _place(edit.end)}
        document = {"uri": self._uri, "version": self._version}
        changes = [{"range": where, "text": edit.text}]
        sent = self._wire.notify(
            "textDocument/didChange", {"textDocument": document, "contentChanges": changes}
        )
        return self._wait(sent, until)

    def settle(self, quiet_seconds: float) -> None:
        """Wait until the server has nothing more to say."""
        while True:
            try:
                self._wire.receive(quiet_seconds)
            except TimeoutError:
                return

    def usage(self) -> Usage:
        """What it has used so far."""
        return usage_of(self._wire.process.pid)

    def stop(self) -> None:
        """End it."""
        self._wire.kill()

    def _wait(self, sent: float, until: Callable[[list[Message]], bool]) -> float:
        while True:
            arrived, diagnostics = self._pulled() if self._pulls else self._pushed()
            if until(diagnostics):
                return (arrived - sent) * 1e3

    def _pulled(self) -> tuple[float, list[Message]]:
        number = self._wire.post("textDocument/diagnostic", {"textDocument": {"uri": self._uri}})
        arrived, message = self._wire.wait_for(lambda m: m.get("id") == number, _PATIENCE)
        return arrived, (message.get("result") or {}).get("items", [])

    def _pushed(self) -> tuple[float, list[Message]]:
        def is_current(message: Message) -> bool:
            params: dict[str, Any] = message.get("params") or {}
            is_ours = message.get("method") == "textDocument/publishDiagnostics"
            # pylsp sends no version; its probes differ from round to round, so nothing stale fits.
            version = params.get("version")
            return is_ours and params["uri"] == self._uri and version in (None, self._version)

        arrived, message = self._wire.wait_for(is_current, _PATIENCE)
        return arrived, message["params"]["diagnostics"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what is between two places (line, column) by a text."""

    start: tuple[int, int]
    end: tuple[int, int]
    text: str


def usage_of(root: int) -> Usage:
    """CPU time and resident memory of a process and all of its children, from /proc."""
    ticks, page = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
    cpu, pages, family = 0, 0, {root}
    for pid in sorted(int(name) for name in os.listdir("/proc") if name.isdigit()):
        fields = _stat(pid)
        # A child has nearly always the higher number, so one pass is enough.
        if fields and (pid == root or int(fields[1]) in family):
            family.add(pid)
            cpu += int(fields[11]) + int(fields[12])
            pages += int(fields[21])
    return Usage(cpu / ticks, pages * page / 2**20)


def _stat(pid: int) -> list[str] | None:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _place(place: tuple[int, int]) -> dict[str, int]:
    return {"line": place[0], "character": place[1]}


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1e3


def function_bodies(text: str) -> list[tuple[int, str]]:
    """The first lines of function bodies, with their indents."""
    lines = text.split("\n")
    found: list[tuple[int, str]] = []
    for number, line in enumerate(lines[:-1]):
        body = re.match(r" +(?=\S)", lines[number + 1])
        if body and re.match(r" *def \w+\(.*:$", line):
            found.append((number + 1, body[0]))
    return found

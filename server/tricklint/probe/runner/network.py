"""Notes what the script reaches out to; Python tells of it by audit events."""

from __future__ import annotations

import sys
from typing import Any

from .events import SideEffect
from .session import Session

was_tried: list[str] = []  # hosts, the last one last


def install(session: Session) -> None:
    """Listen to the interpreter."""
    told: set[tuple[str, str]] = set()

    def tell(what: str, detail: str) -> None:
        if (what, detail) not in told and len(told) < 200:
            told.add((what, detail))
            session.channel.send(SideEffect(what, detail))

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.getaddrinfo":
            was_tried.append(str(arguments[0]))
            tell("network", str(arguments[0]))
        elif event in ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec"):
            tell("process", str(arguments[0]))

    sys.addaudithook(hear)

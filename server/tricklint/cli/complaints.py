"""What a person has to know although it is no finding: one line each, on standard error."""

from __future__ import annotations

import logging
import sys

from tricklint.report.foreign import escape
from tricklint.report.summary import shown_path


def complain(message: str, path: str = "") -> None:
    """Say it, with the file that it is about."""
    place = f"{escape(shown_path(path))}: " if path else ""
    print(f"tricklint: {place}{escape(message)}", file=sys.stderr)


def complain_of_crash(path: str, error: Exception) -> None:
    """Say that a mistake of ours left a file unchecked."""
    kind = type(error).__name__
    complain(f"internal error, so this file was not checked: {kind}: {error}", path)


def show_logs() -> None:
    """Let what the engine logs come out as one line each."""
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("tricklint: %(message)s"))
    logger = logging.getLogger("tricklint")
    logger.handlers[:] = [handler]
    logger.propagate = False


class _OneLine(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        """The message, and of an exception only what it is."""
        message = f"tricklint: {escape(record.getMessage())}"
        error = record.exc_info[1] if record.exc_info else None
        return f"{message} ({type(error).__name__}: {escape(str(error))})" if error else message

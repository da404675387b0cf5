"""What goes wrong is told to the editor's log and on standard error, and nowhere else."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

from lsprotocol import types

_TYPES = {logging.WARNING: types.MessageType.Warning, logging.ERROR: types.MessageType.Error}


def start_logging(send: Callable[[types.LogMessageParams], None]) -> None:
    """Send warnings and worse to the editor as well; below that pygls would log whole texts."""
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.addHandler(logging.StreamHandler(sys.stderr))
    root.addHandler(_EditorLog(send))


class _EditorLog(logging.Handler):
    def __init__(self, send: Callable[[types.LogMessageParams], None]) -> None:
        super().__init__()
        self._send = send

    def emit(self, record: logging.LogRecord) -> None:
        try:
            kind = _TYPES.get(record.levelno, types.MessageType.Error)
            self._send(types.LogMessageParams(kind, self.format(record)))
        except Exception:  # noqa: BLE001
            # The way to the editor is closed; standard error has the record.
            return

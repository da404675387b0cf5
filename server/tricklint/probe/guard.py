"""Waits for the end of a supervisor, and ends what it left: `python guard.py GROUP SCRATCH`.

A process of its own, for one that is killed cleans nothing up, and nothing in the user's process can
be relied on.  The supervisor holds the other end of standard input, and says a word when all is well.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from contextlib import suppress


def main(group: int, scratch: str) -> None:
    """Wait; a word means that there is nothing left to do."""
    if sys.stdin.buffer.read(1):
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
    shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])

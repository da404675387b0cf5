"""The end of the server: with its editor, whatever else is going on."""

from __future__ import annotations

import os
import sys
import threading
import time

_GRACE_SECONDS = 2.0
_POLL_SECONDS = 1.0


def end_soon(code: int) -> None:
    """End the process after a grace period, should the ordinary end be held up."""
    timer = threading.Timer(_GRACE_SECONDS, os._exit, (code,))
    timer.daemon = True
    timer.start()


def watch_parent(pid: int) -> None:
    """End the process soon after the editor has gone, even when its pipes stay open."""
    # An editor in another container has a process number that means nothing here.  On Windows
    # os.kill would end the editor instead of asking for it; there the pipes close with it.
    if sys.platform != "win32" and pid > 0 and _alive(pid):
        threading.Thread(target=_watch, args=(pid,), name="parent", daemon=True).start()


def _watch(pid: int) -> None:
    is_parent = os.getppid() == pid
    # A process that ended still has its number until it is missed by its own parent; its children
    # have another parent at once.
    while _alive(pid) and (os.getppid() == pid or not is_parent):
        time.sleep(_POLL_SECONDS)
    os._exit(1)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True

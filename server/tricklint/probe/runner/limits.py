"""Signs of life, a limit on files, and an end together with the supervisor."""

from __future__ import annotations

import signal
import sys
import threading
import time

from .events import Pulse
from .places import nearest
from .session import Session

_BEAT = 2.0  # seconds


def install(session: Session) -> None:
    """Set the limits, and start to beat."""
    _limit_files(session.job.file_bytes)
    _die_with_parent()
    threading.Thread(target=_beat, args=(session,), daemon=True).start()


def _limit_files(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the supervisor looks at the folder
        return
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    if hard == resource.RLIM_INFINITY or hard > size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def _die_with_parent() -> None:
    """On Linux the kernel ends us too, in case that nobody else does."""
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    try:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # 1 is PR_SET_PDEATHSIG
    except (OSError, AttributeError):
        return


def _beat(session: Session) -> None:
    main = threading.main_thread().ident
    while True:
        time.sleep(_BEAT)
        mark = nearest(sys._current_frames().get(main or 0))
        place = mark.place() if mark else None
        try:
            session.channel.send(Pulse(session.phase, place, session.steps))
        except OSError:  # nobody listens any more
            return

"""The one thread that runs the engine, so that the protocol's loop never waits for it."""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tricklint.lsp.session import Session

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 3.0

# The analysis goes on while its first answer is sent: the loop must not wait for its turn.
_SWITCH_SECONDS = 0.0005

_STACK = 64 * 2**20  # bytes; reserved, not used up


class Analysis:
    """A queue of jobs for a session that lives in a thread of its own.

    Jobs run in the order in which they came.  While there are none, the session checks what is
    due; a new job interrupts that check, so the newest text always wins.
    """

    def __init__(self, create: Callable[[], Session]) -> None:
        """Start the thread; `create` runs in it, because it imports the engine."""
        self._create = create
        self._jobs: deque[Callable[[Session], None]] = deque()
        self._wake = threading.Condition()
        self._interrupt = False
        sys.setswitchinterval(_SWITCH_SECONDS)
        # The engine follows calls by recursion, and the parser's guards are made for such a stack.
        threading.stack_size(_STACK)
        threading.Thread(target=self._run, name="analysis", daemon=True).start()
        threading.stack_size(0)

    def post(self, job: Callable[[Session], None], *, interrupt: bool = True) -> None:
        """Have a job run as soon as possible, or else once the check under way is done."""
        with self._wake:
            self._jobs.append(job)
            self._interrupt = self._interrupt or interrupt
            self._wake.notify()

    def _run(self) -> None:
        try:
            session = self._create()
        except Exception:
            log.exception("the engine could not be started; there will be no findings")
            return
        while True:
            self._wait(session)
            for job in self._take():
                _fenced(lambda job=job: job(session))
            _fenced(lambda: session.check_next(self._is_interrupted))

    def _wait(self, session: Session) -> None:
        """Until there is something to do; a pause is used for tidying up."""
        if not session.is_due and not self._comes(_PAUSE_SECONDS):
            _fenced(session.rest)
            if not session.is_due:
                self._comes(None)

    def _comes(self, within: float | None) -> bool:
        with self._wake:
            return self._wake.wait_for(lambda: bool(self._jobs), within)

    def _take(self) -> list[Callable[[Session], None]]:
        with self._wake:
            jobs = list(self._jobs)
            self._jobs.clear()
            self._interrupt = False
            return jobs

    def _is_interrupted(self) -> bool:
        # Read without the lock: at worst the check goes on for one more step.
        return self._interrupt


def _fenced(action: Callable[[], None]) -> None:
    try:
        action()
    except Exception:
        # One bad message must not end the analysis of all the others.
        log.exception("an analysis job failed")

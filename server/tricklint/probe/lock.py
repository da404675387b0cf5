"""One probe at a time in each project."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager


class BusyError(Exception):
    """Another probe runs in this project."""


@contextmanager
def locked(root: str) -> Generator[None]:
    """Hold the project; the system lets go of it when we end, however we end."""
    import fcntl

    # The folder itself is locked, so no file has to be left behind.
    descriptor = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise BusyError(f"another probe is running in {root}") from error
    try:
        yield
    finally:
        os.close(descriptor)

"""Numbers for what a run makes, so that sets of it are gone through in one order, always.

By itself an object's hash is its address, which is another one in each process and after each edit.
A number that is met twice, because two runs gave it, is no harm: equal are only the same objects.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from itertools import count


class _Counter:
    running = count()


def next_number() -> int:
    """The number of something that is made just now."""
    return next(_Counter.running)


@contextmanager
def numbers_of_a_run() -> Generator[None]:
    """What is made meanwhile is numbered from 0 on."""
    before, _Counter.running = _Counter.running, count()
    try:
        yield
    finally:
        _Counter.running = before

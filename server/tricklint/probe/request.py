"""What is to be run, and how far it may go."""

from __future__ import annotations

import os
from dataclasses import dataclass

from tricklint.finding import Finding

_GIGABYTE = 1 << 30


@dataclass(frozen=True, slots=True)
class Limits:
    """What ends a probe from outside, whatever the script does."""

    seconds: float = 180.0  # of the whole run
    training_seconds: float = 60.0  # the runner itself ends the training then
    steps: int = 150
    memory: int = 0  # bytes of all processes together; 0 is three quarters of the machine's
    file_bytes: int = 2 * _GIGABYTE  # of a single file
    scratch_bytes: int = 4 * _GIGABYTE  # of all that was redirected


@dataclass(frozen=True, slots=True)
class Request:
    """One probe."""

    script: str  # a path, or the dotted name of a module
    arguments: tuple[str, ...]
    python: str
    cwd: str
    roots: tuple[str, ...]  # below these folders nothing is written; one probe at a time in each
    module: bool = False
    source: str = ""  # the text to run in place of the file's: the cells of a notebook
    device: str = ""
    observe: bool = False
    limits: Limits = Limits()
    suspects: tuple[Finding, ...] = ()  # the static findings that are to be answered


def roots_of(project: str, cwd: str) -> tuple[str, ...]:
    """Both folders, or the outer one where it contains the other."""
    one, other = os.path.realpath(project), os.path.realpath(cwd)
    if other == one or other.startswith(one + os.sep):
        return (one,)
    return (other,) if one.startswith(other + os.sep) else (one, other)

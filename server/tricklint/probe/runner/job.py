"""What to run, and how: written by the supervisor, read once."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Suspect:
    """A static finding that the run is to answer: the lines that it stands on, counted from 0."""

    code: str
    path: str
    line: int
    end_line: int


@dataclass(frozen=True)
class Job:
    """One run.  `script` is a path, or the dotted name of a module."""

    script: str
    arguments: tuple[str, ...]
    module: bool  # `-m`
    source: str  # the text to run in place of the file's: the cells of a notebook; else empty
    roots: tuple[str, ...]  # below these folders nothing is written
    scratch: str  # here is what is redirected
    channel: int  # the file descriptor that events go to
    steps: int
    seconds: float
    device: str  # `cpu`: what asks for CUDA gets the CPU; else empty
    observe: bool  # repeat no batch
    file_bytes: int  # the largest file that may be written
    suspects: tuple[Suspect, ...] = ()


def read(path: str) -> Job:
    """The job in a file that the supervisor wrote."""
    with open(path, encoding="utf-8") as file:
        content = json.load(file)
    content["arguments"] = tuple(content["arguments"])
    content["roots"] = tuple(content["roots"])
    content["suspects"] = tuple(Suspect(**one) for one in content["suspects"])
    return Job(**content)

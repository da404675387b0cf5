"""From the text of one leaf to libcst nodes: wrapped so that it parses, repaired if it must be."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import libcst as cst

from .kind import Kind
from .lines import split_lines
from .scan import Logical, logical_lines


class Gap(NamedTuple):
    """A stretch of a leaf, (line, column) to (line, column), that could not be read, and why."""

    start: tuple[int, int]
    end: tuple[int, int]
    names: tuple[str, ...]
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The parse of a leaf.  `body` are the statements in it, or the carrier of its clause.

    A line of the leaf is `before` lines further down in the module; `shifts` are the characters
    at the start of a line that the parser was not shown.
    """

    module: cst.Module
    body: Sequence[cst.CSTNode]
    before: int
    shifts: Mapping[int, int]
    gaps: tuple[Gap, ...]


def read_leaf(kind: Kind, text: str, give_up: str = "") -> Reading:
    """Parses a leaf.  It never fails: what cannot be read becomes a gap."""
    lines = split_lines(text)
    if give_up:
        return _given_up(lines, give_up)
    found = list(logical_lines(lines, 0, len(lines)))
    if not found:
        return Reading(cst.Module([]), (), 0, {}, ())
    source = _wrap(kind, lines, found)
    with _collector_paused():
        try:
            module = cst.parse_module(source)
        except Exception:  # noqa: BLE001
            return _given_up(lines, "cannot be read")
    body: Sequence[cst.CSTNode] = module.body
    return Reading(module, body, 0, {}, ())


def _wrap(kind: Kind, lines: list[str], found: list[Logical]) -> str:
    return "".join(lines)


def _given_up(lines: list[str], message: str) -> Reading:
    names = tuple(dict.fromkeys(re.findall(r"[^\W\d]\w*", "".join(lines))))
    module = cst.parse_module("ʘʘ0\n")
    return Reading(
        module, module.body, 0, {}, (Gap((0, 0), (len(lines) - 1, len(lines[-1])), names, message),)
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """A parse makes nothing but live objects: a collection in the middle of it finds none."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

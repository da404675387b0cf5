"""Positions inside one leaf, found when somebody asks: parsed and lowered again, then counted."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import NamedTuple

import libcst as cst

from .counting import Extent, extents
from .expressions import Numbering, hole_index
from .kind import Kind
from .reading import Reading, read_leaf
from .statements import lower_statements

Place = tuple[int, int]


class Places(NamedTuple):
    """The extent of every `at` of a leaf, in its own lines, and where the heads end."""

    extents: tuple[Extent, ...]
    heads: dict[int, Place]  # for each statement with suites: behind the colon of its first


@lru_cache(maxsize=512)
def find_places(kind: Kind, text: str, give_up: str = "") -> Places:
    """Where the nodes of a leaf with this text stand."""
    reading = read_leaf(kind, text, give_up)
    numbering = Numbering(holes=tuple([gap.names for gap in reading.gaps]))
    lower_statements(reading.body, numbering)
    found = _deep_extents(reading.module)
    spans: list[Extent] = []
    heads: dict[int, Place] = {}
    for at, (first, last) in enumerate(numbering.nodes):
        index = hole_index(first.value) if isinstance(first, cst.Name) else None
        if index is not None and index < len(reading.gaps):
            gap = reading.gaps[index]
            spans.append(Extent(gap.start, gap.end, gap.start, gap.end))
            continue
        start, end = found[id(first)], found[id(last)]
        spans.append(
            Extent(
                _shown(start.start, reading),
                _shown(end.end, reading),
                _shown(start.outer_start, reading),
                _shown(end.outer_end, reading),
            )
        )
        body = getattr(first, "body", None)
        if isinstance(body, cst.BaseSuite):
            heads[at] = _shown(found[id(body)].outer_start, reading)
    return Places(tuple(spans), heads)


def _deep_extents(module: cst.Module) -> dict[int, Extent]:
    """A long chain of operators needs more frames than Python allows by itself."""
    try:
        return extents(module)
    except RecursionError:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(max(limit, _DEEP))
        try:
            return extents(module)
        finally:
            sys.setrecursionlimit(limit)


_DEEP = 20_000


def _shown(place: Place, reading: Reading) -> Place:
    line = place[0] - reading.before
    return line, place[1] + reading.shifts.get(line, 0)

"""Notebooks: the code cells of one notebook are one module, and go back into their places.

A fix changes the source of its cell in the file's own bytes; everything else stays as it was,
down to the spaces, the order of keys and the outputs.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import NamedTuple, TypeAlias, cast

from tricklint.syntax.lines import split_lines

Object: TypeAlias = dict[str, object]


class NotebookError(ValueError):
    """The text is not a notebook in Python; the message says why not."""


class Cell(NamedTuple):
    """A code cell: its number among all cells, counted from 1, and its source."""

    number: int
    source: str
    place: slice  # of the source's JSON value in the file's text


@dataclass(frozen=True, slots=True)
class Notebook:
    """The code cells of a file, and the module that they make up."""

    raw: str
    cells: tuple[Cell, ...]
    text: str
    starts: tuple[int, ...]

    def index_of(self, line: int) -> int:
        """Which of the code cells a line of the module belongs to."""
        return max(bisect_right(self.starts, line) - 1, 0)

    def with_sources(self, sources: Sequence[str]) -> str:
        """The text of the file with other sources in its cells."""
        parts: list[str] = []
        done = 0
        for cell, source in zip(self.cells, sources, strict=True):
            if source != cell.source:
                parts += (self.raw[done : cell.place.start], _written(self.raw[cell.place], source))
                done = cell.place.stop
        return "".join((*parts, self.raw[done:]))


def parse(raw: str) -> Notebook:
    """The notebook in the text of an .ipynb file."""
    try:
        content = cast("object", json.loads(raw))
    except (ValueError, RecursionError) as error:
        raise NotebookError(f"not a notebook: {error}") from error
    notebook = cast("Object", content) if isinstance(content, dict) else {}
    if not isinstance(notebook.get("cells"), list):
        raise NotebookError("not a notebook of version 4: it has no list of cells")
    language = _language(notebook)
    if language not in ("", "python"):
        raise NotebookError(f"a notebook in {language}, not in Python")
    cells = tuple(_code_cells(raw))
    starts: list[int] = []
    lines: list[str] = []
    for cell in cells:
        starts.append(len(lines))
        lines += python_lines(split_lines(cell.source))
    return Notebook(raw, cells, "".join(lines), tuple(starts))


_MAGIC = re.compile(r"(\s*)[%!?]")
# Cell magics whose cell is still Python; every other one is in a language of its own.
_PYTHON_CELLS = re.compile(r"%%(?:time|timeit|capture|prun)\b")


def python_lines(lines: Sequence[str]) -> list[str]:
    """The lines of a cell, with what only the notebook understands masked in place."""
    masks_all = lines[0].startswith("%%") and not _PYTHON_CELLS.match(lines[0])
    masked = [_mask(line) if masks_all or _MAGIC.match(line) else line for line in lines]
    return [*masked[:-1], masked[-1] + "\n"]


def _mask(line: str) -> str:
    body = line.lstrip()
    if not body.rstrip("\r\n"):
        return line
    indent = line[: len(line) - len(body)]
    # An expression, so that a block of nothing but magics still has a body.
    return f"{indent}0#{body[2:]}" if len(body.rstrip("\r\n")) > 1 else f"{indent}0{body[1:]}"


def _language(content: Object) -> str:
    for key in ("language_info", "kernelspec"):
        metadata = content.get("metadata")
        part = cast("Object", metadata).get(key) if isinstance(metadata, dict) else None
        if isinstance(part, dict):
            found = cast("Object", part).get("name" if key == "language_info" else "language")
            if isinstance(found, str):
                return found.lower()
    return ""


def _code_cells(raw: str) -> Iterator[Cell]:
    cells = next(place for key, place in _members(raw, _skip(raw, 0)) if key == "cells")
    for number, start in enumerate(_items(raw, cells.start), 1):
        members = dict(_members(raw, start))
        kind = members.get("cell_type")
        place = members.get("source")
        if kind and place and json.loads(raw[kind]) == "code":
            yield Cell(number, _source(cast("object", json.loads(raw[place]))), place)


def _source(value: object) -> str:
    if isinstance(value, list):
        return "".join(str(part) for part in cast("list[object]", value))
    return value if isinstance(value, str) else ""


# The text is known to be JSON here, so its values can be stepped over without checks.
_DECODER = json.JSONDecoder()
_SPACE = re.compile(r"[ \t\n\r]*")


def _skip(raw: str, position: int) -> int:
    match = _SPACE.match(raw, position)
    return match.end() if match else position


def _members(raw: str, start: int) -> Iterator[tuple[str, slice]]:
    """The keys of the object that starts here, and where their values stand."""
    if raw[start] != "{":
        return
    position = _skip(raw, start + 1)
    while raw[position] != "}":
        key, position = cast("tuple[str, int]", _DECODER.raw_decode(raw, position))
        value = _skip(raw, _skip(raw, position) + 1)
        end = _DECODER.raw_decode(raw, value)[1]
        yield key, slice(value, end)
        position = _behind(raw, end)


def _items(raw: str, start: int) -> Iterator[int]:
    """Where the items of the array that starts here start."""
    position = _skip(raw, start + 1)
    while raw[position] != "]":
        yield position
        position = _behind(raw, _DECODER.raw_decode(raw, position)[1])


def _behind(raw: str, end: int) -> int:
    position = _skip(raw, end)
    return _skip(raw, position + 1) if raw[position] == "," else position


def _written(old: str, source: str) -> str:
    """A source as JSON, in the manner of the old one: one string, or a list of lines."""
    ascii_only = old.isascii() and ("\\u" in old or source.isascii())
    if not old.startswith("["):
        return json.dumps(source, ensure_ascii=ascii_only)
    items = [slice(start, _DECODER.raw_decode(old, start)[1]) for start in _items(old, 0)]
    lines = source.splitlines(keepends=True)  # as the notebook format itself splits them
    if not items:
        return json.dumps(lines, ensure_ascii=ascii_only)
    # A line that stays keeps the very way in which it was written.
    known = {str(json.loads(old[item])): old[item] for item in items}
    written = [known.get(line) or json.dumps(line, ensure_ascii=ascii_only) for line in lines]
    return "".join(_woven(_Gaps.of(old, items), [old[item] for item in items], written))


class _Gaps(NamedTuple):
    """What stands before, between and behind the items of an array."""

    before: str
    between: list[str]
    behind: str

    @classmethod
    def of(cls, old: str, items: Sequence[slice]) -> _Gaps:
        between = [old[one.stop : two.start] for one, two in pairwise(items)]
        return cls(old[: items[0].start], between, old[items[-1].stop :])


def _woven(gaps: _Gaps, old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The new items with the gaps of the old ones, wherever these are still there."""
    head = _same(old, new)
    tail = _same(old[head:][::-1], new[head:][::-1])
    usual = gaps.between[0] if gaps.between else f",{gaps.before[1:]}"
    yield gaps.before
    for index, item in enumerate(new):
        # The gap before this item in the old array, counted from its start or from its end.
        gap = index - 1 if index <= head else index - 1 - len(new) + len(old)
        known = index <= head or index >= len(new) - tail
        if index:
            yield gaps.between[gap] if known and 0 <= gap < len(gaps.between) else usual
        yield item
    yield gaps.behind


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """How many items the two have in common at their start."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

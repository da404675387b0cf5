"""Names of classes in sight: does a change of the image turn one of them into another?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..interpreter.search import nodes, statements, written
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef

_LISTS = re.compile(r"class|label|categor", re.IGNORECASE)
_HORIZONTAL = (("left", "right"), ("west", "east"))
_VERTICAL = (("up", "down"), ("upward", "downward"), ("north", "south"))
_COLOURS = ("red", "green", "blue", "yellow", "orange", "purple", "pink")
# Single characters that are each other: mirrored, upside down, and turned by half.
_MIRRORED = (("b", "d"), ("p", "q"))
_FLIPPED = (("6", "9"), ("b", "p"), ("M", "W"), ("u", "n"))
_TURNED = (("6", "9"), ("b", "q"), ("d", "p"), ("M", "W"), ("u", "n"), ("N", "Z"))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two classes that a change of the image makes the same, and the list that names them."""

    first: str
    second: str
    at: NodeRef


def mixed_up(program: Program, near: NodeRef, change: str) -> Pair | None:
    """Two classes, named in the file that a node stands in, that a change mixes up."""
    for names, at in _lists(program, near):
        for first, second in _pairs(change, names):
            if first in names and second in names:
                return Pair(first, second, at)
    return None


def _lists(program: Program, near: NodeRef) -> Iterator[tuple[tuple[str, ...], NodeRef]]:
    """The lists of texts that are called classes, labels or categories."""
    module = program.module_of(near)
    for section in module.body:
        if section.leaf is None:
            continue
        for one, leaf in statements((section,), section.leaf):
            if isinstance(one, ir.Assign) and any(
                _LISTS.search(written(target)) for target in one.targets
            ):
                names = tuple(_texts(one.value))
                if len(names) > 1:
                    yield names, NodeRef(leaf, one.value.at)


def _texts(node: ir.Expression) -> Iterator[str]:
    """The texts that a list holds, or that a dict has as keys or as values."""
    if not isinstance(node, ir.Sequence | ir.Dict):
        return
    for one in nodes(node):
        if isinstance(one, ir.Constant) and isinstance(one.value, str):
            yield one.value


def _pairs(change: str, names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What may be the same after a change."""
    match change:
        case "mirrored":
            yield from _replaced(names, _HORIZONTAL)
            yield from _MIRRORED
        case "upside_down":
            yield from _replaced(names, _VERTICAL)
            yield from _FLIPPED
        case "turned":
            yield from _replaced(names, (*_HORIZONTAL, *_VERTICAL))
            yield from _TURNED
        case "recoloured":
            others = ((one, other) for one in _COLOURS for other in _COLOURS if one != other)
            yield from _replaced(names, others)
        case _:
            return


def _replaced(
    names: tuple[str, ...], words: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    """`turn_left` and `turn_right`: the same name, but for that word."""
    for word, other in words:
        pattern = re.compile(rf"(?<![a-zA-Z]){word}(?![a-zA-Z])", re.IGNORECASE)
        for name in names:
            found = pattern.search(name)
            if found is not None:
                to = other.capitalize() if found[0][0].isupper() else other
                to = to.upper() if found[0].isupper() and len(found[0]) > 1 else to
                yield name, name[: found.start()] + to + name[found.end() :]

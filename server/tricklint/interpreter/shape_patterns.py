"""Shapes that are written as patterns: `"bhid,bhjd->bhij"` and `"b (h w) c -> b c h w"`.

A pattern names every axis, so it moves and merges what it says: its result is right by
construction, and it also tells how many axes its operands have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from .dims import ONE, Dim, Symbols, product
from .shape import Shape
from .shape_functions import broadcast

_ELLIPSIS = "..."  # any number of axes
_MERGED = "(...)"  # all of them, in one

# One axis: the names of what is merged in it, none for an axis of size 1.
Axis: TypeAlias = tuple[str, ...]
Side: TypeAlias = tuple[Axis, ...]


def counts_axes(side: Side) -> bool:
    """Does it tell how many axes there are?"""
    return not any(name in (_ELLIPSIS, _MERGED) for axis in side for name in axis)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What goes in, and what comes out."""

    operands: tuple[Side, ...]
    result: Side

    @property
    def permutes(self) -> bool:
        """Does one operand come out with its axes in another order?"""
        names = [one for axis in self.operands[0] for one in axis]
        after = [one for axis in self.result for one in axis if one in names]
        kept = [one for one in names if one in after]
        return len(self.operands) == 1 and kept != after


def of_einsum(text: str) -> Pattern | None:
    """`torch.einsum`: a letter for each axis; without an arrow all that stand there once, sorted."""
    before, arrow, after = text.replace(" ", "").partition("->")
    operands = [_letters(one) for one in before.split(",")]
    result = _letters(after if arrow else _implied(before))
    known = [one for one in operands if one is not None]
    if result is None or len(known) < len(operands):
        return None
    return Pattern(tuple(known), result)


def _letters(text: str) -> Side | None:
    if not re.fullmatch(r"[A-Za-z]*(\.\.\.)?[A-Za-z]*", text):
        return None
    return tuple((one,) for one in re.findall(r"\.\.\.|[A-Za-z]", text))


def _implied(before: str) -> str:
    counts = Counter(one for one in before if one.isalpha())
    lead = _ELLIPSIS if _ELLIPSIS in before else ""
    return lead + "".join(sorted(one for one, count in counts.items() if count == 1))


def of_words(text: str) -> Pattern | None:
    """`einops`: a word for each axis; in parentheses those that are one axis."""
    before, arrow, after = text.partition("->")
    operands = [_words(one) for one in before.split(",")]
    result = _words(after)
    known = [one for one in operands if one is not None]
    if not arrow or result is None or len(known) < len(operands):
        return None
    return Pattern(tuple(known), result)


_AXIS = re.compile(r"\(([^()]*)\)|(\.\.\.|\w+)|(\S)")


def _words(text: str) -> Side | None:
    found: list[Axis] = []
    for inner, word, strange in _AXIS.findall(text):
        if strange:
            return None
        merged = (_MERGED if one == _ELLIPSIS else one for one in inner.split())
        names = [word] if word else list(merged)
        found.append(tuple(one for one in names if one != "1"))
    return tuple(found) if all(_is_known(one) for axis in found for one in axis) else None


def _is_known(name: str) -> bool:
    return name in (_ELLIPSIS, _MERGED) or name.isidentifier()


class Sizes:
    """The sizes behind the names of a pattern, as far as its operands tell them."""

    def __init__(self, symbols: Symbols, given: Mapping[str, Dim]) -> None:
        """`given` are those that the call names itself."""
        self._symbols = symbols
        self._dims = dict(given)
        self._lead: tuple[Dim, ...] | None = None

    def take(self, side: Side, shape: Shape) -> bool:
        """Learn from an operand of this shape; False where it does not fit."""
        pairs = self._pairs(side, shape)
        return pairs is not None and all(self._learn(axis, dim) for axis, dim in pairs)

    def _pairs(self, side: Side, shape: Shape) -> list[tuple[Axis, Dim]] | None:
        at = next((n for n, axis in enumerate(side) if axis == (_ELLIPSIS,)), None)
        if shape.prefix or at is None:
            exact = not shape.prefix and len(shape.dims) == len(side)
            return list(zip(side, shape.dims, strict=True)) if exact else None
        after = len(side) - at - 1
        end = len(shape.dims) - after
        if end < at or not self._meet_lead(shape.dims[at:end]):
            return None
        left = zip(side[:at], shape.dims[:at], strict=True)
        return [*left, *zip(side[at + 1 :], shape.dims[end:], strict=True)]

    def _meet_lead(self, dims: tuple[Dim, ...]) -> bool:
        met = Shape(dims)
        if self._lead is not None:
            joined = broadcast(self._symbols, Shape(self._lead), met)
            if joined is None:
                return False
            met = joined
        self._lead = met.dims
        return True

    def _learn(self, axis: Axis, dim: Dim) -> bool:
        if _MERGED in axis:
            return False
        missing = [name for name in axis if name not in self._dims]
        if len(missing) > 1:
            return False
        if missing:
            known = product(self._dims[name] for name in axis if name != missing[0])
            self._dims[missing[0]] = dim // known
        elif len(axis) == 1:
            met = broadcast(self._symbols, Shape((self._dims[axis[0]],)), Shape((dim,)))
            if met is None:
                return False
            self._dims[axis[0]] = met.dims[0]
        return True

    def shape(self, side: Side) -> Shape | None:
        """What comes out; None where a size is not known."""
        found: list[Dim] = []
        for axis in side:
            if axis == (_ELLIPSIS,):
                if self._lead is None:
                    return None
                found += self._lead
                continue
            parts = self._parts(axis)
            if parts is None:
                return None
            found.append(product(parts))
        return Shape(tuple(found))

    def _parts(self, axis: Axis) -> Sequence[Dim] | None:
        if not axis:
            return (ONE,)
        found: list[Dim] = []
        for name in axis:
            if name == _MERGED and self._lead is not None:
                found += self._lead
            elif name in self._dims:
                found.append(self._dims[name])
            else:
                return None
        return found

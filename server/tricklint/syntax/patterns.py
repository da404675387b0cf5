"""What a match pattern binds, and the literals it compares with."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from . import ir
from .expressions import Numbering, lower_expression

_Names = Iterator[str]


def bound_names(pattern: cst.CSTNode) -> tuple[str, ...]:
    """The names that a pattern binds, in order, each once."""
    return tuple(dict.fromkeys(_bound(pattern)))


def literal_values(pattern: cst.MatchPattern) -> tuple[object, ...] | None:
    """The literals of a pattern that is a literal, or some joined by `|`; None for any other."""
    if isinstance(pattern, cst.MatchOr):
        values: list[object] = []
        for element in pattern.patterns:
            inner = literal_values(element.pattern)
            if inner is None:
                return None
            values.extend(inner)
        return tuple(values)
    if isinstance(pattern, (cst.MatchValue, cst.MatchSingleton)):
        return _literal(lower_expression(pattern.value, Numbering()))
    return None


def _literal(value: ir.Expression) -> tuple[object, ...] | None:
    if isinstance(value, ir.Constant):
        return (value.value,)
    if isinstance(value, ir.Unary) and value.op == "-" and isinstance(value.operand, ir.Constant):
        number = value.operand.value
        if isinstance(number, (int, float, complex)):
            return (-number,)
    return None


def _bound(pattern: cst.CSTNode) -> _Names:
    if isinstance(pattern, cst.MatchAs):
        if pattern.pattern is not None:
            yield from _bound(pattern.pattern)
        yield from _one(pattern.name)
    elif isinstance(pattern, cst.MatchStar):
        yield from _one(pattern.name)
    elif isinstance(pattern, cst.MatchMapping):
        for element in pattern.elements:
            yield from _bound(element.pattern)
        yield from _one(pattern.rest)
    elif isinstance(pattern, cst.MatchClass):
        for positional in pattern.patterns:
            yield from _bound(positional.value)
        for keyword in pattern.kwds:
            yield from _bound(keyword.pattern)
    elif isinstance(pattern, cst.MatchSequence):
        for element in pattern.patterns:
            inner = element.value if isinstance(element, cst.MatchSequenceElement) else element
            yield from _bound(inner)
    elif isinstance(pattern, cst.MatchOr):
        for element in pattern.patterns:
            yield from _bound(element.pattern)


def _one(name: cst.Name | None) -> _Names:
    if name is not None and name.value != "_":
        yield name.value

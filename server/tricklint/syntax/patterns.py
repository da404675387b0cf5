"""What a match pattern binds, and the literals it compares with."""

from __future__ import annotations

import libcst as cst

from . import ir
from .expressions import Numbering, lower_expression


def bound_names(pattern: cst.MatchPattern) -> tuple[str, ...]:
    """The names that a pattern binds, each once."""
    binder = _Binder()
    pattern.visit(binder)
    return tuple(dict.fromkeys(binder.names))


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


class _Binder(cst.CSTVisitor):
    """Patterns are rare and small, so the slow way through libcst does no harm here."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def visit_MatchAs(self, node: cst.MatchAs) -> None:  # noqa: N802
        self._bind(node.name)

    def visit_MatchStar(self, node: cst.MatchStar) -> None:  # noqa: N802
        self._bind(node.name)

    def visit_MatchMapping(self, node: cst.MatchMapping) -> None:  # noqa: N802
        self._bind(node.rest)

    def _bind(self, name: cst.Name | None) -> None:
        if name is not None and name.value != "_":
            self.names.append(name.value)

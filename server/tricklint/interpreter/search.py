"""Looking through code without running it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from ..syntax import ir

if TYPE_CHECKING:
    from ..syntax.leaf import Leaf
    from .values import Function


def statements(block: ir.Block, leaf: Leaf) -> Iterator[tuple[ir.Statement, Leaf]]:
    """All statements of a block and of the blocks in it, with their leaves; no nested functions."""
    for section in block:
        inside = section.leaf or leaf
        for statement in section.body:
            yield statement, inside
            for inner in blocks(statement):
                yield from statements(inner, inside)


def blocks(statement: ir.Statement) -> tuple[ir.Block, ...]:
    """The blocks of a compound statement that run where it stands."""
    if isinstance(statement, ir.If | ir.For | ir.While):
        return (statement.body, statement.orelse)
    if isinstance(statement, ir.With):
        return (statement.body,)
    if isinstance(statement, ir.Try):
        handlers = tuple(handler.body for handler in statement.handlers)
        return (statement.body, *handlers, statement.orelse, statement.final)
    if isinstance(statement, ir.Match):
        return tuple(case.body for case in statement.cases)
    return ()


@lru_cache(maxsize=4096)
def self_assignments(
    node: ir.FunctionDef, leaf: Leaf
) -> dict[str, tuple[tuple[ir.Expression, Leaf], ...]]:
    """What a method assigns to attributes of its first parameter, by attribute."""
    if not node.params:
        return {}
    own = node.params[0].name
    found: dict[str, tuple[tuple[ir.Expression, Leaf], ...]] = {}
    for statement, inside in statements(node.body, leaf):
        if not isinstance(statement, ir.Assign | ir.AnnotatedAssign) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ir.Assign) else (statement.target,)
        for target in targets:
            if (
                isinstance(target, ir.Attribute)
                and isinstance(target.value, ir.Name)
                and target.value.id == own
            ):
                found[target.attr] = (*found.get(target.attr, ()), (statement.value, inside))
    return found


def mentions(function: Function, names: tuple[str, ...]) -> bool:
    """Does a function's own text name one of these attributes?"""
    body: object = function.node.body
    return any(f"attr={name!r}" in repr(body) for name in names)

"""Looking through code without running it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ..syntax import ir

if TYPE_CHECKING:
    from ..syntax.leaf import Leaf


def statements(block: ir.Block, leaf: Leaf) -> Iterator[tuple[ir.Statement, Leaf]]:
    """All statements of a block and of the blocks in it, with their leaves; no nested functions."""
    for section in block:
        inside = section.leaf or leaf
        for statement in section.body:
            yield statement, inside
            for inner in blocks(statement):
                yield from statements(inner, inside)


def blocks(statement: ir.Node) -> tuple[ir.Block, ...]:
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


def nodes(node: Any) -> Iterator[Any]:
    """A node and all its parts, without the blocks of a compound statement."""
    own = blocks(node)
    yield node
    for part in node:
        if isinstance(part, tuple) and not any(part is block for block in own):
            yield from nodes(part)


def names(node: ir.Expression) -> Iterator[str]:
    """The plain names in an expression."""
    return (one.id for one in nodes(node) if isinstance(one, ir.Name))


def parts(node: Any) -> Iterator[ir.Node]:
    """The nodes directly in a node, without the statements in its blocks."""
    for part in node:
        if not isinstance(part, tuple) or isinstance(part, ir.Section):
            continue
        inner = cast("tuple[Any, ...]", part)
        if isinstance(inner, _NODES):
            yield cast("ir.Node", inner)
        else:
            yield from parts(inner)


_NODES: tuple[type, ...] = ir.Node.__args__


Assignments: TypeAlias = dict[str, tuple[tuple[ir.Expression, "Leaf"], ...]]

# By identity, because a tree takes long to hash; node and leaf are kept so that their ids stay their
# own.  Leaves of equal text share their nodes, so a node alone does not tell where it stands.
_ASSIGNMENTS: dict[tuple[int, int], tuple[ir.FunctionDef, Leaf, Assignments]] = {}
_MOST_ASSIGNMENTS = 20_000


def self_assignments(node: ir.FunctionDef, leaf: Leaf) -> Assignments:
    """What a method assigns to attributes of its first parameter, by attribute."""
    key = (id(node), id(leaf))
    known = _ASSIGNMENTS.get(key)
    if known is None:
        if len(_ASSIGNMENTS) >= _MOST_ASSIGNMENTS:
            _ASSIGNMENTS.clear()
        known = _ASSIGNMENTS[key] = (node, leaf, _find_assignments(node, leaf))
    return known[2]


def _find_assignments(node: ir.FunctionDef, leaf: Leaf) -> Assignments:
    if not node.params:
        return {}
    own = node.params[0].name
    found: Assignments = {}
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


def mentions(function: ir.FunctionDef | ir.Lambda, names: tuple[str, ...]) -> bool:
    """Does a function's own text name one of these attributes?"""
    body: object = function.body
    return any(f"attr={name!r}" in repr(body) for name in names)


# By identity, as above.
_NAMES: dict[int, tuple[object, frozenset[str]]] = {}


def names_one_of(node: ir.FunctionDef | ir.Lambda, names: frozenset[str]) -> bool:
    """Is one of these a name or an attribute in a function's own text?"""
    known = _NAMES.get(id(node))
    if known is None:
        if len(_NAMES) >= _MOST_ASSIGNMENTS:
            _NAMES.clear()
        known = _NAMES[id(node)] = (node, frozenset(_words(node)))
    return not names.isdisjoint(known[1])


def _words(node: object) -> Iterator[str]:
    if isinstance(node, ir.Name):
        yield node.id
    elif isinstance(node, tuple):
        if isinstance(node, ir.Attribute):
            yield node.attr
        for part in cast("tuple[object, ...]", node):
            yield from _words(part)


def written(node: ir.Expression | None) -> str:
    """An expression as a person would name it in a sentence; empty if that is long."""
    if isinstance(node, ir.Name):
        return node.id
    if isinstance(node, ir.Attribute):
        inner = written(node.value)
        return f"{inner}.{node.attr}" if inner else node.attr
    if isinstance(node, ir.Subscript):
        inner = written(node.value)
        index = (
            repr(node.index.value) if isinstance(node.index, ir.Constant) else written(node.index)
        )
        return f"{inner}[{index}]" if inner and index else inner
    if isinstance(node, ir.Call):
        inner = written(node.func)
        return f"{inner}({'...' if node.args else ''})" if inner else ""
    return ""

"""The nodes of one leaf by number, and the statement around each."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, cast

from . import ir
from .leaf import Parsed

NOWHERE = -1


class LeafIndex(NamedTuple):
    """`around[at]` is the nearest statement that a node is a part of, or NOWHERE."""

    nodes: tuple[ir.Node | None, ...]
    around: tuple[int, ...]


@lru_cache(maxsize=1024)
def index_of(parsed: Parsed) -> LeafIndex:
    """The index of one leaf, made when somebody asks for it."""
    nodes: dict[int, ir.Node] = {}
    around: dict[int, int] = {}
    stack: list[tuple[object, int]] = [(parsed.body, NOWHERE)]
    while stack:
        item, statement = stack.pop()
        if not isinstance(item, tuple):
            continue
        parts = cast("tuple[object, ...]", item)
        if isinstance(item, _NODES):
            node = cast("ir.Node", item)
            nodes[node.at] = node
            around[node.at] = statement
            if is_statement(node):
                statement = node.at
        stack.extend((part, statement) for part in parts)
    count = max(nodes, default=NOWHERE) + 1
    return LeafIndex(
        tuple([nodes.get(at) for at in range(count)]),
        tuple([around.get(at, NOWHERE) for at in range(count)]),
    )


_STATEMENTS = ir.Statement.__args__
_NODES = ir.Node.__args__


def is_statement(node: ir.Node) -> bool:
    """Whether a node is a statement, not a part of one."""
    return isinstance(node, _STATEMENTS)

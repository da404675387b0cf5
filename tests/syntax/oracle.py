"""What other readers of Python see in a text, in one form that can be compared."""

from __future__ import annotations

import ast
import warnings
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from tricklint.syntax import ir
from tricklint.syntax.expressions import Numbering
from tricklint.syntax.index import index_of
from tricklint.syntax.leaf import Leaf, Parsed
from tricklint.syntax.module import Module
from tricklint.syntax.statements import lower_statements

Place = tuple[int, int]


class Seen(NamedTuple):
    """A node: its kind, what it says where that is one word, and where it stands."""

    kind: str
    word: str
    start: Place
    end: Place


def walk(block: ir.Block, leaf: Leaf | None = None) -> Iterator[tuple[Leaf, ir.Node]]:
    """Every node of a block in the order of the text, with its leaf."""
    for section in block:
        here = section.leaf or leaf
        assert here is not None
        for statement in section.body:
            yield from _walk_node(statement, here)


def _walk_node(item: object, leaf: Leaf) -> Iterator[tuple[Leaf, ir.Node]]:
    if isinstance(item, ir.Section):
        for statement in item.body:
            yield from _walk_node(statement, item.leaf or leaf)
    elif isinstance(item, tuple):
        if isinstance(item, (ir.Handler, ir.Case)):
            leaf = item.leaf or leaf
        if isinstance(item, ir.Node):
            yield leaf, item
        for part in item:
            yield from _walk_node(part, leaf)


def word_of(node: ir.Node) -> str:
    """The one word that tells a node from others of its kind."""
    for field in ("id", "attr", "op", "name", "kind"):
        value = getattr(node, field, None)
        if isinstance(value, str):
            return value
    return repr(node.value) if isinstance(node, ir.Constant) else ""


def seen_by_us(module: Module) -> list[Seen]:
    """Every node of the module, through the public face of the layer."""
    found: list[Seen] = []
    for leaf, node in walk(module.body):
        span = module.span(ir.NodeRef(leaf, node.at))
        start = (span.start.line, span.start.column)
        end = (span.end.line, span.end.column)
        found.append(Seen(type(node).__name__, word_of(node), start, end))
    return found


def seen_by_libcst(text: str) -> list[Seen]:
    """The same from one parse of the whole text, with libcst's own positions."""
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    numbering = Numbering()
    body = lower_statements(wrapper.module.body, numbering)
    nodes = index_of(Parsed(body, yields=False, gaps=(), digest=b"", outline=b"")).nodes
    found: list[Seen] = []
    for (first, last), node in zip(numbering.nodes, nodes, strict=True):
        if node is not None:
            start, end = positions[first], positions[last]
            assert isinstance(start, CodeRange)
            assert isinstance(end, CodeRange)
            found.append(
                Seen(
                    type(node).__name__,
                    word_of(node),
                    (start.start.line - 1, start.start.column),
                    (end.end.line - 1, end.end.column),
                )
            )
    return found


def names_and_calls(seen: list[Seen]) -> Counter[Seen]:
    """What `seen_by_ast` can be compared with."""
    return Counter(each for each in seen if each.kind in ("Name", "Call"))


def seen_by_ast(text: str) -> Counter[Seen]:
    """Names and calls as the standard library sees them, where the IR has them at all.

    The IR leaves out the messages of assertions and the causes of exceptions.  Before Python
    3.12 the standard library does not know where the parts of an f-string are.
    """
    lines = [line.encode() for line in text.split("\n")]
    found: Counter[Seen] = Counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the escapes in other people's strings
        stack: list[ast.AST] = [ast.parse(text)]
    while stack:
        node = stack.pop()
        if isinstance(node, (ast.Name, ast.Call)):
            start = _characters(lines, node.lineno, node.col_offset)
            end = _characters(lines, node.end_lineno or 0, node.end_col_offset or 0)
            word = node.id if isinstance(node, ast.Name) else ""
            found[Seen(type(node).__name__, word, start, end)] += 1
        if isinstance(node, ast.Assert):
            stack.append(node.test)
        elif isinstance(node, ast.Raise):
            stack.extend([node.exc] if node.exc else [])
        elif not isinstance(node, (ast.JoinedStr, ast.pattern)):
            stack.extend(ast.iter_child_nodes(node))
    return found


def _characters(lines: list[bytes], line: int, column: int) -> Place:
    return line - 1, len(lines[line - 1][:column].decode())

"""Building blocks of fixes: text edits that keep everything else as the user wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from .finding import Edit, Position, Span
from .program import Program
from .syntax import ir
from .syntax.ir import NodeRef
from .syntax.leaf import Leaf
from .syntax.module import Module

_ATOMIC = ir.Name | ir.Attribute | ir.Call | ir.Subscript | ir.Constant


def insert_before(program: Program, ref: NodeRef, line: str) -> Edit | None:
    """A new line, or several, in front of the statement around a node, indented like it."""
    module = program.module_of(ref)
    start = module.statement(ref).start
    if not _is_first_on_line(module, start):
        return None
    at = Position(start.line, 0)
    lines = (f"{module.indentation(ref)}{one}{_newline(module)}" for one in line.split("\n"))
    return Edit(Span(module.path, at, at), "".join(lines))


def insert_after(program: Program, ref: NodeRef, line: str) -> Edit | None:
    """A new line behind the simple statement around a node, indented like it."""
    module = program.module_of(ref)
    span = module.statement(ref)
    if not _is_first_on_line(module, span.start) or not _is_last_on_line(module, span.end):
        return None
    text = f"{module.indentation(ref)}{line}"
    if span.end.line + 1 < len(module.lines):
        at = Position(span.end.line + 1, 0)
        return Edit(Span(module.path, at, at), f"{text}{_newline(module)}")
    at = Position(span.end.line, len(module.lines[span.end.line]))
    return Edit(Span(module.path, at, at), f"{_newline(module)}{text}")


def remove_statement(program: Program, ref: NodeRef) -> Edit | None:
    """Without the simple statement around a node; `pass` where nothing else would be left."""
    module = program.module_of(ref)
    span = module.statement(ref)
    if not _is_first_on_line(module, span.start) or not _is_last_on_line(module, span.end):
        return None
    if _is_alone(module, module.statement_ref(ref)):
        return Edit(span, "pass")
    after = Position(span.end.line + 1, 0)
    return Edit(Span(module.path, Position(span.start.line, 0), after), "")


def replace(program: Program, ref: NodeRef, text: str) -> Edit:
    """Another expression in the place of this one."""
    return Edit(program.span(ref), text)


def operand_text(program: Program, leaf: Leaf, node: ir.Expression) -> str:
    """An expression as it is written, in parentheses where it needs them to stand anywhere."""
    text = program.text(NodeRef(leaf, node.at))
    return text if isinstance(node, _ATOMIC) else f"({text})"


def remove_item(program: Program, ref: NodeRef) -> Edit | None:
    """Without one argument of a call or item of a list: with its comma, and its line if alone."""
    module = program.module_of(ref)
    span = module.span(ref)
    start, end = span.start, span.end
    line = module.lines[end.line]
    rest = line[end.column :]
    comma = rest.lstrip()[:1] == ","
    if comma:
        end = Position(end.line, end.column + rest.index(",") + 1)
    alone = _is_first_on_line(module, start) and _is_last_on_line(module, end)
    if alone:
        begin, after = Position(start.line, 0), Position(end.line + 1, 0)
        return Edit(Span(module.path, begin, after), "")
    if comma:
        space = len(line[end.column :]) - len(line[end.column :].lstrip(" "))
        return Edit(Span(module.path, start, Position(end.line, end.column + space)), "")
    before = module.lines[start.line][: start.column].rstrip()
    if not before.endswith(","):
        return None
    return Edit(Span(module.path, Position(start.line, len(before) - 1), end), "")


def items_around(program: Program, ref: NodeRef) -> tuple[ir.Expression, ...]:
    """The items of the list display that an expression is written in; empty if it is in none."""
    statement = program.module_of(ref).statement_ref(ref)
    for inner in _displays(program.node(statement)) if statement.leaf is ref.leaf else ():
        if any(item.at == ref.at for item in inner.items):
            return inner.items
    return ()


def _displays(node: object) -> Iterator[ir.Sequence]:
    if isinstance(node, ir.Sequence):
        yield node
    if isinstance(node, tuple):
        for part in cast("tuple[object, ...]", node):
            yield from _displays(part)


def _newline(module: Module) -> str:
    return "\r\n" if module.lines and module.lines[0].endswith("\r\n") else "\n"


def _is_first_on_line(module: Module, at: Position) -> bool:
    return not module.lines[at.line][: at.column].strip()


def _is_last_on_line(module: Module, at: Position) -> bool:
    rest = module.lines[at.line][at.column :].strip()
    return not rest or rest.startswith("#")


def _is_alone(module: Module, ref: NodeRef) -> bool:
    """Is the statement the only one of its block?"""
    around = module.parents(ref)
    if not around:
        return False
    owner = module.node(around[0])
    for block in _blocks(owner):
        held = [
            NodeRef(section.leaf or around[0].leaf, statement.at)
            for section in block
            for statement in section.body
        ]
        if ref in held:
            return len(held) == 1
    return False


def _blocks(node: ir.Node) -> tuple[ir.Block, ...]:
    if isinstance(node, ir.FunctionDef | ir.ClassDef | ir.With):
        return (node.body,)
    if isinstance(node, ir.If | ir.For | ir.While):
        return (node.body, node.orelse)
    if isinstance(node, ir.Try):
        return (node.body, *(one.body for one in node.handlers), node.orelse, node.final)
    if isinstance(node, ir.Match):
        return tuple(case.body for case in node.cases)
    return ()

"""Building blocks of fixes: text edits that keep everything else as the user wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from .finding import Edit, Position, Span
from .program import Program
from .syntax import ir
from .syntax.ir import NodeRef
from .syntax.leaf import Leaf
from .syntax.lines import newline_of
from .syntax.module import Module

_ATOMIC = ir.Name | ir.Attribute | ir.Call | ir.Subscript | ir.Constant


def insert_before(program: Program, ref: NodeRef, *lines: str) -> Edit | None:
    """New lines in front of the statement around a node, indented like it."""
    module = program.module_of(ref)
    start = module.statement(ref).start
    if not _is_first_on_line(module, start):
        return None
    at = Position(start.line, 0)
    text = "".join(f"{module.indentation(ref)}{line}{newline_of(module.lines)}" for line in lines)
    return Edit(Span(module.path, at, at), text)


def insert_after(program: Program, ref: NodeRef, line: str) -> Edit | None:
    """A new line behind the simple statement around a node, indented like it."""
    module = program.module_of(ref)
    span = module.statement(ref)
    if not _is_first_on_line(module, span.start) or not _is_last_on_line(module, span.end):
        return None
    text = f"{module.indentation(ref)}{line}"
    if span.end.line + 1 < len(module.lines):
        at = Position(span.end.line + 1, 0)
        return Edit(Span(module.path, at, at), f"{text}{newline_of(module.lines)}")
    at = Position(span.end.line, len(module.lines[span.end.line]))
    return Edit(Span(module.path, at, at), f"{newline_of(module.lines)}{text}")


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


def indent_like(program: Program, ref: NodeRef, other: NodeRef) -> Edit | None:
    """The simple statement around a node, as far to the left as another one."""
    module = program.module_of(ref)
    start = module.statement(ref).start
    if not _is_first_on_line(module, start) or module is not program.module_of(other):
        return None
    at = Position(start.line, 0)
    return Edit(Span(module.path, at, start), module.indentation(other))


def replace(program: Program, ref: NodeRef, text: str) -> Edit:
    """Another expression in the place of this one."""
    return Edit(program.span(ref), text)


def add_keyword(program: Program, ref: NodeRef, text: str) -> Edit | None:
    """One more argument of a call, behind its last one: on a line of its own if that is."""
    node = program.node(ref)
    if not isinstance(node, ir.Call) or not node.args:
        return None
    module = program.module_of(ref)
    span = module.span(NodeRef(ref.leaf, node.args[-1].at))
    line = module.lines[span.start.line]
    gap = " "
    if _is_first_on_line(module, span.start):
        gap = newline_of(module.lines) + line[: span.start.column]
    return Edit(Span(module.path, span.end, span.end), f",{gap}{text}")


def insert_behind(program: Program, ref: NodeRef, text: str) -> Edit:
    """More text right behind a node."""
    span = program.span(ref)
    return Edit(Span(span.path, span.end, span.end), text)


def insert_in_front(program: Program, ref: NodeRef, text: str) -> Edit:
    """More text right in front of a node."""
    span = program.span(ref)
    return Edit(Span(span.path, span.start, span.start), text)


def operand_text(program: Program, leaf: Leaf, node: ir.Expression) -> str:
    """An expression as it is written, in parentheses where it needs them to stand anywhere."""
    text = program.text(NodeRef(leaf, node.at))
    return text if isinstance(node, _ATOMIC) else f"({text})"


def add_behind(program: Program, ref: NodeRef, text: str) -> Edit:
    """One more item of a list behind this one: on a line of its own if that is."""
    module = program.module_of(ref)
    span = module.span(ref)
    gap = " "
    if _is_first_on_line(module, span.start):
        gap = newline_of(module.lines) + module.lines[span.start.line][: span.start.column]
    return Edit(Span(module.path, span.end, span.end), f",{gap}{text}")


def replace_display(program: Program, ref: NodeRef, text: str) -> Edit:
    """Another tuple or list in the place of this one; its own parentheses go with it."""
    span = _with_parentheses(program.module_of(ref), ref)
    return Edit(span, text)


def _with_parentheses(module: Module, ref: NodeRef) -> Span:
    """The parentheses around a tuple are no part of its node."""
    span = module.span(ref)
    start, end = span.start, span.end
    before = module.lines[start.line][: start.column]
    after = module.lines[end.line][end.column :]
    if isinstance(module.node(ref), ir.Sequence) and before[-1:] == "(" and after[:1] == ")":
        start = Position(start.line, start.column - 1)
        end = Position(end.line, end.column + 1)
    return Span(module.path, start, end)


def remove_item(program: Program, ref: NodeRef) -> Edit | None:
    """Without one argument of a call or item of a list: with its comma, and its line if alone."""
    module = program.module_of(ref)
    span = _with_parentheses(module, ref)
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


def name_of(program: Program, ref: NodeRef, path: str) -> str | None:
    """How a name outside the workspace can be written at a node, by the imports in sight."""
    module = program.module_of(ref)
    known: dict[str, str] = {}
    for section in module.body:
        for statement in section.body:
            if isinstance(statement, ir.Import):
                for name, alias in statement.names:
                    bound = name if alias else name.partition(".")[0]
                    known[bound] = alias or bound
            elif isinstance(statement, ir.ImportFrom) and not statement.level:
                for name, alias in statement.names:
                    known[f"{statement.module}.{name}"] = alias or name
    parts = path.split(".")
    for count in range(len(parts), 0, -1):
        found = known.get(".".join(parts[:count]))
        if found is not None:
            return ".".join([found, *parts[count:]])
    return None


def holder(program: Program, ref: NodeRef) -> ir.Node | None:
    """The node of the same statement that this one is a direct part of; an argument's is its call."""
    module = program.module_of(ref)
    return _holder(module.node(module.statement_ref(ref)), ref.at)


def _holder(node: Any, at: int) -> ir.Node | None:  # noqa: ANN401  (nodes are tuples of any parts)
    for part in _parts(node):
        if part.at == at:
            return node
        found = _holder(part, at)
        if found is not None:
            return found
    return None


def _parts(node: Any) -> Iterator[Any]:  # noqa: ANN401
    for part in node:
        if isinstance(part, ir.Argument):
            yield part.value
        elif hasattr(part, "at"):
            yield part
        elif isinstance(part, tuple):
            yield from _parts(part)


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

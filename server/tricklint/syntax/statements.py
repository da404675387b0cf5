"""Lowering of libcst statements to the IR: one function per kind, chosen by `type(node)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from . import ir
from .expressions import (
    Numbering,
    dotted_name,
    lower_argument,
    lower_expression,
    lower_parameters,
)
from .operators import OPERATORS
from .patterns import bound_names, literal_values

if TYPE_CHECKING:
    from libcst._nodes.statement import TypeAlias


def lower_statements(nodes: Iterable[cst.CSTNode], to: Numbering) -> tuple[ir.Statement, ...]:
    """Statements in order; what a replaced stretch may change comes before the one it is in."""
    lowered: list[ir.Statement] = []
    for node in nodes:
        if isinstance(node, cst.SimpleStatementLine):
            for small in node.body:
                _append(small, to, lowered)
        else:
            _append(node, to, lowered)
    return tuple(lowered)


def _append(node: cst.CSTNode, to: Numbering, lowered: list[ir.Statement]) -> None:
    outer, to.pending = to.pending, []
    lower = _STATEMENTS.get(type(node)) or _NEWER.get(type(node).__name__, _unknown)
    statement = lower(node, to)
    holes, to.pending = to.pending, outer
    lowered.extend(holes)
    # A stretch that stood alone is nothing but its hole.
    if not (holes and isinstance(statement, ir.ExpressionStatement)):
        lowered.append(statement)


def _block(suite: cst.CSTNode | None, to: Numbering) -> ir.Block:
    if isinstance(suite, (cst.Else, cst.Finally)):
        suite = suite.body
    if not isinstance(suite, (cst.IndentedBlock, cst.SimpleStatementSuite)):
        return ()
    nodes: Sequence[cst.CSTNode] = suite.body
    return (ir.Section(None, lower_statements(nodes, to)),)


def _maybe(node: cst.CSTNode | None, to: Numbering) -> ir.Expression | None:
    return None if node is None else lower_expression(node, to)


def _unknown(node: cst.CSTNode, to: Numbering) -> ir.Statement:
    """A kind that a later libcst may bring."""
    return ir.Hole((), to.number(node))


def _expression(node: cst.Expr, to: Numbering) -> ir.Statement:
    at = to.number(node)
    return ir.ExpressionStatement(lower_expression(node.value, to), at)


def _assign(node: cst.Assign, to: Numbering) -> ir.Statement:
    at = to.number(node)
    targets = tuple([lower_expression(each.target, to) for each in node.targets])
    return ir.Assign(targets, lower_expression(node.value, to), at)


def _annotated(node: cst.AnnAssign, to: Numbering) -> ir.Statement:
    at = to.number(node)
    target = lower_expression(node.target, to)
    annotation = lower_expression(node.annotation.annotation, to)
    return ir.AnnotatedAssign(target, annotation, _maybe(node.value, to), at)


def _augmented(node: cst.AugAssign, to: Numbering) -> ir.Statement:
    at = to.number(node)
    target = lower_expression(node.target, to)
    op = OPERATORS[type(node.operator)]
    return ir.AugmentedAssign(target, op, lower_expression(node.value, to), at)


def _return(node: cst.Return, to: Numbering) -> ir.Statement:
    at = to.number(node)
    return ir.Return(_maybe(node.value, to), at)


def _raise(node: cst.Raise, to: Numbering) -> ir.Statement:
    at = to.number(node)
    return ir.Raise(_maybe(node.exc, to), at)


def _delete(node: cst.Del, to: Numbering) -> ir.Statement:
    at = to.number(node)
    target = node.target
    targets = [e.value for e in target.elements] if isinstance(target, cst.Tuple) else [target]
    return ir.Delete(tuple([lower_expression(each, to) for each in targets]), at)


def _assert(node: cst.Assert, to: Numbering) -> ir.Statement:
    at = to.number(node)
    return ir.Assert(lower_expression(node.test, to), at)


def _pass(node: cst.Pass, to: Numbering) -> ir.Statement:
    return ir.Pass(to.number(node))


def _break(node: cst.Break, to: Numbering) -> ir.Statement:
    return ir.Break(to.number(node))


def _continue(node: cst.Continue, to: Numbering) -> ir.Statement:
    return ir.Continue(to.number(node))


def _scope(node: cst.Global | cst.Nonlocal, to: Numbering) -> ir.Statement:
    names = tuple([item.name.value for item in node.names])
    return ir.Scope(isinstance(node, cst.Global), names, to.number(node))


def _import(node: cst.Import, to: Numbering) -> ir.Statement:
    return ir.Import(_aliases(node.names), to.number(node))


def _import_from(node: cst.ImportFrom, to: Numbering) -> ir.Statement:
    at = to.number(node)
    module = "" if node.module is None else dotted_name(node.module)
    names = node.names
    imported = (("*", None),) if isinstance(names, cst.ImportStar) else _aliases(names)
    return ir.ImportFrom(module, len(node.relative), imported, at)


def _aliases(aliases: Iterable[cst.ImportAlias]) -> tuple[tuple[str, str | None], ...]:
    return tuple(
        [
            (dotted_name(a.name), None if a.asname is None else dotted_name(a.asname.name))
            for a in aliases
        ]
    )


def _type_alias(node: TypeAlias, to: Numbering) -> ir.Statement:
    """The value is looked at only when somebody asks for it: all that is known is the name."""
    return ir.Hole((node.name.value,), to.number(node))


def _if(node: cst.If, to: Numbering) -> ir.Statement:
    """A loop over the alternatives, so that many of them need no more of Python's stack."""
    chain: list[tuple[ir.Expression, ir.Block, int]] = []
    rest: cst.If | cst.Else | None = node
    while isinstance(rest, cst.If):
        at = to.number(rest)
        test = lower_expression(rest.test, to)
        chain.append((test, _block(rest.body, to), at))
        rest = rest.orelse
    orelse = _block(rest, to)
    for test, body, at in reversed(chain[1:]):
        orelse = (ir.Section(None, (ir.If(test, body, orelse, at),)),)
    test, body, at = chain[0]
    return ir.If(test, body, orelse, at)


def _for(node: cst.For, to: Numbering) -> ir.Statement:
    at = to.number(node)
    target = lower_expression(node.target, to)
    source = lower_expression(node.iter, to)
    body, orelse = _block(node.body, to), _block(node.orelse, to)
    return ir.For(target, source, body, orelse, node.asynchronous is not None, at)


def _while(node: cst.While, to: Numbering) -> ir.Statement:
    at = to.number(node)
    test = lower_expression(node.test, to)
    body = _block(node.body, to)
    return ir.While(test, body, _block(node.orelse, to), at)


def _with(node: cst.With, to: Numbering) -> ir.Statement:
    at = to.number(node)
    items: list[tuple[ir.Expression, ir.Expression | None]] = []
    for item in node.items:
        value = lower_expression(item.item, to)
        items.append((value, None if item.asname is None else _maybe(item.asname.name, to)))
    return ir.With(tuple(items), _block(node.body, to), node.asynchronous is not None, at)


def _try(node: cst.Try | cst.TryStar, to: Numbering) -> ir.Statement:
    at = to.number(node)
    body = _block(node.body, to)
    handlers: list[ir.Handler] = []
    for handler in node.handlers:
        error = _maybe(handler.type, to)
        name = None if handler.name is None else dotted_name(handler.name.name)
        handlers.append(ir.Handler(error, name, _block(handler.body, to)))
    orelse, final = _block(node.orelse, to), _block(node.finalbody, to)
    return ir.Try(body, tuple(handlers), orelse, final, at)


def _match(node: cst.Match, to: Numbering) -> ir.Statement:
    at = to.number(node)
    subject = lower_expression(node.subject, to)
    cases: list[ir.Case] = []
    for case in node.cases:
        names, constants = bound_names(case.pattern), literal_values(case.pattern)
        guard = _maybe(case.guard, to)
        cases.append(ir.Case(names, constants, guard, _block(case.body, to)))
    return ir.Match(subject, tuple(cases), at)


def _function(node: cst.FunctionDef, to: Numbering) -> ir.Statement:
    at = to.number(node)
    decorators = _decorators(node.decorators, to)
    params = lower_parameters(node.params, to)
    returns = None if node.returns is None else _maybe(node.returns.annotation, to)
    outer, to.yields = to.yields, False
    body = _block(node.body, to)
    inner, to.yields = to.yields, outer
    is_async = node.asynchronous is not None
    return ir.FunctionDef(node.name.value, params, returns, decorators, body, is_async, inner, at)


def _class(node: cst.ClassDef, to: Numbering) -> ir.Statement:
    at = to.number(node)
    decorators = _decorators(node.decorators, to)
    args = tuple([lower_argument(arg, to) for arg in (*node.bases, *node.keywords)])
    return ir.ClassDef(node.name.value, args, decorators, _block(node.body, to), at)


def _decorators(nodes: Iterable[cst.Decorator], to: Numbering) -> tuple[ir.Expression, ...]:
    return tuple([lower_expression(each.decorator, to) for each in nodes])


_STATEMENTS: dict[type, Callable[[Any, Numbering], ir.Statement]] = {
    cst.Expr: _expression,
    cst.Assign: _assign,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Del: _delete,
    cst.Assert: _assert,
    cst.Pass: _pass,
    cst.Break: _break,
    cst.Continue: _continue,
    cst.Global: _scope,
    cst.Nonlocal: _scope,
    cst.Import: _import,
    cst.ImportFrom: _import_from,
    cst.If: _if,
    cst.For: _for,
    cst.While: _while,
    cst.With: _with,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.Match: _match,
    cst.FunctionDef: _function,
    cst.ClassDef: _class,
}

# What not every libcst that we run with has, or does not show.
_NEWER: dict[str, Callable[[Any, Numbering], ir.Statement]] = {
    "LazyImport": _import,
    "LazyImportFrom": _import_from,
    "TypeAlias": _type_alias,
}

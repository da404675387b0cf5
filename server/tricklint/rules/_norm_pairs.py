"""Whether a layer is always made together with the norm behind it."""

from __future__ import annotations

from collections.abc import Iterator

from ..interpreter.biases import CancelledBias, Decision
from ..interpreter.search import blocks, parts, statements, written
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from ..syntax.leaf import Leaf
from ..syntax.module import Module

Home = tuple[str, NodeRef | None]  # a function, or a module's own code


def home(program: Program, ref: NodeRef) -> Home:
    """Where a call is written."""
    return program.module_of(ref).path, program.function_of(ref)


def deciding(program: Program, fact: CancelledBias) -> tuple[Decision, bool]:
    """The call where the bias should be switched off, and whether the norm is made there too.

    A helper may serve others, so the one that also makes the norm comes before the helper.
    """
    norms = {home(program, one) for one in fact.norm_by}
    for decision in fact.decisions:
        if home(program, decision.call) in norms:
            return decision, True
    return fact.decisions[-1], False


def is_optional(program: Program, fact: CancelledBias) -> bool:
    """Is there a way to make the layer without the norm?

    That way may not have been seen, or its condition was known each time; but it is there.
    So it is where the norm's class is in a variable.
    """
    made = program.node(fact.norm_by[0])
    if not isinstance(made, ir.Call) or written(made.func).rpartition(".")[2] != fact.norm:
        return True
    layers = {home(program, one): one for one in fact.layer_by}
    for norm in fact.norm_by:
        where = home(program, norm)
        layer = layers.get(where)
        own = set(_hedges(program.module_of(norm), norm))
        if layer is not None:
            shared = set(_hedges(program.module_of(layer), layer))
            return not own <= shared or _may_leave(program, where, layer, norm)
        if own or _may_leave(program, where, norm, norm):
            return True
    return False


def _hedges(module: Module, ref: NodeRef) -> Iterator[tuple[NodeRef, object]]:
    """All that decides whether a call is reached, with the side that it is on."""
    below = ref
    for one in module.parents(ref):
        node = module.node(one)
        if isinstance(node, ir.FunctionDef):
            return
        if isinstance(node, ir.If | ir.For | ir.While | ir.Try | ir.Match):
            yield one, _side(node, below, one.leaf)
        elif below == ref:
            yield from ((one, part.at) for part in _choices(node, ref.at))
        below = one


def _side(node: ir.Statement, inner: NodeRef, leaf: Leaf) -> int:
    """The number of the block that a statement stands in."""
    for number, block in enumerate(blocks(node)):
        for section in block:
            if inner in [NodeRef(section.leaf or leaf, one.at) for one in section.body]:
                return number
    return -1


def _choices(node: ir.Node, at: int) -> Iterator[ir.Expression]:
    """The expressions around a node, in its statement, that need not give just this value."""
    if isinstance(node, ir.Conditional | ir.Subscript) or (
        isinstance(node, ir.Binary) and node.op in ("and", "or", "*")
    ):
        yield node
    for part in parts(node):
        if _contains(part, at):
            yield from _choices(part, at)


def _contains(node: ir.Node, at: int) -> bool:
    return node.at == at or any(_contains(part, at) for part in parts(node))


def _may_leave(program: Program, where: Home, first: NodeRef, last: NodeRef) -> bool:
    """May the function end, or the turn of a loop, after the one call and before the other?"""
    path, function = where
    module = program.modules[path]
    block, leaf = module.outline, first.leaf
    if function is not None:
        node = module.node(function)
        assert isinstance(node, ir.FunctionDef)
        block, leaf = node.body, function.leaf
    found = [(NodeRef(inside, one.at), one) for one, inside in statements(block, leaf)]
    order = [ref for ref, _ in found]
    asked = [module.statement_ref(one) for one in (first, last)]
    if not all(one in order for one in asked):
        return False  # in the body of a class
    ends = [order.index(one) for one in asked]
    start = 0 if first == last else min(ends)
    return any(
        isinstance(one, ir.Return | ir.Break | ir.Continue) for _, one in found[start : max(ends)]
    )

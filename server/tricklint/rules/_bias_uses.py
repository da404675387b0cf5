"""Code that relies on a layer having a bias: without one it would stop."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..interpreter.relevance import identifiers
from ..interpreter.search import blocks, parts
from ..program import Program
from ..syntax import ir
from ..syntax.leaf import Leaf
from ..syntax.module import Module


def relies_on_bias(program: Program, path: str, layer: str) -> bool:
    """Does code around a file use the bias of such layers without asking whether there is one?

    Files that import this one are not looked into: that they mention a bias is enough.
    """
    if program.files.named_elsewhere(path, "bias"):
        return True
    return any(
        kinds is None or any(kind in layer for kind in kinds)
        for one in sorted({path, *program.files.imported_by(path)})
        if one in program.modules
        for kinds in _uses_in(program.modules[one])
    )


Kinds: TypeAlias = (
    tuple[str, ...] | None
)  # names that the layer's class was asked for; None: any layer

_USES: dict[bytes, tuple[Kinds, ...]] = {}
_MOST_USES = 20_000


def _uses_in(module: Module) -> Iterator[Kinds]:
    for definition in module.functions.values():
        yield from _uses(definition.digest, definition.node.body, definition.leaf)
    if module.body:
        yield from _uses(module.digest, module.body, module.body[0].leaf)


def _uses(digest: bytes, block: ir.Block, leaf: Leaf | None) -> tuple[Kinds, ...]:
    known = _USES.get(digest)
    if known is None:
        if len(_USES) >= _MOST_USES:
            _USES.clear()
        known = _USES[digest] = tuple(_block_uses(block, None)) if leaf is not None else ()
    return known


def _block_uses(block: ir.Block, kinds: Kinds) -> Iterator[Kinds]:
    for section in block:
        for statement in section.body:
            yield from _statement_uses(statement, kinds)


def _statement_uses(node: ir.Statement, kinds: Kinds) -> Iterator[Kinds]:
    if isinstance(node, ir.FunctionDef | ir.ClassDef):
        return
    if isinstance(node, ir.If):
        if not _names_bias(node.test):
            yield from _block_uses(node.body, _kinds_asked(node.test) or kinds)
        yield from _block_uses(node.orelse, kinds)
        return
    for block in blocks(node):
        yield from _block_uses(block, kinds)
    if any(_uses_bias(part) for part in parts(node)):
        yield kinds


def _names_bias(node: ir.Node) -> bool:
    return "bias" in identifiers(node)


def _kinds_asked(test: ir.Expression) -> Kinds:
    """`isinstance(m, nn.Conv2d)`, `classname.find('Conv') != -1`."""
    asked: list[str] = []
    for call in _calls(test):
        if isinstance(call.func, ir.Name) and call.func.id == "isinstance" and len(call.args) == 2:
            asked += identifiers(call.args[1].value)
        elif isinstance(call.func, ir.Attribute) and call.func.attr in ("find", "startswith"):
            asked += [name for one in call.args for name in identifiers(one.value)]
    if isinstance(test, ir.Compare) and isinstance(test.left, ir.Constant):
        asked += identifiers(test.left)
    return tuple(asked) or None


def _calls(node: ir.Node) -> Iterator[ir.Call]:
    if isinstance(node, ir.Call):
        yield node
    for part in parts(node):
        yield from _calls(part)


def _uses_bias(node: ir.Node) -> bool:
    """`m.bias`, other than one's own, and not in an expression that asks for None first."""
    if isinstance(node, ir.Compare | ir.Conditional):
        return False
    if isinstance(node, ir.Binary) and node.op == "and" and _names_bias(node.left):
        return False
    if isinstance(node, ir.Attribute) and node.attr == "bias":
        return not (isinstance(node.value, ir.Name) and node.value.id == "self")
    return any(_uses_bias(part) for part in parts(node))

"""What code around a model does to all of its layers of one class: `if isinstance(m, nn.Conv2d)`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from ..interpreter.relevance import identifiers
from ..interpreter.search import blocks, parts
from ..program import Program
from ..syntax import ir
from ..syntax.module import Module


def relies_on_bias(program: Program, path: str, layer: str) -> bool:
    """Does code around a file use the bias of such layers without asking whether there is one?

    Files that import this one are not looked into: that they mention a bias is enough.
    """
    if program.files.named_elsewhere(path, "bias"):
        return True
    uses = [use for use in _uses_around(program, path) if use.act is _Act.BIAS]
    return any(not use.kinds or any(kind in layer for kind in use.kinds) for use in uses)


def freezes_norms(program: Program, path: str) -> bool:
    """Does code around a file put its norms in evaluation mode, by their class?"""
    uses = [use for use in _uses_around(program, path) if use.act is _Act.EVAL]
    return any("Norm" in kind for use in uses for kind in use.kinds)


class _Act(Enum):
    BIAS = "uses the bias"
    EVAL = "calls eval"


class _Use(NamedTuple):
    act: _Act
    kinds: tuple[str, ...]  # the names of classes that were asked for; empty: any layer


_WORDS = frozenset(("bias", "eval"))  # without which nothing here is of interest

_KEY = re.compile(r"\w\.bias$")

_USES: dict[bytes, tuple[_Use, ...]] = {}
_MOST_USES = 20_000


def _uses_around(program: Program, path: str) -> Iterator[_Use]:
    for one in sorted({path, *program.files.imported_by(path)}):
        if one in program.modules:
            yield from _uses_in(program.modules[one])


def _uses_in(module: Module) -> Iterator[_Use]:
    for definition in module.functions.values():
        if not _WORDS.isdisjoint(definition.words):
            yield from _uses(definition.digest, definition.node.body, inner=True)
    yield from _uses(module.digest, module.outline, inner=False)


def _uses(digest: bytes, block: ir.Block, *, inner: bool) -> tuple[_Use, ...]:
    """The uses in a function; or in a module's own code, without its functions."""
    known = _USES.get(digest)
    if known is None:
        if len(_USES) >= _MOST_USES:
            _USES.clear()
        known = _USES[digest] = tuple(_of_block(block, (), inner=inner))
    return known


def _of_block(block: ir.Block, kinds: tuple[str, ...], *, inner: bool) -> Iterator[_Use]:
    for section in block:
        for statement in section.body:
            yield from _of_statement(statement, kinds, inner=inner)


def _of_statement(node: ir.Statement, kinds: tuple[str, ...], *, inner: bool) -> Iterator[_Use]:
    if isinstance(node, ir.FunctionDef | ir.ClassDef):
        if inner:
            yield from _of_block(node.body, kinds, inner=True)
        return
    if isinstance(node, ir.If):
        if not _names_bias(node.test):
            yield from _of_block(node.body, _kinds_asked(node.test) or kinds, inner=inner)
        yield from _of_block(node.orelse, kinds, inner=inner)
        return
    for block in blocks(node):
        yield from _of_block(block, kinds, inner=inner)
    acts = {act for part in parts(node) for act in _acts(part)}
    yield from (_Use(act, kinds) for act in _Act if act in acts)


def _names_bias(node: ir.Node) -> bool:
    return "bias" in identifiers(node)


def _kinds_asked(test: ir.Expression) -> tuple[str, ...]:
    """`isinstance(m, nn.Conv2d)`, `classname.find('Conv') != -1`, `'Conv' in classname`."""
    asked: list[str] = []
    for call in _calls(test):
        if isinstance(call.func, ir.Name) and call.func.id == "isinstance" and len(call.args) == 2:
            asked += identifiers(call.args[1].value)
        elif isinstance(call.func, ir.Attribute) and call.func.attr in ("find", "startswith"):
            asked += [name for one in call.args for name in identifiers(one.value)]
    if isinstance(test, ir.Compare) and isinstance(test.left, ir.Constant):
        asked += identifiers(test.left)
    return tuple(asked)


def _calls(node: ir.Node) -> Iterator[ir.Call]:
    if isinstance(node, ir.Call):
        yield node
    for part in parts(node):
        yield from _calls(part)


def _acts(node: ir.Node) -> Iterator[_Act]:
    """`m.bias`, other than one's own, and not where None is asked for first; `m.eval()`.

    A string such as `"0.bias"` is the key of one in a checkpoint.
    """
    if isinstance(node, ir.Compare | ir.Conditional):
        return
    if isinstance(node, ir.Binary) and node.op == "and" and _names_bias(node.left):
        return
    if isinstance(node, ir.Constant) and isinstance(node.value, str) and _KEY.search(node.value):
        yield _Act.BIAS
    if isinstance(node, ir.Attribute):
        if node.attr == "bias" and not (
            isinstance(node.value, ir.Name) and node.value.id == "self"
        ):
            yield _Act.BIAS
        if node.attr == "eval":
            yield _Act.EVAL
    for part in parts(node):
        yield from _acts(part)

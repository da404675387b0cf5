"""The functions of a module and of its classes, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from . import ir
from .assemble import parsed, whole
from .digest import digest_of
from .leaf import Leaf
from .pieces import Compound, Piece, stretches


class Definition(NamedTuple):
    """A function of a module or class; `broken` when something in it could not be read."""

    key: str
    node: ir.FunctionDef
    leaf: Leaf
    digest: bytes
    broken: bool


def definitions(pieces: Iterable[Piece]) -> dict[str, Definition]:
    """By key: "f", "Trainer.fit", and "f#2" for the second of a name."""
    found: dict[str, Definition] = {}
    counts: dict[str, int] = {}
    for piece in pieces:
        if piece.functions is None:
            piece.functions = tuple(_of_pieces([piece], ""))
        for definition in piece.functions:
            count = counts[definition.key] = counts.get(definition.key, 0) + 1
            if count == 1:
                found[definition.key] = definition
            else:
                key = f"{definition.key}#{count}"
                found[key] = definition._replace(key=key)
    return found


def _of_pieces(pieces: Iterable[Piece], prefix: str) -> Iterator[Definition]:
    for piece in pieces:
        if isinstance(piece, Compound):
            yield from _of_compound(piece, prefix)
            continue
        leaf = parsed(piece)
        for node in _functions(leaf.body, prefix):
            alone = len(leaf.body) == 1 and leaf.body[0] is node[1]
            digest = leaf.digest if alone else digest_of(node[1])
            yield Definition(node[0], node[1], piece.leaf, digest, leaf.broken)


def _of_compound(piece: Compound, prefix: str) -> Iterator[Definition]:
    head = piece.clauses[0]
    statement = whole(piece).heads.get(head.header.leaf)
    if isinstance(statement, ir.FunctionDef):
        broken = any(parsed(stretch).broken for stretch in stretches([piece]))
        key = prefix + statement.name
        yield Definition(key, statement, head.header.leaf, whole(piece).digest, broken)
        return
    if isinstance(statement, ir.ClassDef):
        prefix += statement.name + "."
    for clause in piece.clauses:
        yield from _of_pieces([clause.header], prefix)
        yield from _of_pieces(clause.suite, prefix)


def _functions(body: Iterable[ir.Statement], prefix: str) -> Iterator[tuple[str, ir.FunctionDef]]:
    for statement in body:
        if isinstance(statement, ir.FunctionDef):
            yield prefix + statement.name, statement
            continue
        inner = prefix
        if isinstance(statement, ir.ClassDef):
            inner += statement.name + "."
        for block in blocks(statement):
            for section in block:
                yield from _functions(section.body, inner)


def blocks(statement: ir.Statement) -> tuple[ir.Block, ...]:
    """The suites of a statement in the order of the text."""
    if isinstance(statement, (ir.If, ir.For, ir.While)):
        return (statement.body, statement.orelse)
    if isinstance(statement, (ir.With, ir.FunctionDef, ir.ClassDef)):
        return (statement.body,)
    if isinstance(statement, ir.Try):
        handlers = [handler.body for handler in statement.handlers]
        return (statement.body, *handlers, statement.orelse, statement.final)
    if isinstance(statement, ir.Match):
        return tuple([case.body for case in statement.cases])
    return ()

"""Digests of IR: equal for equal programs, whatever their comments, blank lines and formatting."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import cast

from . import ir

SIZE = 16


def digest_of(node: object) -> bytes:
    """The digest of a node or of a tuple of nodes."""
    parts: list[str] = []
    stack: list[object] = [node]
    while stack:
        item = stack.pop()
        if isinstance(item, tuple):
            values = cast("tuple[object, ...]", item)
            parts.append(f"{type(values).__name__}/{len(values)}")
            stack.extend(values)
        elif isinstance(item, int) and not isinstance(item, bool):
            parts.append(hex(item))  # `repr` refuses to write very long integers
        else:
            parts.append(repr(item))
    return blake2b("\0".join(parts).encode(), digest_size=SIZE).digest()


def digests(body: tuple[ir.Statement, ...]) -> tuple[bytes, bytes]:
    """The digest of some statements, and that of all but the bodies of the functions in them."""
    bodies: list[ir.FunctionDef] = []
    outline = digest_of(_without_bodies(body, bodies))
    if not bodies:
        return outline, outline
    return digest_of((outline, *[(f.body, f.is_generator) for f in bodies])), outline


def _without_bodies(
    body: tuple[ir.Statement, ...], bodies: list[ir.FunctionDef]
) -> tuple[object, ...]:
    return tuple([_without_body(statement, bodies) for statement in body])


def _without_body(statement: ir.Statement, bodies: list[ir.FunctionDef]) -> object:
    if isinstance(statement, ir.FunctionDef):
        bodies.append(statement)
        return statement._replace(body=(), is_generator=False)
    if not isinstance(statement, _HOLDERS):
        return statement
    # Blocks are the only fields that are tuples of sections; handlers and cases hold them too.
    return (type(statement).__name__, *[_thinned(field, bodies) for field in statement])


def _thinned(field: object, bodies: list[ir.FunctionDef]) -> object:
    if isinstance(field, ir.Section):
        return _without_bodies(field.body, bodies)
    if isinstance(field, (ir.Handler, ir.Case)) or type(field) is tuple:
        parts = cast("tuple[object, ...]", field)
        return tuple([_thinned(part, bodies) for part in parts])
    return field


_HOLDERS = (ir.If, ir.For, ir.While, ir.With, ir.Try, ir.Match, ir.ClassDef)


def combine(digests: Iterable[bytes]) -> bytes:
    """One digest from several, in order."""
    return blake2b(b"".join(digests), digest_size=SIZE).digest()

"""From pieces to the IR of a whole suite, across leaves; each piece is put together once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias, TypeVar

from . import ir
from .digest import combine
from .leaf import Leaf, Parsed, parse
from .pieces import Clause, Compound, Piece, Stretch, stretches


class Whole(NamedTuple):
    """What a compound statement comes to.

    `heads` holds, by the leaf where it starts, the statement itself and every `elif` of it.
    `yields` is about the function around it; `outline` leaves out the bodies of functions.
    """

    sections: ir.Block
    heads: dict[Leaf, ir.Statement]
    yields: bool
    digest: bytes
    outline: bytes


def parsed(stretch: Stretch) -> Parsed:
    """The parse of the text of a stretch."""
    if stretch.parsed is None:
        stretch.parsed = parse(stretch.kind, stretch.text)
    return stretch.parsed


def block_of(pieces: Iterable[Piece]) -> ir.Block:
    """The statements of a suite; pieces without any are left out."""
    sections: list[ir.Section] = []
    for piece in pieces:
        if isinstance(piece, Compound):
            sections.extend(whole(piece).sections)
        elif body := parsed(piece).body:
            sections.append(ir.Section(piece.leaf, body))
    return tuple(sections)


def whole(compound: Compound) -> Whole:
    """A statement put together from its clauses."""
    if compound.whole is None:
        compound.whole = _put_together(compound)
    return compound.whole


def digest_of_pieces(pieces: Iterable[Piece]) -> bytes:
    """The digest of a suite."""
    return combine(whole(p).digest if isinstance(p, Compound) else parsed(p).digest for p in pieces)


def outline_of_pieces(pieces: Iterable[Piece]) -> bytes:
    """The digest of a suite without the bodies of the functions of modules and classes."""
    return combine(
        whole(p).outline if isinstance(p, Compound) else parsed(p).outline for p in pieces
    )


def yields(pieces: Iterable[Piece]) -> bool:
    """Whether a suite yields for the function around it."""
    return any(whole(p).yields if isinstance(p, Compound) else parsed(p).yields for p in pieces)


def _put_together(compound: Compound) -> Whole:
    first, rest = compound.clauses[0], compound.clauses[1:]
    head = _head(first)
    holes = [hole for clause in compound.clauses for hole in _holes(clause)]
    heads: dict[Leaf, ir.Statement] = {}
    if head is None:
        # Without its head nothing is known of the suites but the names that they mention.
        names = tuple(dict.fromkeys(_WORD.findall("".join(s.text for s in stretches([compound])))))
        lost = ir.Section(first.header.leaf, (ir.Hole(names, 0),))
        return Whole(
            (lost,), heads, yields=False, digest=_digest(compound), outline=_outline(compound, None)
        )
    statement = _fill(head, first, rest, heads)
    heads[first.header.leaf] = statement
    sections = (*holes, ir.Section(first.header.leaf, (statement,)))
    inside = yields(clause.header for clause in compound.clauses)
    if not isinstance(statement, ir.FunctionDef):
        inside = inside or any(yields(clause.suite) for clause in compound.clauses)
    return Whole(sections, heads, inside, _digest(compound), _outline(compound, statement))


_WORD = re.compile(r"[^\W\d]\w*")
_Headed: TypeAlias = (
    ir.If | ir.For | ir.While | ir.With | ir.Try | ir.Match | ir.FunctionDef | ir.ClassDef
)


def _head(clause: Clause) -> _Headed | None:
    body = parsed(clause.header).body
    return body[-1] if body and isinstance(body[-1], _Headed) else None


def _holes(clause: Clause) -> Iterable[ir.Section]:
    holes = tuple([s for s in parsed(clause.header).body if isinstance(s, ir.Hole)])
    if holes:
        yield ir.Section(clause.header.leaf, holes)


def _fill(
    head: _Headed, first: Clause, rest: Sequence[Clause], heads: dict[Leaf, ir.Statement]
) -> ir.Statement:
    leaf = first.header.leaf
    if isinstance(head, ir.Match):
        return head._replace(cases=tuple([c for clause in rest for c in _cases(clause)]))
    body = block_of(first.suite) if first.suite else _placed(head.body, leaf)
    if isinstance(head, ir.FunctionDef):
        return head._replace(body=body, is_generator=yields(first.suite))
    if isinstance(head, (ir.ClassDef, ir.With)):
        return head._replace(body=body)
    if isinstance(head, ir.If):
        return head._replace(body=body, orelse=_alternatives(rest, heads))
    if isinstance(head, (ir.For, ir.While)):
        return head._replace(body=body, orelse=_clause_block("else", rest))
    handlers = tuple([h for clause in rest for h in _handlers(clause)])
    orelse, final = _clause_block("else", rest), _clause_block("finally", rest)
    return head._replace(body=body, handlers=handlers, orelse=orelse, final=final)


def _alternatives(clauses: Sequence[Clause], heads: dict[Leaf, ir.Statement]) -> ir.Block:
    orelse: ir.Block = ()
    for clause in reversed(clauses):
        leaf, carrier = clause.header.leaf, _head(clause)
        if not isinstance(carrier, ir.If):
            continue
        if clause.word == "elif":
            inner = carrier.orelse[0].body[-1]
            if isinstance(inner, ir.If):
                body = block_of(clause.suite) or _placed(inner.body, leaf)
                inner = inner._replace(body=body, orelse=orelse)
                heads[leaf] = inner
                orelse = (ir.Section(leaf, (*carrier.orelse[0].body[:-1], inner)),)
        else:
            orelse = block_of(clause.suite) or _placed(carrier.orelse, leaf)
    return orelse


def _clause_block(word: str, clauses: Iterable[Clause]) -> ir.Block:
    for clause in clauses:
        if clause.word == word:
            carrier = _head(clause)
            if clause.suite:
                return block_of(clause.suite)
            if isinstance(carrier, ir.If):
                return _placed(carrier.orelse, clause.header.leaf)
            if isinstance(carrier, ir.Try):
                return _placed(carrier.final, clause.header.leaf)
    return ()


def _handlers(clause: Clause) -> Iterable[ir.Handler]:
    carrier = _head(clause)
    if clause.word == "except" and isinstance(carrier, ir.Try):
        for handler in carrier.handlers:
            yield _moved(handler, clause)


def _cases(clause: Clause) -> Iterable[ir.Case]:
    carrier = _head(clause)
    if clause.word == "case" and isinstance(carrier, ir.Match):
        for case in carrier.cases:
            yield _moved(case, clause)


_Part = TypeVar("_Part", ir.Handler, ir.Case)


def _moved(part: _Part, clause: Clause) -> _Part:
    leaf = clause.header.leaf
    return part._replace(body=block_of(clause.suite) or _placed(part.body, leaf), leaf=leaf)


def _placed(block: ir.Block, leaf: Leaf) -> ir.Block:
    return tuple([section._replace(leaf=leaf) for section in block])


def _digest(compound: Compound) -> bytes:
    return combine(
        part
        for clause in compound.clauses
        for part in (parsed(clause.header).digest, digest_of_pieces(clause.suite))
    )


def _outline(compound: Compound, statement: ir.Statement | None) -> bytes:
    if isinstance(statement, ir.FunctionDef):
        return combine([parsed(compound.clauses[0].header).digest])
    return combine(
        part
        for clause in compound.clauses
        for part in (parsed(clause.header).outline, outline_of_pieces(clause.suite))
    )

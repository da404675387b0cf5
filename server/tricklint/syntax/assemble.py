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
    outline: bytes


def parsed(stretch: Stretch) -> Parsed:
    """The parse of the text of a stretch."""
    if stretch.parsed is None:
        stretch.parsed = parse(stretch.kind, stretch.text)
    return stretch.parsed


def block_of(pieces: Iterable[Piece], *, full: bool = True) -> ir.Block:
    """The statements of a suite; pieces without any are left out.

    If it is not `full`, functions of the module and of its classes have no body in it.
    """
    sections: list[ir.Section] = []
    for piece in pieces:
        if isinstance(piece, Compound):
            sections.extend((full_whole(piece) if full else whole(piece)).sections)
        elif body := parsed(piece).body:
            sections.append(ir.Section(piece.leaf, body))
    return tuple(sections)


def whole(compound: Compound) -> Whole:
    """A statement put together from its clauses, functions of the module without their body."""
    if not compound.outer:
        return full_whole(compound)
    if compound.whole is None:
        compound.whole = _put_together(compound, full=False)
    return compound.whole


def full_whole(compound: Compound) -> Whole:
    """A statement put together from its clauses."""
    if compound.full is None:
        compound.full = _put_together(compound, full=True)
    return compound.full


def digest_of_piece(piece: Piece) -> bytes:
    """The digest of a piece."""
    if isinstance(piece, Stretch):
        return parsed(piece).digest
    if piece.digest is None:
        piece.digest = combine(
            part
            for clause in piece.clauses
            for part in (parsed(clause.header).digest, digest_of_pieces(clause.suite))
        )
    return piece.digest


def digest_of_pieces(pieces: Iterable[Piece]) -> bytes:
    """The digest of a suite."""
    return combine(digest_of_piece(piece) for piece in pieces)


def outline_of_pieces(pieces: Iterable[Piece]) -> bytes:
    """The digest of a suite without the bodies of the functions of modules and classes."""
    return combine(outline_of(piece) for piece in pieces)


def outline_of(piece: Piece) -> bytes:
    """The digest of a piece without the bodies of the functions of modules and classes."""
    return whole(piece).outline if isinstance(piece, Compound) else parsed(piece).outline


def yields(pieces: Iterable[Piece]) -> bool:
    """Whether a suite yields for the function around it."""
    return any(whole(p).yields if isinstance(p, Compound) else parsed(p).yields for p in pieces)


def _put_together(compound: Compound, *, full: bool) -> Whole:
    first, rest = compound.clauses[0], compound.clauses[1:]
    head = _head(first)
    holes = [hole for clause in compound.clauses for hole in _holes(clause)]
    heads: dict[Leaf, ir.Statement] = {}
    if head is None:
        # Without its head nothing is known of the suites but the names that they mention.
        names = tuple(dict.fromkeys(_WORD.findall("".join(s.text for s in stretches([compound])))))
        lost = ir.Section(first.header.leaf, (ir.Hole(names, 0),))
        return Whole((lost,), heads, yields=False, outline=_outline(compound, None))
    if isinstance(head, ir.FunctionDef) and compound.outer and not full:
        statement: ir.Statement = head._replace(body=())
    else:
        statement = _fill(head, first, rest, heads, full=full)
    heads[first.header.leaf] = statement
    sections = (*holes, ir.Section(first.header.leaf, (statement,)))
    inside = yields(clause.header for clause in compound.clauses)
    if not isinstance(statement, ir.FunctionDef):
        inside = inside or any(yields(clause.suite) for clause in compound.clauses)
    return Whole(sections, heads, inside, _outline(compound, statement))


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
    head: _Headed,
    first: Clause,
    rest: Sequence[Clause],
    heads: dict[Leaf, ir.Statement],
    *,
    full: bool,
) -> ir.Statement:
    leaf = first.header.leaf
    if isinstance(head, ir.Match):
        return head._replace(cases=tuple([c for clause in rest for c in _cases(clause, full=full)]))
    body = block_of(first.suite, full=full) if first.suite else _placed(head.body, leaf)
    if isinstance(head, ir.FunctionDef):
        return head._replace(body=body, is_generator=yields(first.suite))
    if isinstance(head, (ir.ClassDef, ir.With)):
        return head._replace(body=body)
    if isinstance(head, ir.If):
        return head._replace(body=body, orelse=_alternatives(rest, heads, full=full))
    if isinstance(head, (ir.For, ir.While)):
        return head._replace(body=body, orelse=_clause_block("else", rest, full=full))
    handlers = tuple([h for clause in rest for h in _handlers(clause, full=full)])
    orelse = _clause_block("else", rest, full=full)
    final = _clause_block("finally", rest, full=full)
    return head._replace(body=body, handlers=handlers, orelse=orelse, final=final)


def _alternatives(
    clauses: Sequence[Clause], heads: dict[Leaf, ir.Statement], *, full: bool
) -> ir.Block:
    orelse: ir.Block = ()
    for clause in reversed(clauses):
        leaf, carrier = clause.header.leaf, _head(clause)
        if not isinstance(carrier, ir.If):
            continue
        if clause.word == "elif":
            inner = carrier.orelse[0].body[-1]
            if isinstance(inner, ir.If):
                body = block_of(clause.suite, full=full) or _placed(inner.body, leaf)
                inner = inner._replace(body=body, orelse=orelse)
                heads[leaf] = inner
                orelse = (ir.Section(leaf, (*carrier.orelse[0].body[:-1], inner)),)
        else:
            orelse = block_of(clause.suite, full=full) or _placed(carrier.orelse, leaf)
    return orelse


def _clause_block(word: str, clauses: Iterable[Clause], *, full: bool) -> ir.Block:
    for clause in clauses:
        if clause.word == word:
            carrier = _head(clause)
            if clause.suite:
                return block_of(clause.suite, full=full)
            if isinstance(carrier, ir.If):
                return _placed(carrier.orelse, clause.header.leaf)
            if isinstance(carrier, ir.Try):
                return _placed(carrier.final, clause.header.leaf)
    return ()


def _handlers(clause: Clause, *, full: bool) -> Iterable[ir.Handler]:
    carrier = _head(clause)
    if clause.word == "except" and isinstance(carrier, ir.Try):
        for handler in carrier.handlers:
            yield _moved(handler, clause, full=full)


def _cases(clause: Clause, *, full: bool) -> Iterable[ir.Case]:
    carrier = _head(clause)
    if clause.word == "case" and isinstance(carrier, ir.Match):
        for case in carrier.cases:
            yield _moved(case, clause, full=full)


_Part = TypeVar("_Part", ir.Handler, ir.Case)


def _moved(part: _Part, clause: Clause, *, full: bool) -> _Part:
    leaf = clause.header.leaf
    return part._replace(
        body=block_of(clause.suite, full=full) or _placed(part.body, leaf), leaf=leaf
    )


def _placed(block: ir.Block, leaf: Leaf) -> ir.Block:
    return tuple([section._replace(leaf=leaf) for section in block])


def _outline(compound: Compound, statement: ir.Statement | None) -> bytes:
    if isinstance(statement, ir.FunctionDef):
        return combine([parsed(compound.clauses[0].header).digest])
    return combine(
        part
        for clause in compound.clauses
        for part in (parsed(clause.header).outline, outline_of_pieces(clause.suite))
    )

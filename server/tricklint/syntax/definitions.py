"""The functions of a module and of its classes, by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from . import ir
from .assemble import digest_of_piece, full_whole, parsed, whole
from .digest import digest_of
from .leaf import Leaf
from .pieces import Compound, Piece, stretches


@dataclass(slots=True, eq=False)
class Definition:
    """A function of a module or class.  What is in it is read when somebody asks.

    `at` is the number of its node; `source` is the function's own piece, or a run of statements that it stands in.
    """

    key: str
    leaf: Leaf
    at: int
    source: Piece
    given: ir.FunctionDef | None = None
    _digest: bytes | None = None
    _words: frozenset[str] | None = None

    @property
    def node(self) -> ir.FunctionDef:
        """The function."""
        if self.given is None:
            assert isinstance(self.source, Compound)
            statement = full_whole(self.source).heads[self.leaf]
            assert isinstance(statement, ir.FunctionDef)
            self.given = statement
        return self.given

    @property
    def digest(self) -> bytes:
        """Equal for equal functions, whatever their comments and formatting."""
        if self._digest is None:
            alone = isinstance(self.source, Compound) or len(parsed(self.source).body) == 1
            self._digest = digest_of_piece(self.source) if alone else digest_of(self.node)
        return self._digest

    @property
    def broken(self) -> bool:
        """Whether something in it, or in the run that it stands in, could not be read."""
        return any(parsed(stretch).broken for stretch in stretches([self.source]))

    @property
    def words(self) -> frozenset[str]:
        """Its words, those of comments and long strings left out; nothing is read for them."""
        if self._words is None:
            text = "".join([stretch.text for stretch in stretches([self.source])])
            self._words = frozenset(_WORD.findall(_QUIET.sub(_spared, text)))
        return self._words

    @property
    def text(self) -> tuple[str, ...]:
        """The texts of its stretches."""
        return tuple([stretch.text for stretch in stretches([self.source])])

    def means(self, other: Definition) -> bool:
        """Is it the same function?  Where the texts are equal nothing is read."""
        return self is other or self.text == other.text or self.digest == other.digest


_WORD = re.compile(r"[^\W\d]\w*")
# A short string may be the name of an attribute, and what an f-string holds is code.
_QUIET = re.compile(
    r"(?P<long>\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\"|'''(?:[^'\\]|\\.|'(?!''))*''')"
    r"|\"[^\"\\\r\n]*(?:\\.[^\"\\\r\n]*)*\"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'"
    r"|(?P<comment>#[^\r\n]*)",
    re.DOTALL,
)


def _spared(found: re.Match[str]) -> str:
    before = found.string[max(found.start() - 2, 0) : found.start()]
    is_code = before[-1:].isalpha() and not set("fFtT").isdisjoint(before)
    is_quiet = found["comment"] is not None or (found["long"] is not None and not is_code)
    return " " if is_quiet else found.group()


def definitions(pieces: Iterable[Piece]) -> dict[str, Definition]:
    """By key: "f", "Trainer.fit", and "f#2" for the second of a name."""
    found: dict[str, Definition] = {}
    counts: dict[str, int] = {}
    for piece in pieces:
        for definition in definitions_in(piece):
            count = counts[definition.key] = counts.get(definition.key, 0) + 1
            if count == 1:
                found[definition.key] = definition
            else:
                key = f"{definition.key}#{count}"
                found[key] = replace(definition, key=key)
    return found


def definitions_in(piece: Piece) -> tuple[Definition, ...]:
    """The functions in one piece of a module, under the keys that they have there."""
    if piece.functions is None:
        piece.functions = tuple(_of_pieces([piece], ""))
    return piece.functions


def _of_pieces(pieces: Iterable[Piece], prefix: str) -> Iterator[Definition]:
    for piece in pieces:
        if isinstance(piece, Compound):
            yield from _of_compound(piece, prefix)
        elif _FUNCTION.search(piece.text):
            for key, node in _functions(parsed(piece).body, prefix):
                yield Definition(key, piece.leaf, node.at, piece, node)


_FUNCTION = re.compile(r"\bdef\b")


def _of_compound(piece: Compound, prefix: str) -> Iterator[Definition]:
    leaf = piece.clauses[0].header.leaf
    statement = whole(piece).heads.get(leaf)
    if isinstance(statement, ir.FunctionDef):
        yield Definition(prefix + statement.name, leaf, statement.at, piece)
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

"""Sizes of axes as the program knows them: numbers, names, and what is computed from both.

A `Dim` is a monomial: an integer times atoms.  An atom is a `Symbol`, a floor quotient that
remembers its parts, or a sum taken whole.  Two dims are equal when they are written alike in
this normal form; dims that are not equal may still turn out to be, for some values.

There are two kinds of symbol.  A *generic* one stands for every value (a batch axis, an
unpacked size, a constructor argument), so what fails for one value is proven wrong.  An
*unknown constant* (a stray -1, `len(x)`) has one value that nobody in sight knows, so it
proves nothing but equality with itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from hashlib import blake2b
from itertools import count
from math import gcd
from typing import TypeAlias

_LONGEST_KEY = 400  # Longer expressions are folded, so that repeated squaring stays cheap.
_LARGEST = 2**63  # No tensor has more elements, so a larger coefficient is no longer a size.


class Kind(Enum):
    """What the symbols of a dim stand for, and so what may be concluded from it."""

    NUMBER = "number"
    GENERIC = "generic"
    CONSTANT = "unknown constant"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Symbol:
    """A named size.  The id alone is its identity; the name is for messages."""

    id: int
    name: str = field(compare=False)
    generic: bool = field(compare=False)
    # The normal form as text, which sorts in order of creation; and the symbol itself, alone.
    key: str = field(init=False, compare=False, repr=False)
    symbols: frozenset[Symbol] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"s{self.id:06d}")
        object.__setattr__(self, "symbols", frozenset((self,)))

    def __hash__(self) -> int:
        return self.id

    def __str__(self) -> str:
        return self.name


class Symbols:
    """Makes symbols with ids that depend on the order of the requests alone."""

    def __init__(self) -> None:
        self._ids = count()
        # What was computed of its symbols, to share: the layers of a network are much alike.
        self.worked_out: dict[tuple[Dim, ...], Dim] = {}

    def generic(self, name: str) -> Symbol:
        """A symbol that stands for every value."""
        return Symbol(next(self._ids), name, generic=True)

    def constant(self, name: str) -> Symbol:
        """A symbol for one value that is not known."""
        return Symbol(next(self._ids), name, generic=False)


@dataclass(frozen=True, slots=True)
class Quotient:
    """`whole // part`, where the normal form could not divide any further."""

    whole: Dim
    part: Dim
    key: str = field(init=False, compare=False, repr=False)
    symbols: frozenset[Symbol] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"({self.whole.key}//{self.part.key})")
        object.__setattr__(self, "symbols", self.whole.symbols | self.part.symbols)

    def __str__(self) -> str:
        return f"{_factor(self.whole)}//{_factor(self.part)}"


@dataclass(frozen=True, slots=True)
class Sum:
    """Two or more monomials without a common factor, the first of them positive."""

    terms: tuple[Dim, ...]
    key: str = field(init=False, compare=False, repr=False)
    symbols: frozenset[Symbol] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"({'+'.join([term.key for term in self.terms])})")
        object.__setattr__(self, "symbols", _union(self.terms))

    def __str__(self) -> str:
        first, *others = self.terms
        return str(first) + "".join(
            f" - {-term}" if term.coefficient < 0 else f" + {term}" for term in others
        )


@dataclass(frozen=True, slots=True)
class Folded:
    """An expression too long to keep: equal to itself when it is computed again."""

    key: str
    symbols: frozenset[Symbol] = field(compare=False)

    def __str__(self) -> str:
        return "?"


Atom: TypeAlias = Symbol | Quotient | Sum | Folded
_NONE: frozenset[Symbol] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Dim:
    """The size of one axis: `coefficient` times `atoms`.  Use `of`; atoms are kept sorted."""

    coefficient: int
    atoms: tuple[Atom, ...]
    key: str = field(init=False, repr=False)
    symbols: frozenset[Symbol] = field(init=False, repr=False)  # all it was computed from

    def __post_init__(self) -> None:
        # Dims are made all the time, most of them of one atom or none.
        atoms = self.atoms
        if not atoms:
            key, symbols = str(self.coefficient), _NONE
        elif len(atoms) == 1:
            key, symbols = f"{self.coefficient}*{atoms[0].key}", atoms[0].symbols
        else:
            key = "*".join([str(self.coefficient), *[atom.key for atom in atoms]])
            symbols = _union(atoms)
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "symbols", symbols)

    @staticmethod
    def of(size: int | Symbol | Dim) -> Dim:
        """The dim of a number or a symbol; a dim is returned as it is."""
        if isinstance(size, Dim):
            return size
        return _number(size) if isinstance(size, int) else Dim(1, (size,))

    @property
    def number(self) -> int | None:
        """The value, where it is a plain number."""
        return None if self.atoms else self.coefficient

    @property
    def kind(self) -> Kind:
        """What its symbols stand for.  An atom without any symbol is an unknown constant."""
        if not self.atoms:
            return Kind.NUMBER
        kinds = {symbol.generic for symbol in self.symbols}
        if len(kinds) == 2:
            return Kind.MIXED
        return Kind.GENERIC if True in kinds else Kind.CONSTANT

    def divide(self, other: Dim) -> Dim | None:
        """The exact quotient, or None where `other` is not a factor as written."""
        if other.coefficient == 0 or self.coefficient % other.coefficient:
            return None
        if self.coefficient == 0:
            return self
        atoms = list(self.atoms)
        for atom in other.atoms:
            if atom not in atoms:
                return None
            atoms.remove(atom)
        return _dim(self.coefficient // other.coefficient, atoms)

    def gcd(self, other: Dim) -> Dim:
        """The largest common factor as written."""
        theirs = list(other.atoms)
        shared: list[Atom] = []
        for atom in self.atoms:
            if atom in theirs:
                theirs.remove(atom)
                shared.append(atom)
        return _dim(gcd(self.coefficient, other.coefficient), shared)

    def substitute(self, values: Mapping[Symbol, Dim]) -> Dim:
        """The same expression with symbols replaced."""
        if self.symbols.isdisjoint(values):
            return self
        result = _dim(self.coefficient, ())
        for atom in self.atoms:
            result = result * _substituted(atom, values)
        return result

    def __mul__(self, other: Dim | int) -> Dim:
        other = Dim.of(other)
        if other.coefficient == 1 and not other.atoms:
            return self
        if self.coefficient == 1 and not self.atoms:
            return other
        return _dim(self.coefficient * other.coefficient, self.atoms + other.atoms)

    def __floordiv__(self, other: Dim | int) -> Dim:
        """Python's `//`.  Division by zero gives an atom that is equal to itself alone."""
        return _floor_divide(self, Dim.of(other))

    def __add__(self, other: Dim | int) -> Dim:
        return _total((self, Dim.of(other)))

    def __sub__(self, other: Dim | int) -> Dim:
        return _total((self, -Dim.of(other)))

    def __neg__(self) -> Dim:
        return Dim(-self.coefficient, self.atoms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dim) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def __str__(self) -> str:
        if len(self.atoms) == 1 and self.coefficient == 1:
            return str(self.atoms[0])
        factors = [_atom_factor(atom) for atom in self.atoms]
        if self.coefficient == -1 and factors:
            return f"-{'*'.join(factors)}"
        if self.coefficient != 1 or not factors:
            factors.insert(0, str(self.coefficient))
        return "*".join(factors)


ONE = Dim(1, ())


def product(dims: Iterable[Dim]) -> Dim:
    """All of them multiplied; 1 for none."""
    coefficient, atoms = 1, list[Atom]()
    for dim in dims:
        coefficient *= dim.coefficient
        atoms += dim.atoms
    return _dim(coefficient, atoms) if atoms else Dim.of(coefficient)


def fold(key: str, symbols: frozenset[Symbol]) -> Dim:
    """A dim that is known only as "whatever this computes": equal keys are equal dims."""
    digest = blake2b(key.encode(), digest_size=8).hexdigest()
    return Dim(1, (Folded(f"f{digest}", symbols),))


def _dim(coefficient: int, atoms: Iterable[Atom]) -> Dim:
    ordered = tuple(atoms) if coefficient else ()
    if len(ordered) > 1:
        ordered = tuple(sorted(ordered, key=_key_of))
    if abs(coefficient) > _LARGEST:
        # In hexadecimal, because Python refuses to write very long numbers out in decimal.
        keys = (hex(coefficient), *(atom.key for atom in ordered))
        return fold("*".join(keys), _union(ordered))
    dim = Dim(coefficient, ordered)
    return dim if len(dim.key) <= _LONGEST_KEY else fold(dim.key, dim.symbols)


@lru_cache(maxsize=4096)
def _number(size: int) -> Dim:
    return _dim(size, ())


def _key_of(atom: Atom) -> str:
    return atom.key


def _union(parts: Iterable[Atom | Dim]) -> frozenset[Symbol]:
    return _NONE.union(*[part.symbols for part in parts])


def _floor_divide(whole: Dim, part: Dim) -> Dim:
    exact = whole.divide(part)
    if exact is not None:
        return exact
    common = whole.gcd(part)
    whole, part = _known_factor(whole, common), _known_factor(part, common)
    if whole.number is not None and part.number:
        return Dim.of(whole.number // part.number)
    # (p*x + rest) // p is x + rest // p, which is how a strided layer's H - 2 loses its 2.
    multiples = [term.divide(part) for term in _terms(whole)]
    taken = [term for term in multiples if term is not None]
    if not taken:
        return _dim(1, (Quotient(whole, part),))
    rest = [term for term, found in zip(_terms(whole), multiples, strict=True) if found is None]
    return _total((*taken, _floor_divide(_total(rest), part)))


def _known_factor(dim: Dim, factor: Dim) -> Dim:
    return dim.divide(factor) or dim


def _terms(dim: Dim) -> tuple[Dim, ...]:
    """The monomials of a sum.  One monomial times a sum stays a monomial."""
    match dim.atoms:
        case (Sum(terms),):
            return tuple(term * dim.coefficient for term in terms)
        case _:
            return (dim,)


def _total(parts: Iterable[Dim]) -> Dim:
    """The sum in normal form: like terms merged, the common factor in front."""
    merged: dict[tuple[Atom, ...], int] = {}
    for part in parts:
        for term in _terms(part):
            merged[term.atoms] = merged.get(term.atoms, 0) + term.coefficient
    terms = [_dim(coefficient, atoms) for atoms, coefficient in merged.items() if coefficient]
    if len(terms) < 2:
        return terms[0] if terms else Dim.of(0)
    # Plain numbers go last, as people write them.
    terms.sort(key=lambda term: (not term.atoms, [atom.key for atom in term.atoms]))
    common = terms[0]
    for term in terms[1:]:
        common = common.gcd(term)
    if terms[0].coefficient < 0:
        common = -common
    if common == ONE:
        return _dim(1, (Sum(tuple(terms)),))
    return common * _total(_known_factor(term, common) for term in terms)


def _substituted(atom: Atom, values: Mapping[Symbol, Dim]) -> Dim:
    match atom:
        case Symbol():
            return values.get(atom, Dim.of(atom))
        case Quotient(whole, part):
            return whole.substitute(values) // part.substitute(values)
        case Sum(terms):
            return _total(term.substitute(values) for term in terms)
        case Folded():
            return _substituted_fold(atom, values)


def _substituted_fold(atom: Folded, values: Mapping[Symbol, Dim]) -> Dim:
    """Parts are lost, so the result is a new fold that knows which symbols are left."""
    used = sorted((symbol for symbol in atom.symbols if symbol in values), key=_key_of)
    if not used:
        return Dim(1, (atom,))
    changes = ",".join(f"{symbol.key}={values[symbol].key}" for symbol in used)
    left = (atom.symbols - set(used)) | _union(values[symbol] for symbol in used)
    return fold(f"{atom.key}[{changes}]", left)


def _factor(dim: Dim) -> str:
    """As it stands inside a product or quotient."""
    if len(dim.atoms) == 1 and dim.coefficient == 1:
        return _atom_factor(dim.atoms[0])
    return f"({dim})" if dim.atoms else str(dim)


def _atom_factor(atom: Atom) -> str:
    return f"({atom})" if isinstance(atom, (Quotient, Sum)) else str(atom)

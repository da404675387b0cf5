"""What a quotient in sight says of other sizes: where C // heads is, C is (C // heads) * heads.

A view with such sizes raises unless the division comes out even, so the code itself says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from .dims import ONE, Dim, Quotient, Symbol


def with_readings(
    before: Sequence[Dim], after: Sequence[Dim]
) -> tuple[tuple[Dim, ...], tuple[Dim, ...]] | None:
    """Both lists with every `whole` written as (whole // part) * part, if that is in sight.

    None where a whole has two such readings, for then neither may be preferred.
    """
    dims = (*before, *after)
    readings: dict[Dim, Dim] = {}
    for atom in (atom for dim in dims for atom in dim.atoms):
        if isinstance(atom, Quotient) and _tells(atom):
            reading = Dim(1, (atom,)) * atom.part
            if readings.setdefault(atom.whole, reading) != reading:
                return None
    # A reading may bring the whole of another one; chains are as long as there are readings.
    for _ in readings:
        for whole, reading in readings.items():
            exact = whole.number is not None and whole in dims
            dims = tuple(_reread(dim, whole, reading, exact=exact) for dim in dims)
    return dims[: len(before)], dims[len(before) :]


def _tells(quotient: Quotient) -> bool:
    """Whether it may be a size: nothing but 0 is left of 1, and nothing of a division by 0."""
    whole, part = quotient.whole, quotient.part
    return whole.coefficient > 0 and part.coefficient > 0 and whole != ONE


def _reread(dim: Dim, whole: Dim, reading: Dim, *, exact: bool) -> Dim:
    """Read the whole in all its multiples, such as 3*C.

    A number that is an axis by itself is read there alone: 1024 need not be meant as 2*512.
    """
    if exact:
        return reading if dim == whole else dim
    while (rest := dim.divide(whole)) is not None:
        dim = rest * reading
    return dim


def free_symbols(dim: Dim) -> frozenset[Symbol]:
    """The symbols that a dim varies with.

    Once every C is read as (C // heads) * heads, C // heads is any number for any `heads`.
    """
    found: frozenset[Symbol] = frozenset()
    for atom in dim.atoms:
        if isinstance(atom, Quotient) and atom.whole.symbols - atom.part.symbols:
            found |= atom.whole.symbols
        else:
            found |= atom.symbols
    return found

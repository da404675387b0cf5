"""The shape of a tensor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .dims import Dim, Symbol, product


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a tensor's axes.  With `prefix`, unknown axes come before them."""

    dims: tuple[Dim, ...]
    prefix: bool = False

    @staticmethod
    def of(*sizes: int | Symbol | Dim, prefix: bool = False) -> Shape:
        """A shape written out."""
        return Shape(tuple(Dim.of(size) for size in sizes), prefix)

    @property
    def rank(self) -> int | None:
        """How many axes there are, where that is known."""
        return None if self.prefix else len(self.dims)

    @property
    def size(self) -> Dim | None:
        """How many elements there are, where that is known."""
        return None if self.prefix else product(self.dims)

    def axis(self, index: int) -> Dim | None:
        """The size of one axis, counted as Python does; None where it is not known."""
        if self.prefix:
            return self.dims[index] if -len(self.dims) <= index < 0 else None
        return self.dims[index] if -len(self.dims) <= index < len(self.dims) else None

    def substitute(self, values: Mapping[Symbol, Dim]) -> Shape:
        """The same shape with symbols replaced."""
        return Shape(tuple(dim.substitute(values) for dim in self.dims), self.prefix)

    def __str__(self) -> str:
        parts = ["..."] if self.prefix else []
        parts.extend(str(dim) for dim in self.dims)
        return f"({parts[0]},)" if len(parts) == 1 and not self.prefix else f"({', '.join(parts)})"

"""A leaf is a place; what its text says is parsed once and shared by all places that say it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from . import ir
from .digest import digests
from .expressions import Numbering
from .kind import Kind
from .reading import read_leaf
from .repair import Gap
from .statements import lower_statements


class Leaf:
    """A place in one document that is parsed on its own.

    It is the same object for as long as the place exists, also while its text is edited.
    Where it stands and what it holds is known to a `Module`, a snapshot of the document.
    """

    __slots__ = ("__weakref__",)


@dataclass(frozen=True, slots=True, eq=False)
class Parsed:
    """What the text of a leaf says.

    `body` are its statements; for the head of a clause it is the one statement that the
    clause was wrapped in.  `yields` is about the function around the leaf.  `outline` is the
    digest without the bodies of the functions in `body`.
    """

    body: tuple[ir.Statement, ...]
    yields: bool
    gaps: tuple[Gap, ...]
    digest: bytes
    outline: bytes
    given_up: str = ""  # why the whole text became one gap, if the parser was not asked

    @property
    def broken(self) -> bool:
        """Whether something in the text could not be read."""
        return bool(self.gaps)


@lru_cache(maxsize=4096)
def parse(kind: Kind, text: str) -> Parsed:
    """The IR of a leaf with this text."""
    try:
        return _parse(kind, text, "")
    except RecursionError:
        return _parse(kind, text, "too deeply nested to read")


def _parse(kind: Kind, text: str, give_up: str) -> Parsed:
    reading = read_leaf(kind, text, give_up)
    numbering = Numbering(holes=tuple([gap.names for gap in reading.gaps]))
    body = lower_statements(reading.body, numbering)
    digest, outline = digests(body)
    return Parsed(body, numbering.yields, reading.gaps, digest, outline, give_up)

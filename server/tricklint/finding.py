"""What the engine says: a finding at a span, notes at other spans, fixes as text edits.

Lines and columns count from 0 here; columns count code points.  Each shell converts
once, at its own border, to what its reader counts in.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How bad it is for the run, worst first."""

    ERROR = "error"  # the run learns nothing, or learns wrong
    WARNING = "warning"  # the run learns worse
    INFO = "info"  # advice
    HINT = "hint"  # advice that never counts against a check

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Safety(Enum):
    """Whether a fix may be applied without a person having looked at it."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place between two characters of a text."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file.  `path` is absolute; a notebook's cells are one text."""

    path: str
    start: Position
    end: Position


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of a span; an empty span inserts, an empty text deletes."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together.  The title is a verb phrase; edits never overlap."""

    title: str
    edits: tuple[Edit, ...]
    safety: Safety

    def by_file(self) -> dict[str, list[Edit]]:
        """The edits of each file, in their order."""
        found: dict[str, list[Edit]] = {}
        for edit in self.edits:
            found.setdefault(edit.span.path, []).append(edit)
        return found


@dataclass(frozen=True, slots=True)
class Note:
    """Another place that matters, perhaps in another file, and why."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake, at the place where a person would look for it."""

    code: str
    name: str
    message: str
    span: Span
    severity: Severity
    notes: tuple[Note, ...] = ()
    fixes: tuple[Fix, ...] = ()

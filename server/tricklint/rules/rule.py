"""What a rule file says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from ..finding import Finding, Fix, Note, Severity, Span


@dataclass(frozen=True, slots=True)
class Rule:
    """The rule's identity.  `preview` rules speak only when asked to.

    `together`: what one function shows may be excused by another one.
    """

    code: str
    name: str
    severity: Severity
    preview: bool = False
    together: bool = False

    def finding(
        self,
        span: Span,
        message: str,
        notes: tuple[Note, ...] = (),
        fixes: tuple[Fix, ...] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule."""
        return Finding(self.code, self.name, message, span, severity or self.severity, notes, fixes)

"""What the loop and the analysis thread hand to each other."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass

from lsprotocol import types

from tricklint.finding import Finding
from tricklint.lsp.pages import Page


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding as the editor shows it, and the page of its rule, if it has one."""

    finding: Finding
    diagnostic: types.Diagnostic
    page: Page | None


@dataclass(frozen=True, slots=True)
class Part:
    """What is shown under one address: in a file, or in a cell of a notebook."""

    uri: str
    version: int | None
    shown: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one version of a file or notebook."""

    uri: str
    version: int
    parts: tuple[Part, ...]

    @property
    def uris(self) -> frozenset[str]:
        """Every address for which the report speaks."""
        return frozenset(part.uri for part in self.parts)


@dataclass(frozen=True, slots=True)
class Question:
    """A wish for the fixes in a range of a file or cell, and perhaps for more than fixes."""

    uri: str
    range: types.Range
    future: Future[list[types.CodeAction]]
    refactorings: bool = False

    def answer(self, actions: list[types.CodeAction]) -> None:
        """Settle it, unless nobody waits for it any more."""
        if self.future.set_running_or_notify_cancel():
            self.future.set_result(actions)

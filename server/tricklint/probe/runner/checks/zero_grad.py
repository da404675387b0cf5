"""Gradients that are never cleared, or cleared before they are used."""

from __future__ import annotations

import weakref
from typing import Any

from ..hooks.backward import Backward
from ..hooks.optimizers import parameters_of
from ..ledger import Ledger, Part
from ..session import Session
from .check import Check, Problem

MISSING = Problem("TRK003", "missing-zero-grad", "warning")
_TWICE = 2


class ZeroGrad(Check):
    """At each step: did any backward pass of its window begin with clean gradients?"""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        super().__init__(session)
        self.ledger = ledger
        self._never_cleared: weakref.WeakSet[Any] = weakref.WeakSet()
        self._thrown: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()

    def before_backward(self, backward: Backward) -> None:
        """In a closure, the first backward pass of each evaluation has to begin clean."""
        for optimizer, clean, _ in self.ledger._before:
            account = self.ledger.of(optimizer)
            if account.fresh:
                account.fresh = False
                if account.evaluations >= _TWICE:
                    self._judge(optimizer, [Part(backward, clean)])

    def before_step(self, optimizer: Any) -> None:
        """Judge the window that ends here."""
        account = self.ledger.of(optimizer)
        fed = account.window
        if account.lost and account.cleared_at:
            self._thrown_away(optimizer)
        if not fed or account.steps < 1 or account.closure:
            return
        self._judge(optimizer, fed)
        if optimizer not in self._never_cleared:
            self._leak(optimizer)

    def _judge(self, optimizer: Any, parts: list[Part]) -> None:
        clean = [part for part in parts if part.clean]
        for part in clean:
            self.session.deny(MISSING, part.backward.mark)
        if clean or self.ledger.written_by_hand(optimizer):
            return
        self._never_cleared.add(optimizer)
        kind = type(optimizer).__name__
        self.session.report(
            MISSING,
            parts[-1].backward.mark,
            f"the gradients of the last step were still there: {kind} was never cleared between"
            " two steps, so each step goes along the sum of all gradients so far",
            [(self.ledger.optimizers.made_at(optimizer), f"{kind} is made here")],
        )

    def _thrown_away(self, optimizer: Any) -> None:
        account = self.ledger.of(optimizer)
        kept = {part.backward.mark for part in account.held}
        lost = [part for part in account.lost if not kept or part.backward.mark in kept]
        # A backward pass for something else, as for an adversarial input, stands in another line.
        if not lost:
            return
        times = self._thrown[optimizer] = self._thrown.get(optimizer, 0) + 1
        if times < _TWICE:
            return
        all_lost = not account.held
        self.session.report(
            MISSING,
            account.cleared_at,
            "this clears gradients that were just computed, before any step used them"
            + (": the step that follows changes nothing" if all_lost else ""),
            [(lost[0].backward.mark, "they are computed here")],
        )

    def _leak(self, optimizer: Any) -> None:
        """Gradients that another optimizer's step was computed for are used once more."""
        account = self.ledger.of(optimizer)
        own = {id(one) for one in parameters_of(optimizer)}
        current = {part.backward.mark for part in account.held if not part.backward.served}
        for part in account.held:
            others = [one for one in part.backward.fed if one is not optimizer]
            used = part.backward.served and part.backward.mark not in current
            if not used or not others or not current:
                continue
            if any(id(one) in own for other in others for one in parameters_of(other)):
                continue
            self.session.report(
                MISSING,
                part.backward.mark,
                f"the gradients of this line, which {type(others[0]).__name__} made its step with,"
                f" also stay in the other {type(optimizer).__name__} and are part of its next step",
                [(self.ledger.optimizers.made_at(optimizer), "the other optimizer is made here")],
            )

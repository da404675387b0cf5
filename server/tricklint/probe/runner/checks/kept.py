"""Losses that are kept with their graphs: memory grows with every step."""

from __future__ import annotations

import weakref

import torch

from ..hooks.backward import Backward
from ..session import Session
from .check import Check, Problem

KEPT = Problem("TRK609", "loss-kept-with-graph", "warning")
_OLD = 5  # steps after which nobody needs a loss


class KeptLosses(Check):
    """Holds the last losses weakly, and sees which are still there."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._losses: list[weakref.ref[torch.Tensor]] = []

    def after_backward(self, backward: Backward) -> None:
        """Each of many old ones is alive only if something keeps them all."""
        self._losses.append(backward.tensor)
        old = [reference() for reference in self._losses[:-_OLD]]
        if len(old) < _OLD:
            return
        self._losses.pop(0)
        if all(one is not None and one.grad_fn is not None for one in old):
            self.session.report(
                KEPT,
                backward.mark,
                "the losses of all former steps are still kept together with their graphs, so"
                " memory grows; `loss.item()` keeps the number alone",
            )

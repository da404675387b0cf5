"""Gradients that are clipped at the wrong time, or that explode."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import nn

from ..hooks.backward import Backward
from ..hooks.modules import Roots
from ..hooks.optimizers import Optimizers, parameters_of
from ..ledger import Ledger
from ..places import Mark
from ..session import Session
from .check import Check, Problem

CLIP = Problem("TRK010", "unclipped-recurrent-gradients", "warning")
NUMBER = Problem("TRK606", "gradient-is-no-number", "error")
_TWICE = 2
_OFTEN = 20  # steps in which the norm is looked at each time; later, at each of as many
_LARGE = 10.0  # norm of the gradients of a recurrent network
_EXPLODED = 100.0


class Clipping(Check):
    """At each clipping: what is there to be clipped?"""

    def __init__(
        self, session: Session, ledger: Ledger, roots: Roots, optimizers: Optimizers
    ) -> None:
        super().__init__(session)
        self.ledger = ledger
        self.roots = roots
        self.optimizers = optimizers
        self.clips = False
        self._early: dict[Mark | None, int] = {}
        self._last: Backward | None = None
        self._largest = 0.0
        self._steps = 0

    def after_backward(self, backward: Backward) -> None:
        """Remember it."""
        self._last = backward

    def clipped(self, parameters: Any, mark: Mark | None) -> None:
        """Whose gradients are these, and what is in them?"""
        self.clips = True
        given = {id(one) for one in parameters}
        for optimizer in self.optimizers.alive():
            if not any(id(one) in given for one in parameters_of(optimizer)):
                continue
            account = self.ledger.of(optimizer)
            if account.closure:
                continue
            if not account.window and account.steps:
                self._too_early(mark, type(optimizer).__name__)
            scaled = any(part.backward.scale > 1 for part in account.window)
            if scaled and not account.unscaled:
                self.session.report(
                    CLIP,
                    mark,
                    "the gradients are still multiplied by the scale of the GradScaler when they"
                    " are clipped, so the limit means another one; `scaler.unscale_(optimizer)`"
                    " belongs before",
                )

    def _too_early(self, mark: Mark | None, name: str) -> None:
        count = self._early[mark] = self._early.get(mark, 0) + 1
        if count >= _TWICE:
            self.session.report(
                CLIP,
                mark,
                f"since the last step of {name} no gradients were computed when this clips: it"
                " belongs between the backward pass and the step",
            )

    def before_step(self, optimizer: Any) -> None:
        """How large the gradients are."""
        self._steps += 1
        last = self._last
        if last is None or last.scale != 1 or (self._steps > _OFTEN and self._steps % _OFTEN):
            return
        gradients = [one.grad for one in parameters_of(optimizer) if one.grad is not None]
        dense = [one for one in gradients if not one.is_sparse]
        if not dense:
            return
        norm = float(torch.stack([one.norm().float().cpu() for one in dense]).norm())
        if not math.isfinite(norm):
            self.session.report(
                NUMBER,
                last.mark,
                "the gradients of this loss are infinite or no numbers, and the step that follows"
                " spoils the model with them",
            )
        elif not self.clips:
            self._largest = max(self._largest, norm)

    def at_end(self) -> None:
        """A recurrent network whose gradients grew, and nobody clipped."""
        recurrent = (nn.RNNBase, nn.RNNCellBase)
        models = [
            one
            for one in self.roots.known
            if any(isinstance(layer, recurrent) for layer in one.modules())
        ]
        if self.clips or not models or self._last is None or self._largest <= _LARGE:
            return
        self.session.report(
            CLIP,
            self._last.mark,
            f"the gradients of the recurrent `{type(models[0]).__name__}` reached the norm"
            f" {self._largest:.3g}, and nothing clips them",
            severity="" if self._largest > _EXPLODED else "info",
        )

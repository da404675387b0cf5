"""Parameters that no optimizer has, or that never get a gradient."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ..graphs import leaves
from ..hooks.backward import Backward
from ..hooks.modules import Roots, all_modules, birthplace
from ..hooks.optimizers import Optimizers, parameters_of
from ..places import Mark
from ..session import Session
from .check import Check, Problem

MISSING = Problem("TRK607", "parameter-without-optimizer", "warning")
UNUSED = Problem("TRK608", "parameter-without-gradient", "warning")
_WALKS = 3


class Wiring(Check):
    """Compares what gets gradients with what the optimizers hold."""

    def __init__(self, session: Session, roots: Roots, optimizers: Optimizers) -> None:
        super().__init__(session)
        self.roots = roots
        self.optimizers = optimizers
        self._fed: dict[int, torch.Tensor] = {}  # parameters that a backward pass reached
        self._walks: dict[Mark | None, int] = {}
        self._steps: dict[int, int] = {}
        self._alive: set[int] = set()  # parameters that had a gradient at a step
        self._reached: set[int] = set()  # optimizers that some backward pass gave gradients to

    def before_backward(self, backward: Backward) -> None:
        """Which parameters the graph ends in."""
        count = self._walks[backward.mark] = self._walks.get(backward.mark, 0) + 1
        if count > _WALKS or backward.node is None:
            return
        for leaf in leaves(backward.node):
            if isinstance(leaf, nn.Parameter):
                self._fed[id(leaf)] = leaf

    def after_backward(self, backward: Backward) -> None:
        """Which optimizers got gradients, even if these are thrown away before a step."""
        self._reached |= {id(one) for one in backward.fed}

    def before_step(self, optimizer: Any) -> None:
        """Which parameters have something to step along."""
        self._steps[id(optimizer)] = self._steps.get(id(optimizer), 0) + 1
        if self._steps[id(optimizer)] <= _WALKS:
            held = parameters_of(optimizer)
            self._alive |= {id(one) for one in held if one.grad is not None}

    def at_end(self) -> None:
        """By now all optimizers are known."""
        self._without_gradient()
        optimizers = [one for one in self.optimizers.alive() if self._steps.get(id(one))]
        if not optimizers:
            return  # the steps are made by hand
        owned = self.optimizers.parameters()
        lonely = [one for key, one in self._fed.items() if key not in owned]
        names = self.roots.names()
        layers = self._lonely_layers(owned)
        known = [one for one in lonely if id(one) in names and id(one) not in layers]
        for parameter in lonely:
            if id(parameter) not in names or id(parameter) in layers:
                self._unregistered(parameter)
        self._forgotten(known, names, owned)

    def _lonely_layers(self, owned: set[int]) -> set[int]:
        """Parameters of single layers that are called by themselves, as from a plain list."""
        return {
            id(parameter)
            for root in self.roots.known
            if not list(root.children()) and not any(id(one) in owned for one in root.parameters())
            for parameter in root.parameters()
        }

    def _unregistered(self, parameter: torch.Tensor) -> None:
        """A layer in a plain list: the model that calls it does not know it."""
        for module in all_modules():
            if any(one is parameter for one in module._parameters.values()):
                mark = birthplace(module)
                self.session.report(
                    MISSING,
                    mark,
                    f"this {type(module).__name__} takes part in the training and gets gradients,"
                    " but no optimizer holds its parameters: a layer in a plain list, dict or"
                    " variable is no part of a model",
                )
                return

    def _forgotten(
        self, lonely: list[torch.Tensor], names: dict[int, str], owned: set[int]
    ) -> None:
        if not lonely:
            return
        held = sum(1 for key in self._fed if key in owned)
        optimizer = self.optimizers.alive()[0]
        listed = ", ".join(names[id(one)] for one in lonely[:3])
        more = f" and {len(lonely) - 3} more" if len(lonely) > 3 else ""
        # Whoever trains only a small part of a model may mean it, and has only wasted some time.
        few = len(lonely) < held
        self.session.report(
            MISSING,
            self.optimizers.made_at(optimizer),
            f"{listed}{more} get gradients, and no optimizer ever changes them",
            severity="" if few else "info",
        )

    def _without_gradient(self) -> None:
        names = self.roots.names()
        for optimizer in self.optimizers.alive():
            if self._steps.get(id(optimizer), 0) < _WALKS:
                continue
            held = [one for one in parameters_of(optimizer) if one.requires_grad]
            dead = [one for one in held if id(one) not in self._alive]
            if not dead:
                continue
            kind = type(optimizer).__name__
            if len(dead) == len(held) and id(optimizer) in self._reached:
                continue
            if len(dead) == len(held):
                what, severity = "no parameter of this", "error"
            else:
                listed = ", ".join(names.get(id(one), "a parameter") for one in dead[:3])
                more = f" and {len(dead) - 3} more" if len(dead) > 3 else ""
                what, severity = f"{listed}{more} of this", "info"
            self.session.report(
                UNUSED,
                self.optimizers.made_at(optimizer),
                f"{what} {kind} ever gets a gradient, so its steps do not change"
                f" {'anything' if severity == 'error' else 'them'}",
                severity=severity,
            )

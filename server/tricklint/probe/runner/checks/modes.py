"""Evaluation in training mode, training in evaluation mode, dropout that never stops."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from ..graphs import walk
from ..hooks.backward import Backward
from ..hooks.loaders import TRAINING, Loaders, Pass
from ..hooks.modules import LayerCall, RootCall, Roots
from ..hooks.optimizers import Optimizers
from ..patching import Function, wrap
from ..places import Mark, caller_is_users, here
from ..session import Session
from .check import Check, Problem

MODE = Problem("TRK002", "train-eval-mode", "warning")
_WALKS = 6  # how many graphs are searched, for that takes time
_TWICE = 2


class Modes(Check):
    """Watches the mode of each model that is called."""

    def __init__(
        self, session: Session, loaders: Loaders, roots: Roots, optimizers: Optimizers
    ) -> None:
        super().__init__(session)
        self.loaders = loaders
        self.roots = roots
        self.optimizers = optimizers
        self._walks = 0
        self._waiting: list[RootCall] = []  # of a pass without a backward pass, with a graph
        self._tagged: list[tuple[Any, RootCall]] = []
        self._dropped: dict[Mark | None, int] = {}
        self._watch_dropout()

    def root_called(self, call: RootCall) -> None:
        """Note the call with the pass that it belongs to."""
        if not is_mode_sensitive(call.module):
            return
        current = self.loaders.innermost
        if current is not None and call.direct:
            current.calls.append(call)
        node = call.notes["node"] = getattr(_first_tensor(call.output), "grad_fn", None)
        if node is not None and call.grad and not call.training and call.direct:
            self._tagged.append((node, call))

    def before_backward(self, backward: Backward) -> None:
        """Was a model that is in evaluation mode part of what is trained now?"""
        for current in self.loaders.open:
            current.calls.clear()
        self._settle(backward)
        tagged, self._tagged = self._tagged, []
        if not tagged or backward.node is None or self._walks >= _WALKS:
            return
        self._walks += 1
        nodes = set(walk(backward.node))
        owned = self.optimizers.parameters()
        for node, call in tagged:
            trained = (one for one in call.module.parameters() if one.requires_grad)
            if node in nodes and any(id(one) in owned for one in trained):
                self._trained_in_evaluation(call)

    def _settle(self, backward: Backward) -> None:
        """Calls in a pass without a backward pass: was this one theirs, after the pass?"""
        waiting, self._waiting = self._waiting, []
        if not waiting or backward.node is None:
            return
        nodes = set(walk(backward.node))
        if any(call.notes.get("node") in nodes for call in waiting):
            return
        for call in waiting:
            self._evaluated_in_training(call)

    def _trained_in_evaluation(self, call: RootCall) -> None:
        name = type(call.module).__name__
        before = self.roots.calls(call.module, training=True)
        since = "after the evaluation nothing set it back: " if before else ""
        self.session.report(
            MODE,
            call.mark,
            f"{since}`{name}` is trained in evaluation mode, so its"
            f" {sensitive_layers(call.module)} do not do what they do in training",
        )

    def pass_ended(self, ended: Pass) -> None:
        """What ran over a loader without any backward pass was an evaluation."""
        calls, ended.calls = ended.calls, []
        if ended.trained:
            return
        trained = [model for model in self.roots.known if _is_trained(model, self.optimizers)]
        for call in calls:
            if not any(call.module is one for one in trained):
                continue
            if not call.training:
                self.session.deny(MODE, call.mark)
            elif not call.grad:
                self._evaluated_in_training(call)
            elif self.loaders.roles.get(ended.loader) != TRAINING:
                self._waiting.append(call)

    def at_end(self) -> None:
        """No backward pass came, so these were evaluations too."""
        for call in self._waiting:
            self._evaluated_in_training(call)

    def layer_called(self, call: LayerCall) -> None:
        """A dropout layer that is no part of the model is always in training mode."""
        layer, root = call.module, call.root
        if not isinstance(layer, nn.modules.dropout._DropoutNd) or root.training or not layer.p:
            return
        if layer.training and all(layer is not one for one in root.module.modules()):
            self._always_on(here())

    def _evaluated_in_training(self, call: RootCall) -> None:
        name = type(call.module).__name__
        self.session.report(
            MODE,
            call.mark,
            f"`{name}` is evaluated in training mode: its {sensitive_layers(call.module)} still"
            " work as in training",
        )

    def _watch_dropout(self) -> None:
        def make(original: Function) -> Function:
            def call(
                given: Any, p: float = 0.5, training: bool = True, *args: Any, **kwargs: Any
            ) -> Any:
                root = self.roots.current
                if training and p and root is not None and not root.training and caller_is_users():
                    self._always_on(here())
                return original(given, p, training, *args, **kwargs)

            return call

        for name in ("dropout", "dropout1d", "dropout2d", "dropout3d"):
            wrap(functional, name, make)

    def _always_on(self, mark: Mark | None) -> None:
        count = self._dropped[mark] = self._dropped.get(mark, 0) + 1
        if count >= _TWICE and not self.session.busy:
            self.session.report(
                MODE,
                mark,
                "this dropout still drops while the model is in evaluation mode, so two"
                " predictions for the same input differ",
            )


def is_mode_sensitive(model: nn.Module) -> bool:
    """Whether some layer does something else in training than in evaluation."""
    return any(_sensitive(one) for one in model.modules())


def sensitive_layers(model: nn.Module) -> str:
    """These layers, for a person."""
    kinds = dict.fromkeys(type(one).__name__ for one in model.modules() if _sensitive(one))
    return " and ".join(list(kinds)[:3]) + " layers"


def _sensitive(layer: nn.Module) -> bool:
    if isinstance(layer, nn.modules.dropout._DropoutNd):
        return layer.p > 0
    return (
        isinstance(layer, nn.modules.batchnorm._BatchNorm)
        and layer.track_running_stats
        and not isinstance(layer, nn.modules.instancenorm._InstanceNorm)
    )


def _is_trained(model: nn.Module, optimizers: Optimizers) -> bool:
    owned = optimizers.parameters()
    return any(id(one) in owned for one in model.parameters())


def _first_tensor(value: Any) -> Any:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return next((one for one in map(_first_tensor, value) if one is not None), None)
    return value if isinstance(value, torch.Tensor) else None

"""Numbers that are far from what a network starts well with."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ..hooks.modules import RootCall
from ..session import Session
from .check import Check, Problem

SCALE = Problem("TRK009", "unnormalized-input", "warning")
_LAYERS = (nn.Linear, nn.modules.conv._ConvNd, nn.RNNBase, nn.RNNCellBase)
_SMALL = 3  # features; fewer say nothing of their scales


class Inputs(Check):
    """Looks at what the first layer with weights is given."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._looked: set[int] = set()

    def layer_begins(self, layer: nn.Module, args: tuple[Any, ...], root: RootCall) -> None:
        """Only the first one sees the data as it comes; a norm or embedding in front is fine."""
        if next(layer.parameters(recurse=False), None) is None:
            return
        root.layers += 1
        if root.layers == 1 and isinstance(layer, _LAYERS) and root.grad:
            self._look(args, root)

    def root_called(self, call: RootCall) -> None:
        """A model may be a single layer."""
        if call.layers == 0 and isinstance(call.module, _LAYERS) and call.grad:
            self._look(call.args, call)

    def _look(self, args: tuple[Any, ...], root: RootCall) -> None:
        given = args[0] if args else None
        if id(root.module) in self._looked or not isinstance(given, torch.Tensor):
            return
        if not given.is_floating_point() or given.dim() < 2 or given.numel() < 2:
            return
        self._looked.add(id(root.module))
        values = given.detach().float()
        low, high = float(values.min()), float(values.max())
        whole = low >= 0 and 64 < high <= 255 and bool((values == values.round()).all())
        if whole and given.dim() >= 3:
            self.session.report(
                SCALE,
                root.mark,
                f"the first layer is given raw pixels, whole numbers from {low:.0f} to {high:.0f};"
                " networks learn badly from numbers that large",
            )
        elif abs(float(values.mean())) > 10 or float(values.std()) > 10:
            self.session.report(
                SCALE,
                root.mark,
                f"the first layer is given numbers from {low:.3g} to {high:.3g} (mean"
                f" {float(values.mean()):.3g}, deviation {float(values.std()):.3g}); normalised"
                " ones train better",
                severity="info",
            )
        elif given.dim() == 2 and given.shape[1] >= _SMALL and given.shape[0] > 3:
            self._features(values, root)

    def _features(self, values: torch.Tensor, root: RootCall) -> None:
        deviations = values.std(0)
        moving = deviations[deviations > 0]
        if moving.numel() >= _SMALL and float(moving.max() / moving.min()) > 1e3:
            self.session.report(
                SCALE,
                root.mark,
                "some features vary a thousand times more than others, so the small ones hardly"
                " count",
                severity="info",
            )

"""A bias that the batch norm behind it takes away again."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ..graphs import children, name_of, producer
from ..hooks.modules import RootCall, Roots, birthplace
from ..session import Session
from .check import Check, Problem

BIAS = Problem("TRK005", "bias-before-batch-norm", "hint")
# Where a node keeps the leaf of its bias.
_BIAS_AT = {"Convolution": 2, "Addmm": 0}


class Bias(Check):
    """Looks at what each batch norm is given."""

    def __init__(self, session: Session, roots: Roots) -> None:
        super().__init__(session)
        self.roots = roots

    def layer_begins(self, layer: nn.Module, args: tuple[Any, ...], root: RootCall) -> None:
        """The graph knows which layer the numbers come from, wherever it stands."""
        norm = isinstance(layer, nn.modules.batchnorm._BatchNorm)
        if not norm or not layer.training or not args or not isinstance(args[0], torch.Tensor):
            return
        node = producer(args[0].grad_fn)
        at = _BIAS_AT.get(name_of(node))
        inner = children(node) if at is not None else []
        leaf = getattr(inner[at], "variable", None) if at is not None and at < len(inner) else None
        if not isinstance(leaf, nn.Parameter):
            return
        for name, module in root.module.named_modules():
            if getattr(module, "bias", None) is leaf:
                self.session.report(
                    BIAS,
                    birthplace(module),
                    f"the bias of `{name}` does nothing: {type(layer).__name__} subtracts the mean"
                    " right behind it",
                )
                return

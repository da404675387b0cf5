"""Calls of loss functions, of the classes too, for these call the functions."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from ..graphs import set_floor
from ..patching import Function, wrap
from ..places import Mark, here
from ..session import Session

_NAMES = (
    "cross_entropy", "nll_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits",
    "mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss", "kl_div", "poisson_nll_loss",
    "gaussian_nll_loss", "soft_margin_loss", "multilabel_soft_margin_loss",
)  # fmt: skip
_DISTANCES = ("mse_loss", "l1_loss", "smooth_l1_loss", "huber_loss")


@dataclass(frozen=True)
class LossCall:
    """One call of a loss function."""

    name: str
    input: torch.Tensor
    target: torch.Tensor
    options: dict[str, Any]
    output: torch.Tensor
    mark: Mark | None

    @property
    def by_index(self) -> bool:
        """Whether the targets are class numbers."""
        return not self.target.is_floating_point()


def install(session: Session) -> None:
    """Watch all of them."""
    for name in _NAMES:
        wrap(functional, name, lambda original, name=name: _watched(session, name, original))


def _watched(session: Session, name: str, original: Function) -> Function:
    signature = inspect.signature(original)

    def call(*args: Any, **kwargs: Any) -> Any:
        output = original(*args, **kwargs)
        if session.busy:
            return output
        options = dict(signature.bind(*args, **kwargs).arguments)
        given, target = options.pop("input", None), options.pop("target", None)
        if isinstance(given, torch.Tensor) and isinstance(target, torch.Tensor):
            seen = LossCall(name, given, target, options, output, here())
            set_floor(output.grad_fn, known=reaches_zero(seen))
            session.tell("loss_called", seen)
        return output

    return call


def reaches_zero(call: LossCall) -> bool:
    """Whether a model that fits the batch perfectly brings this loss to 0."""
    if call.name in _DISTANCES:
        return call.input.shape == call.target.shape
    if call.name in ("cross_entropy", "nll_loss"):
        return call.by_index and not call.options.get("label_smoothing")
    if call.name.startswith("binary_cross_entropy"):
        return bool(((call.target == 0) | (call.target == 1)).all())
    return False

"""What enters a loss: probabilities, logits, shapes that broadcast."""

from __future__ import annotations

import math
from typing import Any

import torch

from ..graphs import children, name_of, producer, shape_of
from ..hooks.backward import Backward
from ..hooks.losses import LossCall
from ..overfit import Overfit
from ..places import Mark
from ..session import Session
from ..verdict import softmax_floor
from .check import Check, Problem

SOFTMAX = Problem("TRK004", "softmax-before-cross-entropy", "error")
SIGMOID = Problem("TRK601", "sigmoid-before-bce-with-logits", "error")
NLL = Problem("TRK602", "no-log-probabilities-into-nll", "error")
ACTIVATION = Problem("TRK603", "activation-before-cross-entropy", "warning")
BROADCAST = Problem("TRK604", "broadcast-in-loss", "error")
INITIAL = Problem("TRK605", "high-initial-loss", "warning")
_CALLS = 3  # that are looked at for each line


class Losses(Check):
    """Looks at the first calls of each line."""

    def __init__(self, session: Session, overfit: Overfit) -> None:
        super().__init__(session)
        self.overfit = overfit
        self._calls: dict[Mark | None, int] = {}
        self._stepped = False

    def after_step(self, _: Any) -> None:
        """From now on the loss is no initial one."""
        self._stepped = True

    def before_backward(self, backward: Backward) -> None:
        """Losses that are written by hand."""
        if backward.number >= _CALLS or backward.node is None:
            return
        shapes = _broadcast_difference(backward.node)
        if shapes is not None:
            self.session.report(
                BROADCAST,
                backward.mark,
                f"in this loss a prediction of the shape {list(shapes[0])} meets a target of"
                f" another shape, and they broadcast to {list(shapes[1])}: every prediction is"
                " compared with every target",
            )

    def loss_called(self, call: LossCall) -> None:
        """Look at it, the first times."""
        count = self._calls[call.mark] = self._calls.get(call.mark, 0) + 1
        if count > _CALLS or call.input.numel() == 0:
            return
        made = name_of(producer(call.input.grad_fn))
        if call.name == "cross_entropy":
            self._cross_entropy(call, made)
        elif call.name == "nll_loss":
            self._nll(call)
        elif call.name == "binary_cross_entropy_with_logits" and made in ("Sigmoid", "Softmax"):
            self.session.report(
                SIGMOID,
                call.mark,
                f"the input of this loss comes from a {made.lower()}, and the loss applies another"
                " sigmoid: it wants logits",
            )
        self._shapes(call)

    def _cross_entropy(self, call: LossCall, made: str) -> None:
        axis = 1 if call.input.dim() > 1 else 0
        classes = int(call.input.shape[axis])
        if made == "LogSoftmax":
            self.session.report(
                SOFTMAX,
                call.mark,
                "the input is log-probabilities already; cross entropy takes their logarithm once"
                " more, which is redundant and changes nothing",
                severity="info",
            )
            return
        if classes == 1:
            self.session.report(
                ACTIVATION,
                call.mark,
                "there is one class only, so this loss is 0 whatever the model says",
            )
        elif made == "Softmax" or _are_probabilities(call.input, axis):
            self.overfit.probabilities = True
            self.session.report(
                SOFTMAX,
                call.mark,
                f"the input is probabilities, and cross entropy applies softmax to them again: with"
                f" {classes} classes the loss cannot go below {softmax_floor(classes):.3f}",
            )
        else:
            self.session.deny(SOFTMAX, call.mark)
            if made in ("Relu", "Sigmoid", "Tanh"):
                self.session.report(
                    ACTIVATION,
                    call.mark,
                    f"the logits come out of a {made.lower()}, so they cannot take every value",
                )
        self._initial(call, classes)

    def _initial(self, call: LossCall, classes: int) -> None:
        plain = not call.options.get("label_smoothing") and call.options.get("weight") is None
        if self._stepped or not call.by_index or not plain or classes < 2:
            return
        given = call.input.detach().float()
        ignored = call.options.get("ignore_index", -100)
        with self.session.unwatched():
            mean = float(
                torch.nn.functional.cross_entropy(given, call.target, ignore_index=ignored)
            )
        if mean > 2 * math.log(classes) + 1:
            self.session.report(
                INITIAL,
                call.mark,
                f"before the first step the loss is {mean:.2f}; guessing among {classes} classes"
                f" would give {math.log(classes):.2f}: the model begins sure of wrong answers",
            )

    def _nll(self, call: LossCall) -> None:
        axis = 1 if call.input.dim() > 1 else 0
        given = call.input.detach().float()
        if _are_probabilities(given, axis):
            what = "probabilities"
        elif float(given.logsumexp(axis).abs().median()) > 0.1:
            what = "no log-probabilities"
        else:
            self.session.deny(NLL, call.mark)
            return
        self.session.report(
            NLL,
            call.mark,
            f"the input is {what}; this loss wants the output of log_softmax, and without it falls"
            " below 0 and says nothing",
        )

    def _shapes(self, call: LossCall) -> None:
        shapes = tuple(call.input.shape), tuple(call.target.shape)
        if call.name.endswith(("_entropy", "nll_loss", "kl_div")) or shapes[0] == shapes[1]:
            return
        joined = torch.broadcast_shapes(*shapes)
        if math.prod(joined) > max(map(math.prod, shapes)):
            self.session.report(
                BROADCAST,
                call.mark,
                f"the prediction has the shape {list(shapes[0])} and the target {list(shapes[1])}:"
                f" they broadcast to {list(joined)}, so every prediction is compared with every"
                " target",
            )


def _broadcast_difference(node: Any) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
    """The shapes of a prediction and of its difference to a target, if it was broadcast.

    A difference written by hand stands near the loss; its target is a constant.
    """
    for _ in range(6):
        inner = [child for child in children(node) if child is not None]
        if len(inner) != 1:
            return None
        if name_of(node) in ("Sub", "Rsub"):
            given, result = shape_of(inner[0]), shape_of(node)
            if given is None or result is None or len(result) != 2:
                return None
            size = result[0]
            square = result == (size, size) and size > 1
            return (given, result) if square and given in ((size, 1), (size,)) else None
        node = inner[0]
    return None


def _are_probabilities(given: torch.Tensor, axis: int) -> bool:
    given = given.detach().float()
    if not given.is_floating_point() or given.shape[axis] < 2:
        return False
    inside = bool(((given >= 0) & (given <= 1)).all())
    return inside and bool(((given.sum(axis) - 1).abs() < 1e-3).all())

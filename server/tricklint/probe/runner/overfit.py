"""Follows the losses of the repeated batch, and decides when enough was seen of them."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from .checks.check import Check
from .events import Judged, Step
from .graphs import floor_is_zero
from .hooks.backward import Backward
from .hooks.losses import LossCall
from .hooks.modules import RootCall, Roots
from .hooks.optimizers import parameters_of
from .places import Mark
from .session import Phase, Session
from .verdict import NOT_APPLICABLE, Curve, Verdict, has_fitted, judge

_EVENT_GAP = 0.1  # seconds between two events of steps
_POINTS = 200  # of the curve that is shown
_UNREPEATED = 2000  # steps of a script whose loop ends by itself only
_ROOM = 5  # parameters for each target, from which on a model can be expected to fit a batch


@dataclass
class _Line:
    """The backward passes of one line."""

    mark: Mark | None
    losses: list[float] = field(default_factory=list)
    zero_floor: bool = True
    # The optimizers that each pass fed: where these differ, several trainings share the line.
    fed: set[frozenset[int]] = field(default_factory=set)


class Overfit(Check):
    """The curve of each backward line while one batch is repeated."""

    def __init__(self, session: Session, roots: Roots) -> None:
        super().__init__(session)
        self.roots = roots
        self.lines: dict[Mark | None, _Line] = {}
        self.repeating = False  # a loader repeats its batch now
        self.judged: Verdict | None = None
        self.probabilities = False  # set by the check of losses
        self.classes = 0
        self.accuracy: float | None = None
        self._targets = 0
        self._parameters = 0
        self._sent = 0.0
        self._inputs: list[tuple[Any, ...]] = []  # of the model, without a loader
        self._natural = True  # the script itself repeats one batch
        self._limit_reached = False

    # What happens

    def root_called(self, call: RootCall) -> None:
        """Without a loader, see whether the model is given the same tensor each time."""
        if self.repeating or not call.grad or len(self._inputs) >= 4:
            return
        tensors = (one for one in (*call.args, *call.kwargs.values()) if torch.is_tensor(one))
        tensor = next(tensors, None)
        key = () if tensor is None else (tensor.data_ptr(), tuple(tensor.shape), tensor._version)
        self._inputs.append(key)
        self._natural = bool(key) and len(set(self._inputs)) == 1

    def loss_called(self, call: LossCall) -> None:
        """Keep what tells the accuracy, the second witness."""
        if torch.is_grad_enabled():
            self._targets = max(self._targets, call.target.numel())
        if call.name not in ("cross_entropy", "nll_loss") or not torch.is_grad_enabled():
            return
        if call.by_index and call.input.dim() > 1 and self.judged is None:
            self.classes = int(call.input.shape[1])
            if self.session.steps % 10 == 0:
                right = call.input.detach().argmax(1) == call.target
                counted = call.target != call.options.get("ignore_index", -100)
                self.accuracy = float(right[counted].float().mean()) if counted.any() else None

    def before_backward(self, backward: Backward) -> None:
        """Whether the loss can become 0 stands in its graph."""
        if self.judged is None:
            line = self.lines.setdefault(backward.mark, _Line(backward.mark))
            if len(line.losses) < 3:
                line.zero_floor &= floor_is_zero(backward.node)

    def after_backward(self, backward: Backward) -> None:
        """One point of the curve."""
        if not self.repeating and self.judged is not None:
            self._without_loader()
        if self.judged is not None or backward.loss is None:
            return
        line = self.lines[backward.mark]
        line.losses.append(backward.loss)
        if not line.fed:
            self._parameters = sum(
                one.numel() for optimizer in backward.fed for one in parameters_of(optimizer)
            )
        if backward.fed:
            line.fed.add(frozenset(id(one) for one in backward.fed))
        if line is next(iter(self.lines.values())) and time.monotonic() - self._sent > _EVENT_GAP:
            self._sent = time.monotonic()
            self.session.channel.send(Step(len(line.losses), backward.loss))
        if not self.repeating:
            self._without_loader()

    def _without_loader(self) -> None:
        """Nobody ends such a loop for us: it runs on, until it ends or its time is over."""
        session = self.session
        session.enter(Phase.TRAINING)
        session.trained = session.trained or time.monotonic()
        if self.naturally_repeated() and self.enough():
            self.settle()
        if session.late or session.steps >= _UNREPEATED:
            session.stop()

    # What is asked

    @property
    def steps(self) -> int:
        """The steps on the longest curve."""
        return max((len(line.losses) for line in self.lines.values()), default=0)

    def enough(self) -> bool:
        """Whether the training can end: the fit is clear, or all steps were done."""
        if self.judged is not None:
            return True
        self._limit_reached = self.steps >= self.session.job.steps
        single = len(self.lines) == 1
        if self._limit_reached or self.session.late or (single and self._diverged()):
            return True
        return single and has_fitted(self._curve(next(iter(self.lines.values()))))

    def naturally_repeated(self) -> bool:
        """Whether the script without a loader trains on one batch anyway."""
        return self._natural and len(self._inputs) >= 3

    def settle(self) -> None:
        """Give the verdict, once."""
        if self.judged is not None:
            return
        line = max(self.lines.values(), key=lambda one: len(one.losses), default=None)
        curve = self._curve(line) if line else None
        self.judged = self._verdict(curve)
        losses = curve.losses if curve else ()
        # Every n-th point is enough to see the shape.
        kept = losses[:: max(-(-len(losses) // _POINTS), 1)]
        place = line.mark.place() if line and line.mark else None
        self.session.channel.send(
            Judged(
                self.judged.word,
                self.judged.sentence,
                len(losses),
                tuple(kept),
                self.judged.floor,
                self.accuracy,
                place,
            )
        )

    def at_end(self) -> None:
        """A script that ends by itself gets its verdict then."""
        self.settle()

    def _verdict(self, curve: Curve | None) -> Verdict:
        if curve is None:
            return Verdict(NOT_APPLICABLE, "No backward pass was seen.")
        if not self.repeating and not self.naturally_repeated():
            return Verdict(
                NOT_APPLICABLE,
                "No batch could be repeated: no loader was seen that the training runs over.",
            )
        lines = [line for line in self.lines.values() if len(line.losses) > 1]
        if len({fed for line in lines for fed in line.fed}) > 1:
            return Verdict(
                NOT_APPLICABLE,
                "Several losses are trained by several optimizers; no single curve tells whether"
                " that works.",
            )
        return judge(curve)

    def _curve(self, line: _Line) -> Curve:
        return Curve(
            tuple(line.losses),
            line.zero_floor and len(self.lines) == 1,
            complete=self._limit_reached,
            accuracy=self.accuracy,
            classes=self.classes,
            probabilities=self.probabilities,
            noisy=any(map(has_dropout, self.roots.known)),
            one_batch=self.repeating,
            roomy=self._parameters >= _ROOM * self._targets,
        )

    def _diverged(self) -> bool:
        losses = next(iter(self.lines.values())).losses
        return bool(losses) and losses[-1] != losses[-1]


def has_dropout(module: nn.Module) -> bool:
    """Whether a model has a layer that drops at random."""
    return any(
        isinstance(one, nn.modules.dropout._DropoutNd) and one.p > 0 for one in module.modules()
    )

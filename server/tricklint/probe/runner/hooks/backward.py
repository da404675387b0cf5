"""Backward passes."""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import Any

import torch

from ..graphs import scale_of
from ..patching import Function, wrap
from ..places import Mark, here
from ..session import Session


@dataclass(eq=False)
class Backward:
    """One backward pass, and the optimizers whose gradients it changed."""

    number: int
    mark: Mark | None
    node: Any  # where the graph begins; gone once the pass is over
    loss: float | None  # None where it is no single number
    scale: float
    tensor: weakref.ref[torch.Tensor]
    fed: list[Any] = field(default_factory=list)  # optimizers
    served: bool = False  # one of them took a step with it

    @property
    def line(self) -> int:
        """For a person, counted from 1."""
        return self.mark.line if self.mark else 0


def install(session: Session) -> None:
    """Watch `loss.backward()` and `torch.autograd.backward(loss)`."""
    running = False

    def make(original: Function) -> Function:
        def call(tensors: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal running
            # A checkpoint runs a backward pass within a backward pass.
            if running or session.busy:
                return original(tensors, *args, **kwargs)
            session.go_on()
            backward = _described(tensors, session.steps)
            session.tell("before_backward", backward)
            running = True
            try:
                original(tensors, *args, **kwargs)
            finally:
                running = False
            session.steps += 1
            session.tell("after_backward", backward)
            backward.node = None
            return None

        return call

    wrap(torch.autograd, "backward", make)


def _described(tensors: Any, number: int) -> Backward:
    tensor = tensors if isinstance(tensors, torch.Tensor) else next(iter(tensors))
    scale = scale_of(tensor.grad_fn)
    loss = None
    if tensor.numel() == 1:
        loss = float(tensor.detach()) / scale
    return Backward(number, here(), tensor.grad_fn, loss, scale, weakref.ref(tensor))

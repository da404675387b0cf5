"""Optimizers, their closures and steps, and what goes with them: clipping, scaling, schedules."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import torch

from ..graphs import set_scale
from ..patching import Function, before, wrap
from ..places import Mark, here
from ..session import Session


class Optimizers:
    """The optimizers that are alive, in the order in which they were made."""

    def __init__(self) -> None:
        self._known: list[tuple[weakref.ref[torch.optim.Optimizer], Mark | None]] = []

    def add(self, optimizer: torch.optim.Optimizer, mark: Mark | None) -> None:
        """A new one."""
        self._known.append((weakref.ref(optimizer), mark))

    def alive(self) -> list[torch.optim.Optimizer]:
        """Those that somebody still holds."""
        found = (reference() for reference, _ in self._known)
        return [one for one in found if one is not None]

    def made_at(self, optimizer: torch.optim.Optimizer) -> Mark | None:
        """The line that made it."""
        return next((mark for reference, mark in self._known if reference() is optimizer), None)

    def parameters(self) -> set[int]:
        """The identities of all parameters that belong to one."""
        return {id(one) for optimizer in self.alive() for one in parameters_of(optimizer)}


def parameters_of(optimizer: torch.optim.Optimizer) -> list[torch.Tensor]:
    """All parameters of an optimizer."""
    return [one for group in optimizer.param_groups for one in group["params"]]


def install(session: Session) -> Optimizers:
    """Watch all optimizers."""
    optimizers = Optimizers()

    def make(original: Function) -> Function:
        def watched(optimizer: Any, *args: Any, **kwargs: Any) -> None:
            original(optimizer, *args, **kwargs)
            optimizers.add(optimizer, here())
            session.tell("optimizer_made", optimizer)

        return watched

    wrap(torch.optim.Optimizer, "__init__", make)
    _watch_steps(session)
    before(
        torch.optim.Optimizer,
        "zero_grad",
        lambda optimizer, *_, **__: session.tell("cleared", optimizer, here()),
    )
    _watch_clipping(session)
    _watch_scaling(session)
    return optimizers


def _watch_steps(session: Session) -> None:
    import torch.optim.optimizer as module

    def pre(optimizer: Any, args: Any, kwargs: Any) -> Any:
        session.go_on()
        session.tell("before_step", optimizer)
        closure = kwargs.get("closure", args[1] if len(args) > 1 else None)
        if not callable(closure):
            return None

        def watched(*inner: Any, **more: Any) -> Any:
            session.tell("evaluation_began", optimizer)
            return closure(*inner, **more)

        if "closure" in kwargs:
            return args, {**kwargs, "closure": watched}
        return (args[0], watched, *args[2:]), kwargs

    def post(optimizer: Any, args: object, kwargs: object) -> None:
        session.tell("after_step", optimizer)

    module.register_optimizer_step_pre_hook(pre)
    module.register_optimizer_step_post_hook(post)


def _watch_clipping(session: Session) -> None:
    def clipped(parameters: Any, *args: Any, **kwargs: Any) -> None:
        session.tell("clipped", parameters, here())

    def make(original: Function) -> Function:
        def call(parameters: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(parameters, torch.Tensor):
                parameters = [parameters]
            elif isinstance(parameters, Iterable):
                parameters = list(parameters)  # it may be a generator, and is read twice
            clipped(parameters)
            return original(parameters, *args, **kwargs)

        return call

    for name in ("clip_grad_norm_", "clip_grad_value_"):
        wrap(torch.nn.utils, name, make)


def _watch_scaling(session: Session) -> None:
    def scale(original: Function) -> Function:
        def call(scaler: Any, outputs: Any, *args: Any, **kwargs: Any) -> Any:
            scaled = original(scaler, outputs, *args, **kwargs)
            if isinstance(scaled, torch.Tensor) and scaler.is_enabled():
                set_scale(scaled.grad_fn, float(scaler.get_scale()))
            return scaled

        return call

    def step(original: Function) -> Function:
        def call(scaler: Any, optimizer: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return original(scaler, optimizer, *args, **kwargs)
            finally:
                session.tell("scaler_stepped", optimizer)

        return call

    for owner in (getattr(torch, "amp", None), torch.cuda.amp):
        scaler = getattr(owner, "GradScaler", None)
        # The class of CUDA inherits the methods in newer versions of torch.
        if scaler is not None and "scale" in vars(scaler):
            wrap(scaler, "scale", scale)
            wrap(scaler, "step", step)
            before(
                scaler,
                "unscale_",
                lambda scaler, optimizer: (
                    session.tell("unscaled", optimizer) if scaler.is_enabled() else None
                ),
            )

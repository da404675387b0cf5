"""Schedules stand still, at the full learning rate: a warm-up from 0 would look like a bug."""

from __future__ import annotations

from typing import Any

from torch.optim import lr_scheduler

from ..events import Redirected
from ..identity import IdentityMap
from ..patching import Function, wrap
from ..session import Session


def install(session: Session) -> None:
    """Freeze every schedule as soon as it is made."""

    def make(original: Function) -> Function:
        def call(scheduler: Any, *args: Any, **kwargs: Any) -> None:
            original(scheduler, *args, **kwargs)
            _freeze(scheduler)
            session.channel.send(
                Redirected("stands still, at the full learning rate", type(scheduler).__name__)
            )

        return call

    base = getattr(lr_scheduler, "LRScheduler", None) or lr_scheduler._LRScheduler
    wrap(base, "__init__", make)
    plateau = lr_scheduler.ReduceLROnPlateau
    if "__init__" in vars(plateau):
        wrap(plateau, "__init__", make)


_frozen: IdentityMap[bool] = IdentityMap()
_wrapped: set[type] = set()


def _freeze(scheduler: Any) -> None:
    _frozen[scheduler] = True
    for kind in type(scheduler).__mro__:
        # Not in the object itself, where it would be saved together with its state.
        if "step" in vars(kind) and kind not in _wrapped:
            _wrapped.add(kind)
            wrap(kind, "step", _unless_frozen)
    for group in scheduler.optimizer.param_groups:
        full = group.get("max_lr", group.get("initial_lr"))
        if full is not None and group["lr"] != full:
            # A learning rate may be a tensor that the optimizer keeps.
            if hasattr(group["lr"], "fill_"):
                group["lr"].fill_(float(full))
            else:
                group["lr"] = float(full)


def _unless_frozen(original: Function) -> Function:
    def call(scheduler: Any, *args: Any, **kwargs: Any) -> Any:
        if scheduler in _frozen:
            return None
        return original(scheduler, *args, **kwargs)

    return call

"""Clipping of gradients: `torch.nn.utils`, frameworks that do it by a method, and hooks."""

from __future__ import annotations

import math

from ..interpreter import clips, events
from ..interpreter.clips import Bound
from ..interpreter.library import Call, Library
from ..interpreter.tensors import Tensor
from ..interpreter.values import (
    ANYTHING,
    NONE,
    NOTHING,
    Alternatives,
    Constant,
    Params,
    Reach,
    Role,
    Sequence,
    Unknown,
    Value,
)
from .torch_once import is_spent, spend
from .trainers import ACCELERATOR, LIGHTNING

library = Library()
_NAMES = ("clip_grad_norm_", "clip_grad_norm", "clip_grad_value_")
library.telling |= set(_NAMES)
library.contextual |= {*_NAMES, "clip_gradients"}
library.aliases["torch.nn.utils.clip_grad"] = "torch.nn.utils"

# Nobody clips to so much: what is asked for is the norm.
_MEASURING = 1e4


@library.function(*(f"torch.nn.utils.{name}" for name in _NAMES))
def _clip(call: Call) -> Value:
    params = call.get(0, "parameters")
    if params is None:
        clips.clip(call.machine, ANYTHING, call.ref, Bound.NONE)
    elif is_spent(call, params):
        clips.tend(call.machine, _reach(call, params))
    else:
        spend(call, params)
        clips.clip(call.machine, _reach(call, params), call.ref, _bound(call))
    return Unknown("norm", NOTHING)


@library.method(ACCELERATOR, "clip_grad_norm_", "clip_grad_value_")
@library.method(Role.HELPER, "clip_grad_norm_", "clip_grad_value_")
def _clip_by_accelerator(call: Call) -> Value:
    """It unscales by itself."""
    clips.unscale(call.machine, ANYTHING, call.ref, "")
    return _clip(call)


@library.method("lightning.Fabric", "clip_gradients")
@library.method(Role.HELPER, "clip_gradients")
def _clip_by_fabric(call: Call) -> Value:
    return _clip_steps_of(call, call.get(1, "optimizer"))


@library.method(LIGHTNING, "clip_gradients")
def _clip_by_lightning(call: Call) -> Value:
    return _clip_steps_of(call, call.get(0, "optimizer"))


def _clip_steps_of(call: Call, optimizer: Value | None) -> Value:
    reach = ANYTHING if optimizer is None else events.owned(call.machine, optimizer)
    clips.unscale(call.machine, ANYTHING, call.ref, "")
    clips.clip(call.machine, reach, call.ref, Bound.OPEN)
    return NONE


@library.function("torch.nn.utils.clip_grads_with_norm_")
def _clip_with_norm(call: Call) -> Value:
    params = call.get(0, "parameters")
    reach = ANYTHING if params is None else _reach(call, params)
    clips.clip(call.machine, reach, call.ref, Bound.OPEN)
    return NONE


@library.function("torch.nn.utils.get_total_norm")
def _total_norm(call: Call) -> Value:
    return Unknown("norm", NOTHING)


def _reach(call: Call, params: Value) -> Reach:
    """The parameters that are clipped; open where that may not be all of them."""
    found = events.reach_of(call.machine, params)
    if not found.atoms or not _is_whole(params):
        return Reach(found.atoms, True)
    return found


def _is_whole(value: Value) -> bool:
    if isinstance(value, Sequence):
        return value.exact and all(_is_whole(one) for one in value.items)
    if isinstance(value, Alternatives):
        return all(_is_whole(one) for one in value.options)
    return isinstance(value, Params | Tensor)


def _bound(call: Call) -> Bound:
    """`clip_grad_norm_(parameters, inf)` gives the norm and changes nothing."""
    limit = call.get(1, "max_norm") or call.get(1, "clip_value")
    number = limit.value if isinstance(limit, Constant) else None
    if isinstance(number, int | float):
        return Bound.NONE if number >= _MEASURING or math.isnan(number) else Bound.FIXED
    if not call.machine.discarded:
        return Bound.NONE
    is_setting = isinstance(limit, Unknown) and (limit.given or limit.parent is not None)
    return Bound.FIXED if is_setting else Bound.OPEN


@library.method(Params, "register_hook", "register_post_accumulate_grad_hook")
@library.method(Tensor, "register_hook", "register_post_accumulate_grad_hook")
@library.method(Unknown, "register_hook", "register_post_accumulate_grad_hook")
def _hook(call: Call) -> Value:
    """Whatever passes here goes through the user's own code."""
    clips.tend(call.machine, events.reach_of(call.machine, call.receiver))
    return Unknown("handle", NOTHING)

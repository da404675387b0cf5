"""Gradients in the user's own hands, and code that computes none: `p.grad`, `requires_grad`, `no_grad`."""

from __future__ import annotations

from ..interpreter import events
from ..interpreter.library import Call, Library
from ..interpreter.tensors import Tensor
from ..interpreter.values import (
    NONE,
    NOTHING,
    Constant,
    Function,
    Gradient,
    Object,
    Params,
    Reach,
    Role,
    Unknown,
    Value,
)

library = Library()


@library.attribute(Params, "data")
def _weights(call: Call) -> Value:
    """The numbers themselves: whatever is done to them, the gradients stay."""
    return Tensor()


@library.attribute(Params, "grad")
def _grad(call: Call) -> Value:
    receiver = call.receiver
    found = receiver.reach if isinstance(receiver, Params) else NOTHING
    events.touch(call.machine, found)
    return Gradient(found)


@library.attribute(Tensor, "grad")
def _tensor_grad(call: Call) -> Value:
    """The gradient of an input: this backward was not for the optimizer."""
    events.look(call.machine)
    return Unknown("grad", NOTHING)


@library.attribute(Unknown, "grad")
def _unknown_grad(call: Call) -> Value:
    events.look(call.machine)
    assert isinstance(call.receiver, Unknown)
    return call.receiver.child("grad", f"{call.receiver.hint}.grad")


@library.attribute(Params, "grad=")
def _set_grad(call: Call) -> Value:
    """`p.grad = None` clears; anything else is the user's own doing."""
    receiver, to = call.receiver, call.args.positional[0]
    found = receiver.reach if isinstance(receiver, Params) else NOTHING
    if to == NONE:
        events.clear_model(call.machine, found, call.ref)
    else:
        events.may_clear_all(call.machine)
    return NONE


@library.attribute(Unknown, "grad=")
@library.attribute(Object, "grad=")
def _set_unknown_grad(call: Call) -> Value:
    if not events.is_data(call.machine, call.receiver):
        events.may_clear_all(call.machine)
    return NONE


@library.attribute(Gradient, "data")
def _grad_data(call: Call) -> Value:
    return call.receiver


@library.method(Gradient, "zero_")
def _zero_gradient(call: Call) -> Value:
    events.clear_model(call.machine, _of(call.receiver), call.ref)
    return NONE


@library.method(Gradient, "fill_")
def _fill_gradient(call: Call) -> Value:
    """Zeroed, if it is filled with 0; else the user's own doing."""
    if call.get(0, "value") in (Constant(0), Constant(0.0)):
        return _zero_gradient(call)
    events.may_clear(call.machine, _of(call.receiver))
    return call.receiver


@library.method(Gradient, "*")
def _other_gradient(call: Call) -> Value:
    """Scaled, noised, copied: what a step uses is still in the user's hands."""
    if call.name.endswith("_") and call.name not in ("detach_", "mul_", "div_", "clamp_"):
        events.may_clear(call.machine, _of(call.receiver))
    return call.receiver


def _of(value: Value) -> Reach:
    return value.reach if isinstance(value, Gradient) else NOTHING


@library.method(Unknown, "zero_")
def _zero(call: Call) -> Value:
    """`p.grad.zero_()` of a parameter that nothing is known of."""
    if not events.is_data(call.machine, call.receiver):
        events.may_clear_all(call.machine)
    return NONE


@library.attribute(Params, "requires_grad=")
def _freeze(call: Call) -> Value:
    to = call.args.positional[0]
    receiver = call.receiver
    found = receiver.reach if isinstance(receiver, Params) else NOTHING
    events.freeze(call.machine, found, frozen=to != Constant(True))
    return NONE


@library.method(Params, "requires_grad_")
@library.method(Role.LAYER, "requires_grad_")
def _freeze_all(call: Call) -> Value:
    to = call.get(0, "requires_grad")
    found = events.reach_of(call.machine, call.receiver)
    events.freeze(call.machine, found, frozen=to is not None and to != Constant(True))
    return call.receiver


@library.function("torch.no_grad", "torch.inference_mode", "torch.set_grad_enabled")
@library.function("torch.enable_grad")
def _no_grad(call: Call) -> Value:
    function = call.get(0, "func")
    mode = call.get(0, "mode")
    off = call.name != "torch.enable_grad"
    if call.name == "torch.set_grad_enabled":
        off = mode == Constant(False)
    elif isinstance(mode, Constant):
        off = off and bool(mode.value)
    manager = Object(Role.HELPER, "torch.no_grad", {"off": Constant(off)})
    return _decorate(manager, function)


def _decorate(manager: Object, function: Value | None) -> Value:
    if isinstance(function, Function):
        function.contexts = (*function.contexts, manager)
        return function
    return manager


@library.call("torch.no_grad")
def _as_decorator(call: Call) -> Value:
    assert isinstance(call.receiver, Object)
    return _decorate(call.receiver, call.get(0, "func"))


@library.method("torch.no_grad", "__enter__")
def _enter(call: Call) -> Value:
    assert isinstance(call.receiver, Object)
    call.machine.grad_off += call.receiver.config["off"] == Constant(True)
    return NONE


@library.method("torch.no_grad", "__exit__")
def _exit(call: Call) -> Value:
    assert isinstance(call.receiver, Object)
    call.machine.grad_off -= call.receiver.config["off"] == Constant(True)
    return NONE

"""Automatic mixed precision: `GradScaler` steps for the optimizer, under its old and new names."""

from __future__ import annotations

from ..interpreter import calls, clips, events
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.search import written
from ..interpreter.tensors import Range, Tensor
from ..interpreter.values import ANYTHING, NONE, Constant, Object, Role, Unknown, Value
from .torch_optim import receiver_name

library = Library()


@library.function("torch.cuda.amp.GradScaler", "torch.amp.GradScaler", "torch.GradScaler")
@library.function("torch.cuda.amp.grad_scaler.GradScaler", "torch.amp.grad_scaler.GradScaler")
def _scaler(call: Call) -> Value:
    return Object(Role.SCALER, "torch.amp.GradScaler", dict(call.args.keywords))


def _evidence(value: Value) -> Role | None:
    is_scaler = isinstance(value, Unknown) and value.hint.lower().endswith("scaler")
    return Role.SCALER if is_scaler else None


library.evidence.append(_evidence)


@library.method(Role.SCALER, "scale")
def _scale(call: Call) -> Value:
    value = call.get(0, "outputs")
    if value is None:
        return Unknown()
    what = Range.UNKNOWN if _is_off(call.receiver) else Range.SCALED
    return Tensor(events.reach_of(call.machine, value), range=what)


def _is_off(scaler: Value) -> bool:
    return isinstance(scaler, Object) and scaler.config.get("enabled") == Constant(False)


@library.method(Role.SCALER, "step")
def _step(call: Call) -> Value:
    optimizer = call.get(0, "optimizer")
    if optimizer is None:
        return NONE
    node = call.machine.call_node
    name = written(node.args[0].value) if node is not None and node.args else ""
    machine = call.machine
    role = events.role_of(machine, optimizer)
    if role is Role.OPTIMIZER or isinstance(optimizer, Unknown):
        events.step(machine, optimizer, name or "the optimizer", call.ref, receiver_name(call))
    return NONE


@library.method(Role.SCALER, "unscale_")
def _unscale(call: Call) -> Value:
    optimizer = call.get(0, "optimizer")
    reach = ANYTHING if optimizer is None else events.owned(call.machine, optimizer)
    clips.unscale(call.machine, reach, call.ref, receiver_name(call))
    return NONE


@library.method(Role.SCALER, "update", "get_scale", "is_enabled", "state_dict")
@library.method(Role.SCALER, "load_state_dict")
def _nothing(call: Call) -> Value:
    return Unknown(call.name)


@library.call(Role.SCALER)
def _call(call: Call) -> Value:
    """Wrappers such as timm's `loss_scaler(loss, optimizer)` do the whole update."""
    unknown = Unknown("scaler", given=True)
    return calls.unknown_call(call.machine, unknown, Arguments(call.args.values()))

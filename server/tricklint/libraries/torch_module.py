"""What every `torch.nn.Module` can do, those of the user's own classes too."""

from __future__ import annotations

from ..interpreter import calls, events
from ..interpreter.library import Call, Library
from ..interpreter.search import mentions
from ..interpreter.values import (
    NONE,
    Class,
    Constant,
    Function,
    Instance,
    Object,
    Params,
    Reach,
    Role,
    Tensor,
    Unknown,
    Value,
    sequence,
)
from .results import reach
from .torch_containers import call_sequential, layers_of

library = Library()

MODULE = "torch.nn.Module"


@library.call(MODULE)
def _call_module(call: Call) -> Value:
    receiver = call.receiver
    lines = receiver.cls.ancestry() if isinstance(receiver, Instance) else ()
    for base in lines:
        forward = base.slots.get("forward") if isinstance(base, Class) else None
        if isinstance(forward, Function):
            args = call.args.after(receiver)
            result = calls.invoke(call.machine, forward, args, call.ref)
            return _with_parameters(call, result)
    layers = layers_of(receiver)
    if layers is not None:
        return call_sequential(call)
    return calls.unknown_call(call.machine, receiver, call.args)


def _with_parameters(call: Call, result: Value) -> Value:
    """An output that seems to depend on no parameter: we lost track, so it may be any."""
    if isinstance(result, Tensor) and not result.reach.atoms and not call.machine.no_grad:
        own = events.reach_of(call.machine, call.receiver)
        if own.atoms:
            return Tensor(Reach(own.atoms, True), result.shape, result.range, result.origin)
    return result


@library.method(MODULE, "__init__")
def _init(call: Call) -> Value:
    return NONE


@library.method(Role.LAYER, "parameters", "named_parameters")
@library.method(Unknown, "parameters", "named_parameters")
def _parameters(call: Call) -> Value:
    receiver = call.receiver
    named = call.name == "named_parameters"
    if isinstance(receiver, Unknown):
        return Params(Reach(frozenset((receiver,)), False), named)
    return Params(events.reach_of(call.machine, receiver), named)


@library.attribute(Role.LAYER, "weight", "bias")
def _weight(call: Call) -> Value:
    return Params(events.reach_of(call.machine, call.receiver))


@library.method(Role.LAYER, "zero_grad")
@library.method(Unknown, "zero_grad")
def _zero_grad(call: Call) -> Value:
    receiver, machine = call.receiver, call.machine
    found = events.reach_of(machine, receiver)
    if isinstance(receiver, Unknown):
        events.escape(machine, receiver, discarded=True)
        found = Reach(frozenset((receiver,)), True)
    events.clear_model(machine, found, call.ref)
    return NONE


@library.method(Role.LAYER, "to", "cuda", "cpu", "float", "half", "double", "share_memory")
@library.method(Role.LAYER, "xpu", "bfloat16", "type")
@library.method(Role.LOSS, "to", "cuda", "cpu", "train", "eval", "float", "half", "double")
def _itself(call: Call) -> Value:
    return call.receiver


@library.method(Role.LAYER, "state_dict", "register_buffer", "buffers")
@library.method(Role.LAYER, "register_parameter", "named_buffers", "extra_repr", "compile")
def _nothing(call: Call) -> Value:
    if call.name == "register_buffer" and isinstance(call.receiver, Instance):
        name, value = call.get(0, "name"), call.get(1, "tensor")
        if isinstance(name, Constant) and value is not None:
            call.machine.store.put(call.receiver.slots, name.value, value)
    return Unknown(call.name, reach(call))


@library.method(Role.LAYER, "modules", "children", "named_modules", "named_children")
def _modules(call: Call) -> Value:
    receiver = call.receiver
    slots = receiver.slots if isinstance(receiver, Instance | Object) else {}
    layers = layers_of(receiver)
    found = layers.items if layers is not None else tuple(slots.values())
    own = tuple(
        one for one in found if isinstance(one, Value)
        and events.role_of(call.machine, one) is Role.LAYER
    )  # fmt: skip
    if call.name.startswith("named"):
        own = tuple(sequence("tuple", (Unknown("name"), one)) for one in own)
    return sequence("list", own, exact=not call.name.endswith("modules"))


@library.method(MODULE, "add_module", "register_module")
def _add_module(call: Call) -> Value:
    name, value = call.get(0, "name"), call.get(1, "module")
    if isinstance(call.receiver, Instance) and isinstance(name, Constant) and value is not None:
        call.machine.store.put(call.receiver.slots, name.value, value)
    return NONE


@library.method(Role.LAYER, "register_forward_pre_hook", "register_forward_hook")
@library.method(Role.LAYER, "register_full_backward_hook", "register_full_backward_pre_hook")
def _hook(call: Call) -> Value:
    """A hook out of sight, or one that names a gradient, may clear at every forward."""
    hook = call.get(0, "hook")
    own = calls.current(call.machine, hook)[0] if isinstance(hook, Function) else None
    if own is None or mentions(own, ("zero_grad", "grad")):
        found = events.reach_of(call.machine, call.receiver)
        events.freeze(call.machine, found, frozen=True)
        for optimizer in tuple(call.machine.optimizers):
            events.freeze(call.machine, events.owned(call.machine, optimizer), frozen=True)
    return Unknown("handle")


def _is_module(value: Value) -> Role | None:
    if isinstance(value, Instance):
        for path in value.cls.externals():
            if path == MODULE or path.startswith("torch.nn.") or path in library.bases:
                return Role.LAYER
    return None


library.evidence.append(_is_module)
for _name in ("Sequential", "ModuleList", "Linear", "Conv2d", "CrossEntropyLoss", "LSTM"):
    library.bases[f"torch.nn.{_name}"] = MODULE

"""What every `torch.nn.Module` can do, those of the user's own classes too."""

from __future__ import annotations

from dataclasses import replace

from ..interpreter import biases, calls, clips, events, mode_events, opened
from ..interpreter.biases import HookedSomewhere
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.relevance import identifiers
from ..interpreter.search import mentions
from ..interpreter.tensors import Tensor
from ..interpreter.values import (
    NONE,
    Bound,
    Class,
    Constant,
    Function,
    Instance,
    Iterator,
    Mapping,
    Object,
    Params,
    Reach,
    Role,
    Sequence,
    Unknown,
    Value,
)
from .results import reach
from .torch_containers import call_sequential, layers_of, set_by_name

library = Library()

MODULE = "torch.nn.Module"


@library.call(MODULE)
def call_module(call: Call) -> Value:
    """Its `forward`, if that is in sight."""
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
            return replace(result, reach=Reach(own.atoms, True))
    return result


@library.method(MODULE, "__init__")
def _init(call: Call) -> Value:
    if isinstance(call.receiver, Instance):
        mode_events.module_born(call.machine, call.receiver)
    return NONE


@library.method(Role.LAYER, "parameters", "named_parameters")
@library.method(Unknown, "parameters", "named_parameters")
def _parameters(call: Call) -> Value:
    receiver = call.receiver
    named = call.name == "named_parameters"
    if isinstance(receiver, Unknown):
        return Params(Reach(frozenset((receiver,)), False), named)
    return Params(events.reach_of(call.machine, receiver), named, Iterator(call.ref))


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


@library.attribute(Role.LAYER, "_modules")
def _table(call: Call) -> Value:
    """Whoever takes a module's own table may run what is in it, or replace it."""
    receiver = call.receiver
    if isinstance(receiver, Instance | Object):
        for one in tuple(receiver.slots.values()):
            if isinstance(one, Value):
                opened.need_all(call.machine, one)
    return Unknown(call.name, reach(call))


@library.method(Role.LAYER, "get_submodule")
def _submodule(call: Call) -> Value:
    """It may be any part."""
    opened.need_all(call.machine, call.receiver, deep=True)
    return Unknown(call.name, reach(call))


@library.method(MODULE, "add_module", "register_module")
def _add_module(call: Call) -> Value:
    name, value = call.get(0, "name"), call.get(1, "module")
    if name is not None and value is not None and not isinstance(name, Constant):
        set_by_name(replace(call, args=Arguments((name, value))))
    if isinstance(call.receiver, Instance) and isinstance(name, Constant) and value is not None:
        call.machine.store.put(call.receiver.slots, name.value, value)
    return NONE


@library.method(Role.LAYER, "register_forward_pre_hook", "register_forward_hook")
@library.method(Role.LAYER, "register_full_backward_hook", "register_full_backward_pre_hook")
@library.method(Role.LAYER, "register_backward_hook")
def _hook(call: Call) -> Value:
    """May a hook clear at every forward?

    One that is out of sight, or names a gradient, may clear those of its module and of what it names.
    """
    hook = call.get(0, "hook")
    if "backward" in call.name:
        clips.tend(call.machine, events.reach_of(call.machine, call.receiver))
    if "forward" in call.name:
        _show_outputs(call)
    function = hook.function if isinstance(hook, Bound) else hook
    reachable = () if hook is None else (hook,)
    if isinstance(function, Function):
        text = calls.current(call.machine, function)[0]
        reachable = _named(function, text.body)
        if isinstance(hook, Bound):
            reachable += (hook.receiver,)
        holds = any(events.role_of(call.machine, one) is Role.OPTIMIZER for one in reachable)
        if not holds and not mentions(text, ("zero_grad", "grad")):
            return Unknown("handle")
    _may_clear_always(call, (call.receiver, *reachable))
    return Unknown("handle")


@library.method(Unknown, "register_forward_pre_hook", "register_forward_hook")
def _hook_unknown(call: Call) -> Value:
    """It may be any layer in sight."""
    call.machine.report(HookedSomewhere(call.ref))
    return calls.unknown_call(call.machine, call.receiver, call.args, call.name)


def _show_outputs(call: Call) -> None:
    """A hook sees what a layer gets and puts out; in a module, perhaps that of any part.

    Of a loop that was not followed to the end, only some of its layers are in sight.
    """
    loops = mode_events.running_loops(call.machine)
    if call.machine.watch.aside or not all(loop.exact for loop in loops):
        call.machine.report(HookedSomewhere(call.ref))
    opened.need_all(call.machine, call.receiver, deep=True)
    biases.doubt(call.machine, call.receiver)


def _named(function: Function, body: object) -> tuple[Value, ...]:
    """What a function in sight can get at by the names in its text."""
    names = sorted(set(identifiers(body)))
    scopes = function.closure.around() if function.closure is not None else ()
    cells = (*(scope.names for scope in scopes), function.module.scope)
    found = [cell[name] for name in names for cell in cells if name in cell]
    kinds = Object | Instance | Unknown | Params | Sequence | Mapping
    return tuple(value for value in found if isinstance(value, kinds))


def _may_clear_always(call: Call, reachable: tuple[Value, ...]) -> None:
    machine = call.machine
    for value in reachable:
        if events.role_of(machine, value) is Role.OPTIMIZER:
            reach = events.owned(machine, value)
        else:
            reach = events.reach_of(machine, value)
        events.freeze(machine, reach, frozen=True)
        for optimizer in tuple(machine.optimizers):
            own = events.owned(machine, optimizer)
            if reach.open or own.open or own.atoms & reach.atoms:
                events.freeze(machine, own, frozen=True)


def _is_module(value: Value) -> Role | None:
    if isinstance(value, Instance):
        for path in value.cls.externals():
            if path == MODULE or path.startswith("torch.nn.") or path in library.bases:
                return Role.LAYER
    return None


library.evidence.append(_is_module)
for _name in ("Sequential", "ModuleList", "Linear", "Conv2d", "CrossEntropyLoss", "LSTM"):
    library.bases[f"torch.nn.{_name}"] = MODULE

"""The parts of a model, one after the other: `children()` and `modules()`.

A model may have many modules.  A loop over them runs with one object that stands for any of them:
what is done to it may be done to each, and nobody knows to which.
"""

from __future__ import annotations

from ..interpreter import biases, calls, events, mode_events, opened
from ..interpreter.biases import HookedSomewhere
from ..interpreter.library import Call, Library
from ..interpreter.values import (
    NONE,
    Instance,
    Mapping,
    Object,
    Role,
    Stream,
    Unknown,
    Value,
    sequence,
)
from .torch_containers import layers_of

library = Library()

_ANY = "any module of a model"
_OWNER = "owner"  # the model, in the slots of such an object
_MOST = 500


@library.method(Role.LAYER, "children", "named_children")
def _children(call: Call) -> Value:
    items = tuple(_parts(call, call.receiver))
    if call.name.startswith("named"):
        items = tuple(sequence("tuple", (Unknown("name"), one)) for one in items)
    return sequence("list", items)


@library.method(Role.LAYER, "modules", "named_modules")
def _modules(call: Call) -> Value:
    """The model itself, its parts, and theirs."""
    found: dict[int, Value] = {}
    _collect(call, call.receiver, found)
    any_one = Object(Role.LAYER, _ANY, {}, {_OWNER: call.receiver})

    def element() -> Value:
        named = call.name.startswith("named")
        return sequence("tuple", (Unknown("name"), any_one)) if named else any_one

    return Stream(element, call.receiver, opened=(sequence("list", tuple(found.values())),))


def _collect(call: Call, module: Value, found: dict[int, Value]) -> None:
    if id(module) in found or len(found) == _MOST:
        return
    if not isinstance(module, Mapping):  # as a `ModuleDict` is here
        found[id(module)] = module
    for part in _held(module):
        if isinstance(part, Mapping) or events.role_of(call.machine, part) is Role.LAYER:
            _collect(call, part, found)


def _parts(call: Call, module: Value) -> list[Value]:
    """The modules that are attributes of a module, or that a container holds."""
    return [one for one in _held(module) if events.role_of(call.machine, one) is Role.LAYER]


def _held(module: Value) -> list[Value]:
    layers = layers_of(module)
    if layers is not None:
        return list(layers.items)
    slots = module.slots if isinstance(module, Instance | Object | Mapping) else {}
    return [one for one in slots.values() if isinstance(one, Value)]


@library.method(_ANY, "train", "eval")
@library.attribute(_ANY, "training=")
def _set_mode(call: Call) -> Value:
    """Of some of them: `if isinstance(m, nn.Dropout): m.train()`."""
    mode_events.disturb(call.machine, call.receiver)
    if call.name != "train":
        for layer in mode_events.modal_layers(call.machine, call.receiver):
            biases.doubt(call.machine, layer)
    return call.receiver


@library.method(_ANY, "register_forward_pre_hook", "register_forward_hook")
def _hook(call: Call) -> Value:
    call.machine.report(HookedSomewhere(call.ref))
    return calls.unknown_call(call.machine, call.receiver, call.args, call.name)


@library.attribute(_ANY, "bias=")
def _set_bias(call: Call) -> Value:
    opened.need_all(call.machine, call.receiver, deep=True)
    return NONE

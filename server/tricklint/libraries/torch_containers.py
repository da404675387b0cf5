"""`torch.nn`'s containers, and wrappers that behave as what they wrap."""

from __future__ import annotations

from dataclasses import replace

from ..interpreter import biases, calls, opened
from ..interpreter.attributes import get_item, set_item
from ..interpreter.joins import MOST_ALTERNATIVES
from ..interpreter.library import Arguments, Call, Library, int_of
from ..interpreter.tensors import Tensor
from ..interpreter.values import (
    NONE,
    Constant,
    Instance,
    Mapping,
    Object,
    Reach,
    Role,
    Sequence,
    Unknown,
    Value,
    sequence,
)
from .results import reach
from .torch_norms import notice_pairs

library = Library()


@library.function("torch.nn.Sequential")
def _sequential(call: Call) -> Value:
    values = call.args.positional
    only = values[0] if len(values) == 1 else None
    if isinstance(only, Mapping):
        values = tuple(only.slots.values())
    elif isinstance(only, Sequence):
        values = only.items
    made = Object(Role.LAYER, "torch.nn.Sequential", {})
    made.slots["layers"] = sequence("list", values, not call.args.open)
    if not call.args.open:
        notice_pairs(call, values)
    return made


@library.call("torch.nn.Sequential")
def call_sequential(call: Call) -> Value:
    """One layer after the other."""
    layers = layers_of(call.receiver)
    value = call.get(0, "input")
    if layers is None or value is None:
        return calls.unknown_call(call.machine, call.receiver, call.args)
    for layer in layers.items:
        ref = layer.ref if isinstance(layer, Object) and layer.ref else call.ref
        value = calls.call(call.machine, layer, Arguments((value,)), ref)
    return value


def layers_of(receiver: Value) -> Sequence | None:
    """The layers that a container holds, in order."""
    layers = receiver.slots.get("layers") if isinstance(receiver, Object | Instance) else None
    return layers if isinstance(layers, Sequence) else None


@library.method("torch.nn.Sequential", "add_module")
@library.method("torch.nn.Sequential", "append")
@library.method("torch.nn.ModuleList", "append", "extend")
def _add_layer(call: Call) -> Value:
    layers = layers_of(call.receiver)
    added = call.get(1, "module") if call.name == "add_module" else call.get(0, "module")
    name = call.get(0, "name") if call.name == "add_module" else None
    if isinstance(name, Constant) and layers is not None and added is not None:
        place = int(name.value) if isinstance(name.value, str) and name.value.isdigit() else None
        if place is not None and place < len(layers.items):
            _replace_layer(replace(call, args=Arguments((Constant(place), added))))
            return call.receiver
    if layers is not None and added is not None:
        new = added.items if isinstance(added, Sequence) else (added,)
        call.machine.store.put(layers.slots, "items", (*layers.items, *new))
        if not _is_list(call.receiver):
            notice_pairs(call, layers.items[-2:])
    return call.receiver


@library.method("torch.nn.Sequential", "__getitem__", "__iter__")
@library.method("torch.nn.ModuleList", "__getitem__", "__iter__")
def _oflayers_of(call: Call) -> Value:
    layers = layers_of(call.receiver)
    if layers is None:
        return Unknown()
    if call.name == "__iter__":
        return layers
    index = call.get(0, "index")
    found = calls.call_method(call.machine, layers, "__getitem__", call.args, call.ref)
    if isinstance(index, Sequence) and index.kind == "slice":
        return _part(call, layers, found)
    if len(layers.items) > MOST_ALTERNATIVES and index is not None and int_of(index) is None:
        opened.need_all(call.machine, layers)  # too many to follow each
    return found


def _part(call: Call, layers: Sequence, found: Value) -> Value:
    """A slice is a container of the same kind; one with unknown bounds may end anywhere."""
    is_list = _is_list(call.receiver)
    if not is_list and not (layers.exact and isinstance(found, Sequence) and found.exact):
        opened.need_all(call.machine, layers)
    kind = "torch.nn.ModuleList" if is_list else "torch.nn.Sequential"
    return Object(Role.LAYER, kind, {}, {"layers": found})


def _is_list(container: Value) -> bool:
    return isinstance(container, Object) and container.kind == "torch.nn.ModuleList"


@library.method("torch.nn.Sequential", "__setitem__")
@library.method("torch.nn.ModuleList", "__setitem__")
def _replace_layer(call: Call) -> Value:
    """What stands in front of the old one runs without it from now on."""
    index, to = call.args.positional
    layers = layers_of(call.receiver)
    if layers is not None:
        _give_up(call, layers, int_of(index))
        set_item(call.machine, layers, index, to, call.ref)
    return NONE


@library.method("torch.nn.Sequential", "__delitem__", "insert", "pop")
@library.method("torch.nn.ModuleList", "__delitem__", "insert", "pop")
def _move_layers(call: Call) -> Value:
    """Other layers stand behind each other from now on."""
    layers = layers_of(call.receiver)
    if layers is not None:
        opened.need_all(call.machine, layers)
        call.machine.store.put(layers.slots, "exact", False)
    return Unknown(call.name, reach(call))


def _give_up(call: Call, layers: Sequence, place: int | None) -> None:
    """The layer at this place, of all where it is not known, makes room for another one."""
    items = layers.items
    if place is None or not layers.exact or not -len(items) <= place < len(items):
        opened.need_all(call.machine, layers)
        return
    place %= len(items)
    biases.doubt(call.machine, items[place])
    if place:
        opened.need_all(call.machine, items[place - 1])


@library.method("torch.nn.Module", "__setattr__")
@library.method(Role.LAYER, "__setattr__")
def set_by_name(call: Call) -> Value:
    """`setattr(model, name, nn.Identity())`, other than of a model that is being made."""
    name, to = call.args.positional
    text = name.value if isinstance(name, Constant) else None
    layers = layers_of(call.receiver)
    if not isinstance(text, str):
        if not isinstance(to, Constant | Tensor) and not _is_being_made(call):
            opened.need_all(call.machine, call.receiver, deep=True)
    elif layers is not None and text.isdigit():
        index = Constant(int(text))
        _replace_layer(replace(call, args=Arguments((index, to))))
    return NONE


def _is_being_made(call: Call) -> bool:
    return any(
        frame.receiver is call.receiver
        and frame.function is not None
        and frame.function.name == "__init__"
        for frame in call.machine.frames
    )


@library.method(Sequence, "__getitem__")
def _sequence_item(call: Call) -> Value:
    return get_item(call.machine, call.receiver, call.args.positional[0], call.ref)


@library.function("torch.nn.ModuleList", "torch.nn.ParameterList")
def _module_list(call: Call) -> Value:
    source = call.get(0, "modules")
    made = Object(Role.LAYER, "torch.nn.ModuleList", {})
    if isinstance(source, Sequence):
        made.slots["layers"] = sequence("list", source.items, source.exact)
    else:
        made.slots["layers"] = sequence("list", (source,) if source else (), exact=source is None)
    return made


@library.function("torch.nn.ModuleDict", "torch.nn.ParameterDict")
def _module_dict(call: Call) -> Value:
    source = call.get(0, "modules")
    return source if isinstance(source, Mapping) else Mapping({})


@library.function("torch.nn.Parameter", "torch.nn.parameter.Parameter")
def _parameter(call: Call) -> Value:
    made = Object(Role.HELPER, "torch.nn.Parameter", {})
    made.reach = Reach(frozenset((made,)), False)
    return Tensor(made.reach)


@library.function("torch.nn.DataParallel", "torch.nn.parallel.DistributedDataParallel")
@library.function(
    "torch.compile", "torch.jit.script", "torch.nn.SyncBatchNorm.convert_sync_batchnorm",
    "torch.nn.utils.spectral_norm", "torch.nn.utils.parametrizations.spectral_norm",
    "torch.nn.utils.weight_norm", "torch.nn.utils.parametrizations.weight_norm",
)  # fmt: skip
def _wrapped(call: Call) -> Value:
    """The wrapper behaves as what it wraps."""
    return call.get(0, "module") or Unknown()


@library.method("torch.nn.Sequential", "__init__")
def _init_sequential(call: Call) -> Value:
    made = _sequential(call)
    if isinstance(call.receiver, Instance) and isinstance(made, Object):
        call.machine.store.put(call.receiver.slots, "layers", made.slots["layers"])
    return NONE

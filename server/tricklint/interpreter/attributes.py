"""Reading and writing attributes and items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..syntax import ir
from . import biases, calls, events, pixels, sizes
from .joins import join
from .library import Arguments, Call, int_of
from .store import MISSING
from .tensors import ShapeOf
from .values import (
    OTHERS,
    Alternatives,
    Binding,
    Bound,
    Class,
    Constant,
    External,
    Function,
    Instance,
    Mapping,
    ModuleValue,
    Object,
    Sequence,
    Stream,
    Super,
    Unknown,
    Value,
    sequence,
)

if TYPE_CHECKING:
    from .machine import Machine


def get_attribute(machine: Machine, value: Value, name: str, ref: ir.NodeRef) -> Value:
    """`value.name`."""
    if isinstance(value, Alternatives):
        return machine.choose(value.options, lambda one: get_attribute(machine, one, name, ref))
    if isinstance(value, External):
        return machine.tables.external(f"{value.path}.{name}")
    if isinstance(value, ModuleValue):
        return _of_module(machine, value, name)
    if isinstance(value, Instance):
        return _of_instance(machine, value, name, ref)
    if isinstance(value, Class):
        return _of_class(machine, value, name)
    if isinstance(value, Super):
        return _of_super(machine, value, name, ref)
    return _of_object(machine, value, name, ref)


def _of_module(machine: Machine, module: ModuleValue, name: str) -> Value:
    found = module.scope.get(name)
    if found is not None:
        return found
    is_package = module.path.endswith("__init__.py")
    inner = machine.program.load(name, module.path, 1) if is_package else None
    return inner or machine.child(module, name, name)


def _of_instance(machine: Machine, value: Instance, name: str, ref: ir.NodeRef) -> Value:
    found = value.slots.get(name)
    if found is not None:
        return found
    for base in value.cls.ancestry():
        found = base.slots.get(name) if isinstance(base, Class) else None
        if found is not None:
            return bind(machine, found, value, ref)
    from_library = _from_library(machine, value, name, ref)
    if from_library is not None:
        return from_library
    key = (value, name)
    if key not in machine.children:
        derived = calls.derive(machine, value, name)
        if derived is not None:
            machine.children[key] = derived
    found = machine.child(value, name, f"{value.hint}.{name}" if value.hint else name)
    events.notice(machine, found)
    return found


def bind(machine: Machine, found: Value, receiver: Value, ref: ir.NodeRef) -> Value:
    """What reading a class's attribute through an instance gives."""
    if not isinstance(found, Function):
        return found
    if found.binding is Binding.STATIC:
        return found
    if found.binding is Binding.PROPERTY:
        return calls.invoke(machine, found, Arguments((receiver,)), ref)
    if found.binding is Binding.CLASS and isinstance(receiver, Instance):
        return Bound(receiver.cls, found.name, found)
    return Bound(receiver, found.name, found)


def _of_class(machine: Machine, value: Class, name: str) -> Value:
    for base in value.ancestry():
        if isinstance(base, External):
            return machine.tables.external(f"{base.path}.{name}")
        found = base.slots.get(name) if isinstance(base, Class) else None
        if found is not None:
            if isinstance(found, Function) and found.binding is Binding.CLASS:
                return Bound(value, name, found)
            return found
    if name == "__name__":
        return Constant(value.name)
    return machine.child(value, name, f"{value.name}.{name}")


def _of_super(machine: Machine, value: Super, name: str, ref: ir.NodeRef) -> Value:
    own = value.receiver.cls if isinstance(value.receiver, Instance) else value.cls
    line = own.ancestry()
    rest = line[line.index(value.cls) + 1 :] if value.cls in line else value.cls.ancestry()[1:]
    for base in rest:
        found = base.slots.get(name) if isinstance(base, Class) else None
        if found is not None:
            return bind(machine, found, value.receiver, ref)
    return Bound(value.receiver, name)


def _of_object(machine: Machine, value: Value, name: str, ref: ir.NodeRef) -> Value:
    if isinstance(value, Object | Unknown):
        found = value.slots.get(name)
        if found is not None:
            return found
    found = _from_library(machine, value, name, ref)
    if found is not None:
        return found
    if isinstance(value, Unknown):
        child = value.child(name, f"{value.hint}.{name}" if value.hint else name)
        events.notice(machine, child)
        return child
    if isinstance(value, Object):
        return machine.child(value, name, f"{value.hint}.{name}" if value.hint else name)
    return Bound(value, name)


def _from_library(machine: Machine, value: Value, name: str, ref: ir.NodeRef) -> Value | None:
    handler = machine.lookup(machine.tables.all.attributes, value, name)
    if handler is not None:
        return handler(Call(machine, ref, Arguments(), value, name))
    if machine.lookup(machine.tables.all.methods, value, name) is not None:
        return Bound(value, name)
    return None


def set_attribute(machine: Machine, value: Value, name: str, to: Value, ref: ir.NodeRef) -> None:
    """`value.name = to`."""
    biases.see(machine, to)
    if isinstance(value, Alternatives):
        for option in value.options:
            set_attribute(machine, option, name, join(option_attribute(option, name), to), ref)
        return
    handler = machine.lookup(machine.tables.all.attributes, value, f"{name}=")
    if handler is not None:
        handler(Call(machine, ref, Arguments((to,)), value, name))
        return
    if isinstance(value, Instance | Object | Unknown | Class):
        if (
            isinstance(to, Unknown | Instance | Object)
            and not to.hint
            and isinstance(value, Instance)
        ):
            to.hint = f"{value.hint}.{name}" if value.hint else name
        machine.store.put(value.slots, name, to)
    elif isinstance(value, ModuleValue):
        machine.store.put(value.scope, name, to)


def option_attribute(value: Value, name: str) -> object:
    """What is there now, for a write that may go elsewhere."""
    if isinstance(value, Instance | Object | Unknown | Class):
        return value.slots.get(name, MISSING)
    return MISSING


def get_item(machine: Machine, value: Value, index: Value, ref: ir.NodeRef) -> Value:
    """`value[index]`."""
    if isinstance(value, Alternatives):
        return machine.choose(value.options, lambda one: get_item(machine, one, index, ref))
    if isinstance(value, Sequence):
        return _sequence_item(machine, value, index)
    if isinstance(value, Mapping):
        return _mapping_item(machine, value, index)
    if isinstance(value, ShapeOf):
        if isinstance(index, Constant) and type(index.value) is int:
            return sizes.number(sizes.axis(machine, value.tensor, index.value))
        return Unknown("size")
    handler = machine.lookup(machine.tables.all.methods, value, "__getitem__")
    if handler is not None:
        return handler(Call(machine, ref, Arguments((index,)), value, "__getitem__"))
    if isinstance(value, Stream):
        return value.element()
    if isinstance(value, Unknown):
        key = index.value if isinstance(index, Constant) else index
        found = value.slots.get(("item", key)) if _hashable(key) else None
        if found is not None:
            return found
        hint = f"{value.hint}[{key!r}]" if isinstance(index, Constant) else f"{value.hint}[...]"
        return value.child(("item", key), hint) if _hashable(key) else Unknown(hint)
    return Unknown()


def _hashable(key: object) -> bool:
    return isinstance(key, str | int | float | bool | bytes | None | Unknown)


def _sequence_item(machine: Machine, value: Sequence, index: Value) -> Value:
    items = value.items
    if isinstance(index, Constant) and type(index.value) is int:
        position = index.value
        if -len(items) <= position < len(items) and (value.exact or position < 0 or position == 0):
            return items[position]
    if isinstance(index, Sequence) and index.kind == "slice":
        return _slice(value, index)
    return one_of(machine, items) if items else Unknown()


def _slice(value: Sequence, index: Sequence) -> Value:
    parts: list[int | None] = []
    for part in index.items:
        known = isinstance(part, Constant) and (part.value is None or type(part.value) is int)
        if not known or not value.exact:
            return sequence(value.kind, value.items, exact=False)
        assert isinstance(part, Constant)
        parts.append(part.value if type(part.value) is int else None)
    return sequence(value.kind, value.items[slice(*parts)])


def one_of(machine: Machine, items: tuple[Value, ...]) -> Value:
    """Any one of the items."""
    result = items[0]
    for item in items[1:]:
        result = join(result, item)
    return result


def _mapping_item(machine: Machine, value: Mapping, index: Value) -> Value:
    if isinstance(index, Constant):
        found = value.slots.get(index.value)
        if found is not None:
            return found
        others = value.slots.get(OTHERS)
        return others if others is not None else machine.child(value, str(index.value), "")
    items = tuple(one for one in value.slots.values() if isinstance(one, Value))
    return one_of(machine, items) if items else Unknown()


def set_item(machine: Machine, value: Value, index: Value, to: Value, ref: ir.NodeRef) -> None:
    """`value[index] = to`."""
    biases.see(machine, to)
    if isinstance(value, Mapping):
        key = index.value if isinstance(index, Constant) else OTHERS
        old = value.slots.get(OTHERS, MISSING)
        machine.store.put(value.slots, key, join(old, to) if key is OTHERS else to)
    elif isinstance(value, Sequence):
        _set_sequence_item(machine, value, index, to)
    elif isinstance(value, Unknown):
        if isinstance(index, Constant) and _hashable(index.value):
            machine.store.put(value.slots, ("item", index.value), to)
    else:
        pixels.touch(machine, value)
        handler = machine.lookup(machine.tables.all.methods, value, "__setitem__")
        if handler is not None:
            handler(Call(machine, ref, Arguments((index, to)), value, "__setitem__"))


def _set_sequence_item(machine: Machine, value: Sequence, index: Value, to: Value) -> None:
    items = list(value.items)
    place = int_of(index)
    if place is not None and value.exact and -len(items) <= place < len(items):
        items[place] = to
        machine.store.put(value.slots, "items", tuple(items))
        return
    machine.store.put(value.slots, "items", tuple(join(item, to) for item in items) or (to,))
    machine.store.put(value.slots, "exact", False)

"""Python's own containers: how they are made, grow, and are looked into."""

from __future__ import annotations

from dataclasses import replace

from ..interpreter import biases, opened
from ..interpreter.iteration import turns
from ..interpreter.joins import join
from ..interpreter.library import Call, Library
from ..interpreter.store import MISSING
from ..interpreter.values import (
    NONE,
    OTHERS,
    Constant,
    Instance,
    Mapping,
    Object,
    Params,
    Sequence,
    Unknown,
    Value,
    sequence,
)
from .torch_once import spend

library = Library()
library.collecting |= {
    f"builtins.{_name}"
    for _name in ("all", "any", "dict", "list", "max", "min", "set", "sorted", "sum", "tuple")
}


@library.function(
    "builtins.list", "builtins.tuple", "builtins.set", "builtins.sorted", "builtins.reversed"
)
def _collect(call: Call) -> Value:
    kind = call.name.rpartition(".")[2]
    kind = kind if kind in ("tuple", "set") else "list"
    source = call.get(0, "iterable")
    if source is None:
        return sequence(kind, ())
    if isinstance(source, Params):
        spend(call, source)
        return replace(source, once=None)
    if isinstance(source, Object | Instance | Unknown):
        return source
    if isinstance(source, Sequence):
        items = source.items[::-1] if call.name.endswith("reversed") else source.items
        return sequence(kind, items, source.exact, source.sure)
    found = turns(call.machine, source, call.ref)
    return sequence(kind, tuple(found.item(n) for n in range(found.count)), found.exact)


@library.function("builtins.dict", "collections.OrderedDict", "collections.defaultdict")
def _dict(call: Call) -> Value:
    found = Mapping(dict(call.args.keywords))
    source = call.get(0, "mapping")
    if isinstance(source, Mapping):
        found.slots.update({**source.slots, **found.slots})
    elif isinstance(source, Sequence):
        for pair in source.items:
            if isinstance(pair, Sequence) and len(pair.items) == 2:
                key, value = pair.items
                found.slots[key.value if isinstance(key, Constant) else OTHERS] = value
        if OTHERS in found.slots:
            opened.need_all(call.machine, source, deep=True)  # one stands for all of them
    elif source is not None and call.name != "collections.defaultdict":
        found.slots[OTHERS] = Unknown()
    if call.name == "collections.defaultdict":
        found.slots[OTHERS] = Unknown()
    return found


@library.method(Sequence, "append", "add")
def _append(call: Call) -> Value:
    value = call.get(0, "object")
    owner = call.receiver
    if isinstance(owner, Sequence) and value is not None:
        biases.see(call.machine, value)
        _fill(call, owner, (*owner.items, value))
    return NONE


def _fill(call: Call, owner: Sequence, items: tuple[Value, ...], sure: bool = True) -> None:
    """Other items; those before and those that came may be there on some paths only."""
    call.machine.store.put(owner.slots, "count", len(items) if sure and owner.sure else None)
    call.machine.store.put(owner.slots, "items", items)


@library.method(Sequence, "extend")
def _extend(call: Call) -> Value:
    value, owner = call.get(0, "iterable"), call.receiver
    if isinstance(owner, Sequence) and value is not None:
        biases.see(call.machine, value)
        if isinstance(value, Sequence):
            _fill(call, owner, owner.items + value.items, sure=value.sure)
            if not value.exact:
                call.machine.store.put(owner.slots, "exact", False)
        else:
            call.machine.store.put(owner.slots, "items", (*owner.items, value))
            call.machine.store.put(owner.slots, "exact", False)
    return NONE


@library.method(Sequence, "insert")
def _insert(call: Call) -> Value:
    position, value, owner = call.integer(0, "index"), call.get(1, "object"), call.receiver
    if isinstance(owner, Sequence) and value is not None:
        biases.see(call.machine, value)
        items = list(owner.items)
        items.insert(len(items) if position is None else position, value)
        _fill(call, owner, tuple(items))
    return NONE


@library.method(Sequence, "pop", "clear", "remove", "sort", "reverse")
def _disturb(call: Call) -> Value:
    owner = call.receiver
    if isinstance(owner, Sequence):
        call.machine.store.put(owner.slots, "exact", False)
        if call.name == "clear":
            call.machine.store.put(owner.slots, "items", ())
        if call.name == "pop" and owner.items:
            return owner.items[-1]
    return Unknown()


@library.method(Mapping, "items")
def _items(call: Call) -> Value:
    owner = call.receiver
    assert isinstance(owner, Mapping)
    pairs = tuple(
        sequence("tuple", (Constant(key), value))
        for key, value in owner.slots.items()
        if key is not OTHERS
    )
    return sequence("list", pairs, OTHERS not in owner.slots)


@library.method(Mapping, "values")
def _values(call: Call) -> Value:
    owner = call.receiver
    assert isinstance(owner, Mapping)
    return sequence("list", tuple(owner.slots.values()), OTHERS not in owner.slots)


@library.method(Mapping, "get", "setdefault", "pop")
def _get(call: Call) -> Value:
    owner, key, other = call.receiver, call.get(0, "key"), call.get(1, "default")
    assert isinstance(owner, Mapping)
    if isinstance(key, Constant) and key.value in owner.slots:
        return owner.slots[key.value]
    rest = owner.slots.get(OTHERS, MISSING)
    result = join(other if other is not None else MISSING, rest)
    return result if isinstance(result, Value) else Unknown()


@library.method(Mapping, "update")
def _update(call: Call) -> Value:
    owner, value = call.receiver, call.get(0, "mapping")
    assert isinstance(owner, Mapping)
    new = dict(value.slots) if isinstance(value, Mapping) else {}
    if value is not None and not isinstance(value, Mapping):
        new[OTHERS] = Unknown()
    for key, one in (*new.items(), *call.args.keywords):
        biases.see(call.machine, one)
        call.machine.store.put(owner.slots, key, one)
    return NONE

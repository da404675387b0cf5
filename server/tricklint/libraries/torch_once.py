"""Generators of parameters: `model.parameters()` can be gone through once."""

from __future__ import annotations

from ..interpreter.clipping import Spent
from ..interpreter.facts import Clip, ClipFault
from ..interpreter.library import Call
from ..interpreter.values import Iterator, Mapping, Params, Sequence, Value


def once(call: Call) -> Iterator:
    """A new generator."""
    return Iterator(call.ref)


def spend(call: Call, value: Value | None) -> None:
    """The call goes through all of it."""
    if isinstance(value, Params):
        if value.once is not None and "spent" not in value.once.slots:
            call.machine.store.put(value.once.slots, "spent", Spent(call.ref))
    elif isinstance(value, Sequence):
        for one in value.items:
            spend(call, one)
    elif isinstance(value, Mapping):
        spend(call, value.slots.get("params"))


def is_spent(call: Call, value: Value) -> bool:
    """Is there surely nothing left in it to clip?"""
    if not isinstance(value, Params) or value.once is None:
        return False
    spent = value.once.slots.get("spent")
    if not isinstance(spent, Spent):
        return False
    machine = call.machine
    machine.report(Clip(ClipFault.SPENT, call.ref, value.once.ref, spent.ref))
    return True

"""Iterators of Python, taken one step at a time."""

from __future__ import annotations

from ..interpreter import loop_marks
from ..interpreter.iteration import turns
from ..interpreter.library import Call, Library
from ..interpreter.values import Unknown, Value
from ..syntax import ir

library = Library()


@library.function("builtins.next")
def _next(call: Call) -> Value:
    source = call.get(0, "iterator") or Unknown()
    if _is_new(call.machine.call_node):
        found = loop_marks.first_batch(call.machine, source, call.ref)
        if found is not None:
            return found
    return turns(call.machine, source, call.ref).item(0)


def _is_new(node: ir.Call | None) -> bool:
    """Is it `next(iter(...))`?"""
    inner = node.args[0].value if node is not None and node.args else None
    func = inner.func if isinstance(inner, ir.Call) else None
    return isinstance(func, ir.Name) and func.id == "iter"

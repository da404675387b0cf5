"""Statements that bring names into being: functions, classes, imports, and `with`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..syntax import ir
from . import calls, contexts
from .assign import assign, assign_name
from .frames import STAR, Frame, Scope
from .library import Arguments
from .machine import executes
from .values import (
    Binding,
    Class,
    External,
    Function,
    ModuleValue,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from .machine import Machine


@executes(ir.FunctionDef)
def _function(machine: Machine, node: ir.FunctionDef) -> bool:
    assert machine.leaf is not None
    frame = machine.frame
    ref = machine.ref(node.at)
    defaults = {
        one.name: machine.evaluate(one.default) for one in node.params if one.default is not None
    }
    in_class = frame.owner is not None and frame.function is None
    closure = frame.scope.parent if in_class and frame.scope is not None else frame.scope
    nested = closure is not None
    key = None if nested else machine.program.key_of(frame.module.path, ref)
    value: Value = Function(
        node.name, node, machine.leaf, frame.module, closure, defaults, key, owner=None
    )
    for decorator in reversed(node.decorators):
        value = _decorated(machine, value, decorator)
    if in_class and isinstance(value, Function):
        value.owner = frame.owner
    assign_name(machine, node.name, value)
    return True


def _decorated(machine: Machine, value: Value, node: ir.Expression) -> Value:
    """What a decorator makes of a function; one out of sight is taken to keep it as it is."""
    decorator = machine.evaluate(node)
    if isinstance(decorator, External) and isinstance(value, Function):
        binding = _BINDINGS.get(decorator.path)
        if binding is not None:
            value.binding = binding
            return value
    if isinstance(node, ir.Attribute) and node.attr == "setter" and isinstance(value, Function):
        return value
    result = calls.call(machine, decorator, Arguments((value,)), machine.ref(node.at))
    return value if isinstance(result, Unknown) else result


_BINDINGS = {
    "builtins.staticmethod": Binding.STATIC,
    "builtins.classmethod": Binding.CLASS,
    "builtins.property": Binding.PROPERTY,
    "functools.cached_property": Binding.PROPERTY,
}


@executes(ir.ClassDef)
def _class(machine: Machine, node: ir.ClassDef) -> bool:
    frame = machine.frame
    bases = tuple(machine.evaluate(one.value) for one in node.args if one.keyword is None)
    cls = Class(node.name, bases, frame.module, machine.ref(node.at))
    scope = Scope(cls.slots, frame.scope)
    machine.frames.append(Frame(frame.module, scope, owner=cls, start=machine.store.mark()))
    try:
        machine.execute(node.body)
    finally:
        machine.frames.pop()
    assign_name(machine, node.name, cls)
    return True


@executes(ir.Import)
def _import(machine: Machine, node: ir.Import) -> bool:
    for path, alias in node.names:
        bound = path if alias is not None else path.split(".", 1)[0]
        found = _load(machine, path, 0)
        if alias is None:
            found = _load(machine, bound, 0) if found is not None else None
        assign_name(machine, alias or bound, found or machine.tables.external(bound))
    return True


def _load(machine: Machine, name: str, level: int) -> ModuleValue | None:
    return machine.program.load(name, machine.frame.module.path, level)


@executes(ir.ImportFrom)
def _import_from(machine: Machine, node: ir.ImportFrom) -> bool:
    module = _load(machine, node.module, node.level)
    for name, alias in node.names:
        if name == STAR:
            _import_star(machine, module, node)
        elif module is None:
            assign_name(machine, alias or name, _outside(machine, node, name))
        else:
            assign_name(machine, alias or name, _from_module(machine, module, node, name))
    return True


def _from_module(machine: Machine, module: ModuleValue, node: ir.ImportFrom, name: str) -> Value:
    found = module.scope.get(name)
    if isinstance(found, Value):
        return found
    inner = _load(machine, f"{node.module}.{name}" if node.module else name, node.level)
    return inner or machine.child(module, name, name)


def _outside(machine: Machine, node: ir.ImportFrom, name: str) -> Value:
    if node.level:
        inner = _load(machine, f"{node.module}.{name}" if node.module else name, node.level)
        return inner or machine.child(machine.frame.module, name, name)
    return machine.tables.external(f"{node.module}.{name}")


def _import_star(machine: Machine, module: ModuleValue | None, node: ir.ImportFrom) -> None:
    if module is None:
        known = machine.frame.module.scope.get(STAR, ())
        machine.frame.module.scope[STAR] = (*known, node.module)
        return
    for name, value in tuple(module.scope.items()):
        if isinstance(name, str) and not name.startswith("_") and isinstance(value, Value):
            assign_name(machine, name, value)


@executes(ir.With)
def _with(machine: Machine, node: ir.With) -> bool:
    entered: list[tuple[Value, ir.NodeRef]] = []
    try:
        for item, target in node.items:
            ref = machine.ref(item.at)
            manager = machine.evaluate(item)
            value = contexts.enter(machine, manager, ref)
            entered.append((manager, ref))
            if target is not None:
                assign(machine, target, value)
        return machine.execute(node.body)
    finally:
        for manager, ref in reversed(entered):
            contexts.leave(machine, manager, ref)

"""Probabilities are given to a cross entropy that applies softmax itself.

## What

`CrossEntropyLoss` and `F.cross_entropy` expect raw scores and apply log-softmax to them.  Here
their input has already been through a softmax, so softmax runs twice.

## Why

Probabilities lie between 0 and 1, so the second softmax can never get close to a sure answer:
with C classes the loss cannot fall below ln(e + C - 1) - 1, which is 1.461 for ten classes, and
the gradients shrink as the model gets better.  Training still runs and the loss still falls a
little, only the model stays worse than it could be.  With log-softmax the second one changes
nothing, so that is only advice.

Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html (the input
is expected to contain the unnormalized logits for each class).

## Bad

```python
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))
criterion = nn.CrossEntropyLoss()
x, y = torch.randn(8, 4), torch.randint(0, 3, (8,))
loss = criterion(model(x), y)
loss.backward()
```

## Good

```python
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 3))
criterion = nn.CrossEntropyLoss()
x, y = torch.randn(8, 4), torch.randint(0, 3, (8,))
loss = criterion(model(x), y)
loss.backward()
probabilities = torch.softmax(model(x), dim=1)
```

## Quiet when

The softmax is on another path (attention, targets, predictions, only outside of training), when
the loss is `NLLLoss`, or when it is not certain that the two meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import fixes
from ..finding import Edit, Finding, Fix, Note, Safety, Severity
from ..interpreter.facts import LossInput
from ..interpreter.relevance import identifiers
from ..interpreter.search import written
from ..interpreter.tensors import Range
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from .rule import Rule

RULE = Rule("TRK004", "softmax-before-cross-entropy", Severity.ERROR)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each softmax and each function whose losses read it."""
    seen: set[tuple[NodeRef, NodeRef | None]] = set()
    for loss in program.losses:
        key = (loss.origin.ref, program.function_of(loss.at))
        if key not in seen:
            seen.add(key)
            yield _finding(program, loss)


def _finding(program: Program, loss: LossInput) -> Finding:
    redundant = loss.range is Range.LOG_PROBABILITY
    what = "log_softmax" if redundant else "softmax"
    effect = "one of them is redundant" if redundant else "the loss cannot get near zero"
    return RULE.finding(
        program.span(loss.at),
        f"`{loss.loss}` applies log_softmax itself, but its input went through {what}: {effect}",
        (Note(program.span(loss.origin.ref), f"the {what} is here"),),
        _fixes(program, loss, what),
        severity=Severity.INFO if redundant else None,
    )


def _fixes(program: Program, loss: LossInput, what: str) -> tuple[Fix, ...]:
    origin = loss.origin.ref
    name = None if loss.origin.is_layer else _name_with_readers(program, origin)
    if name is not None:
        return _read_before(program, loss, name, what)
    # Written inside the loss call, nobody else can read it.
    inside = origin in _arguments(program, loss.at)
    if not inside and not loss.origin.is_layer and _is_shared(program, origin):
        return ()
    edit = _drop_layer(program, origin) if loss.origin.is_layer else _drop_call(program, origin)
    if edit is None:
        return ()
    return (Fix(f"Drop the {what}", (edit,), Safety.SAFE if inside else Safety.UNSAFE),)


def _is_shared(program: Program, origin: NodeRef) -> bool:
    """Does the softmax stand in a helper that is called in several places?

    A model's `forward` is where a softmax in front of the loss belongs least, whoever calls it.
    """
    function = program.function_of(origin)
    node = program.node(function) if function is not None else None
    if not isinstance(node, ir.FunctionDef) or node.name in ("forward", "__call__"):
        return False
    called = re.compile(rf"(?<!def )\b{re.escape(node.name)}\s*\(")
    lines = (line for module in program.modules.values() for line in module.lines)
    return sum(len(called.findall(line)) for line in lines if node.name in line) > 1


def _name_with_readers(program: Program, origin: NodeRef) -> str | None:
    """The name that holds the probabilities, if something else than the loss may read it."""
    module = program.module_of(origin)
    statement = module.node(module.statement_ref(origin))
    if not isinstance(statement, ir.Assign) or not isinstance(statement.targets[0], ir.Name):
        return None
    name, value = statement.targets[0].id, statement.value
    if not isinstance(value, ir.Call) or value.at != origin.at:
        return None
    operand = _operand(value)
    if isinstance(operand, ir.Name) and operand.id == name:
        return None  # `x = softmax(x)`: the name has many values
    function = program.function_of(origin)
    scope = module.body if function is None else module.node(function)
    # One is bound and one read: whatever is more is another reader, or another value.
    return name if list(identifiers(scope)).count(name) > _BOUND_AND_READ else None


_BOUND_AND_READ = 2


def _read_before(program: Program, loss: LossInput, name: str, what: str) -> tuple[Fix, ...]:
    """The others keep the probabilities; the loss reads what they were made of."""
    origin = loss.origin.ref
    call, softmax = program.node(loss.at), program.node(origin)
    if not isinstance(call, ir.Call) or not isinstance(softmax, ir.Call) or not call.args:
        return ()
    operand = _operand(softmax)
    given = call.args[0].value
    if not isinstance(given, ir.Name) or given.id != name or not isinstance(operand, ir.Name):
        return ()
    if operand.id == name or loss.at.leaf is not origin.leaf:
        return ()
    edit = fixes.replace(program, NodeRef(loss.at.leaf, given.at), operand.id)
    return (Fix(f"Give the loss `{operand.id}`, from before the {what}", (edit,), Safety.UNSAFE),)


def _arguments(program: Program, at: NodeRef) -> tuple[NodeRef, ...]:
    node = program.node(at)
    return (
        tuple(NodeRef(at.leaf, one.value.at) for one in node.args)
        if isinstance(node, ir.Call)
        else ()
    )


def _drop_call(program: Program, origin: NodeRef) -> Edit | None:
    """`F.softmax(x, dim=1)`, `x.softmax(1)` and `self.softmax(x)` become `x`."""
    node = program.node(origin)
    if not isinstance(node, ir.Call):
        return None
    operand = _operand(node)
    if operand is None:
        return None
    text = fixes.operand_text(program, origin.leaf, operand)
    module = program.module_of(origin)
    statement = module.node(module.statement_ref(origin))
    if isinstance(statement, ir.Assign) and statement.value.at == origin.at:
        targets = [program.text(NodeRef(origin.leaf, one.at)) for one in statement.targets]
        if targets == [text]:  # of `x = softmax(x)` nothing would be left
            return fixes.remove_statement(program, origin)
    return fixes.replace(program, origin, text)


def _operand(node: ir.Call) -> ir.Expression | None:
    """What the softmax is taken of."""
    first = node.args[0].value if node.args and not node.args[0].star else None
    if isinstance(node.func, ir.Attribute) and not _is_function(node, first):
        return node.func.value
    return first


def _is_function(node: ir.Call, first: ir.Expression | None) -> bool:
    """Is the tensor the first argument, as in `F.softmax(x, 1)`, and not what is before the dot?"""
    if first is None or isinstance(first, ir.Constant | ir.Unary):
        return False
    return node.args[0].keyword in (None, "input")


def _drop_layer(program: Program, origin: NodeRef) -> Edit | None:
    """The layer's place in `nn.Sequential(...)`, in a list, or in `layers.append(...)`."""
    holder = fixes.holder(program, origin)
    if isinstance(holder, ir.Sequence) and holder.kind == "tuple":  # ("softmax", nn.Softmax())
        pair = NodeRef(origin.leaf, holder.at)
        above = fixes.holder(program, pair)
        named = len(holder.items) == _PAIR and isinstance(above, ir.Sequence)
        return fixes.remove_item(program, pair) if named else None
    if isinstance(holder, ir.Sequence) and len(holder.items) > 1:
        return fixes.remove_item(program, origin)
    if isinstance(holder, ir.Call) and written(holder.func).endswith("Sequential"):
        return fixes.remove_item(program, origin)
    return fixes.remove_statement(program, origin) if _adds_only(program, origin) else None


_PAIR = 2


def _adds_only(program: Program, origin: NodeRef) -> bool:
    """Does the statement do nothing but add this layer to a list or a container?"""
    module = program.module_of(origin)
    statement = module.node(module.statement_ref(origin))
    if not isinstance(statement, ir.ExpressionStatement | ir.AugmentedAssign):
        return False
    added: ir.Expression | None = statement.value
    if isinstance(added, ir.Call):
        added = added.args[-1].value if added.args else None
    if isinstance(added, ir.Sequence) and len(added.items) == 1:
        added = added.items[0]
    return added is not None and added.at == origin.at

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

from collections.abc import Iterator

from .. import fixes
from ..finding import Edit, Finding, Fix, Note, Safety, Severity
from ..interpreter.facts import LossInput
from ..interpreter.values import Range
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
    edit = _drop_layer(program, origin) if loss.origin.is_layer else _drop_call(program, origin)
    if edit is None:
        return ()
    # Written inside the loss call, nobody else can read it.
    inside = origin in _arguments(program, loss.at)
    return (Fix(f"Drop the {what}", (edit,), Safety.SAFE if inside else Safety.UNSAFE),)


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
    first = node.args[0].value if node.args and not node.args[0].star else None
    is_method = isinstance(node.func, ir.Attribute) and not _is_function(node, first)
    operand = node.func.value if is_method and isinstance(node.func, ir.Attribute) else first
    if operand is None or (isinstance(node.func, ir.Name) and first is None):
        return None
    return fixes.replace(program, origin, fixes.operand_text(program, origin.leaf, operand))


def _is_function(node: ir.Call, first: ir.Expression | None) -> bool:
    """Is the tensor the first argument, as in `F.softmax(x, 1)`, and not what is before the dot?"""
    if first is None or isinstance(first, ir.Constant | ir.Unary):
        return False
    return node.args[0].keyword in (None, "input")


def _drop_layer(program: Program, origin: NodeRef) -> Edit | None:
    """The layer's place in `nn.Sequential(...)` or in a list."""
    module = program.module_of(origin)
    if isinstance(program.node(module.statement_ref(origin)), ir.ExpressionStatement):
        return fixes.remove_statement(program, origin)
    return fixes.remove_item(program, origin)

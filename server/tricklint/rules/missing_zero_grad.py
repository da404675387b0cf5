"""Gradients of earlier batches are still there when the optimizer steps.

## What

`backward()` adds to `.grad`; only a clear empties it.  Here an optimizer steps, and on no way
to its next step can its gradients have been cleared; or the clear comes at the wrong moment, so
that gradients are thrown away.

## Why

The step uses the sum over all batches so far instead of this batch's gradients.  The run looks
like one with a growing learning rate and a huge momentum: it may still learn a little, and ends
worse than it should.

Source: https://docs.pytorch.org/tutorials/recipes/recipes/zeroing_out_gradients.html

## Bad

```python
import torch
from torch import nn

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for _ in range(3):
    loss = model(torch.randn(8, 4)).pow(2).mean()
    loss.backward()
    optimizer.step()
```

## Good

```python
import torch
from torch import nn

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for _ in range(3):
    loss = model(torch.randn(8, 4)).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
```

## Quiet when

A clear may have happened on any way: in a helper, a base class, a closure, a hook or a
framework, by `model.zero_grad()` or `p.grad = None`; when gradients are accumulated on purpose;
and whenever the optimizer is handed to code out of sight.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding, Note, Severity
from ..interpreter.facts import Update, UpdateFault
from ..program import Program
from .rule import Rule

RULE = Rule("TRK003", "missing-zero-grad", Severity.WARNING)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each step with a fault."""
    seen: set[object] = set()
    for update in program.updates:
        key = update.step or update.at
        if key in seen or update.at in seen:
            continue
        seen |= {key, update.at}
        yield RULE.finding(program.span(update.at), _message(update), _notes(program, update))


def _message(update: Update) -> str:
    name = update.optimizer
    if update.fault is UpdateFault.NEVER_CLEARED:
        return f"gradients of `{name}` are not cleared between its steps, so they pile up"
    if update.fault is UpdateFault.OTHER_LOSS:
        return f"`{name}` also steps with gradients that another optimizer's loss left behind"
    if update.fault is UpdateFault.ERASED:
        return f"this clears the gradients that `{name}` is about to use"
    if update.fault is UpdateFault.WIPED:
        return f"this clears in each iteration, but `{name}` accumulates over several"
    return f"`{name}.zero_grad` is not called: the parentheses are missing"


def _notes(program: Program, update: Update) -> tuple[Note, ...]:
    found: list[Note] = []
    if update.earlier is not None:
        found.append(Note(program.span(update.earlier), _earlier(update)))
    if update.step is not None:
        found.append(Note(program.span(update.step), "the step that uses them"))
    if update.clear is not None:
        found.append(Note(program.span(update.clear), "the last clear is here, too early"))
    return tuple(found)


def _earlier(update: Update) -> str:
    if update.fault is UpdateFault.NEVER_CLEARED:
        return "the gradients used here are still there"
    return "the backward whose gradients they are"

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

from ..finding import Finding, Note, Severity
from ..interpreter.facts import LossInput
from ..interpreter.values import Range
from ..program import Program
from .rule import Rule

RULE = Rule("TRK004", "softmax-before-cross-entropy", Severity.ERROR)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each softmax that a cross entropy reads."""
    seen: set[object] = set()
    for loss in program.losses:
        if loss.origin is None or loss.origin in seen:
            continue
        seen.add(loss.origin)
        yield _finding(program, loss)


def _finding(program: Program, loss: LossInput) -> Finding:
    assert loss.origin is not None
    redundant = loss.range is Range.LOG_PROBABILITY
    what = "log_softmax" if redundant else "softmax"
    message = (
        f"{loss.loss} applies log_softmax itself, and its input has been through {what} already"
    )
    return RULE.finding(
        program.span(loss.at),
        message + (": redundant" if redundant else ": the loss cannot get near zero"),
        (Note(program.span(loss.origin), f"the {what} is here"),),
        severity=Severity.INFO if redundant else None,
    )

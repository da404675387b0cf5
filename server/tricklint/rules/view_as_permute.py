"""A view changes the order of axes without moving the numbers.

## What

`view` and `reshape` keep the numbers in memory order and only cut them differently.  Here the
new sizes are the old axes in another order, or merge axes that do not lie next to each other:
that is a `permute` or `transpose`, and `view` does something else.

## Why

No error is raised, because the number of elements fits.  Each "row" of the result holds numbers
of several samples, positions or channels.  The model trains on scrambled data.

Source: https://docs.pytorch.org/docs/stable/generated/torch.Tensor.view.html

## Bad

```python
import torch

x = torch.arange(6).reshape(2, 3)
height, width = x.shape
scrambled = x.view(width, height)
```

## Good

```python
import torch

x = torch.arange(6).reshape(2, 3)
height, width = x.shape
turned = x.transpose(0, 1)
```

## Quiet when

The order of the numbers stays right (flatten, splitting and merging neighbouring axes, adding
axes of size 1), and where the sizes are not known well enough to be certain.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding, Severity
from ..interpreter.facts import Reshape
from ..interpreter.reshapes import Verdict
from ..program import Program
from .rule import Rule

RULE = Rule("TRK006", "view-as-permute", Severity.ERROR)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each view."""
    seen: set[object] = set()
    for reshape in program.reshapes:
        if reshape.at not in seen:
            seen.add(reshape.at)
            yield RULE.finding(program.span(reshape.at), _message(reshape))


def _message(reshape: Reshape) -> str:
    if reshape.verdict is Verdict.PERMUTED:
        what = "swaps axes without moving the numbers"
    else:
        what = "merges axes that are not neighbours"
    return f"this view of {reshape.before} as {reshape.after} {what}"

"""A model is evaluated in train mode, or trained in eval mode.

## What

Dropout, batch norm and some other layers do one thing while training and another in evaluation;
`model.train()` and `model.eval()` say which, and the last one called holds until the other one
is.  Here a model with such layers is evaluated without `eval()`, or goes on training after an
`eval()` that nothing undoes; or a dropout does not follow the mode at all.

## Why

In train mode dropout still drops, and batch norm uses the statistics of the test batch and lets
them into its running statistics, even under `no_grad`: results are worse than the model is, and
differ from run to run.  In eval mode dropout is off and batch norm keeps old statistics, so from
the second epoch on another network is trained than in the first.

Source: https://docs.pytorch.org/docs/stable/notes/autograd.html#evaluation-mode-nn-module-eval
and https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html

## Bad

```python
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
batches = [(torch.randn(6, 4), torch.randint(0, 2, (6,))) for _ in range(9)]
train, test = batches[:6], batches[6:]
for x, y in train:
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
right = 0
with torch.no_grad():
    for x, y in test:
        right += (model(x).argmax(1) == y).sum().item()
```

## Good

```python
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
batches = [(torch.randn(6, 4), torch.randint(0, 2, (6,))) for _ in range(9)]
train, test = batches[:6], batches[6:]
model.train()
for x, y in train:
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
right = 0
model.eval()
with torch.no_grad():
    for x, y in test:
        right += (model(x).argmax(1) == y).sum().item()
```

## Quiet when

The model has no layer in sight that depends on the mode; the mode is set in a helper, a base
class or a framework, saved and restored, chosen by a flag, or not known; only a part of the model
is in eval mode (frozen batch norm); the model runs several times on the same input (Monte Carlo
dropout); what runs without gradients is no evaluation (targets, pseudo-labels, keys, samples,
rollouts); the model returns something else in train mode, such as its losses.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding, Note, Severity
from ..interpreter.mode_facts import ModeFault, ModeSlip, ModeUse, SlipKind
from ..program import Program
from ..syntax.ir import NodeRef
from ._mode_fixes import looks_at_mode, slip_fixes, use_fixes
from .rule import Rule

RULE = Rule("TRK002", "train-eval-mode", Severity.WARNING)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each forward in the wrong mode, and for each place that ignores it."""
    seen: set[tuple[NodeRef | str | None, ...]] = set()
    for slip in program.mode_slips:
        if (slip.at,) not in seen and not _asks_for_mode(program, slip):
            seen.add((slip.at,))
            yield RULE.finding(
                program.span(slip.at), _slip_message(slip), (), slip_fixes(program, slip)
            )
    for use in program.mode_uses:
        place = _place(program, use)
        if seen.isdisjoint((place, (use.at,))):
            seen |= {place, (use.at,)}
            yield RULE.finding(
                program.span(use.at),
                _message(use),
                _notes(program, use),
                use_fixes(program, use),
            )


def _place(program: Program, use: ModeUse) -> tuple[NodeRef | str | None, ...]:
    """The forwards of one function in the mode of one call are one mistake."""
    return (use.set_at, use.trained, program.function_of(use.at), use.model)


def _message(use: ModeUse) -> str:
    name = use.model
    layer = next(
        (what for kind, what in _LAYERS.items() if kind in use.layer),
        f"its {use.layer} works as in training",
    )
    match use.fault:
        case ModeFault.EVALUATED_IN_TRAIN_MODE if use.loaded:
            return f"`{name}` predicts in train mode: without `{name}.eval()` {layer}"
        case ModeFault.EVALUATED_IN_TRAIN_MODE:
            return f"`{name}` is evaluated in train mode: {layer}"
        case ModeFault.TRAINED_IN_EVAL_MODE:
            again = " after its first evaluation" if use.loop is not None else ""
            return f"`{name}` trains in eval mode{again}: no `train()` comes behind the `eval()` before this"
        case ModeFault.BORN_IN_EVAL_MODE:
            return f"`{name}` trains in eval mode: `from_pretrained` ends with `eval()`"


_LAYERS = {
    "BatchNorm": "its BatchNorm uses the statistics of each test batch, and learns from them",
    "Dropout": "its Dropout still drops",
}


def _slip_message(slip: ModeSlip) -> str:
    match slip.kind:
        case SlipKind.NOT_CALLED:
            return f"`{slip.name}` is not called: the parentheses are missing, so the mode stays"
        case SlipKind.FUNCTIONAL:
            return f"`{slip.name}` drops in eval mode too: `training` is True unless it is given"
        case SlipKind.MADE_INSIDE:
            return f"this {slip.name} is new in each forward, so it drops in eval mode too"


def _notes(program: Program, use: ModeUse) -> tuple[Note, ...]:
    found: list[Note] = []
    if use.set_at is not None:
        found.append(Note(program.span(use.set_at), _SET[use.fault]))
    if use.trained is not None and use.trained != use.at:
        found.append(Note(program.span(use.trained), "it is trained here"))
    return tuple(found)


_SET = {
    ModeFault.EVALUATED_IN_TRAIN_MODE: "put in train mode here",
    ModeFault.TRAINED_IN_EVAL_MODE: "put in eval mode here",
    ModeFault.BORN_IN_EVAL_MODE: "it is made here, in eval mode",
}


def _asks_for_mode(program: Program, slip: ModeSlip) -> bool:
    """Does the code around a functional dropout look at the mode, or at a flag of its caller?"""
    return slip.kind is SlipKind.FUNCTIONAL and looks_at_mode(program, slip.at)

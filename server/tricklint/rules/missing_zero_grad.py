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

import re
from collections.abc import Iterator

from .. import fixes
from ..finding import Edit, Finding, Fix, Note, Safety, Severity
from ..interpreter.facts import Update, UpdateFault
from ..interpreter.search import written
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from .rule import Rule

RULE = Rule("TRK003", "missing-zero-grad", Severity.WARNING)

_WRITABLE = re.compile(r"""[A-Za-z_]\w*(\.\w+|\[\w+\]|\['[^']*'\])*""")


def check(program: Program) -> Iterator[Finding]:
    """One finding for each step with a fault."""
    seen: set[NodeRef] = set()
    for update in program.updates:
        places = {update.step or update.at, update.at}
        if seen.isdisjoint(places):
            yield RULE.finding(
                program.span(update.at),
                _message(update),
                _notes(program, update),
                _fixes(program, update),
            )
        seen |= places


def _message(update: Update) -> str:
    name = update.optimizer
    match update.fault:
        case UpdateFault.NEVER_CLEARED if update.earlier == update.step:
            return f"gradients of `{name}` are not cleared between its steps, so they pile up"
        case UpdateFault.NEVER_CLEARED:
            return f"`{name}` steps with gradients that an earlier step has used and nobody cleared"
        case UpdateFault.OTHER_LOSS:
            return f"`{name}` also steps with gradients that another optimizer's loss left behind"
        case UpdateFault.ERASED:
            return f"this throws away the gradients that `{name}` is about to step with"
        case UpdateFault.WIPED:
            return f"this throws away gradients that `{name}` should have summed up for its step"
        case UpdateFault.NOT_CALLED:
            return f"`{name}.zero_grad` is not called: the parentheses are missing"


def _notes(program: Program, update: Update) -> tuple[Note, ...]:
    found: list[Note] = []
    if update.earlier is not None:
        found.append(Note(program.span(update.earlier), _earlier(update)))
    if update.step is not None and update.step != update.earlier:
        found.append(Note(program.span(update.step), "the step that suffers"))
    if update.clear is not None:
        found.append(Note(program.span(update.clear), "cleared here, but not between two steps"))
    return tuple(found)


def _earlier(update: Update) -> str:
    if update.fault is UpdateFault.NEVER_CLEARED:
        return "the gradients of this step are still there"
    if update.fault is UpdateFault.OTHER_LOSS:
        return "this backward left them behind"
    return "the backward whose gradients are lost"


def _fixes(program: Program, update: Update) -> tuple[Fix, ...]:
    if not _WRITABLE.fullmatch(update.optimizer):
        return ()
    clear = f"{update.optimizer}.zero_grad()"
    match update.fault:
        case UpdateFault.NOT_CALLED:
            end = program.span(update.at)
            edits = (fixes.replace(program, update.at, f"{program.text(update.at)}()"),)
            return (Fix(f"Call `{clear}`", edits, Safety.SAFE),) if end else ()
        case UpdateFault.NEVER_CLEARED | UpdateFault.OTHER_LOSS:
            edit = _insertion(program, update, clear)
            return (Fix(f"Insert `{clear}`", (edit,), Safety.SAFE),) if edit else ()
        case UpdateFault.ERASED | UpdateFault.WIPED:
            return _move(program, update, clear)


def _insertion(program: Program, update: Update, clear: str) -> Edit | None:
    """In front of the first backward, or behind a step that sums up several backwards."""
    assert update.step is not None
    first = update.first.ref if update.first is not None else update.at
    if update.fault is UpdateFault.OTHER_LOSS:
        return fixes.insert_before(program, update.at, clear)
    if update.earlier is not None and update.earlier != update.step:
        return fixes.insert_before(program, _phase(program, first, update.earlier), clear)
    if _has_closure(program, update) or _same_turn(program, first, update.step):
        return fixes.insert_before(program, first, clear)
    return fixes.insert_after(program, update.step, clear)


def _phase(program: Program, backward: NodeRef, earlier: NodeRef) -> NodeRef:
    """Where the phase of the backward begins: its outermost loop that the earlier step is not in."""
    module = program.module_of(backward)
    if not module.holds(earlier):
        return backward
    around = module.parents(earlier)
    loops = [
        one
        for one in module.parents(backward)
        if one not in around and isinstance(module.node(one), ir.For | ir.While)
    ]
    return loops[-1] if loops else backward


def _has_closure(program: Program, update: Update) -> bool:
    """`optimizer.step(closure)`: the backward is in the closure, and so belongs the clear."""
    node = program.node(update.step) if update.step is not None else None
    if not isinstance(node, ir.Call) or not isinstance(node.func, ir.Attribute) or not node.args:
        return False
    return written(node.func.value) == update.optimizer


def _same_turn(program: Program, backward: NodeRef, step: NodeRef) -> bool:
    """Does each step follow one run of the backward, in the same function or its own closure?"""
    if not program.module_of(step).holds(backward):
        return False
    module = program.module_of(step)
    around_step = module.parents(module.statement_ref(step))
    around_backward = module.parents(module.statement_ref(backward))
    extra = [one for one in around_backward if one not in around_step]
    closure = any(isinstance(module.node(one), ir.FunctionDef) for one in extra)
    looped = any(isinstance(module.node(one), ir.For | ir.While) for one in extra)
    if looped or (closure and not _is_within(around_backward, around_step)):
        return False
    above = [one for one in around_step if one not in around_backward]
    return not any(isinstance(module.node(one), ir.If | ir.FunctionDef) for one in above)


def _is_within(inner: tuple[NodeRef, ...], outer: tuple[NodeRef, ...]) -> bool:
    return all(one in inner for one in outer)


def _move(program: Program, update: Update, clear: str) -> tuple[Fix, ...]:
    """The clear goes to where it throws nothing away."""
    assert update.step is not None
    assert update.earlier is not None
    removal = fixes.remove_statement(program, update.at)
    if removal is None:
        return ()
    if update.fault is UpdateFault.ERASED:
        insertion = fixes.insert_before(program, update.earlier, clear)
    else:
        insertion = fixes.insert_after(program, update.step, clear)
    if insertion is None:
        return ()
    return (Fix(f"Move `{clear}`", (removal, insertion), Safety.UNSAFE),)

"""Gradients of a recurrent network are not clipped, or a clip does nothing.

## What

An RNN, LSTM or GRU is trained and nothing clips its gradients (a hint; a warning where it is
unrolled over 100 steps or more).  Or, for any model, a clip that does nothing or the wrong thing:
behind the step, in front of the backward, in front of `scaler.unscale_`, on the parameters of
another model, or on a generator of parameters that is already used up.

## Why

The gradient of an early step passes through the recurrent weights once for each later step, so it
can grow exponentially with the length of the sequence.  One such batch throws the weights far
away.  Bounding the norm keeps the direction and limits the damage.  The experiments of the paper
use 50 to 200 steps; from 100 on we call it a warning.

A clip bounds what `.grad` holds at that moment.  Behind the step that was used already; in front
of the backward there is nothing yet; and while a `GradScaler` has the gradients multiplied by
65536, a clip to 1.0 leaves 1/65536 after `scaler.step` has divided again.  `model.parameters()`
is a generator: an optimizer that has gone through it leaves nothing for the clip.

Source: Pascanu, Mikolov and Bengio (2013), On the difficulty of training recurrent neural
networks, https://proceedings.mlr.press/v28/pascanu13.html;
https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html;
https://docs.pytorch.org/docs/stable/notes/amp_examples.html#gradient-clipping

## Bad

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
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
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
    nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
    optimizer.step()
```

## Quiet when

Anything may clip: a helper, a base class, a hook, a framework, `p.grad.clamp_` or other code that
reads `.grad`, or code out of sight that receives the parameters, the model or the optimizer; when
the clip only measures (`max_norm=inf`, or a result that is used); when each micro-batch of an
accumulation is clipped; when the recurrent layer is not among the optimizer's parameters; over ten
steps or fewer; and for L-BFGS, whose search and memory need the gradients as they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..finding import Finding, Note, Severity, Span
from ..interpreter.facts import Clip, ClipFault, Recurrent
from ..interpreter.search import written
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from ._clip_fixes import argument_of, insert_clip, is_behind, repair
from .rule import Rule

RULE = Rule("TRK010", "unclipped-recurrent-gradients", Severity.WARNING)

_SHORT, _LONG = 10, 100  # steps
_ORDER = (ClipFault.SPENT, ClipFault.OTHER, ClipFault.SCALED, ClipFault.IDLE)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each clip that fails, and for each step without one."""
    explained: set[NodeRef | None] = set()
    for clip in _worst(program):
        explained.add(clip.step)
        yield RULE.finding(
            program.span(clip.at),
            _message(program, clip),
            _notes(program, clip),
            repair(program, clip),
        )
    for some in _by_step(program).values():
        is_short = all(one.steps is not None and one.steps <= _SHORT for one in some)
        if some[0].at not in explained and not is_short:
            yield _missing(program, some)


def _worst(program: Program) -> list[Clip]:
    """One fault for each clip, by a fixed order."""
    found: dict[NodeRef, Clip] = {}
    for clip in sorted(program.clips, key=lambda one: _rank(program, one)):
        found.setdefault(clip.at, clip)
    return list(found.values())


def _rank(program: Program, clip: Clip) -> tuple[object, ...]:
    others = (clip.step, clip.source, clip.unscale)
    places = tuple(program.span(ref) if ref else program.span(clip.at) for ref in others)
    return (_ORDER.index(clip.fault), not clip.unscale, not clip.optimizer, places, clip.optimizer)


def _stepped(program: Program, clip: Clip) -> str:
    """The optimizer as it is written at its step."""
    node = program.node(clip.step) if clip.step is not None else None
    if clip.optimizer or not isinstance(node, ir.Call) or not isinstance(node.func, ir.Attribute):
        return clip.optimizer or "the optimizer"
    is_scaler = written(node.func.value).lower().endswith("scaler") and node.args
    return written(node.args[0].value if is_scaler else node.func.value) or "the optimizer"


def _message(program: Program, clip: Clip) -> str:
    match clip.fault:
        case ClipFault.SPENT:
            name = _argument_text(program, clip)
            return f"{name} is a generator that is already used up, so this clips nothing"
        case ClipFault.OTHER:
            return f"this clips another model: the gradients of `{clip.optimizer}` stay as they are"
        case ClipFault.SCALED:
            return f"clips gradients that `{clip.scaler}` has not unscaled yet: almost none is left"
        case ClipFault.IDLE:
            name = _stepped(program, clip)
            if is_behind(program, clip) is None:
                return f"clips nothing: `{name}` holds no gradients here"
            if is_behind(program, clip):
                return f"clips gradients that `{name}` has already used, so it does nothing"
            return f"clips before there are any gradients for `{name}`, so it does nothing"


def _argument_text(program: Program, clip: Clip) -> str:
    argument = argument_of(program, clip.at)
    text = written(argument) if argument is not None else ""
    return f"`{text}`" if text else "this"


def _notes(program: Program, clip: Clip) -> tuple[Note, ...]:
    words = {
        ClipFault.SPENT: ("the generator is made here", "and used up here"),
        ClipFault.OTHER: ("this step is not clipped", "the gradients that it uses"),
        ClipFault.SCALED: ("the step divides by the scale again", "these gradients are scaled"),
        ClipFault.IDLE: ("the step", ""),
    }[clip.fault]
    pairs = [(clip.step, words[0]), (clip.source, words[1]), (clip.unscale, "unscaled too late")]
    return tuple(
        Note(program.span(ref), text) for ref, text in pairs if ref is not None and ref != clip.at
    )


# Nothing clips


def _by_step(program: Program) -> dict[NodeRef, list[Recurrent]]:
    """Those of one step together, the longest unrolled first."""
    found: dict[NodeRef, list[Recurrent]] = {}
    for one in program.unclipped:
        found.setdefault(one.at, []).append(one)

    def rank(one: Recurrent) -> tuple[int, Span, str]:
        return -(one.steps or 0), program.span(one.layer), one.optimizer

    return {at: sorted(some, key=rank) for at, some in found.items()}


def _missing(program: Program, some: list[Recurrent]) -> Finding:
    first = some[0]
    is_long = first.steps is not None and first.steps >= _LONG
    kind, name = first.kind, first.optimizer
    over = f" back through {first.steps} steps" if is_long else ""
    message = f"the gradients of the {kind} go{over} into `{name}` and nothing clips them"
    severity = Severity.WARNING if is_long else Severity.HINT
    notes = (Note(program.span(first.layer), f"the {kind}"),)
    return RULE.finding(
        program.span(first.at), message, notes, insert_clip(program, some), severity
    )

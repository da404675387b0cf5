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

import re
from collections.abc import Iterator

from .. import fixes
from ..finding import Edit, Finding, Fix, Note, Safety, Severity, Span
from ..interpreter.facts import Clip, ClipFault, Recurrent
from ..interpreter.search import statements, written
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from .rule import Rule

RULE = Rule("TRK010", "unclipped-recurrent-gradients", Severity.WARNING)

_SHORT, _LONG = 10, 100  # steps
_NORM = "torch.nn.utils.clip_grad_norm_"
_WRITABLE = re.compile(r"""[A-Za-z_]\w*(\.\w+|\[\w+\]|\['[^']*'\])*""")
_ITERATORS = ("filter", "itertools.chain", "chain")
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
            _repair(program, clip),
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
            if _is_behind(program, clip) is None:
                return f"clips nothing: `{name}` holds no gradients here"
            if _is_behind(program, clip):
                return f"clips gradients that `{name}` has already used, so it does nothing"
            return f"clips before there are any gradients for `{name}`, so it does nothing"


def _argument_text(program: Program, clip: Clip) -> str:
    argument = _argument(program, clip.at)
    text = written(argument) if argument is not None else ""
    return f"`{text}`" if text else "this"


def _argument(program: Program, ref: NodeRef) -> ir.Expression | None:
    node = program.node(ref)
    if not isinstance(node, ir.Call):
        return None
    named = [one.value for one in node.args if one.keyword == "parameters"]
    return next((one.value for one in node.args if one.keyword is None), *named[:1] or (None,))


def _is_behind(program: Program, clip: Clip) -> bool | None:
    """Does the clip stand below the step?  None if they are in different functions."""
    assert clip.step is not None
    if program.function_of(clip.at) != program.function_of(clip.step):
        return None
    here, step = program.span(clip.at), program.span(clip.step)
    return here.start > step.start if here.path == step.path else None


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


def _repair(program: Program, clip: Clip) -> tuple[Fix, ...]:
    match clip.fault:
        case ClipFault.SPENT:
            return _keep_parameters(program, clip)
        case ClipFault.OTHER:
            argument = _argument(program, clip.at)
            if argument is None or clip.step is None:
                return ()
            text = _parameters(program, clip.made, clip.at, clip.optimizer)
            edits = (fixes.replace(program, NodeRef(clip.at.leaf, argument.at), text),)
            return (Fix(f"Clip what `{clip.optimizer}` steps", edits, Safety.UNSAFE),)
        case ClipFault.SCALED:
            return _unscale(program, clip)
        case ClipFault.IDLE:
            return _move(program, clip)


def _keep_parameters(program: Program, clip: Clip) -> tuple[Fix, ...]:
    """`params = model.parameters()` becomes a list."""
    assert clip.step is not None
    statement = program.module_of(clip.step).statement_ref(clip.step)
    node = program.node(statement)
    value = node.value if isinstance(node, ir.Assign) else None
    is_iterator = isinstance(value, ir.Call) and written(value.func) in _ITERATORS
    if value is None or (value.at != clip.step.at and not is_iterator):
        return ()
    whole = NodeRef(statement.leaf, value.at)
    edits = (fixes.replace(program, whole, f"list({program.text(whole)})"),)
    return (Fix("Keep the parameters in a list", edits, Safety.UNSAFE),)


def _unscale(program: Program, clip: Clip) -> tuple[Fix, ...]:
    """`scaler.unscale_(optimizer)` comes in front of the clip."""
    edits: list[Edit | None] = []
    if clip.unscale is not None:
        module = program.module_of(clip.unscale)
        if not _is_statement(program, clip.unscale) or module is not program.module_of(clip.at):
            return ()
        line = program.text(clip.unscale)
        edits.append(fixes.remove_statement(program, clip.unscale))
    else:
        line = f"{clip.scaler}.unscale_({clip.optimizer})"
        if not _WRITABLE.fullmatch(clip.scaler) or not _WRITABLE.fullmatch(clip.optimizer):
            return ()
    if _function_differs(program, clip.at, clip.unscale or clip.step):
        return ()
    edits.append(fixes.insert_before(program, clip.at, line))
    return _fix("Unscale before the clip", edits)


def _move(program: Program, clip: Clip) -> tuple[Fix, ...]:
    """The clip goes to where the gradients are there and not yet used."""
    assert clip.step is not None
    step = program.node(clip.step)
    if _is_behind(program, clip) is None or not _is_statement(program, clip.step):
        return ()
    scaler = _scaler_at(step)
    if isinstance(step, ir.Call) and step.args and not scaler:
        return ()  # a closure runs the backward inside the step
    module = program.module_of(clip.at)
    span = module.statement(clip.at)
    comment = module.lines[span.end.line][span.end.column :].rstrip()
    text = module.text_of(span) + comment
    if "\n" in text and module.indentation(clip.at) != module.indentation(clip.step):
        return ()
    lines = [text]
    if isinstance(step, ir.Call) and scaler and not _unscales(program, clip.step, scaler):
        lines.insert(0, f"{scaler}.unscale_({written(step.args[0].value)})")
    removal = fixes.remove_statement(program, clip.at)
    insertion = fixes.insert_before(program, clip.step, *lines)
    return _fix("Move the clip in front of the step", [removal, insertion])


def _scaler_at(step: ir.Node) -> str:
    """Who steps for the optimizer, in `scaler.step(optimizer)`."""
    if not isinstance(step, ir.Call) or not isinstance(step.func, ir.Attribute) or not step.args:
        return ""
    name = written(step.func.value)
    return name if name.lower().endswith("scaler") else ""


def _unscales(program: Program, ref: NodeRef, scaler: str) -> bool:
    """Does the function around it unscale already?"""
    module = program.module_of(ref)
    function = program.function_of(ref)
    text = program.text(function) if function is not None else "".join(module.lines)
    return f"{scaler}.unscale_(" in text


def _is_statement(program: Program, ref: NodeRef) -> bool:
    """Is the call alone on its line?"""
    module = program.module_of(ref)
    node = module.node(module.statement_ref(ref))
    value = node.value if isinstance(node, ir.ExpressionStatement | ir.Assign) else None
    return value is not None and value.at == ref.at


def _function_differs(program: Program, one: NodeRef, other: NodeRef | None) -> bool:
    return other is None or program.function_of(one) != program.function_of(other)


def _fix(title: str, edits: list[Edit | None]) -> tuple[Fix, ...]:
    known = tuple(one for one in edits if one is not None)
    return (Fix(title, known, Safety.UNSAFE),) if len(known) == len(edits) else ()


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
    return RULE.finding(program.span(first.at), message, notes, _insert(program, some), severity)


def _insert(program: Program, some: list[Recurrent]) -> tuple[Fix, ...]:
    """A clip in front of the step, or behind the backward of its closure."""
    first = some[0]
    name, scaler, backward = first.optimizer, first.scaler, first.backward
    call = fixes.name_of(program, first.at, _NORM)
    if call is None or backward is None or not _WRITABLE.fullmatch(name):
        return ()
    if _is_of_framework(program.node(backward)) or not _is_statement(program, first.at):
        return ()
    made = {one.made for one in some}
    params = _parameters(program, first.made if len(made) == 1 else None, first.at, name)
    lines = [f"{call}({params}, max_norm=1.0)"]
    step = program.node(first.at)
    if isinstance(step, ir.Call) and step.args and not scaler:
        behind = fixes.insert_after(program, backward, lines[0])
        return _fix("Clip the gradients behind the backward", [behind])
    if scaler and not _WRITABLE.fullmatch(scaler):
        return ()
    if scaler and not _unscales(program, first.at, scaler):
        lines.insert(0, f"{scaler}.unscale_({name})")
    insertion = fixes.insert_before(program, first.at, *lines)
    return _fix("Clip the gradients in front of the step", [insertion])


def _is_of_framework(backward: ir.Node) -> bool:
    """`accelerator.backward(loss)`: whoever runs the backward has an own way to clip."""
    return isinstance(backward, ir.Call) and any(one.keyword is None for one in backward.args)


def _parameters(program: Program, made: NodeRef | None, at: NodeRef, optimizer: str) -> str:
    """What the optimizer was made of, where that can be written here too."""
    node = program.node(made) if made is not None else None
    own = f'[p for group in {optimizer}.param_groups for p in group["params"]]'
    if made is None or not isinstance(node, ir.Call) or not node.args:
        return own
    value = node.args[0].value
    if not isinstance(value, ir.Call) or not isinstance(value.func, ir.Attribute) or value.args:
        return own
    text = written(value)
    root = text.partition(".")[0]
    if value.func.attr != "parameters" or not _WRITABLE.fullmatch(text.removesuffix("()")):
        return own
    return text if _means_the_same(program, root, made, at) else own


def _means_the_same(program: Program, name: str, there: NodeRef, here: NodeRef) -> bool:
    """Does a name mean the same in both places?"""
    module = program.module_of(here)
    if not module.holds(there):
        return False
    inner, outer = program.function_of(here), program.function_of(there)
    if inner == outer:
        return True
    around = module.parents(here)
    if outer is None or outer in around:
        return inner is not None and not _binds(program, inner, name)
    classes = [
        [one for one in module.parents(ref) if isinstance(module.node(one), ir.ClassDef)]
        for ref in (here, there)
    ]
    return name == "self" and classes[0] == classes[1] and bool(classes[0])


def _binds(program: Program, function: NodeRef, name: str) -> bool:
    node = program.node(function)
    assert isinstance(node, ir.FunctionDef)
    if any(one.name == name for one in node.params):
        return True
    targets = [
        target
        for statement, _ in statements(node.body, function.leaf)
        for target in _targets(statement)
    ]
    return any(isinstance(one, ir.Name) and one.id == name for one in targets)


def _targets(statement: ir.Statement) -> tuple[ir.Expression, ...]:
    if isinstance(statement, ir.Assign):
        found = statement.targets
    elif isinstance(statement, ir.For):
        found = (statement.target,)
    else:
        return ()
    return tuple(
        part for one in found for part in (one.items if isinstance(one, ir.Sequence) else (one,))
    )

"""A layer adds a bias that the batch norm right behind it takes away again.

## What

Batch norm and instance norm subtract the mean of every channel.  A convolution or linear layer in
front of them adds one number to every channel, its bias: the mean grows by just that number, so
nothing is left of it.

## Why

The bias gets no gradient and learns nothing.  It costs memory, time in every step, and a place in
the optimizer, and it looks like a parameter that matters.  At evaluation the running mean holds
it, so it changes nothing there either.  The norm brings a bias of its own, added behind the mean.

Sources: https://docs.pytorch.org/tutorials/recipes/recipes/tuning_guide.html (disable bias for
convolutions directly followed by a batch norm),
https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html and
https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html (mean per channel, over
the batch or for each sample).  Group norm takes its mean over several channels
(https://docs.pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html) and layer norm over the
last axes (https://docs.pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html): there the bias
counts.

A checkpoint that was saved with the bias has a key more than the model without it: load it with
`strict=False`, or keep the bias.

## Bad

```python
import torch
from torch import nn

block = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())
block(torch.randn(2, 3, 8, 8))
```

## Good

```python
import torch
from torch import nn

block = nn.Sequential(nn.Conv2d(3, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU())
block(torch.randn(2, 3, 8, 8))
```

## Quiet when

Anything else sees the layer's output: an activation, pool, dropout or reshape in front of the
norm, a skip connection, a caller; when the layer or the norm is shared or optional (the norm
depends on a flag, a `norm_layer` argument may be any norm), frozen in evaluation mode, replaced or hooked, or a file that uses
the model hangs hooks; when a
container is gone through in a way that cannot be followed layer by layer; when a linear layer's features are not
the norm's channels, as in (batch, time, features); and behind group, layer and RMS norm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import fixes
from ..finding import Edit, Finding, Fix, Note, Safety, Severity
from ..interpreter.biases import CancelledBias, Decision
from ..interpreter.search import written
from ..libraries.torch_norms import HOOKS
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from ._layer_uses import freezes_norms, relies_on_bias
from ._norm_pairs import deciding, home, is_optional
from .rule import Rule

_BIAS = re.compile(r"\bbias\b")

RULE = Rule("TRK005", "bias-before-batch-norm", Severity.HINT, together=True)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each call that decides, if all layers that it decides for agree."""
    if program.hooks_any_layer:
        return
    needed, doubted = program.needed_biases, program.doubted_norms
    found: dict[NodeRef, list[CancelledBias]] = {}
    for fact in program.cancelled_biases:
        found.setdefault(deciding(program, fact)[0].call, []).append(fact)
    paths = {program.module_of(call).path for call in found}
    # Whoever hangs hooks on a model may look at any of its layers.
    hooked = {path for path in paths if program.files.named_elsewhere(path, *HOOKS)}
    for call, facts in found.items():
        if call in needed or any(fact.norm_by[0] in doubted for fact in facts):
            continue
        if program.module_of(call).path in hooked:
            continue
        if all(_is_certain(program, fact) for fact in facts):
            yield _finding(program, call, facts)


def _is_certain(program: Program, fact: CancelledBias) -> bool:
    decision, local = deciding(program, fact)
    path = program.module_of(decision.call).path
    if "BatchNorm" in fact.norm and freezes_norms(program, path):
        return False  # with the statistics of another bias, or of none, it does not subtract this
    if is_optional(program, fact) or not (fact.aligned or _same_text(program, fact)):
        return False
    return local or not _serves_others(program, decision.call)


def _same_text(program: Program, fact: CancelledBias) -> bool:
    """`nn.Linear(a, width[i])` and `nn.BatchNorm1d(width[i])`, written in one function."""
    layer, norm = fact.layer_by[0], fact.norm_by[0]
    if home(program, layer) != home(program, norm):
        return False
    out = _argument(program, layer, 1, "out_features")
    return out is not None and out == _argument(program, norm, 0, "num_features")


def _argument(program: Program, call: NodeRef, position: int, name: str) -> str | None:
    node = program.node(call)
    for index, one in enumerate(node.args if isinstance(node, ir.Call) else ()):
        if not one.star and (one.keyword == name or (index == position and one.keyword is None)):
            return program.text(NodeRef(call.leaf, one.value.at))
    return None


def _serves_others(program: Program, call: NodeRef) -> bool:
    """May files that nobody looked at use what is made here in another way?"""
    module = program.module_of(call)
    around = [module.node(one) for one in module.parents(call)]
    names = [one.name for one in around if isinstance(one, ir.FunctionDef | ir.ClassDef)]
    return bool(names) and program.files.named_elsewhere(module.path, names[-1])


def _finding(program: Program, call: NodeRef, facts: list[CancelledBias]) -> Finding:
    fact = facts[0]
    name = _name(program, call)
    what = f"the bias of `{name}`" if name else f"the bias of this `{_callee(program, call)}`"
    return RULE.finding(
        program.span(call),
        f"{what} has no effect: the {fact.norm} behind it subtracts the mean of every channel",
        (Note(program.span(fact.norm_by[0]), f"the {fact.norm} is made here"),),
        _fixes(program, call, facts),
    )


def _name(program: Program, call: NodeRef) -> str:
    """The variable that holds the layer, if it holds nothing else."""
    module = program.module_of(call)
    statement = module.node(module.statement_ref(call))
    if isinstance(statement, ir.Assign) and statement.value.at == call.at:
        return written(statement.targets[0])
    return ""


def _callee(program: Program, call: NodeRef) -> str:
    node = program.node(call)
    return written(node.func) if isinstance(node, ir.Call) else ""


def _fixes(program: Program, call: NodeRef, facts: list[CancelledBias]) -> tuple[Fix, ...]:
    path = program.module_of(call).path
    if any(relies_on_bias(program, path, fact.layer) for fact in facts):
        return ()  # without a bias that code would stop
    edits = {_edit(program, fact) for fact in facts}
    edit = edits.pop()
    if edit is None or edits:
        return ()
    return (Fix("Build it without a bias", (edit,), Safety.UNSAFE),)


def _edit(program: Program, fact: CancelledBias) -> Edit | None:
    decision = deciding(program, fact)[0]
    index = fact.decisions.index(decision)
    if decision.given is not None:
        return _switch_off(program, fact, decision, index)
    node = program.node(decision.call)
    if not isinstance(node, ir.Call) or not node.args:
        return None
    leaf, stars = decision.call.leaf, [one for one in node.args if one.star]
    if not stars:
        last = NodeRef(leaf, node.args[-1].at)
        return fixes.insert_behind(program, last, f", {decision.keyword}=False")
    lines = program.module_of(decision.call).lines
    if stars[0].star != "**" or any(_BIAS.search(line) for line in lines):
        return None  # they may hold one
    return fixes.insert_in_front(program, NodeRef(leaf, stars[0].at), f"{decision.keyword}=False, ")


def _switch_off(
    program: Program, fact: CancelledBias, decision: Decision, index: int
) -> Edit | None:
    """The `True` that is given; or the parameter's default, where nobody gives another."""
    assert decision.given is not None
    given = program.node(decision.given)
    if isinstance(given, ir.Constant):
        return fixes.replace(program, decision.given, "False")
    function = program.function_of(decision.call)
    above = fact.decisions[index + 1 : index + 2]
    if function is None or not above or above[0].given is not None:
        return None
    node = program.node(function)
    for param in node.params if isinstance(node, ir.FunctionDef) else ():
        if param.name == above[0].keyword and isinstance(param.default, ir.Constant):
            return fixes.replace(program, NodeRef(function.leaf, param.default.at), "False")
    return None

"""Training data come in the same order in every epoch.

## What

A `DataLoader` that a model is trained on has neither `shuffle=True` nor a sampler, so every pass
serves the same batches in the same order.  What a model is trained on is what a training loop
runs over, or what the `train_dataloader` of a LightningModule or LightningDataModule gives.

## Why

Stochastic gradient descent rests on batches that are drawn at random: then each gradient is an
unbiased estimate of the gradient of the whole data.  With a fixed order the same samples always
meet in one batch, and what comes last in an epoch has the last word.  Where the data are sorted,
as an `ImageFolder` is by class, whole batches hold a single class: the model runs after one class
and forgets the others, and batch normalisation learns the statistics of one class at a time.
`DataLoader` does not shuffle unless it is told to.

Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader and
https://arxiv.org/abs/1206.5533 (Bengio, Practical recommendations for gradient-based training)

## Bad

```python
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

labels = torch.tensor([0, 1, 2]).repeat_interleave(20)
inputs = labels.unsqueeze(1) + torch.linspace(-0.4, 0.4, 60).unsqueeze(1)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=10)
model = nn.Linear(1, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
```

## Good

```python
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

labels = torch.tensor([0, 1, 2]).repeat_interleave(20)
inputs = labels.unsqueeze(1) + torch.linspace(-0.4, 0.4, 60).unsqueeze(1)
loader = DataLoader(TensorDataset(inputs, labels), batch_size=10, shuffle=True)
model = nn.Linear(1, 3)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for epoch in range(2):
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
```

## Quiet when

The loader has a sampler, `shuffle` is not known, or nothing is trained on it; the data set is an
`IterableDataset`, drawn at random, or shuffled or split before; the whole data are one batch; the
order may mean something: time series, windows of a sequence, a state that goes from batch to
batch, a table by batch number; Lightning trains on several devices, where it puts in a sampler
that shuffles; or the code says that it is meant so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import fixes, intent
from ..finding import Edit, Finding, Fix, Note, Safety, Severity
from ..interpreter.search import names, written
from ..interpreter.trainings import Pass
from ..interpreter.values import Order
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from .rule import Rule

RULE = Rule("TRK008", "unshuffled-training-data", Severity.WARNING, together=True)

_PARTS = re.compile(r"train|split|mode|phase|part|subset")
_SHUFFLE = 2  # its place among the arguments of a DataLoader


def check(program: Program) -> Iterator[Finding]:
    """One finding for each call that makes such a loader."""
    trained: dict[NodeRef, list[Pass]] = {}
    for one in program.passes:
        trained.setdefault(one.loader, []).append(one)
    for loader, passes in trained.items():
        if not all(_is_harmful(program, one) for one in passes):
            continue
        if not any(intent.is_order_meant(program, one) for one in passes):
            yield _finding(program, loader, passes)


def _is_harmful(program: Program, served: Pass) -> bool:
    """One pass does no harm where the data are not sorted by what is learned."""
    fixed = served.serving.order in (Order.FIXED, Order.SORTED)
    return fixed and (served.repeated or _is_by_class(program, served))


def _is_by_class(program: Program, served: Pass) -> bool:
    """Are the data sorted by class, and is the class looked at?"""
    loop = program.node(served.loop)
    unused = isinstance(loop, ir.For) and "_" in names(loop.target)
    return served.serving.order is Order.SORTED and not unused


def _finding(program: Program, loader: NodeRef, passes: list[Pass]) -> Finding:
    node = program.node(loader)
    assert isinstance(node, ir.Call)
    notes = tuple(_note(program, one) for one in dict.fromkeys(one.loop for one in passes))
    place = _given(node)
    at = NodeRef(loader.leaf, place.at if place is not None else node.func.at)
    fix = _fix(program, loader, node, passes[0])
    return RULE.finding(
        program.span(at), _message(program, passes[0]), notes, () if fix is None else (fix,)
    )


def _note(program: Program, at: NodeRef) -> Note:
    is_method = isinstance(program.node(at), ir.FunctionDef)
    text = "Lightning trains on what this gives" if is_method else "trained over here"
    return Note(program.module_of(at).statement(at), text)


def _message(program: Program, served: Pass) -> str:
    name = f"`{served.name}`" if served.name else "this loader"
    if _is_by_class(program, served):
        data = served.serving.data
        return f"{name} is trained on without shuffling, and `{data}` serves class after class"
    return f"{name} is trained on without shuffling: every epoch sees the same batches in the same order"


def _given(node: ir.Call) -> ir.Argument | None:
    """Where the call itself says how to shuffle."""
    for number, one in enumerate(node.args):
        if one.keyword == "shuffle":
            return one
        if one.star:
            return next((rest for rest in node.args if rest.keyword == "shuffle"), None)
        if number == _SHUFFLE and one.keyword is None:
            return one
    return None


def _fix(program: Program, loader: NodeRef, node: ir.Call, served: Pass) -> Fix | None:
    if _builds_others(program, loader, node):
        return None
    place = _given(node)
    edit: Edit | None = None
    if place is None:
        if not served.serving.told:
            edit = fixes.add_keyword(program, loader, "shuffle=True")
    elif isinstance(place.value, ir.Constant):
        edit = fixes.replace(program, NodeRef(loader.leaf, place.value.at), "True")
    return None if edit is None else Fix("Shuffle the training data", (edit,), Safety.UNSAFE)


def _builds_others(program: Program, loader: NodeRef, node: ir.Call) -> bool:
    """Does the same call make loaders of other data too: in a comprehension, or for callers?"""
    module = program.module_of(loader)
    around = module.parents(loader)
    function = next((one for one in around if isinstance(module.node(one), ir.FunctionDef)), None)
    text = program.text(NodeRef(loader.leaf, module.statement_ref(loader).at))
    if " for " in text.replace("\n", " "):
        return True
    if function is None or not node.args:
        return False
    owner = module.node(function)
    assert isinstance(owner, ir.FunctionDef)
    data = next((one for one in node.args if one.keyword == "dataset"), node.args[0])
    params = {one.name for one in owner.params}
    return written(data.value) in params or any(_PARTS.search(one) for one in params)

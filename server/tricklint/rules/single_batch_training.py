"""The training sees a single batch, without a word.

## What

`next(iter(loader))` inside the training loop starts a new pass each time, so it gives the first
batch again and again; or a `break` that was meant for a quick try ends the loop behind its first
batch; or a `return` of what the loop gathers stands one level too deep, and does the same.

## Why

The model learns a few samples by heart.  The loss falls nicely, nothing is raised, and on new
data it knows nothing.  To overfit one batch on purpose is a good test of a training loop; left
in the real run it wastes all other data.  An iterator that is made once, in front of the loop,
or `for batch in loader`, goes on to the next batch.

Source: https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader and
https://karpathy.github.io/2019/04/25/recipe/

## Bad

```python
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.linspace(-1, 1, 40).unsqueeze(1))
loader = DataLoader(data, batch_size=4)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(len(loader)):
    (x,) = next(iter(loader))
    loss = (model(x) - x.abs()).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
```

## Good

```python
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

data = TensorDataset(torch.linspace(-1, 1, 40).unsqueeze(1))
loader = DataLoader(data, batch_size=4)
model = nn.Linear(1, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for (x,) in loader:
    loss = (model(x) - x.abs()).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
```

## Quiet when

The loader shuffles, for then each first batch is another; the batch is not trained on; the loop
may go on, as with `if i == 10: break`; what is returned is about this batch, or the function is
named after a step; one batch is repeated in so many words, as by `[batch] * 100`; or a comment, a
name or a flag says that one batch is meant: overfit, sanity, debug, dry run and the like.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import fixes, intent
from ..finding import Edit, Finding, Fix, Note, Safety, Severity
from ..interpreter.search import names, nodes, statements, written
from ..interpreter.trainings import Cut, Restart
from ..interpreter.values import Order
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from .rule import Rule

RULE = Rule("TRK011", "single-batch-training", Severity.WARNING)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each loop that ends too early, and for each pass that starts too often."""
    seen: set[NodeRef] = set()
    for cut in program.cuts:
        end = _end_of(program, cut)
        if end is not None and cut.loop not in seen:
            seen.add(cut.loop)
            if not any(intent.is_deliberate(program, one) for one in (end, cut.loop)):
                yield _cut(program, cut, end)
    for restart in program.restarts:
        if restart.at not in seen and _is_same_again(program, restart):
            seen.add(restart.at)
            yield _restart(program, restart)


def _end_of(program: Program, cut: Cut) -> NodeRef | None:
    """The `break` or `return` that stands last in the loop's own block."""
    loop = cut.loop
    node = program.node(loop)
    if not isinstance(node, ir.For) or not node.body or not node.body[-1].body:
        return None
    last = node.body[-1]
    at = NodeRef(last.leaf or loop.leaf, last.body[-1].at)
    match last.body[-1]:
        case ir.Break():
            return at
        case ir.Return() as end if cut.own and _is_about_all(program, cut, end):
            return None if intent.is_step(program, loop) else at
        case _:
            return None


def _is_about_all(program: Program, cut: Cut, end: ir.Return) -> bool:
    """Does it give what was gathered over all batches, or nothing at all?

    A function that takes one batch and returns its loss may be meant so.
    """
    if end.value is None:
        return True
    loop = program.node(cut.loop)
    assert isinstance(loop, ir.For)
    gathered, fresh = _written_in(loop, cut.loop)
    returned = {written(one) for one in nodes(end.value)} - {""}
    return bool(returned & (gathered - fresh))


def _written_in(loop: ir.For, at: NodeRef) -> tuple[set[str], set[str]]:
    """What grows in each turn of a loop, and what is written anew."""
    gathered: set[str] = set()
    fresh: set[str] = set()
    for one, _ in statements(loop.body, at.leaf):
        if isinstance(one, ir.AugmentedAssign):
            gathered.add(written(one.target))
        elif isinstance(one, ir.Assign):
            fresh.update(written(target) for target in one.targets)
        elif isinstance(one, ir.ExpressionStatement) and isinstance(one.value, ir.Call):
            func = one.value.func
            if isinstance(func, ir.Attribute) and func.attr == "append":
                gathered.add(written(func.value))
    return gathered, fresh


def _cut(program: Program, cut: Cut, end: NodeRef) -> Finding:
    name = f"`{cut.name}`" if cut.name else "the data"
    return RULE.finding(
        program.span(end),
        f"this ends the training after the first batch of {name}: the rest is never seen",
        (Note(program.module_of(cut.loop).statement(cut.loop), "the loop that trains"),),
        _go_on(program, cut, end),
    )


def _go_on(program: Program, cut: Cut, end: NodeRef) -> tuple[Fix, ...]:
    """Without the `break`, or with the `return` behind the loop."""
    module = program.module_of(end)
    is_break = isinstance(program.node(end), ir.Break)
    edit = None
    if is_break:
        edit = fixes.remove_statement(program, end)
    elif not any(isinstance(module.node(one), _LOOPS) for one in module.parents(cut.loop)):
        edit = fixes.indent_like(program, end, cut.loop)
    title = "Remove the `break`" if is_break else "Return behind the loop"
    return () if edit is None else (Fix(title, (edit,), Safety.UNSAFE),)


_LOOPS = ir.For | ir.While


def _is_same_again(program: Program, restart: Restart) -> bool:
    if any(intent.is_deliberate(program, one) for one in (restart.at, restart.loop)):
        return False
    if intent.is_drawn(program, restart.serving) or not _is_plain(program, restart):
        return False
    return restart.serving.order in (Order.FIXED, Order.SORTED)


def _is_plain(program: Program, restart: Restart) -> bool:
    """Is it the only way to a batch, rather than the second try of a `try`?"""
    module = program.module_of(restart.at)
    around = module.parents(module.statement_ref(restart.at))
    return not any(isinstance(module.node(one), ir.Try | ir.Match) for one in around)


def _restart(program: Program, restart: Restart) -> Finding:
    name = f"`{restart.name}`" if restart.name else "the loader"
    edits = _walk_on(program, restart)
    return RULE.finding(
        program.span(restart.at),
        f"this starts {name} anew in each turn: the training sees its first batch only",
        (
            Note(program.module_of(restart.loop).statement(restart.loop), "the loop that trains"),
            Note(
                program.span(restart.loader), "does not shuffle, so it is the same batch each time"
            ),
        ),
        (Fix("Train on all batches", edits, Safety.UNSAFE),) if edits else (),
    )


def _walk_on(program: Program, restart: Restart) -> tuple[Edit, ...]:
    """`for _ in range(len(loader)):` and `x, y = next(iter(loader))` become `for x, y in loader:`."""
    loop, module = program.node(restart.loop), program.module_of(restart.loop)
    if not isinstance(loop, ir.For) or not module.holds(restart.at):
        return ()
    statement = module.statement_ref(restart.at)
    node = module.node(statement)
    if not isinstance(node, ir.Assign) or len(node.targets) != 1 or node.value.at != restart.at.at:
        return ()
    if module.parents(statement)[:1] != (restart.loop,) or not _counts(program, loop, restart):
        return ()
    loader = _loader_text(program, restart)
    target = program.text(NodeRef(statement.leaf, node.targets[0].at))
    target = f"({target})" if target.endswith(",") else target
    removal = fixes.remove_statement(program, statement)
    head = (
        fixes.replace(program, NodeRef(restart.loop.leaf, loop.target.at), target),
        fixes.replace(program, NodeRef(restart.loop.leaf, loop.iter.at), loader),
    )
    return (*head, removal) if removal is not None else ()


def _counts(program: Program, loop: ir.For, restart: Restart) -> bool:
    """Does the loop run as often as there are batches, and nobody ask for the number?"""
    counter = set(names(loop.target))
    used = {
        one.id
        for statement, _ in statements(loop.body, restart.loop.leaf)
        for one in nodes(statement)
        if isinstance(one, ir.Name)
    }
    text = program.text(NodeRef(restart.loop.leaf, loop.iter.at)).replace(" ", "")
    return text == f"range(len({_loader_text(program, restart)}))" and not counter & used


def _loader_text(program: Program, restart: Restart) -> str:
    node = program.node(restart.at)
    assert isinstance(node, ir.Call)
    inner = node.args[0].value
    return written(inner.args[0].value) if isinstance(inner, ir.Call) and inner.args else ""

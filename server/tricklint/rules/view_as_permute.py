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

x = torch.randn(2, 3)
height, width = x.shape
scrambled = x.view(width, height)
```

## Good

```python
import torch

x = torch.randn(2, 3)
height, width = x.shape
turned = x.transpose(0, 1)
```

## Quiet when

The order of the numbers stays right (flatten, splitting and merging neighbouring axes, adding
axes of size 1); a part is left out and the rest viewed once more, which shifts rows on purpose
(relative positions); a view takes back what an earlier one did, which is reported there; a picture
was cut into blocks and turned, and its sides keep their old names, as in a square one; and where
the sizes are not known well enough to be certain.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import fixes
from ..finding import Edit, Finding, Fix, Safety, Severity
from ..interpreter.facts import Reshape
from ..interpreter.reshapes import Permutation, Resplit, Verdict
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from .rule import Rule

RULE = Rule("TRK006", "view-as-permute", Severity.ERROR)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each view."""
    found: dict[NodeRef, Reshape] = {}
    for reshape in program.reshapes:
        known = found.setdefault(reshape.at, reshape)
        if _alike(reshape) < _alike(known):
            found[reshape.at] = reshape
    for at, reshape in found.items():
        yield RULE.finding(
            program.span(at), _message(program, reshape), (), _fixes(program, reshape)
        )


def _alike(reshape: Reshape) -> int:
    """How many axes have the size of another one, so that nobody can say which is meant."""
    return len(reshape.before.dims) - len(set(reshape.before.dims))


def _message(program: Program, reshape: Reshape) -> str:
    node = program.node(reshape.at)
    name = (
        node.func.attr if isinstance(node, ir.Call) and isinstance(node.func, ir.Attribute) else ""
    )
    if reshape.verdict is Verdict.PERMUTED:
        what = "names the axes in another order but does not move the numbers"
    else:
        what = "joins axes that are not neighbours, so samples or positions get mixed"
    return f"`{name or 'reshape'}` of {reshape.before} to {reshape.after} {what}"


def _fixes(program: Program, reshape: Reshape) -> tuple[Fix, ...]:
    node = program.node(reshape.at)
    if not isinstance(node, ir.Call) or not isinstance(node.func, ir.Attribute):
        return ()
    if reshape.repair is not None:
        edit = _permute(program, reshape.at, node, node.func, reshape.repair)
    elif reshape.resplit is not None:
        edit = _view_then_permute(program, reshape.at, node, reshape.resplit)
    else:
        edit = None
    if edit is None:
        return ()
    # Never safe, even where the one reader is in sight: another view further on may undo this one,
    # and weights that were trained on what it gives fit nothing else.
    return (Fix(f"Write `{_short(edit.text)}`", (edit,), Safety.UNSAFE),)


def _short(text: str) -> str:
    return text if len(text) <= 60 and "\n" not in text else f"{text[:57].splitlines()[0]}..."


def _move(axes: tuple[int, ...], swap: tuple[int, int] | None) -> str:
    if swap is not None:
        return f".transpose({swap[0]}, {swap[1]})"
    return f".permute({', '.join(str(axis) for axis in axes)})"


def _permute(
    program: Program, at: NodeRef, node: ir.Call, func: ir.Attribute, repair: Permutation
) -> Edit | None:
    """`x.view(a, b)` becomes `x.transpose(0, 1)`, with a reshape behind it where axes join."""
    module = func.value.id if isinstance(func.value, ir.Name) else ""
    if module in ("torch", "np", "numpy") and len(node.args) == 2:
        subject, sizes = node.args[0].value, node.args[1:]
    else:
        subject, sizes = func.value, node.args
    text = fixes.operand_text(program, at.leaf, subject) + _move(repair.axes, repair.swap)
    if repair.reshape:
        text += f".reshape({_written(program, at, sizes)})"
    return fixes.replace(program, at, text)


def _written(program: Program, at: NodeRef, args: tuple[ir.Argument, ...]) -> str:
    return ", ".join(program.text(NodeRef(at.leaf, one.at)) for one in args)


def _view_then_permute(
    program: Program, at: NodeRef, node: ir.Call, resplit: Resplit
) -> Edit | None:
    """`x.view(B, heads, T, -1)` becomes `x.view(B, T, heads, -1).transpose(1, 2)`."""
    if len(node.args) != len(resplit.order):
        return None
    args = tuple(node.args[index] for index in resplit.order)
    func = program.text(NodeRef(at.leaf, node.func.at))
    return fixes.replace(
        program, at, f"{func}({_written(program, at, args)}){_move(resplit.axes, resplit.swap)}"
    )

"""Fixes of clips: moved, unscaled, given other parameters, or inserted where there is none."""

from __future__ import annotations

import re

from .. import fixes
from ..finding import Edit, Fix, Safety
from ..interpreter.facts import Clip, ClipFault, Recurrent
from ..interpreter.search import statements, written
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef

_NORM = "torch.nn.utils.clip_grad_norm_"
_WRITABLE = re.compile(r"""[A-Za-z_]\w*(\.\w+|\[\w+\]|\['[^']*'\])*""")
_ITERATORS = ("filter", "itertools.chain", "chain")


def repair(program: Program, clip: Clip) -> tuple[Fix, ...]:
    """What makes a clip do what it is for."""
    match clip.fault:
        case ClipFault.SPENT:
            return _keep_parameters(program, clip)
        case ClipFault.OTHER:
            argument = argument_of(program, clip.at)
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
    if is_behind(program, clip) is None or not _is_statement(program, clip.step):
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


def insert_clip(program: Program, some: list[Recurrent]) -> tuple[Fix, ...]:
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


def argument_of(program: Program, ref: NodeRef) -> ir.Expression | None:
    """What a clip is given to clip."""
    node = program.node(ref)
    if not isinstance(node, ir.Call):
        return None
    named = [one.value for one in node.args if one.keyword == "parameters"]
    return next((one.value for one in node.args if one.keyword is None), *named[:1] or (None,))


def is_behind(program: Program, clip: Clip) -> bool | None:
    """Does the clip stand below the step?  None if they are in different functions."""
    assert clip.step is not None
    if program.function_of(clip.at) != program.function_of(clip.step):
        return None
    here, step = program.span(clip.at), program.span(clip.step)
    return here.start > step.start if here.path == step.path else None


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

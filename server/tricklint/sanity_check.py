"""A check that a training loop can learn one batch by heart, made of the loop's own statements.

It is put in front of the loop, runs its update on one batch a hundred times, says what the loss
was at the start and at the end, and gives models, optimizers and the random numbers back as they
were.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent, indent

from .finding import Edit, Finding, Fix, Position, Safety, Severity, Span
from .interpreter.search import names, nodes, statements, written
from .interpreter.trainings import Training
from .program import Program
from .settings import RuleId
from .syntax import ir
from .syntax.ir import NodeRef
from .syntax.lines import newline_of
from .syntax.module import Module

# It is no rule, since nothing is wrong; but it has a name, so that it can be switched off.
OFFER = RuleId("TRK001", "overfit-one-batch")
PAGE = """\
A training loop can be tried on a single batch first, which it should learn by heart.

## What

Nothing is reported.  Above a training loop an editor shows *Overfit one batch*.  In VS Code a click
runs the script on one batch, and watches (`tricklint probe` does the same on the command line);
elsewhere it inserts a check made of the loop's own statements, which all editors offer among the
refactorings where the loop begins.

## Why

A model that is trained rightly learns one batch by heart within a hundred steps.  If its loss stays
where it was, something is wrong with the model, the loss, the labels or the optimizer, and hours of
training would only hide that.

Source: https://karpathy.github.io/2019/04/25/recipe/ (overfit one batch)

## Quiet when

The loop has no model, optimizer and loss in sight, is checked already, or is such a check itself;
and where `overfit-one-batch` is ignored, in the settings or by a comment.
"""
STEPS = 100
_BATCH = "one_batch"
_WRAPPERS = ("enumerate", "tqdm", "trange", "islice", "track", "reversed", "iter")
_OWN_UPDATES = ("step", "update", "train")  # only where they are those of who takes part
_UPDATES = (
    *_OWN_UPDATES, "backward", "zero_grad", "unscale_", "clip_grad_norm_", "clip_grad_value_"
)  # fmt: skip
_TEXT = """\
# One-batch check: a loop that is right learns one batch by heart.  Remove it once seen.
{imports}
{saved} = {copy}.deepcopy([{states}])
{random} = torch.get_rng_state()
{batch} = [next(iter({loader}))] * {steps}
{losses} = []
for {target} in {source}:
{body}
print(f"one batch, {steps} steps: loss {{{losses}[0]:.4f}} -> {{{losses}[-1]:.4f}}")
print("expected: close to the lowest value it can have, far below the first")
for {one}, {state} in zip([{objects}], {saved}):
    {one}.load_state_dict({state})
{clears}
torch.set_rng_state({random})
"""
_HELPERS = ("accelerator", "fabric", "self")  # whose `backward` takes the loss
_LEAVING = ir.Return | ir.Break | ir.Continue | ir.Raise


def offer(program: Program, training: Training) -> Finding | None:
    """What may be offered for one loop, to be suppressed as a finding of a rule would be."""
    fix = insert_check(program, training)
    if fix is None:
        return None
    span = program.module_of(training.loop).statement(training.loop)
    return Finding(*OFFER, fix.title, span, Severity.HINT, fixes=(fix,))


def insert_check(program: Program, training: Training) -> Fix | None:
    """The action for one loop; None where its update cannot be taken out of it."""
    loop = program.node(training.loop)
    if not isinstance(loop, ir.For) or not training.models or not training.optimizers:
        return None
    module = program.module_of(training.loop)
    loss = _loss(program, training)
    kept = _update(program, training, loop)
    if loss is None or kept is None or not _is_alone(module, training.loop):
        return None
    if _is_checked(program, training.loop):
        return None
    place = _place(program, training.loop, kept)
    check = _Check(program, module, training, loop, loss, kept)
    at = Position(module.statement(place).start.line, 0)
    lines = indent(check.text(), module.indentation(place))
    edit = Edit(Span(module.path, at, at), lines.replace("\n", newline_of(module.lines)))
    return Fix("Insert a one-batch check", (edit,), Safety.UNSAFE)


@dataclass(frozen=True, slots=True)
class _Check:
    program: Program
    module: Module
    training: Training
    loop: ir.For
    loss: str
    kept: Sequence[NodeRef]

    def text(self) -> str:
        """The lines of the check, without indentation."""
        objects = (*self.training.models, *self.training.optimizers, *self.training.scalers)
        ref = self.training.loop
        batch, losses = self._free(_BATCH), self._free("losses")
        source, loader = self._source(batch)
        body = "\n".join(self._statement(one) for one in self.kept)
        copy = self._free("copy")  # imported in a function, it would hide one from outside
        text = _TEXT.format(
            imports="import copy" if copy == "copy" else f"import copy as {copy}",
            copy=copy,
            objects=", ".join(objects),
            states=", ".join(f"{one}.state_dict()" for one in objects),
            saved=self._free("saved_states"),
            random=self._free("random_before"),
            batch=batch,
            losses=losses,
            loader=loader,
            steps=STEPS,
            target=self.program.text(NodeRef(ref.leaf, self.loop.target.at)),
            source=source,
            body=indent(f"{body}\n{losses}.append({self.loss}.item())", "    "),
            one=self._free("one"),
            state=self._free("one_state"),
            clears="\n".join(f"{one}.zero_grad()" for one in self.training.optimizers),
        )
        if re.search(r"^import torch\s*$", "".join(self.module.lines), re.MULTILINE):
            return text
        return "".join(one for one in text.splitlines(True) if "rng_state" not in one)

    def _free(self, name: str) -> str:
        """A name that the file does not use."""
        text = "".join(self.module.lines)
        # Most names are nowhere, which is seen far sooner without a pattern.
        while name in text and re.search(rf"\b{name}\b", text):
            name += "_"
        return name

    def _source(self, batch: str) -> tuple[str, str]:
        """What to run over instead, and the loader itself."""
        leaf, inner = self.training.loop.leaf, self.loop.iter
        while isinstance(inner, ir.Call) and inner.args and _last(inner.func) in _WRAPPERS:
            inner = inner.args[0].value
        loader = self.program.text(NodeRef(leaf, inner.at))
        counted = isinstance(self.loop.iter, ir.Call) and "enumerate" in self.program.text(
            NodeRef(leaf, self.loop.iter.at)
        )
        return (f"enumerate({batch})" if counted else batch), loader

    def _statement(self, ref: NodeRef) -> str:
        """A statement of the loop as it is written; a loss without a name gets one."""
        span = self.module.span(ref)
        start = Position(span.start.line, 0)
        text = dedent(self.module.text_of(Span(span.path, start, span.end)))
        node = self.module.node(ref)
        value = node.value if isinstance(node, ir.ExpressionStatement) else None
        if isinstance(value, ir.Call) and isinstance(value.func, ir.Attribute):
            owner = value.func.value
            if (
                value.func.attr == "backward"
                and not isinstance(owner, ir.Name)
                and not _scaled(owner)
            ):
                inner = self.program.text(NodeRef(ref.leaf, owner.at))
                return f"{self.loss} = {inner}\n{self.loss}.backward()"
        return text


def _last(func: ir.Expression) -> str:
    return func.attr if isinstance(func, ir.Attribute) else written(func)


def _scaled(node: ir.Expression) -> bool:
    """`scaler.scale(loss)`."""
    return isinstance(node, ir.Call) and _last(node.func) == "scale"


def _loss(program: Program, training: Training) -> str | None:
    """What the loss is called, if there is one, and the loop itself goes backward from it."""
    found: set[str] = set()
    function = program.function_of(training.loop)
    for ref in training.backwards:
        node = program.node(ref)
        func = node.func if isinstance(node, ir.Call) else None
        if program.function_of(ref) != function or not isinstance(func, ir.Attribute):
            return None
        assert isinstance(node, ir.Call)
        found.add(_loss_of(node, func))
    return found.pop() if len(found) == 1 and "" not in found else None


def _loss_of(node: ir.Call, func: ir.Attribute) -> str:
    """`loss` of `loss.backward()`, `scaler.scale(loss).backward()`, `accelerator.backward(loss)`."""
    value = func.value
    given = [one.value for one in node.args if one.keyword is None]
    if given and _last(value) not in _HELPERS:
        return ""
    if _scaled(value) or given:
        inner = given[0] if given else _first(value)
        return inner.id if isinstance(inner, ir.Name) else ""
    return value.id if isinstance(value, ir.Name) else "loss"


def _first(node: ir.Expression) -> ir.Expression | None:
    return node.args[0].value if isinstance(node, ir.Call) and node.args else None


def _is_alone(module: Module, loop: NodeRef) -> bool:
    """Does the loop begin its own line?"""
    start = module.statement(loop).start
    return not module.lines[start.line][: start.column].strip()


def _is_checked(program: Program, loop: NodeRef) -> bool:
    """Is there a check already where the loop stands, or is the loop that of one?"""
    around = program.function_of(loop)
    checks = (one.loop for one in program.trainings if _repeats_batch(program, one.loop))
    return any(program.function_of(check) == around for check in checks)


def _repeats_batch(program: Program, loop: NodeRef) -> bool:
    node = program.node(loop)
    return isinstance(node, ir.For) and any(one.startswith(_BATCH) for one in names(node.iter))


def _update(program: Program, training: Training, loop: ir.For) -> list[NodeRef] | None:
    """The statements of a turn that the update needs, in order; None where it does not end."""
    refs = [
        NodeRef(section.leaf or training.loop.leaf, statement.at)
        for section in loop.body
        for statement in section.body
    ]
    whole = [program.node(ref) for ref in refs]
    owners = {*training.models, *training.optimizers, *training.scalers}
    kept: list[NodeRef] = []
    needed: set[str] = set()
    summed: set[str] = set()
    fresh: set[str] = set()
    for ref, node in reversed(list(zip(refs, whole, strict=True))):
        if not (_is_update(node, ref, owners) or set(_bound(node, ref)) & needed):
            continue
        if any(isinstance(one, _LEAVING) for one in _inside(node, ref)):
            return None
        kept.insert(0, ref)
        if isinstance(node, ir.AugmentedAssign):
            summed |= set(names(node.target))
        else:
            fresh |= set(_bound(node, ref))
        needed |= {name for one in _inside(node, ref) for name in _read(one)}
    return kept if summed <= fresh else None  # what goes on through all turns is not ours to change


def _inside(node: ir.Node, ref: NodeRef) -> Iterator[ir.Statement]:
    """A statement and those in its blocks."""
    block = (ir.Section(ref.leaf, (node,)),)  # pyright: ignore[reportArgumentType]
    return (statement for statement, _ in statements(block, ref.leaf))


def _is_update(node: ir.Node, ref: NodeRef, owners: set[str]) -> bool:
    """Does it go backward, step, clear or clip, for those who take part?"""
    for statement in _inside(node, ref):
        for one in nodes(statement):
            if not isinstance(one, ir.Call) or _last(one.func) not in _UPDATES:
                continue
            owner = written(one.func.value) if isinstance(one.func, ir.Attribute) else ""
            if _last(one.func) not in _OWN_UPDATES or owner in owners:
                return True
    return False


def _bound(node: ir.Node, ref: NodeRef) -> Iterator[str]:
    """The names that a statement binds."""
    for one in _inside(node, ref):
        if isinstance(one, ir.Assign):
            for target in one.targets:
                yield from names(target)
        elif isinstance(one, ir.AugmentedAssign | ir.AnnotatedAssign | ir.For):
            yield from names(one.target)
        elif isinstance(one, ir.FunctionDef | ir.ClassDef):
            yield one.name


def _read(node: ir.Statement) -> Iterator[str]:
    value = node.value if isinstance(node, ir.Assign) else node
    yield from (one.id for one in nodes(value) if isinstance(one, ir.Name))


def _place(program: Program, loop: NodeRef, kept: Sequence[NodeRef]) -> NodeRef:
    """In front of the outermost loop of the function, if all that is needed is known there."""
    module = program.module_of(loop)
    used = {name for ref in kept for one in _inside(module.node(ref), ref) for name in _read(one)}
    used |= set(names(_iter(module, loop)))
    place = loop
    for around in module.parents(loop):
        node = module.node(around)
        if isinstance(node, ir.FunctionDef | ir.ClassDef):
            break
        if isinstance(node, ir.For | ir.While):
            if used & set(_bound_before(module, node, around, place)):
                break
            place = around
    return place


def _iter(module: Module, loop: NodeRef) -> ir.Expression:
    node = module.node(loop)
    assert isinstance(node, ir.For)
    return node.iter


def _bound_before(
    module: Module, around: ir.For | ir.While, ref: NodeRef, inner: NodeRef
) -> Iterator[str]:
    """What a turn of the outer loop binds in front of the inner one."""
    if isinstance(around, ir.For):
        yield from names(around.target)
    for section in around.body:
        for statement in section.body:
            at = NodeRef(section.leaf or ref.leaf, statement.at)
            if at == inner:
                return
            yield from _bound(statement, at)

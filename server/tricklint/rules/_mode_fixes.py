"""Where `eval()` and `train()` belong."""

from __future__ import annotations

import re

from .. import fixes
from ..finding import Edit, Fix, Position, Safety, Span
from ..interpreter.mode_facts import ModeFault, ModeSlip, ModeUse, SlipKind
from ..interpreter.relevance import identifiers
from ..interpreter.search import statements, written
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef

_WRITABLE = re.compile(r"""[A-Za-z_]\w*(\.\w+|\[\w+\]|\['[^']*'\])*""")


def use_fixes(program: Program, use: ModeUse) -> tuple[Fix, ...]:
    """Set the mode where the evaluation, or the epoch, begins."""
    if not _WRITABLE.fullmatch(use.model):
        return ()
    if use.fault is ModeFault.EVALUATED_IN_TRAIN_MODE:
        return _evaluate(program, use)
    edit = _start_training(program, use.at, use.loop, use.set_at)
    return (Fix(f"Insert `{use.model}.train()`", (edit,), Safety.SAFE),) if edit else ()


def _evaluate(program: Program, use: ModeUse) -> tuple[Fix, ...]:
    wrong = _train_call(program, use)
    if wrong is not None:
        return (Fix(f"Call `{use.model}.eval()` instead", (wrong,), Safety.SAFE),)
    begin = _start_evaluation(program, use)
    if begin is None:
        return ()
    title = f"Insert `{use.model}.eval()`"
    if not use.returns or use.trained is None:
        return (Fix(title, (begin,), Safety.SAFE),)
    # The training comes back after this, and has to go back to its own mode.
    again = _start_training(program, use.trained, use.loop, use.at)
    if again is not None and again.span == begin.span:
        place = _outermost(program, use.trained, use.at)
        again = fixes.insert_before(program, place, again.text.strip())
    if again is not None and again.span == begin.span:
        return ()
    return (Fix(f"{title}, and `train()`", (begin, again), Safety.UNSAFE),) if again else ()


def _train_call(program: Program, use: ModeUse) -> Edit | None:
    """`train()` at the head of a function that only evaluates was meant to be `eval()`."""
    if use.set_at is None or use.trained is None:
        return None
    function = program.function_of(use.set_at)
    if function is None or function != program.function_of(use.at):
        return None
    if _is_in(program, use.trained, function):
        return None
    node = program.node(use.set_at)
    if not isinstance(node, ir.Call) or not isinstance(node.func, ir.Attribute):
        return None
    owner = program.text(NodeRef(use.set_at.leaf, node.func.value.at))
    return fixes.replace(program, use.set_at, f"{owner}.eval()")


def _start_evaluation(program: Program, use: ModeUse) -> Edit | None:
    line = f"{use.model}.eval()"
    function = _function_of_its_own(program, use.at, use.trained, use.model)
    if function is not None:
        return _at_start(program, function, line)
    place = _outermost(program, use.at, use.trained, use.loop)
    return fixes.insert_before(program, place, line)


def _start_training(
    program: Program, forward: NodeRef, loop: NodeRef | None, other: NodeRef | None
) -> Edit | None:
    """At the start of the loop that evaluates too, or of the function that trains."""
    node = program.node(forward)
    name = written(node.func).removesuffix(".forward") if isinstance(node, ir.Call) else ""
    if not _WRITABLE.fullmatch(name):
        return None
    line = f"{name}.train()"
    if loop is not None and _is_in(program, forward, loop):
        return _at_start(program, loop, line)
    function = _function_of_its_own(program, forward, other, name)
    if function is not None:
        return _at_start(program, function, line)
    return fixes.insert_before(program, _outermost(program, forward, other), line)


def _function_of_its_own(
    program: Program, ref: NodeRef, other: NodeRef | None, name: str
) -> NodeRef | None:
    """The function around a node, if the other is not in it and the model is there from the start."""
    function = program.function_of(ref)
    if function is None or not _is_known_in(program, function, name):
        return None
    return None if other is not None and _is_in(program, other, function) else function


def _outermost(
    program: Program, ref: NodeRef, other: NodeRef | None, loop: NodeRef | None = None
) -> NodeRef:
    """The outermost loop or `with` around a node that the other one is not in.

    It lies in `loop`, where the other one may be in a function that is called there.
    """
    module = program.module_of(ref)
    found = module.statement_ref(ref)
    for around in module.parents(found):
        if not isinstance(module.node(around), ir.For | ir.While | ir.With):
            break
        if around == loop or (other is not None and _is_in(program, other, around)):
            break
        found = around
    return found


def _is_in(program: Program, ref: NodeRef, around: NodeRef) -> bool:
    module = program.module_of(around)
    return module.holds(ref) and around in module.parents(ref)


def _is_known_in(program: Program, function: NodeRef, name: str) -> bool:
    """Is the model there when the function begins?"""
    node = program.node(function)
    assert isinstance(node, ir.FunctionDef)
    root = re.split(r"[.\[]", name)[0]
    for statement, _ in statements(node.body, function.leaf):
        targets = statement.targets if isinstance(statement, ir.Assign) else ()
        if root in [one for target in targets for one in _bound(target)]:
            return False
    return True


def _bound(target: ir.Expression) -> list[str]:
    if isinstance(target, ir.Name):
        return [target.id]
    if isinstance(target, ir.Sequence):
        return [name for item in target.items for name in _bound(item)]
    return []


def _at_start(program: Program, ref: NodeRef, line: str) -> Edit | None:
    """A new first line of a loop or function, behind its docstring."""
    node = program.node(ref)
    assert isinstance(node, ir.For | ir.While | ir.FunctionDef)
    for section in node.body:
        for statement in section.body:
            if not _is_text(statement):
                return fixes.insert_before(
                    program, NodeRef(section.leaf or ref.leaf, statement.at), line
                )
    return None


def _is_text(statement: ir.Statement) -> bool:
    return isinstance(statement, ir.ExpressionStatement) and isinstance(
        statement.value, ir.Constant
    )


def slip_fixes(program: Program, slip: ModeSlip) -> tuple[Fix, ...]:
    """Call it, or tell it the mode."""
    match slip.kind:
        case SlipKind.NOT_CALLED:
            edit = fixes.replace(program, slip.at, f"{program.text(slip.at)}()")
            return (Fix(f"Call `{slip.name}()`", (edit,), Safety.SAFE),)
        case SlipKind.FUNCTIONAL:
            edit = _tell(program, slip)
            title = f"Give it `training={slip.owner}.training`"
            return (Fix(title, (edit,), Safety.SAFE),) if edit else ()
        case SlipKind.MADE_INSIDE:
            if not slip.owner:
                return ()
            text = f"{program.text(slip.at)}.train({slip.owner}.training)"
            edit = fixes.replace(program, slip.at, text)
            return (Fix(f"Put it in the mode of `{slip.owner}`", (edit,), Safety.SAFE),)


def _tell(program: Program, slip: ModeSlip) -> Edit | None:
    node = program.node(slip.at)
    if not isinstance(node, ir.Call) or not node.args:
        return None
    module = program.module_of(slip.at)
    end: Position = module.span(NodeRef(slip.at.leaf, node.args[-1].at)).end
    close = program.span(slip.at).end
    rest = module.text_of(Span(module.path, end, close))
    last = Position(close.line, close.column - 1)
    comma = "," in rest
    at = last if comma and end.line == close.line else end
    before = " " if comma and rest[-2:-1] == "," else ", "
    return Edit(Span(module.path, at, at), f"{before}training={slip.owner}.training")


def looks_at_mode(program: Program, ref: NodeRef) -> bool:
    """Is a node in a function or a condition that asks for the mode, or for a caller's flag?"""
    function = program.function_of(ref)
    if function is None:
        return False
    module, node = program.module_of(ref), program.node(function)
    assert isinstance(node, ir.FunctionDef)
    statement = program.node(module.statement_ref(ref))
    if not isinstance(statement, _COMPOUND) and "training" in identifiers(statement):
        return True
    for one, _ in statements(node.body, function.leaf):
        if isinstance(one, ir.If) and "training" in identifiers(one.test):
            return True
    if node.name != "forward" and _class_asks_for_mode(program, function):
        return True
    flags = {param.name for param in node.params[1:]} | {"training"}
    around = (module.node(one) for one in module.parents(ref))
    return any(
        isinstance(one, ir.If) and not flags.isdisjoint(identifiers(one.test)) for one in around
    )


def _class_asks_for_mode(program: Program, method: NodeRef) -> bool:
    """Another method may call this one while training only."""
    module = program.module_of(method)
    for around in module.parents(method):
        node = module.node(around)
        if isinstance(node, ir.ClassDef):
            inside = [
                one
                for section in node.body
                for function in section.body
                if isinstance(function, ir.FunctionDef)
                for one, _ in statements(function.body, section.leaf or around.leaf)
            ]
            return any(
                isinstance(one, ir.If) and "training" in identifiers(one.test) for one in inside
            )
    return False


_COMPOUND = ir.If | ir.For | ir.While | ir.With | ir.Try | ir.Match

"""What each kind of statement does.  A handler answers whether a path goes on behind it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from ..syntax import ir
from . import (
    biases,
    events,
    forwards,
    loop_marks,
    mode_events,
    opened,
    operators,
    pixels,
    sizes,
    trainings,
)
from .assign import assign, assign_name
from .facts import Update, UpdateFault
from .frames import Loop
from .iteration import ENDLESS, turns
from .library import Arguments, Call
from .machine import PathEnds, executes
from .mode_facts import ModeSlip, SlipKind
from .search import written
from .tensors import Tensor
from .values import NONE, Bound, Constant, Role, Sequence, Stream, Unknown, Value

if TYPE_CHECKING:
    from .machine import Machine


@executes(ir.ExpressionStatement)
def _expression(machine: Machine, node: ir.ExpressionStatement) -> bool:
    value = node.value
    call = value.value if isinstance(value, ir.Await) else value
    if not isinstance(call, ir.Call):
        shown = machine.evaluate(node.value)
        biases.see(machine, shown)  # in a notebook
        _look_at_dropped(machine, node.value, shown)
        return True
    machine.discarded = True
    try:
        machine.evaluate(call)
    except PathEnds:
        return False
    finally:
        machine.discarded = False
    return True


def _look_at_dropped(machine: Machine, node: ir.Expression, value: Value) -> None:
    """`optimizer.zero_grad` alone does nothing; its author meant the call."""
    if not isinstance(node, ir.Attribute):
        return
    owner = machine.evaluate(node.value)
    if node.attr in ("train", "eval"):
        _look_at_mode(machine, node, owner, value)
    if node.attr != "zero_grad" or not isinstance(value, Bound | Unknown):
        return
    if events.role_of(machine, owner) not in (Role.OPTIMIZER, Role.LAYER):
        return
    ref = machine.ref(node.at)
    machine.report(Update(UpdateFault.NOT_CALLED, written(node.value), ref))
    events.may_clear_all(machine)


def _look_at_mode(machine: Machine, node: ir.Attribute, owner: Value, value: Value) -> None:
    """`model.eval` alone sets nothing."""
    slip = ModeSlip(SlipKind.NOT_CALLED, machine.ref(node.at), written(node))
    if events.role_of(machine, owner) is Role.LAYER and isinstance(value, Bound):
        machine.report(slip)
        mode_events.disturb(machine, owner)
    elif isinstance(owner, Unknown) and isinstance(value, Bound):
        machine.watch.uncalled[owner] = slip


@executes(ir.Assign)
def _assign(machine: Machine, node: ir.Assign) -> bool:
    value = machine.evaluate(node.value)
    for target in node.targets:
        assign(machine, target, value)
    return True


@executes(ir.AugmentedAssign)
def _augmented(machine: Machine, node: ir.AugmentedAssign) -> bool:
    left = machine.evaluate(node.target)
    right = machine.evaluate(node.value)
    if node.op == "+" and isinstance(left, Sequence) and left.kind == "list":
        _extend(machine, left, right)
        return True
    value = operators.binary(machine, node.op, left, right, machine.ref(node.at))
    pixels.touch(machine, left)
    if isinstance(left, Tensor) and isinstance(value, Tensor):
        value = Tensor(value.reach, sizes.shape_of(machine, left))  # in place: the shape stays
    if machine.watch.outputs:
        forwards.derive(machine, (left, right), value)
    assign(machine, node.target, value)
    return True


def _extend(machine: Machine, left: Sequence, right: Value) -> None:
    """`left += right` of a list: it stays the same object, whoever else holds it."""
    biases.see(machine, right)
    more = right.items if isinstance(right, Sequence) else (right,)
    machine.store.put(left.slots, "items", left.items + more)
    if not isinstance(right, Sequence) or not right.exact:
        machine.store.put(left.slots, "exact", False)


@executes(ir.AnnotatedAssign)
def _annotated(machine: Machine, node: ir.AnnotatedAssign) -> bool:
    if node.value is not None:
        assign(machine, node.target, machine.evaluate(node.value))
    return True


@executes(ir.Return)
def _return(machine: Machine, node: ir.Return) -> bool:
    value = NONE if node.value is None else machine.evaluate(node.value)
    frame = machine.frame
    loop_marks.saw_return(machine, frame.loops)
    frame.returns.append((machine.store.changes(frame.start), value))
    return False


@executes(ir.Raise)
def _raise(machine: Machine, node: ir.Raise) -> bool:
    return False


@executes(ir.Assert)
def _assert(machine: Machine, node: ir.Assert) -> bool:
    return operators.truth(machine.evaluate(node.test)) is not False


@executes(ir.Delete)
def _delete(machine: Machine, node: ir.Delete) -> bool:
    for target in node.targets:
        if isinstance(target, ir.Subscript):
            owner = machine.evaluate(target.value)
            args = Arguments((machine.evaluate(target.index),))
            handler = machine.lookup(machine.tables.all.methods, owner, "__delitem__")
            if handler is not None:
                handler(Call(machine, machine.ref(node.at), args, owner, "__delitem__"))
    return True


@executes(ir.Pass)
def _nothing(machine: Machine, node: ir.Statement) -> bool:
    return True


@executes(ir.Break)
def _break(machine: Machine, node: ir.Break) -> bool:
    if machine.frame.loops:
        loop = machine.frame.loops[-1]
        loop.breaks.append(machine.store.changes(loop.start))
    return False


@executes(ir.Continue)
def _continue(machine: Machine, node: ir.Continue) -> bool:
    if machine.frame.loops:
        loop = machine.frame.loops[-1]
        loop.continues.append(machine.store.changes(loop.turn))
    return False


@executes(ir.Scope)
def _scope(machine: Machine, node: ir.Scope) -> bool:
    scope = machine.frame.scope
    if scope is not None:
        scope.outer |= frozenset(node.names)
    return True


@executes(ir.Hole)
def _hole(machine: Machine, node: ir.Hole) -> bool:
    """Text that cannot be read may do anything to what it mentions."""
    for name in node.names:
        biases.see(machine, machine.evaluate(ir.Name(name, node.at)))
        assign_name(machine, name, Unknown(name))
    events.may_clear_all(machine)
    return True


@executes(ir.If)
def _if(machine: Machine, node: ir.If) -> bool:
    if is_main(node.test) and machine.frame.scope is None:
        return machine.execute(node.orelse)  # its body is an entry point of its own
    truth = operators.truth(machine.evaluate(node.test))
    frame = machine.frame
    if truth is not None:
        frame.decided += 1
        try:
            return machine.execute(node.body if truth else node.orelse)
        finally:
            frame.decided -= 1
    conditions = frame.loops[-1].conditions if frame.loops else frame.conditions
    conditions.append(_is_periodic(node.test))
    try:
        return machine.branch(
            (lambda: machine.execute(node.body), lambda: machine.execute(node.orelse))
        )
    finally:
        conditions.pop()


def is_main(test: ir.Expression) -> bool:
    """Is it `__name__ == "__main__"`?"""
    return (
        isinstance(test, ir.Compare)
        and isinstance(test.left, ir.Name)
        and test.left.id == "__name__"
        and test.comparisons[0][0] == "=="
    )


def _is_periodic(test: ir.Expression) -> bool:
    """Is it of the form `i % k == 0`, perhaps with more around it?"""
    if isinstance(test, ir.Binary):
        return test.op == "%" or _is_periodic(test.left) or _is_periodic(test.right)
    if isinstance(test, ir.Compare):
        return _is_periodic(test.left) or any(_is_periodic(one) for _, one in test.comparisons)
    return isinstance(test, ir.Unary) and _is_periodic(test.operand)


@executes(ir.For)
def _for(machine: Machine, node: ir.For) -> bool:
    source = machine.evaluate(node.iter)
    found = turns(machine, source, machine.ref(node.at))

    def begin(number: int) -> bool | None:
        assign(machine, node.target, found.item(number))
        if found.opened and number == 0:
            opened.by_loop(machine, node, found.opened, found.count)
        return True

    length = source.length if isinstance(source, Stream) else None
    loop = Loop(
        machine.store.mark(), found.exact, ref=machine.ref(node.at), length=length, source=source
    )
    return _loop(machine, loop, found.count, begin, node)


@executes(ir.While)
def _while(machine: Machine, node: ir.While) -> bool:
    endless = False

    def begin(number: int) -> bool | None:
        nonlocal endless
        truth = operators.truth(machine.evaluate(node.test))
        endless = truth is True
        return truth is not False

    loop = Loop(machine.store.mark(), ref=machine.ref(node.at))
    arrives = _loop(machine, loop, ENDLESS, begin, node)
    return arrives or endless


def _loop(
    machine: Machine,
    loop: Loop,
    count: int,
    begin: Callable[[int], bool | None],
    node: ir.For | ir.While,
) -> bool:
    """Run the turns one after the other, then go on from where all ways out meet."""
    store, loops = machine.store, machine.frame.loops
    loop.known = tuple(machine.optimizers)
    loops.append(loop)
    arrives, trains = True, False
    try:
        for number in range(count if loop.exact else _any_number(machine)):
            if not begin(number):
                break
            arrives = _turn(machine, loop, node.body)
            trains = loop_marks.end_turn(machine, loop, arrives)
            if not arrives:
                break
            if not loop.exact:
                loop_marks.forget_counters(machine, loop)
    finally:
        loops.pop()
    single = not arrives and loop.number == 1
    trainings.conclude(machine, loop, node, trains=trains, single=single)
    if arrives:
        arrives = machine.execute(node.orelse)
    ways = list(loop.breaks)
    if not ways:
        return arrives
    if arrives:
        ways.append(store.changes(loop.start))
    store.undo(loop.start)
    store.merge(ways)
    return True


def _any_number(machine: Machine) -> int:
    """How many turns stand for any number of them.

    In the second turn of a loop around it one is enough: what a second one can see was seen in
    the first turn of that loop.
    """
    again = any(
        loop.number >= ENDLESS and not loop.exact
        for frame in machine.frames
        for loop in frame.loops
    )
    return 1 if again else ENDLESS


def _turn(machine: Machine, loop: Loop, body: ir.Block) -> bool:
    store = machine.store
    loop.turn = store.mark()
    loop.number += 1
    loop.continues = []
    loop_marks.begin_turn(machine, loop)
    arrives = machine.execute(body)
    if not loop.continues:
        return arrives
    ways = list(loop.continues)
    if arrives:
        ways.append(store.changes(loop.turn))
    store.undo(loop.turn)
    store.merge(ways)
    return True


@executes(ir.Match)
def _match(machine: Machine, node: ir.Match) -> bool:
    subject = machine.evaluate(node.subject)
    ways: list[Callable[[], bool]] = []
    exhaustive = False
    for case in node.cases:
        fits = _fits(case, subject)
        if fits is False:
            continue
        ways.append(partial(_case, machine, case))
        if fits and case.guard is None:
            exhaustive = True
            break
    if not exhaustive:
        ways.append(lambda: True)
    return machine.branch(tuple(ways))


def _fits(case: ir.Case, subject: Value) -> bool | None:
    if case.constants is None:
        return None
    if not case.constants:
        return True
    return subject.value in case.constants if isinstance(subject, Constant) else None


def _case(machine: Machine, case: ir.Case) -> bool:
    for name in case.names:
        assign_name(machine, name, Unknown(name))
    if case.guard is not None:
        outer, machine.leaf = machine.leaf, case.leaf or machine.leaf
        machine.evaluate(case.guard)
        machine.leaf = outer
    return machine.execute(case.body)


@executes(ir.Try)
def _try(machine: Machine, node: ir.Try) -> bool:
    """The body, or a handler from the state before it."""

    def body() -> bool:
        return machine.execute(node.body) and machine.execute(node.orelse)

    def handle(handler: ir.Handler) -> bool:
        if handler.name is not None:
            assign_name(machine, handler.name, Unknown(handler.name))
        return machine.execute(handler.body)

    handlers = tuple(partial(handle, handler) for handler in node.handlers)
    arrives = machine.branch((body, *handlers)) if handlers else body()
    return arrives and machine.execute(node.final)

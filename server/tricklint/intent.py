"""What the text says of its author's intent: comments, names and idioms that no run shows.

All of this only silences.  It is asked for candidates alone, so it may read the text as it is.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterable, Iterator

from .interpreter.data_facts import Scale
from .interpreter.search import names, nodes, statements, written
from .interpreter.trainings import Pass
from .interpreter.values import Serving
from .program import Program
from .syntax import ir
from .syntax.ir import NodeRef
from .syntax.module import Module

_DELIBERATE = re.compile(
    r"over_?fit|sanity|debug|smoke|dry_?run|fast_?dev|(one|single|first)[_ ]?batch|(\b|_)tests?_"
    r"|profil|benchmark|warm_?up|demo|toy|(\b|_)try(ing)?(\b|_)|quick|speed|purpose|intention",
    re.IGNORECASE,
)
_STEP = re.compile(r"step|iter|batch|update|once", re.IGNORECASE)
# Code that mixes samples, or draws them, before a loader reads them in order.
_SHUFFLES = (
    r"shuffle\w*\s*\(|permutation\s*\(|randperm|\.(data|samples|targets|imgs|indices)\s*=[^=]"
)
_MIXES = re.compile(
    _SHUFFLES + r"|\.sample\s*\(|choices?\s*\(|train_test_split|KFold|ShuffleSplit|default_rng"
    r"|\brand(n|int)?\s*\(|random\.(?!seed|set_state|manual_seed|crop)\w+\s*\(|\bnormal\s*\("
)
_SHUFFLES_SAMPLES = re.compile(_SHUFFLES)
# Data whose order means something.
_ORDERED = re.compile(
    r"time.?series|sequen(?!tial\()|seq_?len|window|look.?back|forecast|horizon|stock|\blag|temporal"
    r"|timestamp|time_?step|bptt|lstm|\bgru|rnn\b|recurrent|episode|trajector|replay|stream|video"
    r"|incremental|continual|curriculum",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"ddp|fsdp|deepspeed|strategy\s*=|num_nodes|tpu|(devices|gpus)\s*=\s*(?!\s*[01]\s*[,)\n])"
    r"|max_epochs\s*=\s*1\s*[,)\n]"
)
# What needs images of 0..1, or says that something was done about their scale.
_UNIT = re.compile(
    r"(?i:attack|adversar|fgsm|\bpgd|auto_?encod|\bvae|\bgan|generator|discriminat|reconstruct"
    r"|diffusion|bernoulli|poisson|spik(e|ing)|capsule|standardi[sz]|\bmean\b.*\bstd\b)"
    r"|#.*ormali[sz]|(?<![A-Za-z])normali[sz]"  # the Normalize of other images says nothing
)
_WINDOW = re.compile(r"\[[^\[\]]*\w\s*:\s*[^\[\],]*\+")
_HELD_OUT = re.compile(r"(^|_|\b)(dev|val|valid|validation|test|eval|infer|query)", re.IGNORECASE)
_ORDER_COMMENT = re.compile(r"shuffl|order|sequential|determin|reproduc", re.IGNORECASE)
_OWN_COMMENT = re.compile(r"tricklint:\s*ignore(-file)?\s*\[[^\]]*\]", re.IGNORECASE)
_BUILTINS = frozenset(dir(builtins))


def is_deliberate(program: Program, ref: NodeRef) -> bool:
    """Do a comment at a statement, or the names around it, say that it is meant so?"""
    told = (*_names_around(program, ref), *_comments_at(program, ref))
    return _DELIBERATE.search(" ".join(told)) is not None


def is_step(program: Program, ref: NodeRef) -> bool:
    """Is the function around named after what is done with one batch?"""
    module = program.module_of(ref)
    around = (module.node(one) for one in module.parents(ref))
    inner = next((one.name for one in around if isinstance(one, ir.FunctionDef)), "")
    return _STEP.search(inner) is not None


def is_unit_meant(program: Program, fact: Scale) -> bool:
    """Is there any sign that images of 0..1 are right, or that somebody thought of a Normalize?"""
    refs = (fact.at, *fact.places)
    modules = dict.fromkeys(program.module_of(ref) for ref in refs)
    return any(_UNIT.search(_text_of(module)) for module in modules)


def is_drawn(program: Program, serving: Serving) -> bool:
    """Does a data set of the user's draw its samples at random, whatever their number?"""
    return serving.own is not None and _MIXES.search(program.text(serving.own)) is not None


def is_order_meant(program: Program, served: Pass) -> bool:
    """Is there any sign that the order of this loader's samples is right as it is?"""
    if _HELD_OUT.search(served.name) or _is_named_deliberate(program, served):
        return True
    if any(_ORDER_COMMENT.search(one) for one in _comments_at(program, served.loader)):
        return True
    texts = list(_texts(program, served))
    if served.serving.published:
        mixed = any(_SHUFFLES_SAMPLES.search(text) for text in texts)
    else:
        mixed = any(_MIXES.search(text) or _ORDERED.search(text) for text in texts)
    if isinstance(program.node(served.loop), ir.FunctionDef):
        # Lightning puts in a sampler that shuffles where several devices share the data.
        mixed = mixed or any(_SHARED.search(text) for text in texts)
        return mixed or _has_windows(program, served)
    return mixed or _has_windows(program, served) or _is_in_step(program, served.loop)


def _is_named_deliberate(program: Program, served: Pass) -> bool:
    around = (*_names_around(program, served.loop), *_names_around(program, served.loader))
    return _DELIBERATE.search(" ".join((served.name, *around))) is not None


def _names_around(program: Program, ref: NodeRef) -> Iterator[str]:
    """The functions and classes that a node stands in, and the tests of the `if`s there."""
    module = program.module_of(ref)
    for one in module.parents(ref):
        node = module.node(one)
        if isinstance(node, ir.FunctionDef | ir.ClassDef):
            yield node.name
        elif isinstance(node, ir.If):
            yield program.text(NodeRef(one.leaf, node.test.at))


def _comments_at(program: Program, ref: NodeRef) -> Iterator[str]:
    """The comments in the lines of a statement, and right above it."""
    module = program.module_of(ref)
    span = module.statement(ref)
    for number in range(max(span.start.line - 1, 0), span.end.line + 1):
        line = module.lines[number]
        above = number < span.start.line and not line.lstrip().startswith("#")
        if "#" in line and not above:
            yield _OWN_COMMENT.sub("", line[line.index("#") :])


def _texts(program: Program, served: Pass) -> Iterator[str]:
    """The text of the files in which the data set, the loader and the loop stand."""
    own = served.serving.own
    refs = (served.loop, served.loader, *((own,) if own is not None else ()))
    for module in dict.fromkeys(program.module_of(ref) for ref in refs):
        yield _text_of(module)


def _text_of(module: Module) -> str:
    """All of a file but our own comments, in which the names of rules say nothing about the code."""
    text = "".join(module.lines)
    return _OWN_COMMENT.sub("", text) if "tricklint" in text else text


def _has_windows(program: Program, served: Pass) -> bool:
    """Does the data set cut its samples out of one long series?"""
    own = served.serving.own
    return own is not None and _WINDOW.search(program.text(own)) is not None


def _is_in_step(program: Program, loop: NodeRef) -> bool:
    """Does something else go along with the order: a carried state, or a table by batch number?"""
    node = program.node(loop)
    if not isinstance(node, ir.For):
        return True
    return _carries(node, loop) or _uses_number(program, node, loop)


def _carries(node: ir.For, loop: NodeRef) -> bool:
    """`out, state = model(x, state)`: what one batch leaves goes into the next."""
    bound = set(names(node.target))
    sure = list(_in_every_turn(node.body))
    for statement, _ in statements(node.body, loop.leaf):
        if not isinstance(statement, ir.Assign):
            continue
        targets = {written(one) for target in statement.targets for one in _flat(target)}
        if (_passed(statement.value) & targets) - bound:
            return True
        if any(one is statement for one in sure):
            bound |= targets
    return False


def _in_every_turn(block: ir.Block) -> Iterator[ir.Statement]:
    """The statements that no condition guards."""
    for section in block:
        for statement in section.body:
            yield statement
            if isinstance(statement, ir.With):
                yield from _in_every_turn(statement.body)


def _flat(target: ir.Expression) -> Iterable[ir.Expression]:
    if isinstance(target, ir.Sequence):
        for one in target.items:
            yield from _flat(one)
    else:
        yield target


def _passed(node: ir.Expression) -> set[str]:
    """What the calls in an expression are given, other than Python's own functions."""
    found: set[str] = set()
    for one in nodes(node):
        if not isinstance(one, ir.Call):
            continue
        if isinstance(one.func, ir.Name) and one.func.id in _BUILTINS:
            continue
        for argument in one.args:
            found |= {written(argument.value), *names(argument.value)}
    return found - {""}


def _uses_number(program: Program, node: ir.For, loop: NodeRef) -> bool:
    """Is something looked up by the number of the batch?"""
    target = node.target
    text = program.text(NodeRef(loop.leaf, node.iter.at))
    if not isinstance(target, ir.Sequence) or "enumerate" not in text:
        return False
    number = written(target.items[0])
    parts = (one for statement, _ in statements(node.body, loop.leaf) for one in nodes(statement))
    return any(isinstance(one, ir.Subscript) and number in set(names(one.index)) for one in parts)

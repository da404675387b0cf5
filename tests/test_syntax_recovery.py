"""A half-typed line costs its own statement: the rest of the file stands."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tricklint.finding import Position
from tricklint.syntax import ir
from tricklint.syntax.document import Document
from tricklint.syntax.module import Module

from .syntax.oracle import walk, word_of
from .syntax.samples import MIXED

_BROKEN = {
    "open bracket": "foo(",
    "open list": "x = [1, 2",
    "dangling dot": "x.",
    "open quote": "x = 'abc",
    "open triple quote": 'x = """abc',
    "if without colon": "if x",
    "with without colon": "with torch.no_grad()",
    "half a for": "for x in",
    "half a def": "def f(",
    "half a class": "class ",
    "bad indent": "   y = 1",
    "half an assignment": "x =",
    "stray bracket": "x = 1)",
    "for without a suite": "for a in b:",
    "try without a suite": "try:",
    "not Python": "%matplotlib inline",
    "odd character": "x = 1 ?",
    "leading zero": "x = 0777",
    "NUL": "x = '\0'",
}
_LINES = MIXED.splitlines(keepends=True)
# Inside a string or a bracket a broken line is the string's or breaks what is around it.
_PLACES = [
    number
    for number, line in enumerate(_LINES)
    if line.strip() and not line.strip().startswith((")", '"""', "model(", "y,", "def not_code"))
]


def _calls(module: Module) -> Counter[str]:
    return Counter(word_of(node.func) for _, node in walk(module.body) if isinstance(node, ir.Call))


def _type_in(line: int, text: str) -> Module:
    document = Document("a.py", MIXED)
    assert document.module.holes == ()
    white = _LINES[line][: len(_LINES[line]) - len(_LINES[line].lstrip())]
    document.edit(Position(line, 0), Position(line, 0), f"{white}{text}\n")
    return document.module


@pytest.mark.parametrize("text", _BROKEN.values(), ids=_BROKEN.keys())
def test_other_functions_stand(text: str) -> None:
    whole = Document("a.py", MIXED).module
    for line in _PLACES:
        module = _type_in(line, text)
        changed = [
            key
            for key, definition in whole.functions.items()
            if key not in module.functions or module.functions[key].digest != definition.digest
        ]
        assert len(changed) <= 1, (line, changed)
        for key in changed:
            span = whole.span(ir.NodeRef(whole.functions[key].leaf, whole.functions[key].node.at))
            assert span.start.line - 1 <= line <= span.end.line + 3
        assert module.holes or text.strip() == "y = 1"


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(_PLACES), st.sampled_from(sorted(_BROKEN)))
def test_nearly_all_calls_are_still_seen(line: int, kind: str) -> None:
    whole = _calls(Document("a.py", MIXED).module)
    module = _type_in(line, _BROKEN[kind])
    lost = whole - _calls(module)
    # The broken line may take with it the statement that it was written into.
    assert lost.total() <= 14


def test_a_broken_function_says_so() -> None:
    line = MIXED[: MIXED.index("model.eval()")].count("\n")
    module = _type_in(line, "x =")
    broken = {key for key, definition in module.functions.items() if definition.broken}
    assert broken == {"evaluate"}
    (hole,) = module.holes
    assert (hole.span.start, hole.span.end) == (Position(line, 4), Position(line, 7))
    assert module.text_of(hole.span) == "x ="


def test_a_long_function_is_broken_by_any_of_its_leaves() -> None:
    line = MIXED[: MIXED.index("x40 =")].count("\n")
    module = _type_in(line, "y = foo(x,")
    broken = {key for key, definition in module.functions.items() if definition.broken}
    assert broken == {"long"}


def _body(text: str) -> str:
    """The statements of a text by kind, with the names of the holes."""
    module = Document("a.py", text).module

    def show(block: ir.Block) -> str:
        return ";".join(one(statement) for section in block for statement in section.body)

    def one(statement: ir.Statement) -> str:
        kind = type(statement).__name__
        if isinstance(statement, ir.Hole):
            return f"Hole[{' '.join(statement.names)}]"
        if isinstance(statement, (ir.FunctionDef, ir.ClassDef)):
            return f"{kind} {statement.name}({show(statement.body)})"
        if isinstance(statement, (ir.For, ir.While, ir.With)):
            return f"{kind}({show(statement.body)})"
        if isinstance(statement, ir.If):
            return f"If({show(statement.body)}|{show(statement.orelse)})"
        if isinstance(statement, ir.Try):
            return f"Try({show(statement.body)})"
        return kind

    return show(module.body)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("x = 1\ny = a.\nz = 2\n", "Assign;Hole[y a];Assign"),
        ("for x in\n    f()\ng()\n", "Hole[for x in];For(ExpressionStatement);ExpressionStatement"),
        ("for x in y:\ng()\n", "For(Hole[]);ExpressionStatement"),
        ("def f(a,\n    g()\nh()\n", "Hole[def f a];FunctionDef f(ExpressionStatement);ExpressionStatement"),
        ("class A(B\n    x = 1\n", "Hole[class A B];ClassDef A(Assign)"),
        ("if a\n    f()\nelse:\n    g()\n", "Hole[if a];If(ExpressionStatement|ExpressionStatement)"),
        ("while a:\n    f(\n    g()\n", "While(Hole[f];ExpressionStatement)"),
        ("x = f(\n  a,\n  b\ny = 1\ndef g(): pass\n", "Hole[x f a b];Assign;FunctionDef g(Pass)"),
        ("if a:\n    b\n  c\nd\n", "If(ExpressionStatement|);Hole[c];ExpressionStatement"),
        ("if a:\n    b\nc\n    d\n", "If(ExpressionStatement;Hole[c];ExpressionStatement|)"),
        ("def f():\n    a\nb.\n    c\n", "FunctionDef f(ExpressionStatement;Hole[b];ExpressionStatement)"),
        ("try:\n    a\nb\n", "Hole[try];If(ExpressionStatement|);ExpressionStatement"),
        ("else:\n    a\nb\n", "Hole[else];If(ExpressionStatement|);ExpressionStatement"),
        ("%time x\n!ls\ny\n", "Hole[time x];Hole[ls];ExpressionStatement"),
        ("x =\n" * 3 + "y = 1\n", "Hole[x];Hole[x];Hole[x];Assign"),
        ("x =\n" * 4 + "y = 1\n", "Hole[x y]"),
    ],
)  # fmt: skip
def test_what_is_left_of_a_broken_text(text: str, shape: str) -> None:
    assert _body(text) == shape

"""What the IR says of each kind of statement and expression, and where a module puts it."""

from __future__ import annotations

import pytest

from tricklint.syntax import ir
from tricklint.syntax.document import Document
from tricklint.syntax.module import Module

from .syntax.oracle import walk
from .syntax.samples import MIXED, TRAINING, long_function


def _module(text: str) -> Module:
    module = Document("a.py", text).module
    assert module.holes == ()
    return module


def _only(text: str) -> ir.Statement:
    (section,) = _module(text).body
    (statement,) = section.body
    return statement


def _show(item: object) -> str:
    """A node without its numbers, as nested calls."""
    if isinstance(item, ir.Section):
        return "; ".join(_show(statement) for statement in item.body)
    if isinstance(item, ir.Name):
        return item.id
    if isinstance(item, ir.Constant):
        return repr(item.value)
    fields = getattr(item, "_fields", None)
    if fields is not None:
        parts = [_show(getattr(item, f)) for f in fields if f not in ("at", "leaf")]
        return f"{type(item).__name__}({', '.join(parts)})"
    if isinstance(item, tuple):
        return f"[{', '.join(_show(part) for part in item)}]"
    return str(item)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a.b(c, *d, e=1, **f)", "Call(Attribute(a, b), [Argument(c, None, ), Argument(d, None, *), Argument(1, e, ), Argument(f, None, **)])"),
        ("a[1]", "Subscript(a, 1)"),
        ("a[1,]", "Subscript(a, Sequence(tuple, [1]))"),
        ("a[1:, ::2, ..., *b]", "Subscript(a, Sequence(tuple, [Slice(1, None, None), Slice(None, None, 2), Ellipsis, Starred(b)]))"),
        ("-a ** b", "Unary(-, Binary(a, **, b))"),
        ("a + b - c * d", "Binary(Binary(a, +, b), -, Binary(c, *, d))"),
        ("a and b or not c", "Binary(Binary(a, and, b), or, Unary(not, c))"),
        ("a @ b // c", "Binary(Binary(a, @, b), //, c)"),
        ("a < b <= c is not d not in e", "Compare(a, [[<, b], [<=, c], [is not, d], [not in, e]])"),
        ("a if b else c", "Conditional(b, a, c)"),
        ("[1, *a]", "Sequence(list, [1, Starred(a)])"),
        ("(1,), {2}", "Sequence(tuple, [Sequence(tuple, [1]), Sequence(set, [2])])"),
        ("{'a': 1, **b}", "Dict([['a', 1], [None, b]])"),
        ("[a for b, c in d if e if f for g in h]", "Comprehension(list, None, a, [Generator(Sequence(tuple, [b, c]), d, [e, f]), Generator(g, h, [])])"),
        ("{a: b for c in d}", "Comprehension(dict, a, b, [Generator(c, d, [])])"),
        ("f(a for b in c)", "Call(f, [Argument(Comprehension(generator, None, a, [Generator(b, c, [])]), None, )])"),
        ("lambda a, /, b=1, *c, d, **e: a", "Lambda([Parameter(a, positional, None, None), Parameter(b, plain, None, 1), Parameter(c, star, None, None), Parameter(d, keyword, None, None), Parameter(e, double, None, None)], a)"),
        ("(a := b)", "Named(a, b)"),
        ("'a' \"b\" '''c'''", "'abc'"),
        ("b'a' b'\\xff'", "b'a\\xff'"),
        ("'a' f'{b} {c!r:>{d}} {{}}' 'e'", "Joined([b, c, d])"),
        ("f'{a}' f'{f\"{b}\"}'", "Joined([a, Joined([b])])"),
        (r"'\n\x41\u00e9\N{BULLET}\101\q'", r"'\nAé•A\\q'"),
        (r"r'\n'", r"'\\n'"),
        ("1_000 + 0x_ff + 0b1 + 1e3 + 2j", "Binary(Binary(Binary(Binary(1000, +, 255), +, 1), +, 1000.0), +, 2j)"),
        ("None, True, ...", "Sequence(tuple, [None, True, Ellipsis])"),
        ("'''a\r\nb'''", "'a\\nb'"),
    ],
)  # fmt: skip
def test_expressions(source: str, shown: str) -> None:
    statement = _only(source)
    assert isinstance(statement, ir.ExpressionStatement)
    assert _show(statement.value) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("a = b, c = d", "Assign([a, Sequence(tuple, [b, c])], d)"),
        ("a: b", "AnnotatedAssign(a, b, None)"),
        ("a.b: c = d", "AnnotatedAssign(Attribute(a, b), c, d)"),
        ("a @= b", "AugmentedAssign(a, @, b)"),
        ("a **= b", "AugmentedAssign(a, **, b)"),
        ("del a, b[0]", "Delete([a, Subscript(b, 0)])"),
        ("del (a)", "Delete([a])"),
        ("assert a, b", "Assert(a)"),
        ("raise a from b", "Raise(a)"),
        ("raise", "Raise(None)"),
        ("global a, b", "Scope(True, [a, b])"),
        ("nonlocal a", "Scope(False, [a])"),
        ("import a.b as c, d", "Import([[a.b, c], [d, None]])"),
        ("from ..a.b import c as d, e", "ImportFrom(a.b, 2, [[c, d], [e, None]])"),
        ("from . import *", "ImportFrom(, 1, [[*, None]])"),
        ("type A[T] = list[T]", "Hole([A])"),
        ("if a: b\nelif c: d\nelse: e", "If(a, [ExpressionStatement(b)], [If(c, [ExpressionStatement(d)], [ExpressionStatement(e)])])"),
        ("for a in b: break\nelse: continue", "For(a, b, [Break()], [Continue()], False)"),
        ("async for a in b: pass", "For(a, b, [Pass()], [], True)"),
        ("while a: pass", "While(a, [Pass()], [])"),
        ("with a as b, c: pass", "With([[a, b], [c, None]], [Pass()], False)"),
        ("with (a as b, c): pass", "With([[a, b], [c, None]], [Pass()], False)"),
        ("try: a\nexcept b as c: d\nexcept: e\nelse: f\nfinally: g", "Try([ExpressionStatement(a)], [Handler(b, c, [ExpressionStatement(d)]), Handler(None, None, [ExpressionStatement(e)])], [ExpressionStatement(f)], [ExpressionStatement(g)])"),
        ("try: a\nexcept* (b, c): d", "Try([ExpressionStatement(a)], [Handler(Sequence(tuple, [b, c]), None, [ExpressionStatement(d)])], [], [])"),
        ("match a:\n case 1 | -2 | 'b' | None: c\n case {'d': e, **f} if g: h\n case I(j, k=[l, *m]) as n: o\n case _: p", "Match(a, [Case([], [1, -2, b, None], None, [ExpressionStatement(c)]), Case([f, e], None, g, [ExpressionStatement(h)]), Case([n, j, l, m], None, None, [ExpressionStatement(o)]), Case([], None, None, [ExpressionStatement(p)])])"),
        ("@a.b(c)\nasync def d(e: f = 1) -> g:\n return await h", "FunctionDef(d, [Parameter(e, plain, f, 1)], g, [Call(Attribute(a, b), [Argument(c, None, )])], [Return(Await(h))], True, False)"),
        ("def a(b, /, *, c): yield", "FunctionDef(a, [Parameter(b, positional, None, None), Parameter(c, keyword, None, None)], None, [], [ExpressionStatement(Yield(None, False))], False, True)"),
        ("def a[T: b](*args: *T): return (yield from c)", "FunctionDef(a, [Parameter(args, star, Starred(T), None)], None, [], [Return(Yield(c, True))], False, True)"),
        ("class A(B, metaclass=C): x = 1", "ClassDef(A, [Argument(B, None, ), Argument(C, metaclass, )], [], [Assign([x], 1)])"),
        ("def f(): return lambda: (yield)", "FunctionDef(f, [], None, [], [Return(Lambda([], Yield(None, False)))], False, False)"),
        ("def f():\n def g(): yield", "FunctionDef(f, [], None, [], [FunctionDef(g, [], None, [], [ExpressionStatement(Yield(None, False))], False, True)], False, False)"),
    ],
)  # fmt: skip
def test_statements(source: str, shown: str) -> None:
    text = _show(_only(source))
    assert text == shown


def test_functions_of_modules_and_classes_have_keys() -> None:
    text = (
        TRAINING
        + "def train(): pass\nif a:\n    def train(): pass\ntry:\n    import b\nexcept E:\n    class C:\n        def d(self): pass\n"
    )
    module = _module(text)
    assert list(module.functions) == [
        "Net.__init__", "Net.predict", "Net.Inner.go", "train", "evaluate", "stream",
        "train#2", "train#3", "C.d",
    ]  # fmt: skip
    for key, definition in module.functions.items():
        ref = ir.NodeRef(definition.leaf, definition.node.at)
        assert definition.key == key
        assert module.key_of(ref) == key
        assert module.node(ref) is definition.node
        assert module.text_of(module.statement(ref)).endswith(":")
    go = module.functions["Net.Inner.go"].node
    assert (go.name, go.is_generator) == ("go", True)


def test_a_yield_in_another_leaf_makes_a_generator() -> None:
    text = long_function(60)
    plain = _module(text).functions["long"]
    assert not plain.node.is_generator
    assert _module(text.replace("x40 = ", "x40 = yield ")).functions["long"].node.is_generator
    for inner in ("f40 = lambda: (yield)", "class B:\n        def g(self): yield"):
        other = _module(text.replace("    x41 =", f"    {inner}\n    x41 =")).functions["long"]
        assert not other.node.is_generator
    body = "".join(f"    y{n} = {n}\n" for n in range(60))
    nested = f"def long(x0):\n    def inner():\n    {body.replace(chr(10), chr(10) + '    ')}    yield\n    return 1\n"
    functions = _module(nested).functions
    assert list(functions) == ["long"]
    assert not functions["long"].node.is_generator


def _ref(module: Module, text: str) -> ir.NodeRef:
    """The outermost node with this source text."""
    for leaf, node in walk(module.body):
        ref = ir.NodeRef(leaf, node.at)
        if module.text_of(module.span(ref)) == text:
            return ref
    raise AssertionError(text)


def _parents(module: Module, text: str) -> list[str]:
    return [module.text_of(module.statement(ref)) for ref in module.parents(_ref(module, text))]


def test_parents_go_through_leaves() -> None:
    module = _module(MIXED)
    assert _parents(module, "loss.backward()") == [
        "elif loss > 10:", "if loss.isnan():", "for x, y in loader:",
        "for epoch in range(epochs):", "def train(model, loader, epochs=3):",
    ]  # fmt: skip
    assert _parents(module, "x40") == ["x40 = layer40(x39)", "def long(x0):"]
    assert _parents(module, "nn.Linear(n, 10)") == [
        "self.fc = nn.Linear(n, 10)", "def __init__(self, n):", "class Net(nn.Module):",
    ]  # fmt: skip
    assert _parents(module, "import torch") == []


def _padded(text: str) -> str:
    """The same with its suites made so long that every clause is a leaf of its own."""
    filler = "".join(f"        filler_{n} = {n}\n" for n in range(14))
    return "def f():\n" + "".join(
        f"    {line}\n{filler if line.endswith(':') else ''}" for line in text.splitlines()
    )


_CLAUSES = "if a:\nelif b:\nelif c:\nelse:\ntry:\nexcept d as e:\nexcept g:\nelse:\nfinally:\nfor h in i:\nelse:\nwhile j:\nelse:\nasync with k as l:\n"


def test_clauses_in_their_own_leaves_are_put_together() -> None:
    module = _module(_padded(_CLAUSES))
    function = module.functions["f"].node
    leaves = {section.leaf for section in function.body}
    assert len(leaves) == 5
    kinds = [type(statement) for section in function.body for statement in section.body]
    assert kinds == [ir.If, ir.Try, ir.For, ir.While, ir.With]

    def first_names(block: ir.Block) -> int:
        return sum(len(section.body) for section in block)

    (first, second, loop, other, within) = [s for section in function.body for s in section.body]
    assert isinstance(first, ir.If)
    assert first_names(first.body) == 14
    (elif_b,) = first.orelse[0].body
    assert isinstance(elif_b, ir.If)
    assert _show(elif_b.test) == "b"
    (elif_c,) = elif_b.orelse[0].body
    assert isinstance(elif_c, ir.If)
    assert first_names(elif_c.orelse) == 14
    assert isinstance(second, ir.Try)
    assert [(_show(h.type), h.name, first_names(h.body)) for h in second.handlers] == [
        ("d", "e", 14), ("g", None, 14),
    ]  # fmt: skip
    assert (first_names(second.orelse), first_names(second.final)) == (14, 14)
    assert isinstance(loop, ir.For)
    assert isinstance(other, ir.While)
    assert isinstance(within, ir.With)
    assert first_names(loop.orelse) == first_names(other.orelse) == 14
    assert within.is_async


def test_nodes_of_clauses_in_their_own_leaves_have_places() -> None:
    module = _module(_padded(_CLAUSES))
    for name, clause in [("b", "elif b:"), ("d", "try:"), ("h", "for h in i:")]:
        ref = _ref(module, name)
        assert module.text_of(module.span(ref)) == name
        assert module.text_of(module.statement(ref)) == clause
    assert _parents(module, "c") == ["elif c:", "elif b:", "if a:", "def f():"]
    assert _parents(module, "g") == ["try:", "def f():"]
    function = module.functions["f"]
    whole = module.span(ir.NodeRef(function.leaf, function.node.at))
    assert whole.end.line == len(module.lines) - 2
    second = function.node.body[1]
    assert second.leaf is not None
    spans = [module.span(ir.NodeRef(second.leaf, second.body[0].at))]
    text = module.text_of(spans[0])
    assert text.startswith("try:\n")
    assert text.endswith("filler_13 = 13")
    assert text.count("filler_13") == 5


def test_what_fixes_need() -> None:
    module = _module(MIXED)
    ref = _ref(module, "loss.backward()")
    assert module.indentation(ref) == " " * 16
    assert module.text_of(module.statement(ref)) == "loss.backward()"
    train = module.functions["train"]
    span = module.block_span(train.node.body, train.leaf)
    assert span is not None
    assert module.text_of(span).startswith("optimizer = torch")
    assert module.text_of(span).endswith("return model")
    assert module.block_span((), train.leaf) is None
    multi = _ref(module, "loss_fn(\n                model(x),\n                y,\n            )")
    assert module.text_of(module.statement(multi)).startswith("loss = loss_fn(")
    decorated = module.functions["Net.predict"]
    head = module.statement(ir.NodeRef(decorated.leaf, decorated.node.at))
    assert module.text_of(head) == "def predict(self, x):"


def test_equal_texts_are_parsed_once_and_stay_two_places() -> None:
    text = "for x in y:\n    step()\n\n\ndef f(): pass\n\nfor x in y:\n    step()\n"
    module = _module(text.replace("\n\n\ndef", "\n\ndef"))
    loops = [s for section in module.body for s in section.body if isinstance(s, ir.For)]
    leaves = [section.leaf for section in module.body if isinstance(section.body[0], ir.For)]
    assert loops[0] == loops[1]
    assert leaves[0] is not leaves[1]
    lines = [
        module.span(ir.NodeRef(leaf, loop.at)).start.line
        for leaf, loop in zip(leaves, loops, strict=True)
        if leaf is not None
    ]
    assert lines == [0, 5]


def test_numbers_are_unique_in_a_leaf_and_rise_towards_the_inside() -> None:
    module = _module(MIXED)
    seen: set[ir.NodeRef] = set()
    for leaf, node in walk(module.body):
        ref = ir.NodeRef(leaf, node.at)
        assert ref not in seen
        seen.add(ref)
        assert module.node(ref) == node
        for parent in module.parents(ref):
            assert parent.leaf is not leaf or parent.at < node.at
    with pytest.raises(KeyError):
        module.node(ir.NodeRef(next(iter(seen)).leaf, 10_000))

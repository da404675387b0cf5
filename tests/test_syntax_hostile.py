"""Texts that editors, downloads and enemies produce: nothing raises, nothing hangs, nothing dies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tricklint
from tricklint.finding import Position, Span
from tricklint.syntax import ir
from tricklint.syntax.document import Document
from tricklint.syntax.module import Module

from .syntax.oracle import seen_by_us, walk, word_of


def _texts_of(module: Module, kind: str) -> list[str]:
    """The source text of every node of a kind."""
    return [
        module.text_of(module.span(ir.NodeRef(leaf, node.at)))
        for leaf, node in walk(module.body)
        if type(node).__name__ == kind
    ]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("\ufeffimport torch\nx = f(1)\n", ["f(1)"]),
        ("import torch\r\nx = f(\r\n  1)\r\ndef g():\r\n  y = h(2)\r\n", ["f(\r\n  1)", "h(2)"]),
        ("import torch\rx = f(1)\rdef g():\r  y = h(2)\r", ["f(1)", "h(2)"]),
        ("a = 1\r\nb = 2\rx = f(1)\nc = 3", ["f(1)"]),
        ("\f\fdef g():\n    return f(1)\n\f\nx = f(2)\n", ["f(1)", "f(2)"]),
        ("  \fx = f(1)\n\f\fy = f(2)\n", ["f(1)", "f(2)"]),
        ("class A:\n    \f    x = f(1)\n    y = 2\n", ["f(1)"]),
        ("s = 'a\u2028b\x85c\x0bd'; x = f(s)\ny = f(2)\n", ["f(s)", "f(2)"]),
        ("# \u2028 a comment\nx = f(1)\n", ["f(1)"]),
        ("x = f('\U0001f600\U0001f600', y) + f(z)  # \U0001f600\n", ["f('\U0001f600\U0001f600', y)", "f(z)"]),
        ("д = f(д)\n", ["f(д)"]),
        ("if a:\n\tx = f(1)\n\tif b:\n\t\ty = f(2)\n", ["f(1)", "f(2)"]),
        ("\\\nx = f(1)\n", ["f(1)"]),
        ("x = f(1)\n\\\n\ny = f(2)\n", ["f(1)", "f(2)"]),
        ("x = f(1) \\\n  + f(2)\n", ["f(1)", "f(2)"]),
        ("x = (((f))(1))\n", ["((f))(1)"]),
        ("x = f'{f(1)!r:>{f(2)}}' 'b' f\"{f(3)}\"\n", ["f(1)", "f(2)", "f(3)"]),
        ("x = f('\ud800') + f(1)\n", ["f('\ud800')", "f(1)"]),
        ("x = f(1)", ["f(1)"]),
        ("", []),
        ("\n\n", []),
        ("   # only a comment", []),
    ],
)  # fmt: skip
def test_columns_are_those_of_the_text(text: str, calls: list[str]) -> None:
    document = Document("a.py", text)
    module = document.module
    assert document.text == text
    assert module.holes == ()
    assert _texts_of(module, "Call") == calls
    for name in _texts_of(module, "Name"):
        assert name.isidentifier()


def test_parentheses_belong_to_the_outer_span_only() -> None:
    module = Document("a.py", "x = ((f(1)))\n").module
    (ref,) = [ir.NodeRef(leaf, n.at) for leaf, n in walk(module.body) if isinstance(n, ir.Call)]
    assert module.text_of(module.span(ref)) == "f(1)"
    assert module.text_of(module.outer_span(ref)) == "((f(1)))"


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=" \t\n\r\fab=()[]{}:;,'\"#\\@.fif\N{SMILE}\ufeff\u2028\0\ud800", max_size=80)
)
def test_any_text_is_read(text: str) -> None:
    document = Document("a.py", text)
    module = document.module
    assert document.text == text
    seen = seen_by_us(module)
    for kind, _, start, end in seen:
        assert start <= end, kind
    whole = Span("a.py", Position(0, 0), Position(len(module.lines), 0))
    assert module.text_of(whole) == text
    assert len(module.functions) == len(set(module.functions))


_GUARDED = {
    "a line of a million characters": "'x = ' + 'a' * 1_000_000",
    "a string of a million characters": "'x = \"' + 'a' * 1_000_000 + '\"'",
    "a docstring of many lines": "'\"\"\"' + 'a \\\\\\n' * 30_000 + '\"\"\"'",
    "brackets opened": "'(' * 100_000",
    "brackets opened line by line": "'[\\n' * 30_000",
    "brackets closed": "')' * 100_000",
    "brackets nested": "'(' * 1_500 + ')' * 1_500",
    "brackets nested in an f-string": "'x = f\"{' + '(' * 1_500 + ')' * 1_500 + '}\"'",
    "f-strings nested": "'x = ' + 'f\"{' * 2_000 + '1' + '}\"' * 2_000",
    "a sum": "'x = ' + ' + '.join(['a'] * 10_000)",
    "a sum over many lines": "'x = (' + '\\n + '.join(['a'] * 10_000) + ')'",
    "a chain of attributes": "'x = a' + '.a' * 7_000",
    "a chain of calls": "'x = a' + '()' * 7_000",
    "a chain of conditions": "'x = ' + ' if a else '.join(['b'] * 1_200)",
    "lambdas": "'x = ' + 'lambda:' * 2_000 + '1'",
    "signs": "'x = ' + '-' * 15_000 + '1'",
    "strings side by side": "'x = (' + '\"a\"\\n' * 5_000 + ')'",
    "indents": "''.join(' ' * n + 'if 1:\\n' for n in range(500)) + ' ' * 500 + 'x'",
    "classes in classes": "''.join(' ' * n + 'class A:\\n' for n in range(500)) + ' ' * 500 + 'x'",
    "alternatives": "'if a: b\\n' + 'elif c: d\\n' * 20_000",
    "alternatives with suites": "'if a:\\n  b\\n' + 'elif c:\\n  d\\n' * 5_000",
    "decorators": "'@a\\n' * 1_000",
    "quotes": "'\"\\\\' * 200_000",
    "triple quotes": '\'x = """a\\n\' * 20_000',
    "unclosed brackets before keywords": "('(\\n' * 199 + 'def f\\n') * 20",
    "broken lines": "'x =\\n' * 5_000",
    "NULs": "'\\0' * 10_000",
    "targets": "'a = ' * 8_000 + '1'",
    "semicolons": "'a;' * 50_000",
}
_CHILD = """
import sys
from tricklint.finding import Position
from tricklint.syntax.document import Document
from tricklint.syntax.ir import NodeRef
for source in sys.argv[1:]:
    text = eval(source)
    document = Document("a.py", text)
    for _ in range(2):
        module = document.module
        module.functions, module.digest, module.holes
        for section in module.body:
            for statement in section.body[:100]:
                module.span(NodeRef(section.leaf, statement.at))
        document.edit(Position(0, 0), Position(0, 0), "y")
    assert document.text == "yy" + text
    print(source, flush=True)
"""


def test_what_would_kill_the_parser_is_not_given_to_it() -> None:
    """In one child: if it dies, the first text that it did not print is what killed it."""
    child = subprocess.run(
        [sys.executable, "-c", _CHILD, *_GUARDED.values()],
        cwd=Path(tricklint.__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert child.stdout.splitlines() == list(_GUARDED.values()), child.stderr[-500:]
    assert child.returncode == 0


def test_a_refused_statement_costs_only_itself() -> None:
    text = f"import torch\nx = {'(' * 300}1{')' * 300}\ny = f(x)\n"
    module = Document("a.py", text).module
    assert [s.__class__.__name__ for section in module.body for s in section.body] == [
        "Import", "Hole", "Assign",
    ]  # fmt: skip
    (hole,) = module.holes
    assert (hole.message, hole.span.start.line) == ("too deeply nested to read", 1)
    names = [word_of(node) for _, node in walk(module.body) if isinstance(node, ir.Name)]
    assert names == ["y", "f", "x"]
    (statement,) = [node for _, node in walk(module.body) if isinstance(node, ir.Hole)]
    assert statement.names == ("x",)


def test_what_is_just_short_of_too_much_is_read() -> None:
    nested = "f(" * 99 + ")" * 99
    chained = " + ".join(["a"] * 499)
    module = Document("a.py", f"x = {nested}\ny = {chained}\n").module
    assert module.holes == ()
    assert len(seen_by_us(module)) == 2 + 2 + (3 * 99 - 1) + (498 + 499)


def test_what_is_read_fits_the_smallest_stack() -> None:
    """Threads have 2 MB of stack on Windows; a crash would take the child with it."""
    indents = "".join(" " * n + "if 1:\n" for n in range(70)) + " " * 70
    call = "f(" * 99 + ")" * 99
    program = f"""
import threading
from tricklint.syntax.document import Document
def read():
    module = Document("a.py", {indents + call!r}).module
    print(len(module.body), module.holes)
threading.stack_size(2**21)
thread = threading.Thread(target=read)
thread.start()
thread.join()
"""
    child = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(tricklint.__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (child.returncode, child.stdout) == (0, "1 ()\n"), child.stderr[-500:]

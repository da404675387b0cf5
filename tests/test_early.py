"""After an edit, what can be said at once is said at once, and in the right place."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricklint.engine import Engine
from tricklint.finding import Finding, Position, Span
from tricklint.settings import Settings
from tricklint.syntax.document import Document
from tricklint.workspace import Workspace

from .fixtures import RULES
from .test_engine import fresh

PATH = "/p/a.py"
HEAD = """\
import torch
from torch import nn
import torch.nn.functional as F


def helper(model, x, y):
    out = model(x)
    return F.cross_entropy(out, y)


def wrong(model, x, y):
    return F.cross_entropy(torch.softmax(model(x), dim=1), y)
"""
MAIN = """

def main_{n}(loader):
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(100):
        for x, y in loader:
            optimizer.zero_grad()
            loss = helper(model, x, y)
            loss.backward()
            optimizer.step()
"""
TEXT = HEAD + "".join(MAIN.format(n=n) for n in range(6))
WRONG = "    out = torch.softmax(out, dim=1)  # tricklint: ignore[view-as-permute]\n"
RETURN = TEXT[: TEXT.index("    return F.cross_entropy(out")].count("\n")


def opened(text: str) -> tuple[Engine, Document]:
    workspace = Workspace(("/p",), lambda _: None, lambda: (PATH,))
    return Engine(workspace, Settings()), workspace.open(PATH, text)


def checked(engine: Engine) -> tuple[list[tuple[Finding, ...]], tuple[Finding, ...]]:
    early: list[tuple[Finding, ...]] = []
    return early, engine.check(PATH, early=early.append)


def lines(findings: tuple[Finding, ...], code: str = "TRK004") -> list[int]:
    return [one.span.start.line for one in findings if one.code == code]


def test_nothing_is_early_before_the_first_edit() -> None:
    engine, _ = opened(TEXT)
    early, findings = checked(engine)
    assert early == []
    assert len(lines(findings)) == 1


def test_what_an_edited_function_shows_comes_first_beside_what_was_said_before() -> None:
    engine, document = opened(TEXT)
    (old,) = lines(checked(engine)[1])
    document.edit(Position(RETURN, 0), Position(RETURN, 0), WRONG)
    early, findings = checked(engine)
    assert [lines(one) for one in early] == [[RETURN + 1, old + 1]]
    assert lines(findings) == [RETURN + 1, old + 1]
    # The first answer knows the settings and the comments too.
    assert [lines(one, "TRK902") for one in (*early, findings)] == [[RETURN], [RETURN]]
    # What was said before is shown without its fixes until it is said again.
    assert [bool(found[-1].fixes) for found in (early[0], findings)] == [False, True]
    document.edit(Position(RETURN, 0), Position(RETURN + 1, 0), "")
    early, findings = checked(engine)
    assert [lines(one) for one in early] == [[old]]
    assert lines(findings) == [old]


def test_a_function_that_means_nothing_any_more_says_nothing_at_once() -> None:
    engine, document = opened(TEXT)
    (old,) = lines(checked(engine)[1])
    document.edit(Position(RETURN, 0), Position(RETURN, 0), WRONG)
    checked(engine)
    document.edit(Position(RETURN - 1, 0), Position(RETURN + 2, 0), "    return x\n")
    early, findings = checked(engine)
    assert [lines(one) for one in early] == [[old - 1]]
    assert lines(findings) == [old - 1]


IN_ORDER = """

loader = torch.utils.data.DataLoader(torchvision.datasets.CIFAR10("data", train=True), 64)


def in_any_order(model, optimizer):
    for epoch in range(100):
        for x, y in loader:
            optimizer.zero_grad()
            helper(model, x, y).backward()
            optimizer.step()


def in_step(model, optimizer, weights):
    for epoch in range(100):
        for i, (x, y) in enumerate(loader):
            optimizer.zero_grad()
            (helper(model, x, y) * weights[i]).backward()
            optimizer.step()
"""


def edit_both(document: Document, function: str) -> None:
    """Insert a line in a function and in what many functions call."""
    for start in (f"def {function}", "    return F.cross_entropy(out"):
        line = document.text[: document.text.index(start)].count("\n") + start.startswith("def")
        document.edit(Position(line, 0), Position(line, 0), "    z = 1\n")


def test_nothing_new_is_early_that_another_function_may_excuse() -> None:
    # By itself the one function would need shuffled data; the other one needs them in order.
    text = TEXT.replace("torch\n", "torch\nimport torchvision\n", 1) + IN_ORDER
    engine, document = opened(text)
    assert lines(checked(engine)[1], "TRK008") == []
    edit_both(document, "in_any_order")
    early, findings = checked(engine)
    assert [lines(one, "TRK008") for one in (*early, findings)] == [[], []]
    # Without the other one it counts, and is said early once it has been said.
    start = document.text[: document.text.index("def in_step")].count("\n")
    document.edit(Position(start, 0), Position(len(document.lines), 0), "")
    assert len(lines(checked(engine)[1], "TRK008")) == 1
    edit_both(document, "in_any_order")
    early, findings = checked(engine)
    assert [len(lines(one, "TRK008")) for one in (*early, findings)] == [1, 1]


def test_where_all_is_quickly_looked_at_nothing_is_early() -> None:
    engine, document = opened(HEAD)
    checked(engine)
    document.edit(Position(RETURN, 0), Position(RETURN, 0), WRONG)
    early, findings = checked(engine)
    assert early == []
    assert RETURN + 1 in lines(findings)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_early_the_last_word_is_that_of_a_fresh_run(seed: int) -> None:
    rng = random.Random(seed)
    parts = [(RULES / "missing_zero_grad" / "step_functions.py").read_text("utf-8"), TEXT]
    engine, document = opened("\n".join(parts))
    checked(engine)
    said = 0
    for _ in range(10):
        line = rng.randrange(len(document.lines))
        snippet = rng.choice(("    optimizer.zero_grad()\n", "    x = 1\n", "#", WRONG, "\n", "("))
        document.edit(Position(line, 0), Position(line, 0), snippet)
        early, findings = checked(engine)
        said += len(early)
        now = [(one.code, one.message, one.span) for one in findings]
        assert now == fresh(PATH, document.text)
    assert said or seed


_PIECES = st.sampled_from(["", "a", "\n", "ab\ncd", "\r\n", "x\n\n"])
_PLACES = st.tuples(st.integers(0, 6), st.integers(0, 4))


@given(st.lists(st.tuples(_PLACES, _PLACES, _PIECES), max_size=4), st.integers(0, 5))
def test_what_no_edit_touches_is_followed_to_where_it_stands(
    edits: list[tuple[tuple[int, int], tuple[int, int], str]], mark: int
) -> None:
    rows = ["aaaa", "bbbb", "cccc", "dddd", "eeee", "ffff"]
    rows[mark] = rows[mark][0] + "@@" + rows[mark][0]
    document = Document(PATH, "\n".join(rows))
    span: Span | None = Span(PATH, Position(mark, 1), Position(mark, 3))
    for one, other, text in edits:
        start, end = sorted((Position(*one), Position(*other)))
        document.edit(start, end, text)
    followed = document.edits_since(0)
    assert followed is not None
    for edit in followed:
        span = edit.moved(span) if span is not None else None
    where = [
        (line, found.span())
        for line, row in enumerate(document.lines)
        for found in re.finditer("@@", row)
    ]
    if span is None:
        return
    assert where == [(span.start.line, (span.start.column, span.end.column))]


@given(st.lists(st.tuples(_PLACES, _PLACES, _PIECES), max_size=4))
def test_lines_with_a_pattern_are_those_of_a_fresh_look(
    edits: list[tuple[tuple[int, int], tuple[int, int], str]],
) -> None:
    pattern = re.compile("a")
    document = Document(PATH, "a\nb\nab\n\nc\nca")
    document.lines_with(pattern)
    for one, other, text in edits:
        document.edit(Position(*one), Position(*other), text)
        fresh_look = Document(PATH, document.text)
        assert document.lines_with(pattern) == fresh_look.lines_with(pattern)

"""A document after edits is the document that its text makes."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tricklint.finding import Position
from tricklint.syntax.document import Document
from tricklint.syntax.lines import clamp, offset_of, position_of, split_lines
from tricklint.syntax.module import Module
from tricklint.syntax.pieces import Piece, Stretch, stretches

from .syntax.oracle import seen_by_us
from .syntax.samples import MIXED, TRAINING

_SNIPPETS = [
    *("\n", "\r\n", "\r", " ", "    ", "\t", "", "", ""),
    *('"""', "'", '"', "(", ")", "[", "}", "\\", "\\\n", "#", ":", ",", "@", ".", "\0", "\f"),
    *("if x:\n", "else:\n", "elif y:\n", "try:\n", "except A:\n", "finally:\n", "x = 1\n"),
    *("def f(a):\n", "class A:\n", "return", "import os\n", "match x:\n", "    case 1:\n"),
    *("    def g(self):\n        yield 1\n\n", "async ", "lambda: (yield)", "\u2028", "\N{SMILE}"),
]
_edits = st.lists(
    st.tuples(
        st.integers(0, len(MIXED)), st.sampled_from([0, 0, 0, 1, 3, 40]), st.sampled_from(_SNIPPETS)
    ),
    max_size=8,
)
_slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _shape(pieces: Iterable[Piece]) -> list[object]:
    return [
        (piece.kind, piece.text)
        if isinstance(piece, Stretch)
        else [(c.word, c.header.kind, c.header.text, _shape(c.suite)) for c in piece.clauses]
        for piece in pieces
    ]


def _assert_same(edited: Module, fresh: Module) -> None:
    assert _shape(edited._pieces) == _shape(fresh._pieces)
    assert seen_by_us(edited) == seen_by_us(fresh)
    assert edited.digest == fresh.digest
    assert [(d.key, d.digest, d.broken) for d in edited.functions.values()] == [
        (d.key, d.digest, d.broken) for d in fresh.functions.values()
    ]
    assert edited.holes == fresh.holes
    assert edited.leaves == {stretch.leaf for stretch in stretches(edited._pieces)}


def _ask_everything(module: Module) -> None:
    """What was asked for once is taken over by the module after an edit."""
    assert module.functions is not None
    assert module.digest
    assert module.leaves is not None


def _edit(document: Document, text: str, start: int, length: int, new: str) -> str:
    """The same edit on a document and on a plain string."""
    lines = split_lines(text)
    begin = position_of(lines, min(start, len(text)))
    end = position_of(lines, min(start + length, len(text)))
    document.edit(begin, end, new)
    return text[: offset_of(lines, begin)] + new + text[offset_of(lines, end) :]


@_slow
@given(_edits, st.sampled_from([MIXED, MIXED.replace("\n", "\r\n"), MIXED.replace("    ", "\t")]))
def test_edits_make_the_document_of_their_text(
    edits: list[tuple[int, int, str]], text: str
) -> None:
    document = Document("a.py", text)
    for start, length, new in edits:
        before = document.module
        _ask_everything(before)
        text = _edit(document, text, start, length, new)
        assert document.text == text
        after = document.module
        assert after.rewritten(before) == [
            key
            for key, one in before.functions.items()
            if key not in after.functions or after.functions[key].digest != one.digest
        ]
    _assert_same(document.module, Document("a.py", text).module)


@_slow
@given(_edits, st.sets(st.integers(1, MIXED.count("\n")), min_size=1, max_size=4))
def test_edits_in_notebooks_respect_cells(
    edits: list[tuple[int, int, str]], cells: set[int]
) -> None:
    document = Document("a.ipynb", MIXED, tuple(sorted(cells)))
    text = MIXED
    for start, length, new in edits:
        _ask_everything(document.module)
        text = _edit(document, text, start, length, new)
    _assert_same(document.module, Document("a.ipynb", text, document.cells).module)


def test_no_statement_goes_past_the_end_of_a_cell() -> None:
    text = "x = (1,\ny = 2\nif a:\n    b\nelse:\n    c\n"
    whole = Document("a.py", text)
    cut = Document("a.ipynb", text, (0, 1, 4))
    assert len(whole.module.holes) == 1
    assert [hole.span.start.line for hole in cut.module.holes] == [0, 4]
    cut.edit(Position(0, 0), Position(0, 0), "\n")
    assert cut.cells == (0, 2, 5)
    cut.edit(Position(1, 7), Position(2, 0), "")
    assert cut.cells == (0, 4)


def test_an_edit_leaves_other_functions_as_they_are() -> None:
    document = Document("a.py", MIXED)
    before = document.module
    line = MIXED[: MIXED.index("loss.backward()")].count("\n")
    document.edit(Position(line, 16), Position(line, 16), "2 * ")
    after = document.module
    assert before.functions.keys() == after.functions.keys()
    changed = {
        key
        for key, definition in after.functions.items()
        if definition.digest != before.functions[key].digest
    }
    assert changed == {"train"}
    assert after.digest == before.digest
    for key, definition in after.functions.items():
        assert definition.leaf is before.functions[key].leaf
        if key not in changed:
            assert definition.node is before.functions[key].node


def test_an_old_module_keeps_its_places() -> None:
    document = Document("a.py", TRAINING)
    before = document.module
    spans = seen_by_us(before)
    document.edit(Position(0, 0), Position(0, 0), "import os\n\n")
    assert seen_by_us(document.module) != spans
    assert seen_by_us(Document("a.py", TRAINING).module) == spans
    assert seen_by_us(before) == spans


def test_comments_blank_lines_and_formatting_change_no_digest() -> None:
    plain = Document("a.py", MIXED).module
    dressed = MIXED.replace("\n    ", "\n\n    # a comment\n    ").replace(", ", " ,  ")
    dressed = dressed.replace("epoch in range(epochs)", "epoch in (range(\n    epochs))")
    other = Document("a.py", dressed).module
    for key in ("Net.predict", "Net.Inner.go", "Net.__init__", "stream"):
        assert other.functions[key].digest == plain.functions[key].digest
    assert Document("a.py", "# x\n" + MIXED).module.digest == plain.digest
    assert Document("a.py", MIXED + "\n# x").module.digest == plain.digest


def test_a_comment_keeps_the_place_that_it_is_written_in() -> None:
    document = Document("a.py", MIXED)
    before = document.module.functions["evaluate"]
    line = MIXED[: MIXED.index("model.eval()")].count("\n")
    document.edit(Position(line, 16), Position(line, 16), "  # now")
    after = document.module.functions["evaluate"]
    assert after.leaf is before.leaf
    assert after.digest == before.digest


def test_bodies_count_for_functions_and_the_rest_for_the_module() -> None:
    module = Document("a.py", MIXED).module
    for old, new, changed in [
        ("nn.Linear(n, 10)", "nn.Linear(n, 11)", {"Net.__init__"}),
        ("width = 10", "width = 11", set[str]()),
        ("train(Net(4), [])", "train(Net(5), [])", set[str]()),
    ]:
        other = Document("a.py", MIXED.replace(old, new, 1)).module
        differing = {
            key for key, d in module.functions.items() if other.functions[key].digest != d.digest
        }
        assert differing == changed
        assert (other.digest == module.digest) == bool(changed)


@given(st.text(alphabet="ab\r\n\f\x0b\x1c\x85\u2028\t\0", max_size=30))
def test_lines_join_to_the_text_and_end_where_editors_say(text: str) -> None:
    lines = split_lines(text)
    assert "".join(lines) == text
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    assert [line.rstrip("\r\n") for line in lines] == unified.split("\n")


@given(st.text(alphabet="ab\r\n\u2028", max_size=30), st.integers(-2, 8), st.integers(-2, 12))
def test_positions_and_offsets_are_inverse(text: str, line: int, column: int) -> None:
    lines = split_lines(text)
    inside = clamp(lines, Position(line, column))
    assert position_of(lines, offset_of(lines, Position(line, column))) == inside

"""Notebooks: their cells are one module, and everything but a fixed cell stays byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tricklint.draft import Draft
from tricklint.files import UnreadableError
from tricklint.finding import Edit, Position, Span
from tricklint.notebook import parse

from .command import MISSING, tricklint

# Written by hand in a way in which no program writes it.
BOOK = r"""{
  "metadata": {"kernelspec": {"language": "python", "name": "x"}},
 "cells" : [
  { "cell_type": "markdown", "source": ["# caf\u00e9 \ud83d\ude42"], "metadata": {} },
  { "source": [
     "%matplotlib inline\n",
     "a = 1 # caf\u00e9\n" ,
     "!ls {a}"
    ], "outputs": [ {"output_type": "stream", "name":"stdout", "text": ["a = 1"]}],
    "cell_type": "code", "metadata": {}, "execution_count": 3.0e0 },
  { "cell_type": "code", "source": "b = a\nc = b", "metadata": {}, "outputs": [], "execution_count": null },
  {"cell_type":"code","source":[],"metadata":{},"outputs":[],"execution_count":null},
  { "cell_type": "code", "source": ["%%bash\n", "ls"], "metadata": {}, "outputs": [], "execution_count": null }
 ], "nbformat":4, "nbformat_minor" :4 }
"""


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Edit:
    return Edit(Span("/p/a.ipynb", Position(*start), Position(*end)), text)


def test_cells_are_one_module_and_magics_are_masked() -> None:
    book = parse(BOOK)
    assert book.text == "0#atplotlib inline\na = 1 # café\n0#s {a}\nb = a\nc = b\n\n0#bash\n0#\n"
    assert book.starts == (0, 3, 5, 6)
    assert [cell.number for cell in book.cells] == [2, 3, 4, 5]


def test_a_reader_finds_a_line_in_its_cell() -> None:
    draft = Draft.of("/p/a.ipynb", BOOK)
    homes = [draft.home(line) for line in range(8)]
    assert [(home.cell, home.line) for home in homes] == [
        (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (4, 0), (5, 0), (5, 1),
    ]  # fmt: skip
    assert draft.lines[0] == "%matplotlib inline\n"


def test_a_fix_changes_its_line_and_no_other_byte() -> None:
    draft = Draft.of("/p/a.ipynb", BOOK)
    # The line end behind the last line of a cell is no part of the cell.
    fixed = draft.with_edits([edit((1, 4), (1, 5), "2"), edit((4, 5), (5, 0), "é\nd")])
    expected = BOOK.replace('"a = 1 #', '"a = 2 #').replace("c = b", "c = bé\\nd")
    assert fixed.raw == expected


def test_a_removed_line_takes_its_comma_along() -> None:
    fixed = Draft.of("/p/a.ipynb", BOOK).with_edits([edit((1, 0), (2, 0), "")])
    assert fixed.raw == BOOK.replace('     "a = 1 # caf\\u00e9\\n" ,\n', "")


def test_a_new_line_looks_like_its_neighbours() -> None:
    fixed = Draft.of("/p/a.ipynb", BOOK).with_edits([edit((1, 0), (1, 0), "import é\n")])
    assert fixed.raw == BOOK.replace('     "a = 1', '     "import \\u00e9\\n",\n     "a = 1')


SOURCES = st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=4, max_size=4)


@given(SOURCES)
def test_any_source_can_be_written_and_the_rest_stays(sources: list[str]) -> None:
    after = parse(parse(BOOK).with_sources(sources))
    assert [cell.source for cell in after.cells] == sources
    before, content = json.loads(BOOK), json.loads(after.raw)
    for cell in (*before["cells"], *content["cells"]):
        if cell["cell_type"] == "code":
            cell["source"] = ""
    assert content == before


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "not a notebook: "),
        ("[1, 2]", "not a notebook of version 4"),
        ('{"cells": {}}', "not a notebook of version 4"),
        ("[" * 100_000, "not a notebook: "),
        (
            '{"cells": [], "metadata": {"language_info": {"name": "julia"}}}',
            "a notebook in julia, not in Python",
        ),
    ],
)
def test_what_is_no_notebook_says_why(raw: str, reason: str) -> None:
    with pytest.raises(UnreadableError) as error:
        Draft.of("/p/a.ipynb", raw)
    assert str(error.value).startswith(reason)


@pytest.mark.parametrize(
    "cells", ["[]", "[1, null]", '[{"cell_type": "code"}]', '[{"cell_type": "code", "source": 3}]']
)
def test_strange_cells_are_no_obstacle(cells: str) -> None:
    draft = Draft.of("/p/a.ipynb", f'{{"cells": {cells}}}')
    assert draft.with_edits([]).raw == draft.raw


def test_a_notebook_is_checked_and_fixed_across_cells(tmp_path: Path) -> None:
    head, loop = MISSING.split("for _", 1)
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Training"),
            nbformat.v4.new_code_cell("%matplotlib inline\n" + head),
            nbformat.v4.new_code_cell("for _" + loop.rstrip("\n")),
        ]
    )
    file = tmp_path / "train.ipynb"
    nbformat.write(book, file)
    before = file.read_text(encoding="utf-8")

    ended = tricklint("check", "train.ipynb", cwd=tmp_path)
    assert ended.status == 1
    assert ended.out.startswith("train.ipynb:cell 3:3:5: warning[TRK003 missing-zero-grad]")
    assert "\n3 |     loss.backward()\n  |     ^^^^^^^^^^^^^^^\n" in ended.out

    (found,) = json.loads(tricklint("check", "--output-format=json", cwd=tmp_path).out)
    assert (found["cell"], found["location"]) == (3, {"row": 3, "column": 5})
    assert found["fix"]["edits"][0]["cell"] == 3

    ended = tricklint("check", "--fix", cwd=tmp_path)
    assert (ended.status, ended.err) == (0, "")
    after = file.read_text(encoding="utf-8")
    assert after == before.replace(
        '    "    loss.backward()\\n",\n',
        '    "    optimizer.zero_grad()\\n",\n    "    loss.backward()\\n",\n',
    )
    nbformat.validate(nbformat.reads(after, as_version=4))

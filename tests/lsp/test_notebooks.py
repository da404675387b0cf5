"""Notebooks: findings across cells, at the cells."""

from __future__ import annotations

from typing import Any

import pytest
from editor import Editor, Start
from samples import LOOP

from tricklint.lsp import server

IMPORTS = "import torch\nfrom torch import nn\nfrom torch.nn import functional as F"
MODEL = "%matplotlib inline\nmodel = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))"
LOSS = 'note = "🎉"; loss = F.cross_entropy(model(torch.randn(8, 4)), torch.zeros(8).long())'

EVERYWHERE = {"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}}


class Notebook:
    """An open notebook in an editor."""

    def __init__(self, editor: Editor, cells: dict[str, str], kinds: dict[str, int] | None = None):
        self.editor = editor
        self.uri = editor.uri("book.ipynb")
        self.version = 1
        kinds = kinds or {}
        for name, text in cells.items():
            editor.texts[self.cell(name)], editor.versions[self.cell(name)] = text, 1
        document = {
            "uri": self.uri,
            "notebookType": "jupyter-notebook",
            "version": 1,
            "cells": [self.entry(name, kinds.get(name, 2)) for name in cells],
        }
        texts = [self.item(name) for name in cells]
        params = {"notebookDocument": document, "cellTextDocuments": texts}
        editor.wire.notify("notebookDocument/didOpen", params)

    def cell(self, name: str) -> str:
        return f"vscode-notebook-cell:{self.editor.folder}/book.ipynb#{name}"

    def entry(self, name: str, kind: int = 2) -> dict[str, Any]:
        return {"kind": kind, "document": self.cell(name)}

    def item(self, name: str) -> dict[str, Any]:
        uri = self.cell(name)
        return {
            "uri": uri,
            "languageId": "python",
            "version": self.editor.versions[uri],
            "text": self.editor.texts[uri],
        }

    def change(self, cells: dict[str, Any]) -> None:
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        params = {"notebookDocument": document, "change": {"cells": cells}}
        self.editor.wire.notify("notebookDocument/didChange", params)

    def edit(self, name: str, start: int, end: int, new: str) -> None:
        uri = self.cell(name)
        old = self.editor.texts[uri]
        where = {
            "start": self.editor.place(old, start),
            "end": self.editor.place(old, end),
        }
        self.editor.versions[uri] += 1
        self.editor.texts[uri] = old[:start] + new + old[end:]
        document = {"uri": uri, "version": self.editor.versions[uri]}
        changes = [{"range": where, "text": new}]
        self.change({"textContent": [{"document": document, "changes": changes}]})

    def codes(self, name: str) -> list[str]:
        return [one["code"] for one in self.editor.diagnostics(self.cell(name))]


@pytest.fixture
def editor(start: Start) -> Editor:
    return start("vscode")


def test_a_mistake_across_cells_is_shown_in_its_cell(editor: Editor):
    book = Notebook(editor, {"a": IMPORTS, "b": MODEL, "c": LOSS})
    assert book.codes("a") == []
    assert book.codes("b") == []
    [diagnostic] = editor.diagnostics(book.cell("c"))
    assert diagnostic["code"] == "TRK004"
    assert editor.underlined(book.cell("c"), diagnostic).startswith("F.cross_entropy(")
    [note] = diagnostic["relatedInformation"]
    assert note["location"]["uri"] == book.cell("b")
    assert editor.underlined(book.cell("b"), note["location"]) == "nn.Softmax(dim=1)"


def test_typing_in_one_cell_changes_the_findings_of_another(editor: Editor):
    book = Notebook(editor, {"a": IMPORTS, "b": MODEL, "c": LOSS})
    assert book.codes("c") == ["TRK004"]
    start = MODEL.index(", nn.Softmax")
    book.edit("b", start, start + len(", nn.Softmax(dim=1)"), "")
    assert book.codes("c") == []


def test_a_fix_lands_in_its_cell(editor: Editor):
    loss = "loss = F.cross_entropy(torch.softmax(torch.randn(8, 4), 1), torch.zeros(8).long())"
    book = Notebook(editor, {"a": IMPORTS, "c": loss})
    [diagnostic] = editor.diagnostics(book.cell("c"))
    action = editor.fix(book.cell("c"), diagnostic)
    [change] = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": book.cell("c"), "version": 1}
    [edit] = change["edits"]
    text = editor.texts[book.cell("c")]
    start = editor.offset(text, edit["range"]["start"])
    end = editor.offset(text, edit["range"]["end"])
    book.edit("c", start, end, edit["newText"])
    assert editor.texts[book.cell("c")] == (
        "loss = F.cross_entropy(torch.randn(8, 4), torch.zeros(8).long())"
    )
    assert book.codes("c") == []


def test_a_check_is_inserted_in_the_cell_of_its_loop(editor: Editor):
    setting = LOOP[: LOOP.index("for x")]
    loop = LOOP[len(setting) :].rstrip("\n")
    book = Notebook(editor, {"a": setting, "b": f"# 🎉\n{loop}"})
    assert editor.lenses(book.cell("a")) == []
    [lens] = editor.lenses(book.cell("b"))
    assert lens["range"]["start"]["line"] == 1
    book.edit("a", 0, 0, "import json\n")
    # The cell of the loop is what it was.
    [edit] = editor.click(lens)
    [change] = edit["documentChanges"]
    assert change["textDocument"] == {"uri": book.cell("b"), "version": 1}
    [inserted] = change["edits"]
    start = editor.offset(editor.texts[book.cell("b")], inserted["range"]["start"])
    book.edit("b", start, start, inserted["newText"])
    assert editor.texts[book.cell("b")].startswith("# 🎉\n# One-batch check")
    assert editor.lenses(book.cell("b")) == []
    assert editor.click(lens) == []


LOOP_CELL = """\
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    loss = model(torch.randn(8, 4)).pow(2).mean()
    loss.backward()
    optimizer.step()"""
CLEARED_CELL = LOOP_CELL.replace("    loss.b", "    optimizer.zero_grad()\n    loss.b")


def a_book_of_loops(editor: Editor) -> Notebook:
    model = "model = nn.Linear(4, 1)"
    other = f"{model}\n{LOOP_CELL}"
    book = Notebook(editor, {"a": IMPORTS, "b": model, "c": LOOP_CELL, "d": other})
    assert book.codes("c") == book.codes("d") == ["TRK003"]
    return book


def test_fixing_all_on_save_changes_each_cell_for_itself(editor: Editor):
    book = a_book_of_loops(editor)
    for name in "cd":
        [action] = editor.listed(book.cell(name), EVERYWHERE, "source.fixAll")
        assert action["kind"] == "source.fixAll.tricklint"
        [change] = editor.resolve(action)["edit"]["documentChanges"]
        assert change["textDocument"]["uri"] == book.cell(name)
        [edit] = change["edits"]
        assert edit["newText"] == "    optimizer.zero_grad()\n"
    assert editor.listed(book.cell("a"), EVERYWHERE, "source.fixAll") == []


def test_a_notebook_is_fixed_as_a_whole_when_that_is_asked_for(editor: Editor):
    book = a_book_of_loops(editor)
    [action] = editor.listed(book.cell("a"), EVERYWHERE, "notebook.source.fixAll")
    changes = editor.resolve(action)["edit"]["documentChanges"]
    assert [one["textDocument"]["uri"] for one in changes] == [book.cell("c"), book.cell("d")]
    # It does not stand beside the actions of the cells.
    kinds = {one["kind"] for one in editor.listed(book.cell("c"), EVERYWHERE, "")}
    assert "notebook.source.fixAll.tricklint" not in kinds


def test_a_rule_can_be_ignored_in_a_notebook_from_the_cell_of_its_finding(editor: Editor):
    book = a_book_of_loops(editor)
    actions = editor.actions(book.cell("c"), {"range": EVERYWHERE})
    [ignore] = [one for one in actions if one["title"].endswith("in this notebook")]
    [change] = ignore["edit"]["documentChanges"]
    assert change["textDocument"]["uri"] == book.cell("c")
    [edit] = change["edits"]
    start = editor.offset(editor.texts[book.cell("c")], edit["range"]["start"])
    book.edit("c", start, start, edit["newText"])
    assert book.codes("c") == book.codes("d") == []


def test_cells_come_go_and_move(editor: Editor):
    book = Notebook(editor, {"a": IMPORTS, "b": MODEL, "c": LOSS})
    assert book.codes("c") == ["TRK004"]
    # The loss moves in front of the model: then it is some other model's.
    editor.texts[book.cell("d")], editor.versions[book.cell("d")] = "x = 1", 1
    array = {"start": 1, "deleteCount": 2, "cells": [book.entry("d"), book.entry("c")]}
    closed = [{"uri": book.cell("b")}]
    book.change({"structure": {"array": array, "didOpen": [book.item("d")], "didClose": closed}})
    assert book.codes("d") == []
    assert book.codes("c") == []
    assert book.codes("b") == []


@pytest.mark.parametrize("tells_of_the_cell", [True, False])
def test_a_cell_that_turns_into_text_and_back_is_code_only_as_code(editor, tells_of_the_cell):
    book = Notebook(editor, {"a": IMPORTS, "b": MODEL, "c": LOSS})
    assert book.codes("c") == ["TRK004"]
    closed = {"array": {"start": 1, "deleteCount": 0}, "didClose": [{"uri": book.cell("b")}]}
    data = {"data": [book.entry("b", 1)]} if tells_of_the_cell else {}
    book.change({"structure": closed, **data})
    assert book.codes("c") == []
    array = {"start": 1, "deleteCount": 1, "cells": [book.entry("b")]}
    book.change({"structure": {"array": array, "didOpen": [book.item("b")]}})
    assert book.codes("c") == ["TRK004"]


def test_the_interactive_window_is_a_notebook_too():
    selectors = server._NOTEBOOKS.notebook_selector
    assert [one.notebook for one in selectors] == ["jupyter-notebook", "interactive"]


def test_text_cells_are_no_code(editor: Editor):
    book = Notebook(editor, {"a": IMPORTS, "b": MODEL, "c": LOSS}, {"b": 1})
    assert book.codes("a") == []
    assert book.codes("c") == []


def test_closing_a_notebook_takes_the_underlines_of_all_cells_away(editor: Editor):
    book = Notebook(editor, {"a": IMPORTS, "b": MODEL, "c": LOSS})
    assert book.codes("c") == ["TRK004"]
    identifiers = [{"uri": book.cell(name)} for name in "abc"]
    document = {"notebookDocument": {"uri": book.uri}, "cellTextDocuments": identifiers}
    editor.wire.notify("notebookDocument/didClose", document)
    assert book.codes("c") == []

"""Quick fixes and hovers."""

from __future__ import annotations

import pytest
from editor import PROFILES, Editor, Start
from samples import FUNCTIONS, LOOP, SCRIPT

CONTENT_MODIFIED = -32801
START = {"line": 0, "character": 0}
EVERYWHERE = {"start": START, "end": {"line": 99, "character": 0}}


@pytest.mark.parametrize("profile", PROFILES)
def test_applying_the_fix_removes_the_finding(start: Start, profile):
    editor = start(profile)
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    action = editor.fix(uri, diagnostic)
    assert action["kind"] == "quickfix"
    assert action["diagnostics"] == [diagnostic]
    editor.apply(action["edit"])
    assert editor.texts[uri] == SCRIPT.replace(
        "    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()"
    )
    assert editor.diagnostics(uri) == []


def test_a_safe_fix_is_preferred_and_carries_the_version(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    action = editor.fix(uri, diagnostic)
    assert action["isPreferred"] is True
    [change] = action["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 1}


def test_a_fix_that_changes_more_asks_first(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, FUNCTIONS)
    [_, diagnostic] = editor.diagnostics(uri)
    action = editor.fix(uri, diagnostic)
    assert "isPreferred" not in action
    [annotation] = action["edit"]["changeAnnotations"].values()
    assert annotation["needsConfirmation"] is True
    editor.apply(action["edit"])
    assert [one["code"] for one in editor.diagnostics(uri)] == ["TRK003"]


def test_a_finding_can_be_ignored_for_its_statement(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    _, ignore, *_ = editor.actions(uri, diagnostic)
    editor.apply(ignore["edit"])
    line = "    loss.backward()  # tricklint: ignore[missing-zero-grad]\n"
    assert line in editor.texts[uri]
    assert editor.diagnostics(uri) == []


def test_fixes_of_a_text_that_changed_meanwhile_are_not_offered_for_the_new_one(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    params = {
        "textDocument": {"uri": uri},
        "range": diagnostic["range"],
        "context": {"diagnostics": [diagnostic]},
    }
    number = editor.wire.post("textDocument/codeAction", params)
    editor.change(uri, 0, 0, "# a new line above\n")
    for action in editor.wire.answer(number)["result"] or []:
        answer = editor.wire.answer(editor.wire.post("codeAction/resolve", action))
        assert answer["error"]["code"] == CONTENT_MODIFIED


@pytest.mark.parametrize("profile", ["vscode", "neovim"])
def test_edits_are_asked_for_when_one_is_picked(start: Start, profile):
    editor = start(profile)
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    listed = editor.listed(uri, diagnostic["range"])
    assert not any("edit" in action for action in listed)
    assert all(editor.resolve(action)["edit"] for action in listed)
    # What is picked late still fits, unless the text is another one.
    editor.wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    assert editor.resolve(listed[0])["edit"]
    editor.change(uri, 0, 0, "# a new line above\n")
    answer = editor.wire.answer(editor.wire.post("codeAction/resolve", listed[0]))
    assert answer["error"]["code"] == CONTENT_MODIFIED


def test_an_editor_that_cannot_ask_later_gets_the_edits_at_once(start: Start):
    editor = start("emacs")
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    assert all("edit" in action for action in editor.listed(uri, diagnostic["range"]))


@pytest.mark.parametrize("data", [None, 7, {"number": 1}, {"uri": "file:///a.py", "number": 999}])
def test_an_action_of_somebody_else_is_survived(editor: Editor, data):
    number = editor.wire.post("codeAction/resolve", {"title": "x", "data": data})
    answer = editor.wire.answer(number)
    assert answer.get("result", {}).get("title") == "x" or "error" in answer


TWICE = SCRIPT + SCRIPT.partition("model =")[2].join(["\nmodel =", ""])
CLEARED = SCRIPT.replace("    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()")
BOTH_CLEARED = CLEARED + CLEARED.partition("model =")[2].join(["\nmodel =", ""])


@pytest.mark.parametrize("profile", PROFILES)
def test_all_findings_of_a_rule_are_fixed_together(start: Start, profile):
    editor = start(profile)
    uri = editor.uri("train.py")
    editor.open(uri, TWICE)
    first, _ = editor.diagnostics(uri)
    fixes = [one for one in editor.actions(uri, first) if not one["title"].startswith("Ignore")]
    assert [one["title"] for one in fixes] == [
        "Insert `optimizer.zero_grad()`",
        "Fix all 2 findings of missing-zero-grad in this file",
    ]
    assert "isPreferred" not in fixes[1]
    editor.apply(fixes[1]["edit"])
    assert editor.texts[uri] == BOTH_CLEARED
    assert editor.settled(uri) == []


@pytest.mark.parametrize("only", ["source", "source.fixAll", "source.fixAll.tricklint"])
def test_fixing_all_on_save_applies_what_is_safe(editor: Editor, only):
    uri = editor.uri("train.py")
    editor.open(uri, FUNCTIONS + TWICE)
    assert len(editor.diagnostics(uri)) == 4
    [action] = editor.listed(uri, EVERYWHERE, only)
    assert action["kind"] == "source.fixAll.tricklint"
    edit = editor.resolve(action)["edit"]
    assert "changeAnnotations" not in edit
    editor.apply(edit)
    assert editor.texts[uri].endswith(BOTH_CLEARED)
    # The softmax is a matter of taste and needs a person.
    assert [one["code"] for one in editor.settled(uri)] == ["TRK004"]
    assert editor.listed(uri, EVERYWHERE, only) == []


@pytest.mark.parametrize("only", ["source.organizeImports", "source.fixAll.other", "refactor"])
def test_nothing_is_fixed_on_save_that_was_not_asked_for(editor: Editor, only):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT.replace("for _", "for a"))
    assert editor.diagnostics(uri)
    kinds = {one["kind"] for one in editor.listed(uri, EVERYWHERE, only)}
    assert kinds <= {"refactor"}


def test_fixing_all_is_offered_without_a_kind_where_something_is_underlined(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    assert "source.fixAll.tricklint" in [
        one["kind"] for one in editor.listed(uri, diagnostic["range"], "")
    ]
    assert editor.listed(uri, {"start": START, "end": START}, "") == []


def test_a_finding_can_be_ignored_in_its_file(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n" + TWICE)
    first, _ = editor.diagnostics(uri)
    actions = {one["title"]: one for one in editor.actions(uri, first)}
    editor.apply(actions["Ignore missing-zero-grad in this file"]["edit"])
    lines = editor.texts[uri].splitlines()
    assert lines[1:3] == ["# -*- coding: utf-8 -*-", "# tricklint: ignore-file[missing-zero-grad]"]
    assert editor.diagnostics(uri) == []


def test_a_rule_can_be_ignored_in_the_settings(editor: Editor):
    settings = editor.folder / "pyproject.toml"
    settings.write_text('[tool.tricklint]\nignore = ["TRK006"]\n')
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    *_, last = editor.actions(uri, diagnostic)
    assert last["title"] == "Ignore missing-zero-grad everywhere (pyproject.toml)"
    [change] = last["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": settings.as_uri(), "version": None}
    [edit] = change["edits"]
    assert edit["newText"] == ', "missing-zero-grad"'
    assert edit["range"]["start"] == {"line": 1, "character": 18}


def test_without_a_file_for_settings_none_is_invented(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    assert not [one for one in editor.actions(uri, diagnostic) if "everywhere" in one["title"]]


def test_a_stale_diagnostic_gets_the_fix_for_the_text_as_it_is(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    editor.change(uri, 0, 0, "# a new line above\n")
    for end in diagnostic["range"].values():
        end["line"] += 1
    action = editor.fix(uri, diagnostic)
    editor.apply(action["edit"])
    assert editor.diagnostics(uri) == []


def test_nothing_is_offered_beside_a_finding_or_for_other_kinds(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    top = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}
    assert editor.actions(uri, {**diagnostic, "range": top}) == []
    params = {
        "textDocument": {"uri": uri},
        "range": diagnostic["range"],
        "context": {"diagnostics": [], "only": ["source.organizeImports"]},
    }
    assert editor.wire.request("textDocument/codeAction", params) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_hover_shows_the_message_and_the_page(start: Start, profile):
    editor = start(profile)
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    hover = editor.hover(uri, diagnostic["range"]["start"])
    assert hover
    assert hover["range"] == diagnostic["range"]
    assert hover["contents"]["kind"] == "markdown"
    assert "**TRK003**" in hover["contents"]["value"]
    assert "## Why" in hover["contents"]["value"]
    assert editor.hover(uri, {"line": 0, "character": 0}) is None


def test_asking_for_fixes_leaves_the_text_of_the_editor_in_force(editor: Editor):
    # The file is known from the disk, by the import, before the editor opens it.
    (editor.folder / "train.py").write_text(SCRIPT)
    user, uri = editor.uri("main.py"), editor.uri("train.py")
    editor.open(user, "import torch\nimport train\n")
    assert editor.diagnostics(user) == []
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    assert editor.actions(uri, diagnostic)
    editor.change(uri, 0, 0, "# a new line above\n")
    [moved] = editor.diagnostics(uri)
    assert moved["range"]["start"]["line"] == diagnostic["range"]["start"]["line"] + 1


def at_line(uri, line, only=None):
    place = {"line": line, "character": 0}
    context = {"diagnostics": []} | ({"only": [only]} if only else {})
    return {
        "textDocument": {"uri": uri},
        "range": {"start": place, "end": place},
        "context": context,
    }


def test_a_one_batch_check_is_offered_where_a_training_loop_begins(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, LOOP)
    assert editor.diagnostics(uri) == []
    [listed] = editor.wire.request("textDocument/codeAction", at_line(uri, 6))
    action = editor.resolve(listed)
    assert (action["title"], action["kind"]) == ("Insert a one-batch check", "refactor")
    assert editor.wire.request("textDocument/codeAction", at_line(uri, 6, "quickfix")) == []
    assert len(editor.wire.request("textDocument/codeAction", at_line(uri, 6, "refactor"))) == 1
    assert editor.wire.request("textDocument/codeAction", at_line(uri, 7)) == []
    editor.apply(action["edit"])
    text = editor.texts[uri]
    assert text.startswith(LOOP[: LOOP.index("for x")] + "# One-batch check")
    assert text.endswith(LOOP[LOOP.index("for x") :])
    assert editor.diagnostics(uri) == []
    # Nothing is left to confirm, and one check is enough.
    assert "changeAnnotations" not in action["edit"]
    end = text.rindex("for x")
    line = editor.place(text, end)["line"]
    assert editor.wire.request("textDocument/codeAction", at_line(uri, line)) == []


MODEL = """\
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return F.softmax(self.fc(x), dim=1)
"""
TRAINING = """\
import torch
from model import Net
from torch import nn

model, criterion = Net(), nn.CrossEntropyLoss()
loss = criterion(model(torch.randn(8, 4)), torch.randint(0, 3, (8,)))
loss.backward()
"""


@pytest.mark.parametrize("profile", PROFILES)
def test_a_fix_in_another_open_file_carries_the_version_of_that_file(start: Start, profile):
    editor = start(profile)
    model, training = editor.uri("model.py"), editor.uri("train.py")
    editor.open(model, MODEL.replace("F.softmax", "F.tanh"))
    editor.replace(model, MODEL)
    editor.open(training, TRAINING)
    [diagnostic] = editor.diagnostics(training)
    edit = editor.fix(training, diagnostic)["edit"]
    for change in edit.get("documentChanges", []):
        assert change["textDocument"] == {"uri": model, "version": 2}
    editor.apply(edit)
    assert editor.texts[model] == MODEL.replace("F.softmax(self.fc(x), dim=1)", "self.fc(x)")
    editor.replace(training, TRAINING + "\n")
    assert editor.diagnostics(training) == []


def test_a_fix_in_a_file_that_is_not_open_has_no_version(editor: Editor):
    (editor.folder / "model.py").write_text(MODEL)
    uri = editor.uri("train.py")
    editor.open(uri, TRAINING)
    [diagnostic] = editor.diagnostics(uri)
    [change] = editor.fix(uri, diagnostic)["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": editor.uri("model.py"), "version": None}
    assert [one["newText"] for one in change["edits"]] == ["self.fc(x)"]

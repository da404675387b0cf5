"""The code lens above a training loop, and its command."""

from __future__ import annotations

from pathlib import Path

import pytest
from editor import PROFILES, Editor, Start
from samples import LOOP, MODEL, SCRIPT

INSERT_CHECK = "tricklint.insertCheck"
COMMANDS = [
    INSERT_CHECK,
    "tricklint.showFindings",
    "tricklint.pages",
    "tricklint.checkWorkspace",
    "tricklint.probe",
    "tricklint.cancelProbe",
]
FUNCTION = """

def train(net: nn.Module, optimizer: torch.optim.Optimizer, loader) -> None:
    "🎉"
    for epoch in range(9):
        for x, y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
"""
PARTS = """\
import torch
from torch import nn


def build():
    model = nn.Linear(4, 1)
    return model, torch.optim.SGD(model.parameters(), lr=0.1)
"""
USER = """\
import torch
from parts import build

model, optimizer = build()
batches = [torch.randn(8, 4)]
for x in batches:
    loss = model(x).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""
HERE = {"line": 0, "character": 0}


def messages(editor: Editor, method: str) -> list[dict[str, object]]:
    """What the server sent of this kind before it answers the next request."""
    found: list[dict[str, object]] = []
    number = editor.wire.post("textDocument/hover", {**at("file:///none.py"), "position": HERE})

    def wanted(message):
        if message.get("method") == method:
            found.append(message.get("params"))
        return message.get("id") == number and "method" not in message

    editor.wire.wait_for(wanted)
    return found


def at(uri):
    return {"textDocument": {"uri": uri}}


def of_code_action(editor: Editor, uri, where):
    context = {"diagnostics": [], "only": ["refactor"]}
    params = {**at(uri), "range": where, "context": context}
    [action] = editor.wire.request("textDocument/codeAction", params)
    return editor.resolve(action)["edit"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_click_inserts_what_the_code_action_inserts(start: Start, profile):
    editor = start(profile)
    assert editor.server["executeCommandProvider"]["commands"] == COMMANDS
    assert "codeLensProvider" in editor.server
    uri = editor.uri("train.py")
    editor.open(uri, LOOP + FUNCTION)
    # The findings are not known yet, and the lenses wait for them.
    first, second = editor.lenses(uri)
    for lens, line in ((first, 6), (second, 16)):
        assert lens["command"]["title"] == "Overfit one batch"
        assert lens["range"]["start"]["line"] == lens["range"]["end"]["line"] == line
    expected = of_code_action(editor, uri, second["range"])
    [edit] = editor.click(second)
    assert edit == expected
    editor.apply(edit)
    text = editor.texts[uri]
    assert text.replace(text[text.index("    # One-") : text.index("    for epoch")], "") == (
        LOOP + FUNCTION
    )
    # One check is enough, and is not checked itself.
    assert [one["range"]["start"]["line"] for one in editor.lenses(uri)] == [6]
    assert messages(editor, "window/showMessage") == []


@pytest.mark.parametrize("text", [MODEL, "import json\n", "for x in y:\n    x.step()\n"])
def test_there_is_none_where_nothing_is_trained(editor: Editor, text):
    uri = editor.uri("train.py")
    editor.open(uri, text)
    assert editor.lenses(uri) == []


SETTINGS = (
    'ignore = ["TRK001"]\n',
    'select = ["missing-zero-grad"]\n',
    '[per-file-ignores]\n"train.py" = ["overfit-one-batch"]\n',
)


@pytest.mark.parametrize("settings", SETTINGS)
def test_none_is_offered_where_the_settings_ignore_it(editor: Editor, settings):
    uri, file = editor.uri("train.py"), editor.folder / "tricklint.toml"
    file.write_text('ignore = ["TRK003"]\n')
    editor.open(uri, LOOP)
    [lens] = editor.lenses(uri)
    file.write_text(settings)
    editor.wire.notify("workspace/didChangeWatchedFiles", {"changes": [changed(file)]})
    assert editor.lenses(uri) == []
    context = {"diagnostics": [], "only": ["refactor"]}
    params = {**at(uri), "range": lens["range"], "context": context}
    assert editor.wire.request("textDocument/codeAction", params) == []


def changed(file):
    return {"uri": file.as_uri(), "type": 2}


def test_none_is_offered_where_a_comment_ignores_it(editor: Editor):
    uri = editor.uri("train.py")
    comment = "  # tricklint: ignore[overfit-one-batch]\n"
    editor.open(uri, (LOOP + FUNCTION).replace("batches:\n", f"batches:{comment}"))
    assert editor.diagnostics(uri) == []
    [lens] = editor.lenses(uri)
    assert lens["range"]["start"]["line"] == 16


def test_there_is_none_in_a_file_that_is_not_open(editor: Editor):
    assert editor.lenses(editor.uri("never_opened.py")) == []


def test_the_lenses_are_those_of_the_text_as_it_is(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    old, _ = editor.lenses(uri)
    editor.change(uri, 0, 0, "# a new line above\n")
    new, _ = editor.lenses(uri)
    assert new["range"]["start"]["line"] == old["range"]["start"]["line"] + 1
    [edit] = editor.click(new)
    editor.apply(edit)
    assert "# One-batch check" in editor.texts[uri]
    editor.change(uri, 0, len(editor.texts[uri]), "import torch\n")
    assert editor.lenses(uri) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_the_findings_of_a_loop_are_counted_above_it_and_shown_by_a_click(start: Start, profile):
    editor = start(profile)
    uri = editor.uri("train.py")
    editor.open(uri, "# 🎉\n" + SCRIPT)
    check, findings = editor.lenses(uri)
    assert findings["range"] == check["range"]
    assert findings["command"]["title"] == "1 finding here"
    editor.wire.request("workspace/executeCommand", findings["command"])
    shown = [
        one["params"]
        for one in editor.wire.requests_of_server
        if one["method"] == "window/showDocument"
    ]
    if "showDocument" not in editor.capabilities.get("window", {}):
        assert shown == []
        return
    [there] = shown
    [diagnostic] = editor.settled(uri)
    assert (there["uri"], there["selection"]) == (uri, diagnostic["range"])


def test_the_number_of_findings_follows_the_text(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    assert len(editor.lenses(uri)) == 2
    place = SCRIPT.index("    loss.backward()")
    editor.change(uri, place, place, "    optimizer.zero_grad()\n")
    assert [one["command"]["title"] for one in editor.lenses(uri)] == ["Overfit one batch"]


def test_the_pages_of_all_rules_come_without_a_net(editor: Editor):
    pages = editor.wire.request("workspace/executeCommand", {"command": "tricklint.pages"})
    folder = Path(__file__).parents[2] / "docs" / "rules"
    ours = {page["title"].split()[1]: page["text"] for page in pages}
    assert set(ours) == {path.stem for path in folder.glob("*.md")}
    for name, text in ours.items():
        written = (folder / f"{name}.md").read_text(encoding="utf-8")
        assert text.partition("\n")[2] == written.partition("\n")[2]


def test_a_lens_of_an_older_text_inserts_nothing_and_says_so(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, LOOP)
    [lens] = editor.lenses(uri)
    # The loop is still there, in the very same line.
    editor.change(uri, len(LOOP), len(LOOP), "# the end\n")
    number = editor.wire.post("workspace/executeCommand", lens["command"])
    _, told = editor.wire.wait_for(lambda one: one.get("method") == "window/showMessage")
    assert told["params"]["type"] == 3
    assert "was not inserted" in told["params"]["message"]
    assert editor.wire.answer(number)["result"] is None
    assert not [
        one for one in editor.wire.requests_of_server if one["method"] == "workspace/applyEdit"
    ]


@pytest.mark.parametrize("line", [0, 7, 99])
def test_no_check_is_inserted_where_no_loop_begins(editor: Editor, line):
    uri = editor.uri("train.py")
    editor.open(uri, LOOP)
    [lens] = editor.lenses(uri)
    lens["command"]["arguments"][2] = line
    number = editor.wire.post("workspace/executeCommand", lens["command"])
    _, told = editor.wire.wait_for(lambda one: "id" in one or "window" in one.get("method", ""))
    assert told["method"] == "window/showMessage"
    assert editor.wire.answer(number)["result"] is None


def test_an_editor_that_refuses_the_edit_hears_why(editor: Editor):
    editor.wire.takes_edits = False
    uri = editor.uri("train.py")
    editor.open(uri, LOOP)
    [lens] = editor.lenses(uri)
    number = editor.wire.post("workspace/executeCommand", lens["command"])
    editor.wire.wait_for(lambda one: one.get("method") == "workspace/applyEdit")
    editor.wire.wait_for(lambda one: one.get("method") == "window/showMessage")
    assert editor.wire.answer(number)["result"] is None


@pytest.mark.parametrize("arguments", [[], ["file:///a.py"], ["file:///a.py", None, "x"]])
def test_a_command_that_makes_no_sense_is_answered_with_an_error(editor: Editor, arguments):
    params = {"command": INSERT_CHECK, "arguments": arguments}
    number = editor.wire.post("workspace/executeCommand", params)
    assert editor.wire.answer(number)["error"]["code"] == -32602


def open_both(editor: Editor) -> tuple[str, str]:
    (editor.folder / "parts.py").write_text(PARTS)
    parts, user = editor.uri("parts.py"), editor.uri("train.py")
    editor.open(parts, PARTS)
    editor.open(user, USER)
    return parts, user


def give_no_optimizer(editor: Editor, parts: str) -> None:
    editor.change(parts, PARTS.index("torch.optim"), len(PARTS) - 1, "None")


def test_the_editor_asks_again_when_another_file_changed_the_lenses(editor: Editor):
    parts, user = open_both(editor)
    assert len(editor.lenses(user)) == 1
    give_no_optimizer(editor, parts)
    editor.wire.wait_for(lambda one: one.get("method") == "workspace/codeLens/refresh")
    assert editor.lenses(user) == []


def test_the_editor_need_not_be_told_about_its_own_edits(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, LOOP)
    assert len(editor.lenses(uri)) == 1
    editor.change(uri, 0, 0, "# a new line above\n")
    editor.change(uri, 0, 0, "import json\n")
    assert len(editor.lenses(uri)) == 1
    asked = [one["method"] for one in editor.wire.requests_of_server]
    assert "workspace/codeLens/refresh" not in asked


def test_an_editor_that_cannot_ask_again_is_not_told_to(start: Start):
    editor = start("neovim")
    parts, user = open_both(editor)
    assert len(editor.lenses(user)) == 1
    give_no_optimizer(editor, parts)
    assert editor.lenses(user) == []
    asked = [one["method"] for one in editor.wire.requests_of_server]
    assert "workspace/codeLens/refresh" not in asked

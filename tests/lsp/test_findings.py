"""What the editor is told about a text, whatever it counts in and however it is edited."""

from __future__ import annotations

import random

import pytest
from editor import PROFILES, Editor, Start
from samples import FUNCTIONS, MODEL, SCRIPT, USER_OF_MODEL


def codes(diagnostics):
    return [diagnostic["code"] for diagnostic in diagnostics]


@pytest.mark.parametrize("profile", PROFILES)
def test_every_editor_gets_the_finding_at_its_place(start: Start, profile):
    editor = start(profile)
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(uri)
    assert (diagnostic["code"], diagnostic["source"]) == ("TRK003", "tricklint")
    assert editor.underlined(uri, diagnostic) == "loss.backward()"


@pytest.mark.parametrize("profile", PROFILES)
def test_columns_behind_an_emoji_are_counted_as_the_editor_counts(start: Start, profile):
    editor = start(profile)
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT.replace("    loss.b", '    "🎉é🎉"; loss.b'))
    [diagnostic] = editor.diagnostics(uri)
    assert editor.underlined(uri, diagnostic) == "loss.backward()"
    # The columns differ between the editors, so this is no accident of ASCII.
    column = {"utf-16": 13, "utf-8": 18, "utf-32": 11}[editor.encoding]
    assert diagnostic["range"]["start"]["character"] == column


def test_edits_behind_an_emoji_hit_their_place(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT.replace("    optimizer.step()", '    "🎉"; optimizer.stop()'))
    assert editor.diagnostics(uri) == []
    place = editor.texts[uri].index("stop") + 2
    editor.change(uri, place, place + 1, "e")
    assert codes(editor.diagnostics(uri)) == ["TRK003"]


def test_notes_and_the_page_are_linked_where_the_editor_shows_them(start: Start):
    vscode, emacs = start("vscode"), start("emacs")
    uri = vscode.uri("train.py")
    shown = []
    for editor in (vscode, emacs):
        editor.open(uri, FUNCTIONS)
        shown.append(next(d for d in editor.diagnostics(uri) if d["code"] == "TRK004"))
    [note] = shown[0]["relatedInformation"]
    assert note["location"]["uri"] == uri
    assert shown[0]["codeDescription"]["href"].endswith("softmax-before-cross-entropy.md")
    assert "relatedInformation" not in shown[1]
    assert "codeDescription" not in shown[1]


def test_closing_a_file_takes_its_underlines_away(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    assert editor.diagnostics(uri)
    editor.close(uri)
    assert editor.diagnostics(uri) == []


def test_a_whole_new_text_counts_like_an_edit(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    assert editor.diagnostics(uri)
    editor.replace(uri, SCRIPT.replace("    loss.b", "    optimizer.zero_grad()\n    loss.b"))
    assert editor.diagnostics(uri) == []


def test_form_feeds_and_odd_separators_are_no_lines(editor: Editor):
    uri = editor.uri("train.py")
    # Only the protocol's own line ends may count, or this edit goes astray.
    editor.open(uri, "# \f \v \x1c \x85 \u2028 \u2029\r\n\f\n" + SCRIPT.replace(".step", ".stop"))
    assert editor.diagnostics(uri) == []
    place = editor.texts[uri].index("stop") + 2
    editor.change(uri, place, place + 1, "e")
    [diagnostic] = editor.diagnostics(uri)
    assert editor.underlined(uri, diagnostic) == "loss.backward()"


def test_a_half_typed_function_leaves_the_other_ones_findings(editor: Editor):
    uri = editor.uri("train.py")
    editor.open(uri, FUNCTIONS)
    assert codes(editor.diagnostics(uri)) == ["TRK003", "TRK004"]
    place = editor.texts[uri].index("        loss = ")
    editor.change(uri, place, place, "        model(x).view((")
    assert "TRK004" in codes(editor.diagnostics(uri))
    editor.change(uri, place, place + len("        model(x).view(("), "")
    assert codes(editor.diagnostics(uri)) == ["TRK003", "TRK004"]


@pytest.mark.parametrize("seed", range(3))
def test_a_storm_of_edits_ends_in_the_findings_of_a_fresh_run(start: Start, seed):
    storm, fresh = start(), start()
    uri = storm.uri("train.py")
    storm.open(uri, FUNCTIONS + SCRIPT.partition("model =")[2].join(["\nmodel =", ""]))
    chance = random.Random(seed)
    for _ in range(60):
        text = storm.texts[uri]
        begin = chance.randrange(len(text) + 1)
        end = min(len(text), begin + chance.choice([0, 0, 1, 5, 40]))
        new = chance.choice(["", "\n", "🎉", "(", '"""', "    ", "x = 1\n", text[begin:end] * 2])
        storm.change(uri, begin, end, new)
    # The last edits undo nothing; they make sure that the final text has findings at all.
    storm.change(uri, 0, len(storm.texts[uri]) // 3, FUNCTIONS)
    fresh.open(uri, storm.texts[uri])
    expected = fresh.diagnostics(uri)
    assert expected
    without_versions = [{**one, "data": None} for one in storm.diagnostics(uri)]
    assert without_versions == [{**one, "data": None} for one in expected]


def test_an_edit_in_one_file_changes_the_findings_of_another(editor: Editor):
    (editor.folder / "model.py").write_text(MODEL)
    user, model = editor.uri("train.py"), editor.uri("model.py")
    editor.open(user, USER_OF_MODEL)
    assert codes(editor.diagnostics(user)) == ["TRK004"]
    editor.open(model, MODEL)
    place = MODEL.index("torch.softmax(")
    editor.change(model, place, len(MODEL) - 1, "self.layer(x)")
    assert codes(editor.diagnostics(user)) == []


def test_a_file_that_changed_on_the_disk_counts(editor: Editor):
    (editor.folder / "model.py").write_text(MODEL)
    user, model = editor.uri("train.py"), editor.uri("model.py")
    editor.open(user, USER_OF_MODEL)
    assert codes(editor.diagnostics(user)) == ["TRK004"]
    (editor.folder / "model.py").write_text(MODEL.replace("torch.softmax", "torch.add"))
    changes = [{"uri": model, "type": 2}]
    editor.wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    assert codes(editor.diagnostics(user)) == []


def test_a_text_without_a_file_is_checked(editor: Editor):
    editor.open("untitled:Untitled-1", SCRIPT)
    assert codes(editor.diagnostics("untitled:Untitled-1")) == ["TRK003"]


def test_settings_count_and_are_read_again_when_they_change(editor: Editor):
    uri = editor.uri("train.py")
    settings = editor.folder / "pyproject.toml"
    settings.write_text('[tool.tricklint]\nignore = ["missing-zero-grad"]\n')
    editor.open(uri, SCRIPT)
    assert editor.diagnostics(uri) == []
    settings.write_text("[tool.tricklint]\n")
    changes = [{"uri": settings.as_uri(), "type": 2}]
    editor.wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    assert codes(editor.diagnostics(uri)) == ["TRK003"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "\ufeff",
        "x = '\ud800'\n",
        "(" * 100_000,
        "(" * 100_000 + ")" * 100_000,
        "x = " + " + ".join("1" * 10_000) + "\n",
        "x = '" + "a" * 1_000_000 + "'\n",
        "".join(" " * depth + "if x:\n" for depth in range(500)),
    ],
    ids=["empty", "nul", "mark", "surrogate", "open", "nested", "sum", "long", "indents"],
)
def test_a_hostile_text_costs_its_own_findings_only(editor: Editor, text):
    bad, good = editor.uri("bad.py"), editor.uri("good.py")
    editor.open(bad, "import torch\n" + text)
    assert editor.diagnostics(bad) == []
    editor.open(good, SCRIPT)
    assert codes(editor.diagnostics(good)) == ["TRK003"]
    editor.change(bad, 0, 0, "# one more line\n")
    assert editor.diagnostics(bad) == []

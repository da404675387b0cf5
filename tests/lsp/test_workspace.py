"""Files that are not open: a check of the whole workspace, and the settings."""

from __future__ import annotations

import pytest
from editor import PROFILES, Editor, Start
from samples import MODEL, SCRIPT, USER_OF_MODEL

CREATED, CHANGED, DELETED = 1, 2, 3
COMMAND = {"command": "tricklint.checkWorkspace", "arguments": []}
CLEARED = SCRIPT.replace("    loss.b", "    optimizer.zero_grad()\n    loss.b")


def write(editor: Editor, name: str, text: str) -> str:
    path = editor.folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return editor.uri(name)


def check(editor: Editor) -> dict[str, int]:
    return editor.wire.request("workspace/executeCommand", COMMAND)


def codes(editor: Editor, uri: str) -> list[str]:
    return [one["code"] for one in editor.wire.published.get(uri, [])]


def tell(editor: Editor, uri: str, kind: int) -> None:
    changes = [{"uri": uri, "type": kind}]
    editor.wire.notify("workspace/didChangeWatchedFiles", {"changes": changes})


def wait_for(editor: Editor, uri: str) -> list[str]:
    """What is published next for an address."""
    return [one["code"] for one in editor.diagnostics(uri)]


@pytest.mark.parametrize("profile", PROFILES)
def test_all_files_are_checked_with_a_bar_that_shows_how_far_it_is(start: Start, profile):
    editor = start(profile)
    bad, good = write(editor, "bad.py", SCRIPT), write(editor, "sub/good.py", CLEARED)
    write(editor, "page.txt", SCRIPT)
    number = editor.wire.post("workspace/executeCommand", COMMAND)
    kinds: list[str] = []

    def is_end(message):
        if message.get("method") == "$/progress":
            kinds.append(message["params"]["value"]["kind"])
        return message.get("id") == number and "method" not in message

    _, answer = editor.wire.wait_for(is_end)
    assert answer["result"] == {"checked": 2, "files": 2, "findings": 1}
    assert (kinds[0], kinds[-1]) == ("begin", "end")
    assert "report" in kinds
    assert codes(editor, bad) == ["TRK003"]
    assert codes(editor, good) == []


def test_a_check_can_be_cancelled_and_leaves_what_it_found(editor: Editor):
    for number in range(60):
        write(editor, f"file_{number:02}.py", SCRIPT)
    number = editor.wire.post("workspace/executeCommand", COMMAND)
    _, begin = editor.wire.wait_for(lambda one: one.get("method") == "$/progress")
    token = begin["params"]["token"]
    editor.wire.notify("window/workDoneProgress/cancel", {"token": token})
    result = editor.wire.answer(number)["result"]
    assert result["checked"] < result["files"] == 60
    assert check(editor)["checked"] == 60


def test_two_who_ask_at_once_wait_for_one_check(editor: Editor):
    for number in range(5):
        write(editor, f"file_{number}.py", SCRIPT)
    one = editor.wire.post("workspace/executeCommand", COMMAND)
    other = editor.wire.post("workspace/executeCommand", COMMAND)
    results: dict[int, dict[str, int]] = {}

    def are_both(message):
        if "method" not in message:
            results[message["id"]] = message["result"]
        return {one, other} <= results.keys()

    editor.wire.wait_for(are_both)
    assert results[one] == results[other] == {"checked": 5, "files": 5, "findings": 5}


def test_findings_of_a_file_that_is_deleted_or_repaired_vanish(editor: Editor):
    one, other = write(editor, "one.py", SCRIPT), write(editor, "other.py", SCRIPT)
    check(editor)
    (editor.folder / "one.py").unlink()
    tell(editor, one, DELETED)
    assert wait_for(editor, one) == []
    write(editor, "other.py", CLEARED)
    tell(editor, other, CHANGED)
    assert wait_for(editor, other) == []
    new = write(editor, "new.py", SCRIPT)
    tell(editor, new, CREATED)
    assert wait_for(editor, new) == ["TRK003"]


def test_findings_of_closed_files_follow_the_settings(editor: Editor):
    uri = write(editor, "train.py", SCRIPT)
    check(editor)
    assert codes(editor, uri) == ["TRK003"]
    settings = write(editor, "tricklint.toml", 'ignore = ["TRK003"]\n')
    tell(editor, settings, CREATED)
    assert wait_for(editor, uri) == []


def test_findings_of_a_closed_file_follow_the_file_that_it_imports(editor: Editor):
    write(editor, "model.py", MODEL)
    user = write(editor, "train.py", USER_OF_MODEL)
    check(editor)
    assert codes(editor, user) == ["TRK004"]
    model = write(editor, "model.py", MODEL.replace("torch.softmax", "torch.add"))
    tell(editor, model, CHANGED)
    assert wait_for(editor, user) == []


def test_an_open_file_shows_its_text_and_a_closed_one_that_of_the_disk(editor: Editor):
    uri = write(editor, "train.py", SCRIPT)
    check(editor)
    assert codes(editor, uri) == ["TRK003"]
    editor.open(uri, CLEARED)
    assert editor.diagnostics(uri) == []
    assert check(editor) == {"checked": 1, "files": 1, "findings": 0}
    editor.close(uri)
    editor.wire.wait_for(lambda one: bool(one.get("params", {}).get("diagnostics")))
    assert codes(editor, uri) == ["TRK003"]


def test_an_address_that_the_editor_writes_in_its_own_way_shows_nothing_twice(editor: Editor):
    uri = write(editor, "a+b.py", SCRIPT)
    check(editor)
    assert codes(editor, uri) == ["TRK003"]
    own = uri.replace("%2B", "+")
    assert own != uri
    editor.open(own, SCRIPT)
    assert editor.settled(own)
    assert codes(editor, uri) == []


def test_findings_go_with_the_folder_that_is_closed(editor: Editor, tmp_path_factory):
    folder = tmp_path_factory.mktemp("second")
    (folder / "second.py").write_text(SCRIPT)
    second = (folder / "second.py").as_uri()
    first = write(editor, "first.py", SCRIPT)
    check(editor)
    assert codes(editor, second) == []
    roots = [{"uri": folder.as_uri(), "name": "s"}, {"uri": editor.folder.as_uri(), "name": "w"}]
    event = {"added": roots[:1], "removed": roots[1:]}
    editor.wire.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    assert wait_for(editor, first) == []
    assert check(editor)["findings"] == 1
    assert codes(editor, second) == ["TRK003"]


WRONG = '[tool.tricklint]\npreview = true\nslect = ["TRK"]\n'


def test_a_wrong_setting_is_underlined_in_its_line(editor: Editor):
    settings = write(editor, "pyproject.toml", WRONG)
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [diagnostic] = editor.diagnostics(settings)
    assert diagnostic["code"] == "TRK903"
    assert diagnostic["message"] == "unknown setting `slect`; did you mean `select`?"
    place = {"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 5}}
    assert diagnostic["range"] == place
    write(editor, "pyproject.toml", WRONG.replace("slect", "select"))
    tell(editor, settings, CHANGED)
    assert editor.diagnostics(settings) == []


def test_a_wrong_setting_is_underlined_while_it_is_typed_and_counts_once_it_is_saved(
    editor: Editor,
):
    text = "[tool.tricklint]\n"
    settings = write(editor, "pyproject.toml", text)
    editor.open(settings, text)
    assert editor.diagnostics(settings) == []
    editor.change(settings, len(text), len(text), 'ignore = ["TRK003"]\nprevew = 1\n')
    [diagnostic] = editor.diagnostics(settings)
    assert editor.underlined(settings, diagnostic) == "prevew"
    uri = editor.uri("train.py")
    editor.open(uri, SCRIPT)
    [finding] = editor.diagnostics(uri)
    # What is offered is for the text that the person sees.
    titles = [one["title"] for one in editor.actions(uri, finding)]
    assert len([one for one in titles if one.startswith("Ignore")]) == 2
    (editor.folder / "pyproject.toml").write_text(editor.texts[settings])
    editor.wire.notify("textDocument/didSave", {"textDocument": {"uri": settings}})
    assert editor.settled(uri) == []
    editor.close(settings)
    assert editor.diagnostics(settings) == []


def test_a_rule_is_ignored_in_the_text_of_open_settings(editor: Editor):
    text = "[tool.tricklint]\n"
    settings, uri = write(editor, "pyproject.toml", text), editor.uri("train.py")
    editor.open(settings, text)
    editor.change(settings, 0, 0, "# typed just now\n")
    editor.open(uri, SCRIPT)
    [finding] = editor.diagnostics(uri)
    *_, last = editor.actions(uri, finding)
    editor.apply(last["edit"])
    expected = '# typed just now\n[tool.tricklint]\nignore = ["missing-zero-grad"]\n'
    assert editor.texts[settings] == expected


def test_the_folder_that_is_open_is_a_project(editor: Editor):
    # The command line says so too, so both see the same imports.
    write(editor, "model.py", MODEL)
    user = write(editor, "scripts/train.py", USER_OF_MODEL)
    editor.open(user, USER_OF_MODEL)
    assert [one["code"] for one in editor.diagnostics(user)] == ["TRK004"]

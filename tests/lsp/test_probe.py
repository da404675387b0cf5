"""The command that probes a script, with real torch, as an editor sees it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from editor import Editor, Start

SCRIPT = """\
import torch
from torch import nn

torch.manual_seed(0)
inputs = torch.randn(64, 8)
labels = (inputs[:, 0] > 0).long()
model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
kept = []
for epoch in range(30):
    for start in range(0, 64, 16):
        loss = criterion(model(inputs[start : start + 16]), labels[start : start + 16])
        loss.backward()
        optimizer.step()
        kept.append(loss.item())
"""
CLEAN = SCRIPT.replace(
    "        loss.backward()", "        optimizer.zero_grad()\n        loss.backward()"
)
# Each phase lasts longer than it takes to look after the bar.
SLOW = f"import time\n{SCRIPT}        time.sleep(0.01)\n"
# The layer is chosen by what the engine does not follow.
HIDDEN = CLEAN.replace("nn.Linear(16, 2))", 'nn.Linear(16, 2), eval("nn.Softmax(1)"))')
ENDLESS = "import torch\nfrom time import sleep\n\nwhile True:\n    sleep(0.1)\n"
PROBE = "tricklint.probe"
LIVE = {"probe": {"python": sys.executable, "events": True}}
PLAIN = {"probe": {"python": sys.executable}}


@pytest.fixture(autouse=True)
def surroundings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # a tensor of ten numbers is no work for several
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))


def show(editor: Editor, text: str, name: str = "train.py") -> str:
    """Write and open a script."""
    (editor.folder / name).write_text(text)
    uri = editor.uri(name)
    editor.open(uri, text)
    return uri


def probe(editor: Editor, uri: str, **options: object) -> int:
    """Click, and say yes to what is asked; the number of the request."""
    editor.wire.choice = editor.wire.choice or "Run It"
    arguments = [uri, options] if options else [uri]
    return editor.wire.post("workspace/executeCommand", {"command": PROBE, "arguments": arguments})


def followed(editor: Editor, number: int) -> tuple[Any, dict[str, list[Any]]]:
    """The answer, and what was told on the way, by method."""
    told: dict[str, list[Any]] = {}
    while True:
        _, message = editor.wire.receive(60)
        if message.get("id") == number and "method" not in message:
            assert "error" not in message, message
            return message["result"], told
        told.setdefault(message.get("method", ""), []).append(message.get("params"))


def events(told: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [event for params in told.get("tricklint/probe", []) for event in params["events"]]


def asked(editor: Editor, method: str = "window/showMessageRequest") -> list[dict[str, Any]]:
    return [one["params"] for one in editor.wire.requests_of_server if one["method"] == method]


def by_source(editor: Editor, uri: str) -> list[tuple[str, str, int]]:
    return [
        (one["source"], one["code"], one["range"]["start"]["line"]) for one in editor.settled(uri)
    ]


def test_a_run_confirms_what_the_rules_found(start: Start):
    editor = start(options=LIVE)
    uri = show(editor, SLOW)
    [before] = editor.diagnostics(uri)
    assert before["source"] == "tricklint"
    [lens, _] = editor.lenses(uri)
    assert lens["command"] == {
        "title": "Overfit one batch", "command": PROBE, "arguments": [uri],
    }  # fmt: skip
    result, told = followed(editor, probe(editor, uri))
    assert result["how"] == "finished"
    assert result["confirmed"] == 1
    # What is run is shown before anything is.
    [question] = asked(editor)
    for part in (sys.executable, uri.removeprefix("file://"), "goes to a folder", "no sandbox"):
        assert part in question["message"]
    kinds = [one["value"]["kind"] for one in told["$/progress"]]
    assert kinds[0] == "begin"
    assert kinds[-1] == "end"
    said = [one["value"].get("message") or "" for one in told["$/progress"]]
    assert any("repeating one batch" in one for one in said)
    heard = events(told)
    assert [heard[0]["kind"], heard[-1]["kind"]] == ["start", "end"]
    assert len(heard[-1]["verdict"]["curve"]) > 2
    assert any(one["kind"] == "step" for one in heard)
    assert {"phase", "hello", "finding", "verdict"} <= {one["kind"] for one in heard}
    assert heard[-1]["verdict"]["word"] == result["verdict"]
    [answer] = heard[-1]["answers"]
    assert (answer["answer"], answer["uri"], answer["line"]) == (
        "confirmed",
        uri,
        before["range"]["start"]["line"],
    )
    [after] = editor.settled(uri)
    assert after["message"] == before["message"] + " (confirmed by the probe)"
    assert after["severity"] == before["severity"]
    assert after["source"] == "tricklint"
    # No other window pops up where the editor shows the events.
    assert "window/showMessage" not in told


def test_what_only_the_probe_saw_stays_until_its_line_changes(start: Start):
    editor = start(options=LIVE)
    uri = show(editor, HIDDEN)
    assert editor.settled(uri) == []
    result, _ = followed(editor, probe(editor, uri))
    line = HIDDEN[: HIDDEN.index("        loss = criterion")].count("\n")
    assert result["findings"] == 1
    assert by_source(editor, uri) == [("tricklint probe", "TRK004", line)]
    [found] = editor.wire.published[uri]
    assert editor.hover(uri, found["range"]["start"]) is not None
    # Nothing to ignore: a comment for it would suppress nothing.
    assert editor.actions(uri, found) == []
    editor.change(uri, 0, 0, "# above 🎉\n")
    assert by_source(editor, uri) == [("tricklint probe", "TRK004", line + 1)]
    # It is counted above the loop, like any other.
    assert [one["command"]["title"] for one in editor.lenses(uri)] == [
        "Overfit one batch", "1 finding here",
    ]  # fmt: skip
    end = editor.texts[uri].index("\n", editor.texts[uri].index("        loss = criterion"))
    editor.change(uri, end, end, "  # seen")
    assert by_source(editor, uri) == []
    # The text as it ran has it again.
    editor.change(uri, end, end + len("  # seen"), "")
    editor.change(uri, 0, len("# above 🎉\n"), "")
    assert editor.texts[uri] == HIDDEN
    assert by_source(editor, uri) == [("tricklint probe", "TRK004", line)]
    # And so has the file when it is opened again.
    editor.close(uri)
    assert editor.diagnostics(uri) == []
    editor.open(uri, HIDDEN)
    assert by_source(editor, uri) == [("tricklint probe", "TRK004", line)]


def test_an_unchanged_script_is_not_run_again_unless_that_is_wanted(start: Start):
    editor = start(options=LIVE)
    uri = show(editor, SCRIPT)
    first, _ = followed(editor, probe(editor, uri))
    began = time.monotonic()
    second, told = followed(editor, probe(editor, uri))
    assert time.monotonic() - began < 1
    assert (first["cached"], second["cached"]) == (False, True)
    assert second == {**first, "cached": True}
    assert {"step", "finding", "end"} <= {one["kind"] for one in events(told)}
    third, _ = followed(editor, probe(editor, uri, again=True))
    assert third["cached"] is False
    # Asked once only.
    assert len(asked(editor)) == 1
    (editor.folder / "train.py").write_text(CLEAN)
    editor.replace(uri, CLEAN)
    fourth, _ = followed(editor, probe(editor, uri))
    assert (fourth["cached"], fourth["findings"]) == (False, 0)


def test_who_says_no_runs_nothing(start: Start):
    editor = start(options=LIVE)
    uri = show(editor, "open('made', 'w')\n" + SCRIPT)
    editor.wire.choice = "Cancel"
    result, told = followed(editor, probe(editor, uri))
    assert result is None
    assert events(told) == []
    # And is asked again the next time.
    editor.wire.choice = "Run It"
    result, _ = followed(editor, probe(editor, uri))
    assert result is not None
    assert len(asked(editor)) == 2


@pytest.mark.parametrize("way", ["bar", "command"])
def test_a_run_can_be_cancelled(start: Start, way: str):
    editor = start(options=LIVE)
    uri = show(editor, ENDLESS)
    number = probe(editor, uri)
    begun = editor.wire.wait_for(
        lambda one: one.get("method") == "$/progress" and one["params"]["value"]["kind"] == "begin"
    )[1]
    editor.wire.wait_for(lambda one: one.get("method") == "tricklint/probe")
    [child] = child_of(editor, "runner")
    # Other requests are answered meanwhile, and another probe is refused.
    other = show(editor, SCRIPT, "other.py")
    assert editor.settled(other) != []
    refused, told = followed(editor, probe(editor, other))
    assert refused is None
    assert "train.py is not over" in told["window/showMessage"][0]["message"]
    if way == "bar":
        token = begun["params"]["token"]
        editor.wire.notify("window/workDoneProgress/cancel", {"token": token})
    else:
        editor.wire.post("workspace/executeCommand", {"command": "tricklint.cancelProbe"})
    result, told = followed(editor, number)
    assert result["how"] == "cancelled"
    assert events(told)[-1]["how"] == "cancelled"
    psutil.wait_procs([child], 5)
    assert not child.is_running()
    # The next one may run.
    result, _ = followed(editor, probe(editor, other))
    assert result["how"] == "finished"


def child_of(editor: Editor, part: str) -> list[psutil.Process]:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        children = psutil.Process(editor.wire.process.pid).children()
        if found := [one for one in children if any(part in word for word in one.cmdline()[1:2])]:
            return found
        time.sleep(0.05)
    return []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (None, "Which Python has your torch?"),
        ({"probe": {"python": "python3"}}, "no Python that can be run at python3"),
        ({"probe": {"python": "/nowhere/python"}}, "no Python that can be run at /nowhere"),
        ({"probe": {"python": sys.executable, "trusted": False}}, "not trusted"),
    ],
)
def test_what_may_not_be_run_is_refused_with_a_reason(start: Start, options: object, message: str):
    editor = start(options=options)
    uri = show(editor, SCRIPT)
    # A command cannot make a folder trusted.
    result, told = followed(editor, probe(editor, uri, trusted=True))
    assert result is None
    [shown] = told["window/showMessage"]
    assert message in shown["message"]
    assert asked(editor) == []


def test_only_what_is_open_and_saved_is_run(start: Start):
    editor = start(options=PLAIN)
    uri = show(editor, SCRIPT)
    editor.change(uri, 0, 0, "import os\n")
    result, told = followed(editor, probe(editor, uri))
    assert result is None
    assert "not saved" in told["window/showMessage"][0]["message"]
    result, told = followed(editor, probe(editor, editor.uri("closed.py")))
    assert result is None
    assert "Open the script first" in told["window/showMessage"][0]["message"]


@pytest.mark.parametrize("profile", ["neovim", "emacs"])
def test_an_editor_without_events_gets_a_sentence_and_a_page(start: Start, profile: str):
    editor = start(profile, options=PLAIN)
    uri = show(editor, SCRIPT)
    result, told = followed(editor, probe(editor, uri))
    assert result["confirmed"] == 1
    assert "tricklint/probe" not in told
    [shown] = told["window/showMessage"]
    assert "1 finding." in shown["message"]
    if profile == "neovim":
        [document] = asked(editor, "window/showDocument")
        assert document["external"] is True
        page = Path(document["uri"].removeprefix("file://"))
        assert "The report is" not in shown["message"]
    else:
        page = Path(shown["message"].partition("The report is ")[2].removesuffix("."))
    text = page.read_text()
    assert "<polyline" in text
    assert "missing-zero-grad" in text
    assert page.parent.stat().st_mode & 0o077 == 0
    assert editor.stop() == 0
    assert not page.exists()


def test_a_script_that_fails_is_told_with_its_error(start: Start):
    editor = start(options=LIVE)
    uri = show(editor, "import torch\nraise ValueError('\\x1b[2J no data')\n")
    result, told = followed(editor, probe(editor, uri))
    assert result["how"] == "failed"
    last = events(told)[-1]
    assert last["ran"] is False
    assert "no data" in last["error"]


def test_editors_that_say_nothing_of_probes_insert_the_check_as_before(start: Start):
    editor = start()
    uri = show(editor, CLEAN)
    [lens] = editor.lenses(uri)
    assert lens["command"]["command"] == "tricklint.insertCheck"

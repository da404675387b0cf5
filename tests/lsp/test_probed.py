"""What becomes of the findings of a file after a probe of it, edit by edit."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities
from samples import LOOP, SCRIPT

from tricklint.finding import Finding, Note, Position, Severity, Span
from tricklint.lsp.client import client_of
from tricklint.lsp.reports import Ran, Report, Script, ScriptQuestion
from tricklint.lsp.session import Session
from tricklint.probe.outcome import Agreed, How, Outcome
from tricklint.probe.runner.events import Judged

HOW = ("/usr/bin/python3", "")
SEVERITY = types.DiagnosticSeverity


@dataclass
class Desk:
    """A session with one file, and what it published last."""

    path: Path
    text: str = SCRIPT
    reports: list[Report] = field(default_factory=list)
    version: int = 1

    def __post_init__(self) -> None:
        self.path.write_text(self.text)
        client = client_of(client_capabilities("visual-studio-code"))
        folder = self.path.parent.as_uri()
        self.session = Session([folder], client, self.reports.append, lambda: None)
        self.open()

    @property
    def uri(self) -> str:
        return self.path.as_uri()

    def open(self) -> None:
        python = types.LanguageKind.Python
        self.session.open(types.TextDocumentItem(self.uri, python, self.version, self.text))
        self.settle()

    def settle(self) -> None:
        while self.session.is_due:
            self.session.check_next(lambda: False)

    def script(self) -> Script:
        question = ScriptQuestion(self.uri, Future(), HOW)
        self.session.ask(question)
        [script] = question.future.result(0)
        return script

    def ran(self, script: Script, files: tuple[str, ...] = (), **more: object) -> None:
        kept = Outcome(
            how=How.FINISHED, error="", hint="", place=None, hello=None,
            verdict=Judged("overfits", "It learns.", 9, (1.0, 0.0), None, None, None),
            loaders=(), redirected=(), effects=(), losses=(), output="", seconds=1.0,
            files=(str(self.path), *files),
            **{"findings": (), "answers": (), **more},
        )  # fmt: skip
        self.session.probed(Ran(script, HOW, time.time(), kept))
        self.settle()

    def edit(self, line: int, column: int, new: str, end: int | None = None) -> None:
        self.version += 1
        document = types.VersionedTextDocumentIdentifier(self.version, self.uri)
        place = types.Range(
            types.Position(line, column), types.Position(line, column if end is None else end)
        )
        change = types.TextDocumentContentChangePartial(place, new)
        self.session.change(types.DidChangeTextDocumentParams(document, [change]))
        self.settle()

    def shown(self) -> list[tuple[str | None, int, str, types.DiagnosticSeverity | None]]:
        [part] = self.reports[-1].parts
        found = (one.diagnostic for one in part.shown)
        return [(one.source, one.range.start.line, one.message, one.severity) for one in found]

    def find(
        self,
        line: int,
        code: str = "TRK608",
        name: str = "parameter-without-optimizer",
        **more: object,
    ) -> Finding:
        span = Span(str(self.path), Position(line, 0), Position(line, 5))
        return Finding(code, name, "seen", span, Severity.WARNING, **more)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "train.py")


def answered(desk: Desk, answer: Agreed) -> str:
    """Have the one static finding answered; its own message."""
    script = desk.script()
    [finding] = script.suspects
    desk.ran(script, answers=((finding, answer),))
    return finding.message


def test_a_refuted_finding_is_a_hint_until_the_file_changes(desk: Desk):
    [(_, line, _, severity)] = desk.shown()
    message = answered(desk, Agreed.REFUTED)
    lowered = ("tricklint", line, f"{message} (the probe saw the opposite)", SEVERITY.Hint)
    assert desk.shown() == [lowered]
    # Any edit may have made the mistake.
    desk.edit(0, 0, "# above\n")
    assert desk.shown() == [("tricklint", line + 1, message, severity)]
    # The text is as it ran.
    desk.session.change(whole(desk, SCRIPT))
    desk.settle()
    assert desk.shown() == [lowered]


def whole(desk: Desk, text: str) -> types.DidChangeTextDocumentParams:
    desk.version += 1
    document = types.VersionedTextDocumentIdentifier(desk.version, desk.uri)
    change = types.TextDocumentContentChangeWholeDocument(text)
    return types.DidChangeTextDocumentParams(document, [change])


def test_a_confirmed_finding_says_so_until_its_line_changes(desk: Desk):
    [(_, line, _, severity)] = desk.shown()
    message = answered(desk, Agreed.CONFIRMED)
    confirmed = f"{message} (confirmed by the probe)"
    assert desk.shown() == [("tricklint", line, confirmed, severity)]
    desk.edit(0, 0, "# above\n")
    assert desk.shown() == [("tricklint", line + 1, confirmed, severity)]
    desk.edit(line + 1, len(SCRIPT.splitlines()[line]), "  # here")
    assert desk.shown() == [("tricklint", line + 1, message, severity)]


def test_what_was_not_reached_stays_as_it_was(desk: Desk):
    before = desk.shown()
    answered(desk, Agreed.NOT_REACHED)
    assert desk.shown() == before


def test_a_second_run_gets_the_findings_of_the_rules_and_not_what_the_first_made_of_them(
    desk: Desk,
):
    message = answered(desk, Agreed.CONFIRMED)
    assert answered(desk, Agreed.CONFIRMED) == message
    desk.ran(desk.script(), findings=(desk.find(3),))
    assert [one.message for one in desk.script().suspects] == [message]


EDITS: Mapping[str, tuple[Callable[[Desk], None], int | None]] = {
    "a new line above": (lambda desk: desk.edit(2, 0, "\n\n"), 5),
    "a new line right above": (lambda desk: desk.edit(3, 0, "\n"), 4),
    "a new line below": (lambda desk: desk.edit(4, 0, "\n"), 3),
    "something else in another line": (lambda desk: desk.edit(4, 0, "x = 1; "), 3),
    "the line above goes": (lambda desk: desk.edit(2, 0, "# and") or desk.edit(2, 0, "", end=5), 3),
    "behind the line": (lambda desk: desk.edit(3, 24, "  # why"), None),
    "in front of the line": (lambda desk: desk.edit(3, 0, "x = "), None),
    "within the line": (lambda desk: desk.edit(3, 10, "_"), None),
    "the line is cut in two": (lambda desk: desk.edit(3, 8, "\\\n"), None),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_what_only_the_probe_saw_moves_with_its_line_and_goes_when_that_changes(
    tmp_path: Path, edit: str
):
    desk = Desk(tmp_path / "train.py", LOOP)
    note = Note(Span(str(desk.path), Position(4, 0), Position(4, 9)), "made here")
    desk.ran(desk.script(), findings=(desk.find(3, notes=(note,)),))
    assert desk.shown() == [("tricklint probe", 3, "seen", SEVERITY.Warning)]
    change, line = EDITS[edit]
    change(desk)
    expected = [] if line is None else [("tricklint probe", line, "seen", SEVERITY.Warning)]
    assert desk.shown() == expected


def test_edits_during_the_run_count(tmp_path: Path):
    desk = Desk(tmp_path / "train.py", LOOP)
    script = desk.script()
    desk.edit(0, 0, "# above\n")
    desk.ran(script, findings=(desk.find(3), desk.find(6)))
    assert [line for _, line, *_ in desk.shown()] == [4, 7]


def test_what_the_rules_say_already_is_not_said_twice(desk: Desk):
    [(_, line, *_)] = desk.shown()
    found = desk.find(line, "TRK003", "missing-zero-grad")
    desk.ran(desk.script(), findings=(found, desk.find(0, "TRK003", "missing-zero-grad")))
    assert [(source, line) for source, line, *_ in desk.shown()] == [
        ("tricklint", line), ("tricklint probe", 0),
    ]  # fmt: skip


@pytest.mark.parametrize("selector", ["parameter-without-optimizer", "TRK608"])
def test_a_comment_and_a_setting_hide_what_the_probe_sees(tmp_path: Path, selector: str):
    text = LOOP.replace("Linear(4, 1)\n", "Linear(4, 1)  # noqa: TRK608\n")
    desk = Desk(tmp_path / "train.py", text)
    desk.ran(desk.script(), findings=(desk.find(3), desk.find(4)))
    assert [line for _, line, *_ in desk.shown()] == [4]
    settings = tmp_path / "pyproject.toml"
    settings.write_text(f'[tool.tricklint]\nignore = ["{selector}"]\n')
    desk.session.files_changed([settings.as_uri()])
    desk.settle()
    assert desk.shown() == []


def test_another_file_that_ran_shows_its_findings_when_it_is_opened(tmp_path: Path):
    other = tmp_path / "model.py"
    other.write_text(LOOP)
    os.utime(other, (1, 1))
    desk = Desk(tmp_path / "train.py")
    found = Finding("TRK608", "parameter-without-optimizer", "seen", Span(str(other), Position(3, 0), Position(3, 5)), Severity.WARNING)  # fmt: skip
    desk.ran(desk.script(), files=(str(other),), findings=(found,))
    python = types.LanguageKind.Python
    for text, number in ((LOOP + "# other\n", 0), (LOOP, 1)):
        desk.session.open(types.TextDocumentItem(other.as_uri(), python, 1, text))
        desk.settle()
        last = [one for one in desk.reports if one.uri == other.as_uri()][-1]
        assert len(last.parts[0].shown) == number
        desk.session.close(other.as_uri())


def test_a_file_that_changed_during_the_run_shows_nothing_and_makes_no_known_outcome(
    tmp_path: Path,
):
    other = tmp_path / "model.py"
    desk = Desk(tmp_path / "train.py")
    script = desk.script()
    other.write_text(LOOP)
    os.utime(other, (time.time() + 9, time.time() + 9))
    desk.ran(script, files=(str(other),))
    assert desk.script().known is None
    os.utime(other, (1, 1))
    desk.ran(desk.script(), files=(str(other),))
    assert desk.script().known is not None
    other.write_text(LOOP + "\n")
    assert desk.script().known is None


def test_an_outcome_is_known_for_the_same_way_to_run_only(desk: Desk):
    desk.ran(desk.script())
    assert desk.script().known is not None
    question = ScriptQuestion(desk.uri, Future(), (*HOW, "--epochs=3"))
    desk.session.ask(question)
    assert question.future.result(0)[0].known is None


@pytest.mark.parametrize(
    "path", ["", "relative.py", "/no\0where.py", "/etc/shadow", "/proc/self/mem"]
)
def test_places_that_make_no_sense_are_survived(desk: Desk, path: str):
    note = Note(Span(path, Position(9999, 0), Position(9999, 9)), "there")
    far = desk.find(9999)
    found = Finding(
        "TRK608", "x", "seen", Span(path, Position(0, 0), Position(0, 1)), Severity.WARNING
    )
    seen = desk.find(3, notes=(note,))
    desk.ran(desk.script(), files=(path,), findings=(seen, far, found))
    assert ("tricklint probe", 3) in [(source, line) for source, line, *_ in desk.shown()]


def test_a_notebook_is_run_as_the_editor_joins_it(tmp_path: Path):
    path = tmp_path / "train.ipynb"
    cells = [
        {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": LOOP,
        }
    ]
    path.write_text(
        json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    client = client_of(client_capabilities("visual-studio-code"))
    reports: list[Report] = []
    session = Session([tmp_path.as_uri()], client, reports.append, lambda: None)
    cell = types.NotebookCell(types.NotebookCellKind.Code, "cell:1")
    document = types.NotebookDocument(path.as_uri(), "jupyter-notebook", 1, [cell])
    item = types.TextDocumentItem("cell:1", types.LanguageKind.Python, 1, LOOP)
    session.open_notebook(types.DidOpenNotebookDocumentParams(document, [item]))
    session.check_next(lambda: False)
    question = ScriptQuestion("cell:1", Future(), HOW)
    session.ask(question)
    [script] = question.future.result(0)
    assert (script.problem, script.path, script.source.strip()) == ("", str(path), LOOP.strip())

"""What a quick fix writes to say "I know": the finding goes, and the program stays what it was."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tricklint.edits import apply_edits
from tricklint.engine import Engine
from tricklint.finding import Edit, Finding, Position, Severity, Span
from tricklint.settings import RuleId
from tricklint.settings_edits import ignore_rule
from tricklint.suppression import suppressing_edit, suppressing_file_edit
from tricklint.syntax.document import Document
from tricklint.workspace import Workspace

from .fixtures import RULES, engine_for, fixtures

CLEAR = RuleId("TRK003", "missing-zero-grad")
KNOWN = (CLEAR, RuleId("TRK006", "view-as-permute"))
WITH_FINDINGS = [one for one in fixtures() if "#! TRK" in one.read_text(encoding="utf-8")]


def after(engine: Engine, workspace: Workspace, document: Document, edit: Edit) -> list[Finding]:
    """The findings with the edit applied; the program has to be the same."""
    text = apply_edits(document.text, [edit])
    assert ast.dump(ast.parse(text)) == ast.dump(ast.parse(document.text))
    workspace.open(document.path, text)
    return list(engine.check(document.path))


def listed(findings: list[Finding] | tuple[Finding, ...], code: str) -> list[str]:
    return [one.message for one in findings if one.code == code]


@pytest.mark.parametrize("path", WITH_FINDINGS, ids=lambda one: str(one.relative_to(RULES)))
def test_a_comment_hides_its_finding_and_changes_no_program(path: Path) -> None:
    engine, workspace = engine_for(path.parent)
    document = workspace.document(str(path))
    assert document is not None
    before = engine.check(str(path))
    for code in {one.code for one in before if not one.code.startswith("TRK9")}:
        finding = next(one for one in before if one.code == code)
        left = after(engine, workspace, document, suppressing_edit(document, finding))
        assert len(listed(left, code)) < len(listed(before, code))
        assert listed(left, "TRK902") == listed(before, "TRK902")
        left = after(engine, workspace, document, suppressing_file_edit(document, finding))
        assert listed(left, code) == []
        assert len(listed(left, "TRK902")) >= len(listed(before, "TRK902"))


def in_line(line: int) -> Finding:
    span = Span("/p/a.py", Position(line, 0), Position(line, 1))
    return Finding(CLEAR.code, CLEAR.name, "m", span, Severity.WARNING)


COMMENT = "# tricklint: ignore-file[missing-zero-grad]"


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("step()", 0, f"{COMMENT}\nstep()"),
        ("\ufeffstep()\n", 0, f"\ufeff{COMMENT}\nstep()\n"),
        ("#!/usr/bin/python\r\nstep()\r\n", 1, f"#!/usr/bin/python\r\n{COMMENT}\r\nstep()\r\n"),
        ("# by me\n# vim: set fileencoding=utf8\nstep()", 2, f"# by me\n# vim: set fileencoding=utf8\n{COMMENT}\nstep()"),
        ("# by me\nstep()\n", 1, f"{COMMENT}\n# by me\nstep()\n"),
        ("'''\nA text.\n'''\nstep()\n", 3, f"{COMMENT}\n'''\nA text.\n'''\nstep()\n"),
        (
            "# tricklint: ignore-file[TRK006] old code\nstep()\n",
            1,
            "# tricklint: ignore-file[TRK006, missing-zero-grad] old code\nstep()\n",
        ),
    ],
)  # fmt: skip
def test_the_comment_for_a_file_stands_at_its_top(text: str, line: int, expected: str) -> None:
    document = Document("/p/a.py", text)
    assert apply_edits(text, [suppressing_file_edit(document, in_line(line))]) == expected


def test_the_comment_for_a_notebook_stays_in_the_cell() -> None:
    text = "import torch\n0#time\nfor x in y:\n    step(\n        x)\n"
    document = Document("/p/a.ipynb", text, (0, 1))
    edit = suppressing_file_edit(document, in_line(4))
    assert apply_edits(text, [edit]).split("\n")[2:5] == [
        "for x in y:",
        f"    {COMMENT}",
        "    step(",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "[tool.tricklint]\n#\n"),
        ("[project]\nname = 'x'", "[project]\nname = 'x'\n\n[tool.tricklint]\n#\n"),
        ("[project]\r\n", "[project]\r\n\r\n[tool.tricklint]\r\n#\r\n"),
        (
            "[tool.tricklint]\npreview = true\n[tool.other]\nignore = []\n",
            "[tool.tricklint]\n#\npreview = true\n[tool.other]\nignore = []\n",
        ),
        ("[tool.tricklint.severity]\n", "[tool.tricklint.severity]\n\n[tool.tricklint]\n#\n"),
    ],
)
def test_a_rule_is_ignored_in_settings_that_ignore_nothing_yet(text: str, expected: str) -> None:
    fix = ignore_rule("/p/pyproject.toml", text, CLEAR, KNOWN)
    assert fix
    line = 'ignore = ["missing-zero-grad"]'
    assert apply_edits(text, fix.edits) == expected.replace("#", line)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("[]", "[NEW]"),
        ("[ ]  # none", "[NEW ]  # none"),
        ("['TRK006']", "['TRK006', NEW]"),
        ("['TRK006',]", "['TRK006', NEW]"),
        ("[\n  'TRK006']", "[\n  'TRK006', NEW]"),
        ("[\n  'TRK006'  # ] x\n]", "[\n  'TRK006',  # ] x\n  NEW,\n]"),
        ("[\n    'TRK006',  # ] x\n]", "[\n    'TRK006',  # ] x\n    NEW,\n]"),
    ],
)
def test_a_rule_is_ignored_beside_others(old: str, new: str) -> None:
    for path, head in (("/p/pyproject.toml", "[tool.tricklint]\n"), ("/p/tricklint.toml", "")):
        text = f"{head}ignore = {old}\n[severity]\n"
        fix = ignore_rule(path, text, CLEAR, KNOWN)
        assert fix
        expected = text.replace(old, new.replace("NEW", '"missing-zero-grad"'))
        assert apply_edits(text, fix.edits) == expected


@pytest.mark.parametrize("text", ["x = [", "[tool]\ntricklint.ignore = ['TRK006']\n"])
def test_settings_that_are_not_understood_are_left_alone(text: str) -> None:
    assert ignore_rule("/p/pyproject.toml", f"[tool.tricklint]\n{text}", CLEAR, KNOWN) is None

"""Comments that suppress findings: where they count, for what, and when they are of no use."""

from __future__ import annotations

import pytest

from tricklint.edits import apply_edits
from tricklint.finding import Finding, Position, Severity, Span
from tricklint.settings import RuleId
from tricklint.suppression import apply_comments, suppressing_edit
from tricklint.syntax.document import Document

CLEAR = RuleId("TRK003", "missing-zero-grad")
VIEW = RuleId("TRK006", "view-as-permute")
KNOWN = (CLEAR, VIEW)


def at(line: int, rule: RuleId = CLEAR) -> Finding:
    span = Span("/p/a.py", Position(line, 0), Position(line, 1))
    return Finding(rule.code, rule.name, "message", span, Severity.WARNING)


def kept(text: str, *findings: Finding) -> list[int]:
    """The lines whose findings are still shown."""
    shown = apply_comments(Document("/p/a.py", text), findings, KNOWN, KNOWN)
    return [one.span.start.line for one in shown if one.code != "TRK902"]


def unused(text: str, *findings: Finding, ran: tuple[RuleId, ...] = KNOWN) -> list[Finding]:
    shown = apply_comments(Document("/p/a.py", text), findings, KNOWN, ran)
    return [one for one in shown if one.code == "TRK902"]


@pytest.mark.parametrize(
    "comment",
    [
        "# tricklint: ignore[missing-zero-grad] accumulates",
        "# tricklint: ignore[TRK003]",
        "# tricklint: ignore[view-as-permute, missing-zero-grad]",
        "# tricklint:ignore",
        "# step  # tricklint: ignore[TRK003]",
        "# noqa",
        "# NOQA",
        "# noqa: TRK003",
        "# noqa:E501,TRK003",
        "# noqa: E501 TRK003",
        "# type: ignore  # noqa: TRK003",
    ],
)
def test_suppresses(comment: str) -> None:
    assert kept(f"step()  {comment}\n", at(0)) == []


@pytest.mark.parametrize(
    "comment",
    [
        "# tricklint: ignore[view-as-permute]",
        "# tricklint: ignore[]",
        "# tricklint: ignored",
        "# noqa: E501",
        "# noqa: because it is fine",
        "# noqally",
        "; text = '# noqa'",
        "; text = '''# tricklint: ignore'''",
        '; text = "\\"# noqa"',
    ],
)
def test_does_not_suppress(comment: str) -> None:
    assert kept(f"step()  {comment}\n", at(0)) == [0]


STATEMENT = """\
before()
call(
    first,  # noqa: TRK003
    second,
)
after()
"""


def test_counts_for_the_whole_statement_and_for_no_other() -> None:
    assert kept(STATEMENT, *map(at, range(6))) == [0, 5]


def test_counts_behind_a_line_that_goes_on() -> None:
    assert kept("a = \\\n    b  # noqa\nc\n", at(0), at(1), at(2)) == [2]


def test_a_header_is_a_statement_of_its_own() -> None:
    assert kept("for x in y:  # noqa\n    step()\n", at(0), at(1)) == [1]


def test_a_string_over_several_lines_hides_a_comment_sign() -> None:
    text = 'text = """\n# tricklint: ignore-file\n"""\nstep()\n'
    assert kept(text, at(3)) == [3]
    assert unused(text) == []


def test_counts_for_the_file() -> None:
    text = "# tricklint: ignore-file[TRK003]\nstep()\n"
    assert kept(text, at(1), at(1, VIEW)) == [1]
    assert kept("step()\n# tricklint: ignore-file\n", at(0), at(0, VIEW)) == []


@pytest.mark.parametrize(
    ("comment", "message", "left"),
    [
        ("# tricklint: ignore[TRK006]", "`TRK006` finds nothing here", "step()"),
        (
            "# tricklint: ignore[TRK003, TRK006]",
            "`TRK006` finds nothing here",
            "step()  # tricklint: ignore[TRK003]",
        ),
        ("# tricklint: ignore[nothing] why", "no rule is called `nothing`", "step()  # why"),
        ("# note  # tricklint: ignore[TRK006]", "`TRK006` finds nothing here", "step()  # note"),
    ],
)
def test_a_comment_of_no_use_is_reported_and_removed(comment: str, message: str, left: str) -> None:
    text = f"step()  {comment}\n"
    (report,) = unused(text, at(0))
    assert report.message == message
    assert apply_edits(text, report.fixes[0].edits) == f"{left}\n"


def test_a_blanket_of_no_use_is_reported_once_all_rules_ran() -> None:
    text = "step()  # tricklint: ignore\n"
    (report,) = unused(text)
    assert apply_edits(text, report.fixes[0].edits) == "step()\n"
    assert unused(text, ran=(CLEAR,)) == []
    assert unused(text, at(0)) == []


def test_a_rule_that_did_not_run_may_have_found_something() -> None:
    assert unused("step()  # tricklint: ignore[TRK006]\n", ran=(CLEAR,)) == []


def test_a_noqa_may_be_meant_for_another_linter() -> None:
    assert unused("step()  # noqa\nstep()  # noqa: TRK006\n") == []


@pytest.mark.parametrize(
    ("text", "line", "after"),
    [
        ("step()\n", 0, "step()  # tricklint: ignore[missing-zero-grad]\n"),
        ("step()  # note", 0, "step()  # note  # tricklint: ignore[missing-zero-grad]"),
        ("f(\n  a,\n)\r\n", 0, "f(\n  a,\n)  # tricklint: ignore[missing-zero-grad]\r\n"),
        (
            "step()  # tricklint: ignore[TRK006] why\n",
            0,
            "step()  # tricklint: ignore[TRK006, missing-zero-grad] why\n",
        ),
    ],
)
def test_the_edit_that_suppresses_does(text: str, line: int, after: str) -> None:
    edit = suppressing_edit(Document("/p/a.py", text), at(line))
    assert apply_edits(text, (edit,)) == after
    assert kept(after, at(line)) == []

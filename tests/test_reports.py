"""What a person reads: the place, the line, carets under the very columns; and nothing foreign."""

from __future__ import annotations

import io
import json as standard_json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot
from rich.cells import cell_len

from tricklint.draft import Draft
from tricklint.finding import Edit, Finding, Fix, Note, Position, Safety, Severity, Span
from tricklint.report import json, text
from tricklint.report.foreign import escape
from tricklint.report.summary import Look, Result, sentence


def look_in(texts: Mapping[str, str]) -> Look:
    def look(path: str) -> Draft | None:
        return Draft.of(path, texts[path]) if path in texts else None

    return look


def span(path: str, start: tuple[int, int], end: tuple[int, int]) -> Span:
    return Span(path, Position(*start), Position(*end))


def finding(at: Span, *notes: Note, fixes: tuple[Fix, ...] = ()) -> Finding:
    return Finding("TRK000", "a-rule", "`x` is wrong", at, Severity.WARNING, notes, fixes)


def printed(result: Finding, texts: Mapping[str, str]) -> str:
    stream = io.StringIO()
    text.write(Result((result,), 1), look_in(texts), stream)
    return stream.getvalue()


TEXTS = {"/p/a.py": "import x\n" * 9 + "y = f(x)\n", "/p/b.py": "x = 1\n"}


def test_text_shows_the_finding_its_notes_and_its_fixes() -> None:
    at = span("/p/a.py", (9, 4), (9, 8))
    fix = Fix("Drop it", (Edit(at, ""),), Safety.UNSAFE)
    note = Note(span("/p/b.py", (0, 0), (0, 1)), "made here")
    assert printed(finding(at, note, fixes=(fix,)), TEXTS) == snapshot(
        """\
/p/a.py:10:5: warning[TRK000 a-rule] `x` is wrong
   |
10 | y = f(x)
   |     ^^^^
   = note: /p/b.py:1:1: made here
   |
 1 | x = 1
   | ^
   = help: Drop it (--unsafe-fixes)

1 warning in 1 file. 1 can be fixed with --unsafe-fixes.
"""
    )


def rows(line: str, start: int, end: int) -> tuple[str, str]:
    """The printed line of source and the carets below it, without the gutter."""
    at = span("/p/a.py", (0, start), (0, end))
    lines = printed(finding(at), {"/p/a.py": line}).splitlines()
    return lines[2].removeprefix("1 | "), lines[3].removeprefix("  | ")


@pytest.mark.parametrize(
    ("line", "start", "end", "expected"),
    [
        ("abc\n", 1, 2, ("abc", " ^")),
        ("\tabc", 1, 4, ("    abc", "    ^^^")),
        ("a\tb\tc", 2, 5, ("a   b   c", "    ^^^^^")),
        ("日本 = x", 5, 6, ("日本 = x", "       ^")),
        ("日本 = x", 0, 2, ("日本 = x", "^^^^")),
        ("'🙂' + x", 6, 7, ("'🙂' + x", "       ^")),
        ("'\x1b' + x", 6, 7, ("'\\x1b' + x", "         ^")),
        ("e\u0301 = x", 5, 6, ("e\u0301 = x", "    ^")),
        ("abc", 3, 3, ("abc", "   ^")),
        ("abc", 7, 9, ("abc", "   ^")),
        ("", 0, 0, ("", "^")),
    ],
)
def test_carets_stand_below_what_they_mean(
    line: str, start: int, end: int, expected: tuple[str, str]
) -> None:
    assert rows(line, start, end) == expected


@pytest.mark.parametrize(("start", "end"), [(0, 3), (70, 90), (600, 606), (997, 1000)])
def test_of_a_long_line_the_part_that_matters_is_shown(start: int, end: int) -> None:
    line = "".join(f"{number:03}," for number in range(250))
    source, carets = rows(line, start, end)
    assert len(source) <= 165
    indent = len(carets) - len(carets.lstrip())
    assert source[indent : indent + end - start] == line[start:end]
    assert set(carets.strip()) == {"^"}


def test_a_finding_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    at = span("/p/a.py", (0, 4), (2, 1))
    lines = printed(finding(at), {"/p/a.py": "y = f(\n  x\n)\n"}).splitlines()
    assert lines[2:4] == ["1 | y = f(", "  |     ^^"]


def test_a_file_that_is_gone_is_named_all_the_same() -> None:
    output = printed(finding(span("/p/gone.py", (2, 0), (2, 1))), {})
    assert output.startswith("/p/gone.py:3:1: warning[TRK000 a-rule] `x` is wrong\n\n")


@given(st.text(), st.text(), st.text())
def test_nothing_foreign_reaches_the_terminal(line: str, message: str, name: str) -> None:
    at = span(f"/p/{name}", (0, 1), (0, 3))
    fix = Fix(message, (), Safety.SAFE)
    found = Finding("TRK000", "a", message, at, Severity.ERROR, (Note(at, message),), (fix,))
    texts = {f"/p/{name}": line} if not name.endswith(".ipynb") else {}
    output = printed(found, texts)
    assert [c for c in output if c != "\n" and escape(c) != c] == []
    assert standard_json.loads(json.render([found], look_in(texts)))[0]["message"] == message
    assert json.render([found], look_in(texts)).isascii()


@given(st.text(st.characters(exclude_categories=["Cc", "Cf", "Zl", "Zp", "Cs"])))
def test_ordinary_text_stays_as_it_is(line: str) -> None:
    assert escape(line) == line


def test_the_width_of_what_is_printed_is_known() -> None:
    for character in map(chr, range(0x3000)):
        if cell_len(escape(character)) == 0:
            assert escape(character) == character  # a mark on the character before


def test_colours_are_for_terminals_only(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    result = Result((finding(span("/p/a.py", (9, 4), (9, 8))),), 1)
    outputs: list[str] = []
    for stream in (Terminal(), io.StringIO()):
        text.write(result, look_in(TEXTS), stream)
        outputs.append(stream.getvalue())
    coloured, plain = outputs
    assert "\x1b[1;33mwarning[TRK000 a-rule]\x1b[0m" in coloured
    assert "\x1b" not in plain
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    text.write(result, look_in(TEXTS), stream)
    assert "\x1b[1;33m" not in stream.getvalue()


def test_json_has_the_names_that_ruff_made_common() -> None:
    at = span("/p/a.py", (9, 4), (9, 8))
    fix = Fix("Drop it", (Edit(at, "z"),), Safety.SAFE)
    note = Note(span("/p/b.py", (0, 0), (0, 1)), "made here")
    assert standard_json.loads(json.render([finding(at, note, fixes=(fix,))], look_in(TEXTS))) == [
        {
            "code": "TRK000",
            "name": "a-rule",
            "message": "`x` is wrong",
            "filename": "/p/a.py",
            "cell": None,
            "location": {"row": 10, "column": 5},
            "end_location": {"row": 10, "column": 9},
            "severity": "warning",
            "url": "https://github.com/tricklint/tricklint/blob/main/docs/rules/a-rule.md",
            "fix": {
                "applicability": "safe",
                "message": "Drop it",
                "edits": [
                    {
                        "filename": "/p/a.py",
                        "cell": None,
                        "location": {"row": 10, "column": 5},
                        "end_location": {"row": 10, "column": 9},
                        "content": "z",
                    }
                ],
            },
            "related": [
                {
                    "filename": "/p/b.py",
                    "cell": None,
                    "location": {"row": 1, "column": 1},
                    "end_location": {"row": 1, "column": 2},
                    "message": "made here",
                }
            ],
        }
    ]


def test_the_sentence_counts() -> None:
    at = span("/p/a.py", (0, 0), (0, 1))
    safe = finding(at, fixes=(Fix("Do", (), Safety.SAFE),))
    unsafe = finding(at, fixes=(Fix("Do", (), Safety.UNSAFE),))
    assert sentence(Result((), 1)) == "No problems found in 1 file."
    assert sentence(Result((), 2, 3)) == "Fixed 3 problems. No problems found in 2 files."
    assert sentence(Result((safe, safe), 3)) == "2 warnings in 3 files. 2 can be fixed with --fix."
    assert sentence(Result((safe, unsafe), 3)) == (
        "2 warnings in 3 files. 1 can be fixed with --fix, 1 more with --unsafe-fixes."
    )

"""The cheap look at a text: where statements and clauses start, and what must not be parsed.

It knows strings, comments, brackets and continued lines, and nothing else of the language, so
it costs a fiftieth of a parse.  It reads forward only: what it says of a line depends on
the text before the next statement, never on where the reading began.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .guards import refusal

NO_INDENT = -1


class Logical(NamedTuple):
    """The first line of a statement or clause, up to its colon or end; `end` is exclusive.

    `word` is the identifier that it starts with, or "@"; "" for anything else.  `fault` says
    why the parser cannot or must not see it.  `reach` is how far the scan had to look.
    """

    line: int
    end: int
    indent: int
    word: str
    fault: str
    reach: int


def logical_lines(
    lines: Sequence[str], start: int, stop: int, above: int = NO_INDENT
) -> Iterator[Logical]:
    """The statements and clauses that start in these lines; blank ones and comments have none.

    A simple statement that stands out to the left of its neighbours is half typed: it is said
    to stand where they do.  `above` is the indent of the neighbour above the first line.
    """
    current: Logical | None = None
    for following in _as_written(lines, start, stop):
        if current is not None:
            if current.indent < following.indent <= above and current.word not in _HEADS:
                fault = current.fault or OUTSIDE
                reach = max(current.reach, following.line + 1)
                current = current._replace(indent=following.indent, fault=fault, reach=reach)
            above = current.indent
            yield current
        current = following
    if current is not None:
        yield current


def _as_written(lines: Sequence[str], start: int, stop: int) -> Iterator[Logical]:
    line = start
    while line < stop:
        head = _HEAD.match(lines[line])
        if head is None or head.lastgroup == "blank":
            line += 1
            continue
        word = head["word"] if head.lastgroup == "word" else ""
        indent = indent_width(head["lead"])
        if head.lastgroup == "magic":
            end, fault, reach = line + 1, "not Python", line + 1
        else:
            end, fault, reach = _statement_end(lines, line, stop)
            if fault == UNCLOSED and word not in COMPOUND:
                end = _behind_arguments(lines, end, stop, indent)
        text = lines[line] if end == line + 1 else "".join(lines[line:end])
        fault = fault or refusal(text)
        yield Logical(line, end, indent, word, fault, max(end, reach))
        line = end


def indent_width(lead: str) -> int:
    """The column that white space leads to; a form feed starts again at 0."""
    if not lead.strip(" "):
        return len(lead)
    lead = lead[max(lead.rfind("\f"), lead.rfind("\ufeff")) + 1 :]
    return len(lead.expandtabs(8)) if "\t" in lead else len(lead)


def last_colon(line: str) -> int:
    """The index of the last colon of a line that is in no string or comment, or -1."""
    code = _QUIET.sub(lambda match: " " * len(match.group()), line)
    return code.rfind(":")


COMPOUND = frozenset(
    [
        "if",
        "elif",
        "else",
        "for",
        "while",
        "with",
        "try",
        "except",
        "finally",
        "def",
        "class",
        "async",
        "match",
        "case",
    ]
)
_HEADS = COMPOUND | {"@"}
OUTSIDE = "unexpected indentation"
UNCLOSED = "unclosed bracket"
UNTERMINATED = "unterminated string"
UNENDED = "unterminated triple-quoted string"

_HEAD = re.compile(
    r"(?P<lead>[ \t\f\ufeff]*)"
    r"(?:(?P<word>[^\W\d]\w*|@)|(?P<blank>#|\\?[\r\n]|\\?\Z)|(?P<magic>[%!?]))?"
)
_STRING = (
    r'"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"'
    r"|'[^'\\\r\n]*(?:\\[^\r\n][^'\\\r\n]*)*'"
)
_PLAIN = r"[^()\[\]{}\"'#\\\r\n]*"
# Every alternative starts with one plain character: that lets `re` skip what lies between.
_TOKEN = re.compile(
    r'"""|\'\'\''
    rf"|{_STRING}"
    r"|\"[^\r\n]*|'[^\r\n]*"  # a quote without its partner
    rf"|\({_PLAIN}[)\]}}]|\[{_PLAIN}[)\]}}]|\{{{_PLAIN}[)\]}}]"
    r"|\(|\[|\{|\)|\]|\}"
    r"|\#[^\r\n]*"
    r"|\\(?:\r\n|\n|\r)"
)
_TRIPLE = frozenset(['"""', "'''"])
_QUIET = re.compile(rf"{_STRING}|\#[^\r\n]*")
# Most lines: no string, and no bracket in a bracket.
_FLAT = re.compile(rf"{_PLAIN}(?:[(\[{{]{_PLAIN}[)\]}}]{_PLAIN})*(?:#[^\r\n]*)?[\r\n]*\Z")
_COMPLETE = re.compile(_STRING)
# No expression has one of these words at its head, so a bracket before it was never closed.
_HARD = re.compile(
    r"[ \t\f]*(?:(?:def|class|import|return|raise|while|with|try|del|assert|pass|break|continue"
    r"|global|nonlocal|elif|except|finally)\b|from\b.*\bimport\b)"
)
# What a string is given to, and what a docstring stands below.
_HOLDER = re.compile(r"^[\w.]+\s*=\s*[rRbBfFuU]{0,2}$|\w\($|^return\b\s*[rRbBfFuU]{0,2}$")
_OWNER = re.compile(r"([ \t]*)(?:(?:async\s+)?def\b.*|class\b.*|\)(?:\s*->.*)?):\s*$")
_REACH = 200  # lines behind an unclosed bracket that are read again one by one


class _Step(NamedTuple):
    """What one line, or the rest of one, does to the statement that it belongs to."""

    depth: int  # brackets open behind it
    opens: bool  # whether the outermost of them was opened here
    carried: bool  # whether a backslash carries on to the next line
    behind: tuple[int, int] | None  # where to go on, if a string took the scan elsewhere
    fault: str  # whether a string has no end


def _statement_end(lines: Sequence[str], first: int, stop: int) -> tuple[int, str, int]:
    """The end of a statement, what is wrong with it, and how far that was looked for."""
    if _FLAT.match(lines[first]):
        return first + 1, "", first + 1
    depth, opened, line, column, fault, far = 0, first, first, 0, "", 0
    while line < stop:
        step = _step(lines, line, column, stop, depth)
        opened, depth = (line if step.opens else opened), step.depth
        fault = fault or step.fault
        far = stop if step.fault == UNENDED else far
        if step.behind is not None:
            line, column = step.behind
            continue
        line, column = line + 1, 0
        if depth == 0 and not step.carried:
            return line, fault, max(line, far)
        if depth and line < stop and _HARD.match(lines[line]):
            break
    if depth == 0:
        return stop, fault, stop
    return (opened + 1 if line - opened <= _REACH else line), UNCLOSED, max(line + 1, far)


def _step(lines: Sequence[str], line: int, column: int, stop: int, depth: int) -> _Step:
    opens = carried = False
    for index, token in enumerate(_TOKEN.findall(lines[line], column)):
        mark = token[0]
        if mark in "([{":
            if len(token) == 1:
                opens = opens or depth == 0
                depth += 1
        elif mark in ")]}":
            depth = max(depth - 1, 0)
        elif mark == "\\":
            carried = True
        elif mark != "#" and not _COMPLETE.fullmatch(token):
            behind = _behind_string(lines, line, column, index, stop)
            fault = UNENDED if token in _TRIPLE else UNTERMINATED
            return _Step(depth, opens, carried, behind, fault if behind is None else "")
    return _Step(depth, opens, carried, None, "")


def _behind_string(
    lines: Sequence[str], line: int, column: int, index: int, stop: int
) -> tuple[int, int] | None:
    """The place behind the string that is the token of this index, None if it has no end."""
    tokens = _TOKEN.finditer(lines[line], column)
    token = next(match for number, match in enumerate(tokens) if number == index)
    quote = token.group()
    if quote in _TRIPLE:
        return _behind_triple(lines, line, token.end(), quote, stop)
    # A string between single quotes goes on in the next line only behind a backslash.
    quote, column = quote[0], token.end()
    while line + 1 < stop and _is_escaped(lines[line], column, token.start()):
        line, start = line + 1, 0
        column = len(lines[line].rstrip("\r\n"))
        end = _find_quote(lines[line], quote, start)
        if end >= 0:
            return line, end + 1
    return None


def _behind_triple(
    lines: Sequence[str], line: int, column: int, quote: str, stop: int
) -> tuple[int, int] | None:
    opened = line
    while line < stop:
        end = _find_quote(lines[line], quote, column)
        if end >= 0:
            stray = line > opened and _starts_another(lines, line, end)
            return None if stray else (line, end + 3)
        line, column = line + 1, 0
    return None


def _starts_another(lines: Sequence[str], line: int, column: int) -> bool:
    """Whether the quotes that would end a string look like the start of the next one.

    Then ours was never closed, and all strings behind it would be turned inside out.
    """
    behind = lines[line][column + 3 :].rstrip()
    if behind:
        return behind[0].isalnum() or behind[0] == "_"
    before = lines[line][:column].strip()
    if before:
        return _HOLDER.search(before) is not None
    owner = _OWNER.match(lines[line - 1])
    return owner is not None and indent_width(owner.group(1)) < column


def _find_quote(text: str, quote: str, start: int) -> int:
    end = text.find(quote, start)
    while end >= 0 and _is_escaped(text, end, start):
        end = text.find(quote, end + 1)
    return end


def _is_escaped(text: str, index: int, start: int) -> bool:
    backslashes = 0
    while index - backslashes > start and text[index - backslashes - 1] == "\\":
        backslashes += 1
    return backslashes % 2 == 1


def _behind_arguments(lines: Sequence[str], line: int, stop: int, indent: int) -> int:
    """Lines that hang deeper than a call that was never closed are its arguments."""
    while line < stop:
        head = _HEAD.match(lines[line])
        if head is None or head.lastgroup != "blank":
            lead = "" if head is None else head["lead"]
            if indent_width(lead) <= indent or _HARD.match(lines[line]):
                break
        line += 1
    return line

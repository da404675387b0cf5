"""One more rule in `ignore` of a settings file, with everything else kept as it is written."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from tricklint.edits import apply_edits
from tricklint.finding import Edit, Fix, Position, Safety, Span
from tricklint.settings import Reading, RuleId, Settings, read_settings
from tricklint.syntax.lines import newline_of, offset_of, position_of, split_lines

_HEADER = re.compile(r"[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*tricklint[ \t]*\]")
_ANY_HEADER = re.compile(r"[ \t]*\[")
_IGNORE = re.compile(r"[ \t]*ignore[ \t]*=[ \t]*\[")
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'|#[^\r\n]*|[\[\],]|[^\"'#\[\],]+")


def ignore_rule(path: str, text: str, rule: RuleId, rules: Collection[RuleId]) -> Fix | None:
    """The fix that adds the rule; None where it is there, or where the text is too unusual."""
    before = read_settings(path, text, rules)
    wanted = (before or Reading(Settings(_folder(path)), ())).settings
    if any(rule.matches(selector) for selector in wanted.ignore):
        return None
    wanted = replace(wanted, ignore=(*wanted.ignore, rule.name))
    for edits in _ways(path, split_lines(text), rule.name):
        # Whatever the way, it is right if the settings then say just this.
        after = read_settings(path, apply_edits(text, edits), rules)
        if after and after.settings == wanted and len(after.problems) <= _count(before):
            title = f"Ignore {rule.name} everywhere ({_name(path)})"
            return Fix(title, tuple(edits), Safety.SAFE)
    return None


def _ways(path: str, lines: Sequence[str], name: str) -> Iterator[list[Edit]]:
    newline = newline_of(lines)
    entry = f'ignore = ["{name}"]{newline}'
    first = 0
    if _name(path) == "pyproject.toml":
        headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
        if not headers:
            end = Position(len(lines) - 1, len(lines[-1]))
            gap = newline * (2 if lines[-1] else 1 if len(lines) > 1 else 0)
            yield [_insert(path, end, f"{gap}[tool.tricklint]{newline}{entry}")]
            return
        first = headers[0] + 1
    for number in range(first, len(lines)):
        if _ANY_HEADER.match(lines[number]):
            break
        if found := _IGNORE.match(lines[number]):
            yield _extended(path, lines, Position(number, found.end()), name)
            return
    yield [_insert(path, Position(first, 0), entry)]


def _extended(path: str, lines: Sequence[str], start: Position, name: str) -> list[Edit]:
    """One more item behind the last one of the array whose items begin here."""
    text = "".join(lines)
    close = end = offset_of(lines, start)
    last, comma = "", False
    for token in _TOKEN.finditer(text, end):
        part, close = token.group(), token.start()
        if part == "]":
            break
        if part == "," or part[0] in "\"'":
            last, comma, end = part, part == ",", token.end()
    at = position_of(lines, end)
    item = f'"{name}"'
    if not last:
        return [_insert(path, at, item)]
    if at.line in (start.line, position_of(lines, close).line):
        return [_insert(path, at, f" {item}" if comma else f", {item}")]
    # One item on each line: the comment behind the last one stays with it.
    indent = re.match(r"[ \t]*", lines[at.line])
    new = Position(at.line + 1, 0)
    line = f"{indent.group() if indent else ''}{item},{newline_of(lines)}"
    return [_insert(path, new, line)] + ([] if comma else [_insert(path, at, ",")])


def _insert(path: str, at: Position, text: str) -> Edit:
    return Edit(Span(path, at, at), text)


def _count(reading: Reading | None) -> int:
    return len(reading.problems) if reading else 0


def _folder(path: str) -> str:
    return os.path.dirname(path)


def _name(path: str) -> str:
    return os.path.basename(path)

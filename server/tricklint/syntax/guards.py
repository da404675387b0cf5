"""What is never given to the parser: its stack overflows on depth, its time on long chains."""

from __future__ import annotations

import re
from collections.abc import Sequence

DEEPEST_BRACKETS = 200
DEEPEST_INDENTS = 100
MOST_CODE = 16_000
MOST_OPERATORS = 500


def refusal(lines: Sequence[str]) -> str:
    """Why a statement must not be parsed, "" if it may be."""
    size = sum(map(len, lines))
    if size <= _HARMLESS:
        return "" if "\0" not in "".join(lines) else _NUL
    text = "".join(lines)
    if "\0" in text:
        return _NUL
    code = _SILENT.sub('""', text)
    if len(code) > MOST_CODE:
        return "too long to read"
    if size <= MOST_OPERATORS // 2 and code.count("(") <= _HARMLESS:
        return ""
    return _depth_refusal(code)


_NUL = "NUL character"
_HARMLESS = 200  # characters that cannot hold more brackets or operators than are allowed
_SILENT = re.compile(
    r"\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\""
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r"|\"[^\"\\\r\n]*(?:\\.[^\"\\\r\n]*)*\""
    r"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'"
    r"|\#[^\r\n]*",
    re.DOTALL,
)
_MARK = re.compile(
    r"[(\[{]|[)\]}]|,|(?:\*\*|//|<<|>>|[<>!=]=|[-+*/@%&|^~<>.])"
    r"|\b(?:and|or|not|if|in|is|lambda|await|for)\b"
)


def _depth_refusal(code: str) -> str:
    """Operators count along a path into the brackets: a comma starts a new path."""
    open_chains: list[int] = []
    chain = longest = 0
    for mark in _MARK.findall(code):
        if mark in "([{":
            open_chains.append(chain)
            chain += 1
            if len(open_chains) > DEEPEST_BRACKETS:
                return "too deeply nested to read"
        elif mark in ")]}":
            chain = open_chains.pop() + 1 if open_chains else chain
        elif mark == ",":
            chain = open_chains[-1] if open_chains else 0
        else:
            chain += 1
        longest = max(longest, chain)
    return "too many operators to read" if longest > MOST_OPERATORS else ""

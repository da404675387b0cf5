"""What is never given to the parser: its stack overflows on depth, its time on long chains."""

from __future__ import annotations

import re

# Both at once take less than the 2 MB of stack that threads have on Windows.
DEEPEST_BRACKETS = 100
DEEPEST_INDENTS = 40  # in one leaf; what lies deeper in a document is cut up
MOST_ALTERNATIVES = 100  # `elif`s; each is nested in the one before it
MOST_CODE = 16_000
MOST_OPERATORS = 500


def refusal(text: str) -> str:
    """Why a statement must not be parsed, "" if it may be."""
    if "\0" in text:
        return "NUL character"
    if len(text) <= DEEPEST_BRACKETS:
        return ""
    if len(text) <= MOST_OPERATORS and sum(map(text.count, "([{")) <= DEEPEST_BRACKETS:
        return ""
    code = _SILENT.sub(_code_of, text)
    return "too long to read" if len(code) > MOST_CODE else _depth_refusal(code)


_SILENT = re.compile(
    r"(?P<prefix>\b[a-zA-Z]{1,2})?"
    r"(?:\"\"\"(?P<a>[^\"\\]*(?:(?:\\.|\"(?!\"\"))[^\"\\]*)*)\"\"\""
    r"|'''(?P<b>[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*)'''"
    r"|\"(?P<c>[^\"\\\r\n]*(?:\\.[^\"\\\r\n]*)*)\""
    r"|'(?P<d>[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*)')"
    r"|\#[^\r\n]*",
    re.DOTALL,
)
_BRACE = re.compile(r"\{\{|\}\}|\{|\}")
_MARK = re.compile(
    r"[(\[{]|[)\]}]|,|\"\"|(?:\*\*|//|<<|>>|[<>!=]=|[-+*/@%&|^~<>.])"
    r"|\b(?:and|or|not|if|in|is|lambda|await|for)\b"
)


def _code_of(match: re.Match[str]) -> str:
    """Two quotes for a string, and what stands in the braces if it is an f-string."""
    if match.group().startswith("#"):
        return ""
    prefix = (match.group("prefix") or "").lower()
    if "f" not in prefix and "t" not in prefix:
        return '""'
    body = match.group("a") or match.group("b") or match.group("c") or match.group("d") or ""
    kept, depth, start = ['""'], 0, 0
    for brace in _BRACE.finditer(body):
        mark = brace.group()
        if depth == 0:
            if mark == "{":
                depth, start = 1, brace.start()
            continue
        depth += len(mark) if mark[0] == "{" else -len(mark)
        if depth <= 0:
            kept.append(body[start : brace.end()])
            depth = 0
    if depth:
        kept.append(body[start:])
    return "".join(kept)


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

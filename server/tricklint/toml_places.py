"""Where a key stands in a TOML text: the readers of TOML do not tell."""

from __future__ import annotations

import re

from tricklint.finding import Position, Span


class Places:
    """The keys of one file by their full names."""

    def __init__(self, path: str, text: str) -> None:
        """Read the text once; what is not TOML has no places."""
        self._path = path
        # The rule of all texts here: str.splitlines would also split at U+2028.
        self._lines = re.split(r"\r\n|\n|\r", text)
        self._keys = _keys(self._lines)

    def of_key(self, key: tuple[str, ...], item: str = "") -> Span:
        """The place of a key, or of one string in its value; of the table if that is not found."""
        while key and key not in self._keys:
            key = key[:-1]
        span = self._keys.get(key, (0, 0, len(self._lines[0])))
        if item:
            span = self._item(span[0], item) or span
        return self._span(*span)

    def of_error(self, message: str) -> Span:
        """The line that the message of the TOML reader names."""
        found = re.search(r"at line (\d+), column (\d+)", message)
        # "at end of document" names no line: it is the last one.
        line = min(int(found[1]) - 1, len(self._lines) - 1) if found else len(self._lines) - 1
        return self._span(line, 0, len(self._lines[line]))

    def _item(self, first: int, item: str) -> tuple[int, int, int] | None:
        pattern = re.compile(rf"[\"']?(?<![\w-]){re.escape(item)}(?![\w-])[\"']?")
        for number in range(first, len(self._lines)):
            found = pattern.search(self._lines[number])
            if found:
                return number, *found.span()
        return None

    def _span(self, line: int, start: int, end: int) -> Span:
        return Span(self._path, Position(line, start), Position(line, end))


_PART = r"(?:[\w-]+|\"[^\"]*\"|'[^']*')"
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_ENTRY = re.compile(rf"\s*({_DOTTED})\s*=")


def _keys(lines: list[str]) -> dict[tuple[str, ...], tuple[int, int, int]]:
    """Every key with its line and columns, and every beginning of one where it first occurs."""
    found: dict[tuple[str, ...], tuple[int, int, int]] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(lines):
        header = _HEADER.match(line)
        match = header or _ENTRY.match(line)
        if match is None:
            continue
        parts = tuple(part.strip("\"'") for part in re.findall(_PART, match[1]))
        table, key = (parts, parts) if header else (table, table + parts)
        for length in range(1, len(key) + 1):
            found.setdefault(key[:length], (number, *match.span(1)))
    return found

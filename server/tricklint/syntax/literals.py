"""The values of literals, read without `eval` and without the warnings that it prints."""

from __future__ import annotations

import math
import re
import unicodedata

_PREFIX = re.compile(r"([A-Za-z]*)('''|\"\"\"|'|\")")
_ESCAPE = re.compile(
    r"\\(?:(\r\n|\n|\r)|([0-7]{1,3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})"
    r"|U([0-9A-Fa-f]{8})|N\{([^}]*)\}|(.))",
    re.DOTALL,
)
_SHORT = {
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}


def string_value(source: str) -> str | bytes:
    """The value of one string literal, prefix and quotes included in `source`."""
    match = _PREFIX.match(source)
    if match is None:
        return source
    prefix, quote = match.group(1).lower(), match.group(2)
    body = source[match.end() : len(source) - len(quote)]
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" in body and "r" not in prefix:
        body = _ESCAPE.sub(_unescape_byte if "b" in prefix else _unescape, body)
    return body.encode("latin-1", "replace") if "b" in prefix else body


def integer_value(source: str) -> int | float:
    """The value of an integer literal; infinity where Python refuses to read that many digits."""
    try:
        return int(source.replace("_", ""), 0)
    except ValueError:
        return math.inf


def _unescape_byte(match: re.Match[str]) -> str:
    newline, octal, two, _, _, _, other = match.groups()
    if newline is None and octal is None and two is None and other is None:
        return match.group()
    return _unescape(match)


def _unescape(match: re.Match[str]) -> str:
    newline, octal, two, four, eight, name, other = match.groups()
    if newline is not None:
        return ""
    if octal is not None:
        return chr(int(octal, 8))
    digits = two or four or eight
    if digits is not None:
        code = int(digits, 16)
        return chr(code) if code < 0x110000 else match.group()
    if name is not None:
        try:
            return unicodedata.lookup(name)
        except KeyError:
            return match.group()
    return _SHORT.get(other, match.group())

"""Text from the user's files, made safe to print: it can neither steer a terminal nor hide."""

from __future__ import annotations

import unicodedata

# Controls, marks that change the direction of writing, line separators, halves of characters.
_UNSAFE = frozenset(("Cc", "Cf", "Zl", "Zp", "Cs"))
_JOINERS = "\u200c\u200d"  # parts of emoji and of several scripts


def escape(text: str) -> str:
    """The text with every character that does not simply show replaced by its escape."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_escape, text))


def expand(text: str) -> str:
    """The same for a line of source, whose tabs become blanks."""
    return escape(text.expandtabs(4))


def _escape(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE or character in _JOINERS:
        return character
    # A lone half of a character stands for a byte of a file name that is not UTF-8.
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")

"""The kinds of text that are parsed on their own."""

from __future__ import annotations

from enum import Enum


class Kind(Enum):
    """What the text of a leaf is, so how it has to be wrapped for the parser."""

    BLOCK = "statements of one suite"
    HEADER = "the head of a clause whose suite lies in other leaves"
    INLINE = "a whole clause on its head line"

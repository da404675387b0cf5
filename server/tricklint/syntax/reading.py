"""From the text of one leaf to libcst nodes: wrapped so that it parses, repaired if it must be."""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

import libcst as cst

from .expressions import hole_name
from .kind import Kind
from .lines import split_lines
from .repair import Draft, Gap
from .scan import OUTSIDE, Logical, logical_lines


@dataclass(frozen=True, slots=True)
class Reading:
    """The parse of a leaf.  `body` are the statements in it, or the carrier of its clause.

    A line of the leaf is `before` lines further down in the module; `shifts` are the characters
    at the start of a line that the parser was not shown.
    """

    module: cst.Module
    body: Sequence[cst.CSTNode]
    before: int
    shifts: Mapping[int, int]
    gaps: tuple[Gap, ...]


@lru_cache(maxsize=16)  # what was just parsed is soon asked for its positions
def read_leaf(kind: Kind, text: str, give_up: str = "") -> Reading:
    """Parses a leaf.  It never fails: what cannot be read becomes a gap.

    With a reason to `give_up` the parser is not asked, and the whole text is one gap.
    """
    # Half a surrogate pair, as an editor may send, is no text that the parser takes.
    lines = split_lines(_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text))
    found = list(logical_lines(lines, 0, len(lines), above=sys.maxsize))
    if not found:
        return Reading(cst.Module([]), (), 0, {}, ())
    draft = Draft(kind, lines, found)
    wrapping = _wrapping(kind, lines, found)
    give_up = give_up or draft.patch_faults()
    if not give_up:
        with _collector_paused():
            module, give_up = _parse(draft, wrapping)
        if module is not None:
            body = wrapping.unwrap(module)
            return Reading(module, body, wrapping.before, draft.shifts, tuple(draft.gaps))
    draft.patch_all(give_up)
    module = cst.parse_module(hole_name(0) + "\n")
    return Reading(module, module.body, 0, {}, tuple(draft.gaps))


_BUDGET = 3  # statements that the parser may point at in one leaf
_INVALID = "invalid syntax"  # what the parser expected instead is a page long
_TOKENIZER = "tokenizer error: "
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLACE = re.compile(r"error at (\d+):(\d+)")


def _parse(draft: Draft, wrapping: _Wrapping) -> tuple[cst.Module | None, str]:
    """The module, or why there is none."""
    message, repaired, budget = "", False, _BUDGET
    while True:
        try:
            return cst.parse_module(wrapping.around(draft.text())), ""
        except cst.ParserSyntaxError as error:
            message = error.message
        except (cst.CSTValidationError, RecursionError):
            return None, _INVALID
        if not repaired:
            repaired = True
            if draft.patch_structure():
                continue
        if budget == 0:
            return None, _INVALID
        budget -= 1
        place = _PLACE.search(message)
        if place is not None:
            line = int(place.group(1)) - 1 - wrapping.before
            draft.patch_place(line, int(place.group(2)), _INVALID)
        elif not draft.patch_where(_is_no_token, message.removeprefix(_TOKENIZER)):
            return None, _INVALID


def _is_no_token(text: str) -> bool:
    """Whether a statement has something in it that not even the tokenizer takes."""
    try:
        cst.parse_module(text.lstrip())
    except cst.ParserSyntaxError as error:
        return error.message.startswith(_TOKENIZER)
    return False


@dataclass(frozen=True, slots=True)
class _Wrapping:
    prefix: str
    suffix: str
    before: int
    nested: bool  # under an `if` of ours, because the text is indented

    def around(self, text: str) -> str:
        if self.suffix and not text.endswith(("\n", "\r")):
            text += "\n"
        return self.prefix + text + self.suffix

    def unwrap(self, module: cst.Module) -> Sequence[cst.CSTNode]:
        first = module.body[0]
        return first.body.body if self.nested and isinstance(first, cst.If) else module.body


def _wrapping(kind: Kind, lines: Sequence[str], found: Sequence[Logical]) -> _Wrapping:
    head = next((logical for logical in found if logical.word != "@"), found[-1])
    lead = _white(lines[head.line])
    if kind is Kind.BLOCK:
        inside = next((logical for logical in found if logical.fault != OUTSIDE), head)
        lead = _white(lines[inside.line])
    prefix, suffix, nested = "", "", lead != ""
    if kind is not Kind.BLOCK:
        suffix = f"{lead} pass\n" if kind is Kind.HEADER else ""
        if head.word in ("elif", "else"):
            prefix = f"{lead}if 1: pass\n"
        elif head.word in ("except", "finally"):
            prefix = f"{lead}try: pass\n"
        elif head.word == "try":
            suffix += f"{lead}finally: pass\n"
        elif head.word == "match":
            suffix = f"{lead} case _: pass\n"
        elif head.word == "case":
            prefix, nested = "match 1:\n", False
    if nested:
        prefix = "if 1:\n" + prefix
    return _Wrapping(prefix, suffix, prefix.count("\n"), nested)


def _white(line: str) -> str:
    """The white space that counts as the indentation of a line."""
    lead = line[: len(line) - len(line.lstrip(" \t\f\ufeff"))]
    return re.split("[\f\ufeff]", lead)[-1]


@contextmanager
def _collector_paused() -> Generator[None]:
    """A parse makes nothing but live objects: a collection in the middle of it finds none."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

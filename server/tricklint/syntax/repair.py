"""Stand-ins for what the parser cannot take: line by line, so that nothing else moves."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from .expressions import hole_name
from .guards import DEEPEST_INDENTS, MOST_ALTERNATIVES
from .kind import Kind
from .lines import without_end
from .scan import COMPOUND, OUTSIDE, Logical, last_colon


class Gap(NamedTuple):
    """A stretch of a leaf, (line, column) to (line, column), that could not be read, and why."""

    start: tuple[int, int]
    end: tuple[int, int]
    names: tuple[str, ...]
    message: str


class Draft:
    """The lines of a leaf on their way to something that parses."""

    def __init__(self, kind: Kind, lines: Sequence[str], found: Sequence[Logical]) -> None:
        self.lines = list(lines)
        self.found = found
        self.is_head = kind is Kind.HEADER  # the suite of the last statement lies elsewhere
        self.is_clause = kind is not Kind.BLOCK  # and perhaps what the first one belongs to
        self.gaps: list[Gap] = []
        self.shifts: dict[int, int] = {}
        self._original = lines
        self._patched: dict[int, int] = {}  # the gap that each replaced statement has become
        end = 0
        for logical in found:
            self._show_from(logical.line)
            for line in range(end, logical.line):
                if self.lines[line].strip() == "\\":
                    self.lines[line] = "\n"  # libcst forgets a line that is only carried on
            end = logical.end

    def text(self) -> str:
        """What to give to the parser."""
        return "".join(self.lines)

    def patch_faults(self) -> str:
        """Replaces what the scan found to be hopeless; says why if that is the whole leaf."""
        if _deepest(self.found) > DEEPEST_INDENTS:
            return "too deeply indented to read"
        alternatives = Counter(each.indent for each in self.found if each.word == "elif")
        if max(alternatives.values(), default=0) > MOST_ALTERNATIVES:
            return "too many alternatives to read"
        for index, logical in enumerate(self.found):
            if logical.fault:
                self._patch(index, logical.fault)
        return ""

    def patch_all(self, message: str) -> None:
        """Makes the whole leaf one gap."""
        last = len(self._original) - 1
        end = (last, len(self._original[last]))
        self.gaps = [Gap((0, 0), end, _names(self._original), message)]

    def patch_place(self, line: int, column: int, message: str) -> None:
        """Replaces the statement that the parser means when it names the end of a token.

        A token that ends in front of a line is the line end of the statement before.
        """
        text = self.lines[min(line, len(self.lines) - 1)]
        if column <= len(text) - len(text.lstrip(" \t")):
            line -= 1
        starts = [index for index, logical in enumerate(self.found) if logical.line <= line]
        self._patch(starts[-1] if starts else 0, message)

    def patch_where(self, test: Callable[[str], bool], message: str) -> bool:
        """Replaces the statements for whose text a test holds, and says whether there are any."""
        chosen = [
            index
            for index, logical in enumerate(self.found)
            if index not in self._patched and test("".join(self.lines[logical.line : logical.end]))
        ]
        for index in chosen:
            self._patch(index, message)
        return bool(chosen)

    def patch_structure(self) -> bool:
        """Repairs what indentation alone shows to be wrong, and says whether there was any.

        That is what the parser would blame on an innocent neighbour: a head without a suite, a
        `try` without its other half, a line that stands at no indentation of a suite.
        """
        before = self.text()
        suites = [self.found[0].indent]
        leads = [self._lead(0)]
        for index, logical in enumerate(self.found):
            opened = index > 0 and self._opens(index - 1)
            deeper = logical.indent > suites[-1]
            if deeper and not opened and index > 0 and self.found[index - 1].word in COMPOUND:
                self._patch(index - 1, "expected ':'")
                opened = True
            if deeper and opened:
                suites.append(logical.indent)
                leads.append(self._lead(index))
                continue
            if opened and logical.indent <= self.found[index - 1].indent:
                self._fill_suite(index - 1)
            while len(suites) > 1 and logical.indent < suites[-1]:
                suites.pop()
                leads.pop()
            if logical.indent != suites[-1]:
                self._patch(index, OUTSIDE, leads[-1])
        if not self.is_head and self._opens(len(self.found) - 1):
            self._fill_suite(len(self.found) - 1)
        self._patch_clauses()
        return self.text() != before

    def _patch_clauses(self) -> None:
        """Makes an `if` of every clause that lacks what it belongs to, a `case` of what has to be."""
        holders: list[Logical] = []
        for index, logical in enumerate(self.found):
            while holders and logical.indent <= holders[-1].indent:
                holders.pop()
            if holders and holders[-1].word == "match" and logical.word != "case":
                self._patch(index, "expected a case", word="case")
            holders.append(logical)
            if logical.word == "try" and not self._is_caught(index):
                self._patch(index, "try without except or finally", word="if")
            owners = _OWNERS.get(logical.word)
            if owners is not None and not (index == 0 and self.is_clause):
                above = [each for each in self.found[:index] if each.indent <= logical.indent]
                if not above or above[-1].indent < logical.indent or above[-1].word not in owners:
                    self._patch(index, f"{logical.word} without what it belongs to", word="if")

    def _opens(self, index: int) -> bool:
        """Whether a statement is a head that needs a suite below it."""
        logical = self.found[index]
        if logical.word not in COMPOUND:
            return False
        if index in self._patched:
            return self.lines[logical.line].rstrip().endswith(":")
        last = self.lines[logical.end - 1]
        colon = last_colon(last)
        return colon >= 0 and last[colon + 1 :].lstrip(" \t\f\\")[:1] in ("", "\n", "\r", "#")

    def _is_caught(self, index: int) -> bool:
        indent = self.found[index].indent
        for logical in self.found[index + 1 :]:
            if logical.indent <= indent:
                return logical.indent == indent and logical.word in ("except", "finally")
        return self.is_head or not self._opens(index)

    def _fill_suite(self, index: int) -> None:
        logical = self.found[index]
        line = self.lines[logical.end - 1]
        colon = last_colon(line)
        if colon < 0:
            self._patch(index, "expected an indented block")
            return
        hole = hole_name(len(self.gaps))
        self.lines[logical.end - 1] = f"{line[: colon + 1]} {hole}{line[colon + 1 :]}"
        self.gaps.append(Gap(*self._extent(logical), (), "expected an indented block"))

    def _patch(
        self, index: int, message: str, lead: str | None = None, word: str | None = None
    ) -> None:
        logical = self.found[index]
        gap = self._patched.get(index)
        again = gap is not None
        gap = self._patched[index] = len(self.gaps) if gap is None else gap
        has_suite = self._has_suite(index)
        original = self._original[logical.line : logical.end]
        if again and not has_suite and index > 0 and lead is None and word is None:
            lead = self._lead(index - 1)
        # A clause that was refused twice has nothing to be a clause of.
        word = word or ("if" if again else logical.word)
        stand_in = _stand_in(word, "".join(original), hole_name(gap), has_suite=has_suite)
        if lead is None:
            # One that stands out to the left moves to where the next one stands.
            lead = self._lead(index + (logical.fault == OUTSIDE))
        self.lines[logical.line] = f"{lead}{stand_in}\n"
        for line in range(logical.line + 1, logical.end):
            self.lines[line] = "\n"
        if not again:
            self.gaps.append(Gap(*self._extent(logical), _names(original), message))

    def _has_suite(self, index: int) -> bool:
        if index + 1 == len(self.found):
            return self.is_head
        return self.found[index + 1].indent > self.found[index].indent

    def _lead(self, index: int) -> str:
        line = self.lines[self.found[index].line]
        return line[: len(line) - len(line.lstrip(" \t"))]

    def _extent(self, logical: Logical) -> tuple[tuple[int, int], tuple[int, int]]:
        first = self._original[logical.line]
        start = len(first) - len(first.lstrip(" \t\f\ufeff"))
        last = logical.end - 1
        return (logical.line, start), (last, len(without_end(self._original[last])))

    def _show_from(self, line: int) -> None:
        """Hides form feeds and byte order marks in front of a statement: the parser trips."""
        text = self.lines[line]
        lead = text[: len(text) - len(text.lstrip(" \t\f\ufeff"))]
        hidden = max(lead.rfind("\f"), lead.rfind("\ufeff")) + 1
        if hidden:
            self.shifts[line] = hidden
            self.lines[line] = text[hidden:]


_OWNERS = {
    "elif": frozenset(["if", "elif"]),
    "else": frozenset(["if", "elif", "for", "while", "async", "try", "except"]),
    "except": frozenset(["try", "except"]),
    "finally": frozenset(["try", "except", "else"]),
}
_WORD = re.compile(r"[^\W\d]\w*")
_NAMED = re.compile(r"\s*(async\s+)?(?:def|class)\s+([^\W\d]\w*)")
_ASYNC = re.compile(r"\s*async\s+(\w+)")
_HEADS = {
    "if": "if {0}:",
    "elif": "elif {0}:",
    "else": "else:",
    "while": "while {0}:",
    "for": "for () in {0}:",
    "with": "with {0}:",
    "try": "try:",
    "except": "except {0}:",
    "finally": "finally:",
    "match": "match {0}:",
    "case": "case _ if {0}:",
    "class": "class {1}({0}):",
    "def": "def {1}(*_: {0}, **__):",
}


def _stand_in(word: str, text: str, hole: str, *, has_suite: bool) -> str:
    """The like of a statement, of which nothing but the kind, and perhaps the name, is known."""
    if not has_suite:
        return {"@": f"@{hole}", "case": f"case _ if {hole}: pass"}.get(word, hole)
    prefix = ""
    if word == "async":
        inner = _ASYNC.match(text)
        word, prefix = (inner.group(1) if inner else "if"), "async "
        prefix = prefix if word in ("def", "for", "with") else ""
    named = _NAMED.match(text)
    head = _HEADS.get(word, _HEADS["if"])
    return prefix + head.format(hole, named.group(2) if named else "_")


def _names(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_WORD.findall("".join(lines))))


def _deepest(found: Sequence[Logical]) -> int:
    indents: list[int] = []
    deepest = 0
    for logical in found:
        while indents and logical.indent <= indents[-1]:
            indents.pop()
        indents.append(logical.indent)
        deepest = max(deepest, len(indents))
    return deepest

"""Which findings the user wants to see: settings, and comments that say "I know".

`# tricklint: ignore[missing-zero-grad] reason` or `# noqa: TRK003` counts for the whole statement
that it stands in, because formatters move comments within it; `# tricklint: ignore-file[...]`
counts for its file.  Ours are reported where they suppress nothing; a `noqa` may be meant for
another linter and is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from tricklint.finding import Edit, Finding, Fix, Position, Safety, Span
from tricklint.notices import Notice
from tricklint.rules import discover
from tricklint.sanity_check import OFFER
from tricklint.settings import RuleId, Settings
from tricklint.syntax.document import Document
from tricklint.syntax.lines import newline_of, without_end
from tricklint.syntax.scan import logical_lines


def suppress(
    document: Document, settings: Settings, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """The findings that the user wants to see, and one for each comment that suppresses nothing."""
    rules = {RuleId(rule.code, rule.name): rule.rule.preview for rule in discover()}
    ran = [
        rule
        for rule, preview in rules.items()
        if settings.enables(rule, preview=preview) and not settings.ignores_in(document.path, rule)
    ]
    wanted = [
        replace(finding, severity=settings.severity(_rule(finding), finding.severity))
        for finding in findings
        if _rule(finding) in ran
    ]
    return apply_comments(document, wanted, rules, ran)


def is_offered(document: Document, settings: Settings, offer: Finding) -> bool:
    """Does the user want to be offered this?"""
    rule = _rule(offer)
    wanted = settings.enables(rule) and not settings.ignores_in(document.path, rule)
    return wanted and not _is_suppressed(offer, tuple(_comments(document)))


def apply_comments(
    document: Document,
    findings: Sequence[Finding],
    known: Collection[RuleId],
    ran: Collection[RuleId],
) -> tuple[Finding, ...]:
    """The findings that no comment suppresses, and one for each comment that suppresses nothing.

    `known` are all rules there are; `ran` are those that have judged this file, for of the
    others nobody knows whether they would have found something.
    """
    comments = tuple(_comments(document))
    kept = tuple(finding for finding in findings if not _is_suppressed(finding, comments))
    unused = ((comment, _unused(comment, known, ran)) for comment in comments)
    return kept + tuple(_report(document, *pair) for pair in unused if pair[1])


def is_suppressed(document: Document, finding: Finding) -> bool:
    """Whether a comment says that this finding is known."""
    return _is_suppressed(finding, tuple(_comments(document)))


def suppressing_edit(document: Document, finding: Finding) -> Edit:
    """The edit that suppresses a finding for its statement."""
    line = finding.span.start.line
    if known := _extended(document, _Kind.LINE, finding):
        return known
    end = _statement(document, line).stop
    at = Position(end - 1, len(without_end(document.lines[end - 1])))
    return _insertion(document, at, f"  # tricklint: ignore[{finding.name}]")


def suppressing_file_edit(document: Document, finding: Finding) -> Edit:
    """The edit that suppresses the rule of a finding in all of its file."""
    if known := _extended(document, _Kind.FILE, finding):
        return known
    comment = f"# tricklint: ignore-file[{finding.name}]{newline_of(document.lines)}"
    if not document.cells:
        return _insertion(document, _top(document.lines), comment)
    # In a notebook only the cell of the finding may change, and its first line may be a magic.
    line = _statement(document, finding.span.start.line).start
    indent = re.match(r"[ \t]*", document.lines[line])
    return _insertion(document, Position(line, 0), (indent.group() if indent else "") + comment)


def _extended(document: Document, kind: _Kind, finding: Finding) -> Edit | None:
    """The name of the rule in a comment that is there already."""
    line = finding.span.start.line
    for comment in _comments(document):
        fits = comment.kind is kind and comment.selectors
        if fits and (kind is _Kind.FILE or line in comment.statement):
            end = comment.place.column + comment.text.index("]")
            return _insertion(document, Position(comment.place.line, end), f", {finding.name}")
    return None


def _insertion(document: Document, at: Position, text: str) -> Edit:
    return Edit(Span(document.path, at, at), text)


def _statement(document: Document, line: int) -> range:
    """The lines of the statement that a line belongs to."""
    found = logical_lines(document.lines, 0, len(document.lines))
    return next(
        (range(one.line, one.end) for one in found if one.line <= line < one.end),
        range(line, line + 1),
    )


_FIRST_LINES = re.compile(r"\ufeff?#(?:!|.*coding[:=])")


def _top(lines: Sequence[str]) -> Position:
    """Behind what has to stand in the first two lines."""
    fixed = [n + 1 for n, line in enumerate(lines[:2]) if _FIRST_LINES.match(line)]
    above = min(max(fixed, default=0), len(lines) - 1)
    return Position(above, 1 if above == 0 and lines[0].startswith("\ufeff") else 0)


class _Kind(Enum):
    LINE = "ignore"
    FILE = "ignore-file"
    NOQA = "noqa"


@dataclass(frozen=True, slots=True)
class _Comment:
    """One directive, the lines that it counts for, and which selectors have been of use."""

    kind: _Kind
    selectors: tuple[str, ...]  # none: every rule
    place: Position
    text: str
    statement: range
    used: set[str] = field(default_factory=set[str])

    def suppresses(self, finding: Finding) -> bool:
        if self.kind is not _Kind.FILE and finding.span.start.line not in self.statement:
            return False
        rule = _rule(finding)
        fitting = [selector for selector in self.selectors or ("",) if rule.matches(selector)]
        self.used.update(fitting)
        return bool(fitting)


# A string is taken whole, so that a comment sign within it is none.
_COMMENT = re.compile(
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*"'
    r"|'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'"
    r"|(?P<comment>#[^\r\n]*)",
    re.DOTALL,
)
_DIRECTIVE = re.compile(
    r"#\s*tricklint:\s*(?P<kind>ignore-file|ignore)(?![\w-])(?:\[(?P<selectors>[^\]]*)\])?"
    r"|#\s*(?P<noqa>noqa)\b(?P<colon>\s*:\s*)?(?P<codes>(?<=[:\s])[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)?",
    re.IGNORECASE,
)


def _comments(document: Document) -> Iterator[_Comment]:
    lines, candidates = document.lines, document.lines_with(_DIRECTIVE)
    if not candidates:
        return
    for statement in _statements(lines):
        if not any(line in statement for line in candidates):
            continue
        text = "".join(lines[number] for number in statement)
        for found in _COMMENT.finditer(text):
            if found["comment"]:
                line, column = _place(lines, statement.start, found.start())
                for match in _DIRECTIVE.finditer(found["comment"]):
                    yield from _directive(match, Position(line, column + match.start()), statement)


def _statements(lines: Sequence[str]) -> Iterator[range]:
    """The lines of each statement; a line between statements stands for itself."""
    done = 0
    for statement in logical_lines(lines, 0, len(lines)):
        yield from (range(line, line + 1) for line in range(done, statement.line))
        yield range(statement.line, statement.end)
        done = statement.end
    yield from (range(line, line + 1) for line in range(done, len(lines)))


def _place(lines: Sequence[str], line: int, offset: int) -> tuple[int, int]:
    while offset >= len(lines[line]):
        offset -= len(lines[line])
        line += 1
    return line, offset


def _directive(match: re.Match[str], place: Position, statement: range) -> Iterator[_Comment]:
    if match["noqa"]:
        codes = tuple(re.split(r"[,\s]+", match["codes"])) if match["codes"] else ()
        # "noqa: something that is no code" is not a blanket one.
        if bool(codes) == bool(match["colon"]):
            yield _Comment(_Kind.NOQA, codes, place, match.group(), statement)
        return
    listed = match["selectors"]
    selectors = tuple(part.strip() for part in (listed or "").split(",") if part.strip())
    if listed is None or selectors:
        kind = _Kind(match["kind"].lower())
        yield _Comment(kind, selectors, place, match.group(), statement)


def _is_suppressed(finding: Finding, comments: Sequence[_Comment]) -> bool:
    # Every comment is asked, so that each that fits counts as used.
    return bool([comment for comment in comments if comment.suppresses(finding)])


def _unused(comment: _Comment, known: Collection[RuleId], ran: Collection[RuleId]) -> str:
    """What is wrong with a comment, if anything."""
    if comment.kind is _Kind.NOQA:
        return ""
    if not comment.selectors:
        # Rules that did not run might have found what this comment is about.
        idle = not comment.used and set(known) <= set(ran)
        return "nothing is found here, so nothing is suppressed" if idle else ""
    unknown = [s for s in comment.selectors if not _any(s, (*known, OFFER))]
    idle = [s for s in comment.selectors if s not in comment.used and _any(s, ran)]
    parts = [f"no rule is called {_names(unknown)}"] if unknown else []
    parts += [f"{_names(idle)} finds nothing here"] if idle else []
    return "; ".join(parts)


def _rule(finding: Finding) -> RuleId:
    return RuleId(finding.code, finding.name)


def _any(selector: str, rules: Collection[RuleId]) -> bool:
    return any(rule.matches(selector) for rule in rules)


def _names(selectors: Sequence[str]) -> str:
    return ", ".join(f"`{selector}`" for selector in selectors)


def _report(document: Document, comment: _Comment, message: str) -> Finding:
    path, lines = document.path, document.lines
    start, column = comment.place, comment.place.column
    span = Span(path, start, Position(start.line, column + len(comment.text)))
    rest = [selector for selector in comment.selectors if selector in comment.used]
    if rest:
        shorter = f"# tricklint: {comment.kind.value}[{', '.join(rest)}]"
        edit, title = Edit(span, shorter), "Shorten the suppression"
    else:
        edit, title = _removal(span, without_end(lines[start.line])), "Remove the suppression"
    fix = Fix(title, (edit,), Safety.SAFE)
    return Notice.UNUSED_SUPPRESSION.at(span, message, (fix,))


def _removal(span: Span, line: str) -> Edit:
    if line[span.end.column :].strip():
        return Edit(span, "#")  # What a person wrote behind it stays, as a comment of its own.
    before = Position(span.start.line, len(line[: span.start.column].rstrip()))
    return Edit(Span(span.path, before, Position(span.end.line, len(line))), "")

"""Findings for a person: the line, what is wrong under its very columns, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from tricklint.draft import Draft
from tricklint.finding import Finding, Fix, Note, Safety, Severity, Span
from tricklint.report.foreign import escape, expand
from tricklint.report.summary import Look, Result, sentence, shown_path
from tricklint.syntax.lines import without_end

_COLOURS = {
    Severity.ERROR: "bold red",
    Severity.WARNING: "bold yellow",
    Severity.INFO: "bold cyan",
    Severity.HINT: "bold green",
}
_GUTTER = "blue"
_WIDEST = 160  # columns of a source line; more says nothing and floods the screen


def write(result: Result, look: Look, stream: TextIO) -> None:
    """Print all findings and the sentence that sums them up."""
    console = console_for(stream)
    write_findings(result.findings, look, console)
    console.print(Text(sentence(result), "bold"))


def console_for(stream: TextIO) -> Console:
    """Rich looks at the terminal and at NO_COLOR; it is to change no word and break no line."""
    return Console(file=stream, highlight=False, markup=False, emoji=False, soft_wrap=True)


def write_findings(findings: Iterable[Finding], look: Look, console: Console) -> None:
    """Print these findings, with a blank line behind each."""
    for finding in findings:
        for line in _finding(finding, look):
            console.print(line)
        console.print()


def _finding(finding: Finding, look: Look) -> Iterator[Text]:
    colour = _COLOURS[finding.severity]
    width = max(len(_row(span, look)) for span in _spans(finding))
    yield Text.assemble(
        (f"{address(finding.span, look)}: ", "bold"),
        (f"{finding.severity.value}[{finding.code} {finding.name}]", colour),
        (f" {escape(finding.message)}", "bold"),
    )
    yield from _source(finding.span, look, width, colour)
    for note in finding.notes:
        yield from _note(note, look, width)
    for fix in finding.fixes:
        yield _help(fix, width)


def _note(note: Note, look: Look, width: int) -> Iterator[Text]:
    where = f"{address(note.span, look)}: "
    message = escape(note.message)
    yield Text.assemble((f"{'':{width}} = ", _GUTTER), ("note: ", "bold"), where, message)
    yield from _source(note.span, look, width, "bold blue")


def _help(fix: Fix, width: int) -> Text:
    option = "--fix" if fix.safety is Safety.SAFE else "--unsafe-fixes"
    title = escape(fix.title)
    return Text.assemble(
        (f"{'':{width}} = ", _GUTTER), ("help: ", "bold"), title, (f" ({option})", "dim")
    )


def _spans(finding: Finding) -> Sequence[Span]:
    return (finding.span, *(note.span for note in finding.notes))


def _row(span: Span, look: Look) -> str:
    draft = look(span.path)
    return str((draft.home(span.start.line).line if draft else span.start.line) + 1)


def address(span: Span, look: Look) -> str:
    """The place of a span as a person at a terminal names it."""
    draft = look(span.path)
    cell = draft.home(span.start.line).cell if draft else None
    within = f"cell {cell}:" if cell else ""
    return f"{escape(shown_path(span.path))}:{within}{_row(span, look)}:{span.start.column + 1}"


def _source(span: Span, look: Look, width: int, colour: str) -> Iterator[Text]:
    draft = look(span.path)
    if draft is None or span.start.line >= len(draft.lines):
        return
    before, marked, after = _cut(draft, span)
    yield Text(f"{'':{width}} |", _GUTTER)
    row = f"{_row(span, look):>{width}} | "
    yield Text.assemble((row, _GUTTER), before, marked, after)
    carets = "^" * max(cell_len(marked), 1)
    yield Text.assemble((f"{'':{width}} | ", _GUTTER), " " * cell_len(before), (carets, colour))


def _cut(draft: Draft, span: Span) -> tuple[str, str, str]:
    """The line before, within and behind the span, as it is printed."""
    line = without_end(draft.lines[span.start.line])
    start = min(span.start.column, len(line))
    end = len(line) if span.end.line > span.start.line else min(span.end.column, len(line))
    first = 0 if end <= _WIDEST else max(start - _WIDEST // 4, 0)
    last = min(max(end, first), first + _WIDEST)
    rest = line[last : first + _WIDEST]
    dots = "…" if first else ""
    more = "…" if last + len(rest) < len(line) else ""
    before = dots + expand(line[first:start])
    # A tab's width depends on where it stands, so the parts are cut from the expanded whole.
    upto = dots + expand(line[first:last])
    return (
        before,
        upto[len(before) :],
        (dots + expand(line[first : last + len(rest)]))[len(upto) :] + more,
    )

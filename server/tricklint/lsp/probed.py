"""What probes saw in the open files, kept in its place while their texts are edited."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from tricklint import files as disk
from tricklint.draft import Draft
from tricklint.files import UnreadableError
from tricklint.finding import Finding, Note, Position, Span
from tricklint.lsp.documents import Files, OpenFile
from tricklint.lsp.reports import Ran, Script, ScriptQuestion
from tricklint.notices import is_notice
from tricklint.probe.outcome import Agreed, Outcome
from tricklint.probe.words import agreed
from tricklint.settings import RuleId
from tricklint.suppression import is_suppressed
from tricklint.syntax.document import Document, Replaced

_OUTCOMES = 20  # that are remembered


class Probed:
    """Lays the outcomes of probes over the findings of the engine."""

    def __init__(self, files: Files) -> None:
        """Nothing was probed yet."""
        self._files = files
        self._static: dict[str, tuple[Finding, ...]] = {}
        self._own: dict[str, frozenset[Finding]] = {}
        self._records: dict[str, _Record] = {}
        self._moments: dict[int, Mapping[str, _Moment]] = {}
        self._last = 0
        self._outcomes: dict[tuple[str, ...], _Known] = {}

    def script(self, file: OpenFile, question: ScriptQuestion) -> Script:
        """The text as it can be run now; the static findings of the open files go with it."""
        saved = {one.path: one for one in self._files if _is_saved(one)}
        if file.path not in saved:
            return Script(0, problem="It is not saved; the probe runs what is on the disk.")
        self._last += 1
        self._moments = {self._last: {path: _Moment.of(one) for path, one in saved.items()}}
        known = self._outcomes.get((file.path, *question.how))
        return Script(
            self._last,
            file.path,
            file.document.text if file.notebook else "",
            self._files.projects.root(file.path),
            tuple(finding for path in saved for finding in self._suspects(path)),
            known.outcome if known and known.is_current() else None,
        )

    def take(self, ran: Ran) -> None:
        """Remember what came of a run."""
        moments = self._moments.pop(ran.script.moment, {})
        outcome = ran.outcome
        texts = {path: _text_of(path, moments, ran.began) for path in outcome.files}
        for path, text in texts.items():
            if text is not None:
                document, version = _bound(moments.get(path))
                self._records[path] = _Record(path, text, outcome, document, version)
        digests = {path: _digest(text) for path, text in texts.items() if text is not None}
        if outcome.ran and len(digests) == len(texts):
            self._outcomes[(ran.script.path, *ran.how)] = _Known(digests, outcome)
            for key in list(self._outcomes)[:-_OUTCOMES]:
                del self._outcomes[key]

    def seen(self, file: OpenFile, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings of the engine after the runs, and behind them what only a probe saw."""
        self._static[file.path] = findings
        record = self._records.get(file.path)
        if record is None:
            return findings
        record.follow(file.document)
        own = tuple(
            one
            for one in record.found
            if not any(_is_same(one, other) for other in findings) and self._is_wanted(file, one)
        )
        self._own[file.path] = frozenset(own)
        return (*map(record.answered, findings), *own)

    def is_own(self, finding: Finding) -> bool:
        """Whether only a probe saw this."""
        return finding in self._own.get(finding.span.path, ())

    def forget(self, file: OpenFile) -> None:
        """The file is closed; what a run saw there is kept for when it is opened again."""
        self._static.pop(file.path, None)
        self._own.pop(file.path, None)

    def _suspects(self, path: str) -> Iterator[Finding]:
        return (one for one in self._static.get(path, ()) if not is_notice(one))

    def _is_wanted(self, file: OpenFile, finding: Finding) -> bool:
        settings, rule = (
            self._files.projects.settings(file.path),
            RuleId(finding.code, finding.name),
        )
        ignored = not settings.enables(rule) or settings.ignores_in(file.path, rule)
        return not ignored and not is_suppressed(file.document, finding)


@dataclass(frozen=True, slots=True)
class _Moment:
    """An open file at the start of a run."""

    document: Document
    version: int
    text: str

    @classmethod
    def of(cls, file: OpenFile) -> _Moment:
        return cls(file.document, file.document.version, file.document.text)


@dataclass(frozen=True, slots=True)
class _Known:
    """An outcome, and the files that it holds for."""

    digests: Mapping[str, str]
    outcome: Outcome

    def is_current(self) -> bool:
        texts = ((digest, _on_disk(path)) for path, digest in self.digests.items())
        return all(text is not None and _digest(text) == digest for digest, text in texts)


class _Record:
    """What the last run with a file saw in it."""

    def __init__(
        self, path: str, text: str, outcome: Outcome, document: Document | None, version: int
    ) -> None:
        own = (one for one in outcome.findings if one.span.path == path)
        self._all = _Marks(
            tuple(replace(one, notes=tuple(filter(_is_possible, one.notes))) for one in own),
            tuple(one for one in outcome.answers if one[0].span.path == path),
        )
        self._marks = self._all
        self._first: str = _digest(text)
        self._digest: str = self._first
        self._document, self._version = document, version

    @property
    def found(self) -> tuple[Finding, ...]:
        """The findings of the probe whose lines are as they were."""
        return self._marks.found

    def answered(self, finding: Finding) -> Finding:
        """A static finding with what the run says of it."""
        answer = next((one for other, one in self._marks.answers if _is_same(finding, other)), None)
        # Any edit may have made a mistake of what was none.
        is_outdated = answer is Agreed.REFUTED and self._digest != self._first
        return finding if answer is None or is_outdated else agreed(finding, answer)

    def follow(self, document: Document) -> None:
        """Bring the places to where they stand now; those whose line is another one are gone."""
        digest = _digest(document.text)
        if digest == self._first:
            self._marks = self._all
        elif digest != self._digest:
            known = document is self._document
            edits = document.edits_since(self._version) if known else None
            self._marks = _Marks() if edits is None else self._marks.moved(edits, document.lines)
        self._document, self._version, self._digest = document, document.version, digest


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is said of which lines."""

    found: tuple[Finding, ...] = ()
    answers: tuple[tuple[Finding, Agreed], ...] = ()

    def moved(self, edits: Sequence[Replaced], lines: Sequence[str]) -> _Marks:
        """After some edits."""
        answers = ((_moved(one, edits, lines), answer) for one, answer in self.answers)
        return _Marks(
            tuple(found for one in self.found if (found := _moved(one, edits, lines))),
            tuple((found, answer) for found, answer in answers if found),
        )


def _moved(finding: Finding, edits: Sequence[Replaced], lines: Sequence[str]) -> Finding | None:
    """The finding where it stands now; None if its line was edited."""
    line = _line_after(finding.span.start.line, edits)
    if line is None or line >= len(lines):
        return None
    notes = tuple(_moved_notes(finding, edits))
    return replace(finding, span=_on_line(finding.span, line), notes=notes)


def _moved_notes(finding: Finding, edits: Sequence[Replaced]) -> Iterator[Note]:
    for note in finding.notes:
        line: int | None = note.span.start.line
        if note.span.path == finding.span.path:
            line = _line_after(note.span.start.line, edits)
        if line is not None:
            yield replace(note, span=_on_line(note.span, line))


def _line_after(line: int, edits: Iterable[Replaced]) -> int | None:
    """Where an unedited line stands after some edits."""
    for edit in edits:
        # With its end: what is typed behind a line changes it.
        stretch = Span("", Position(line, 0), Position(line + 1, 0))
        moved = edit.moved(stretch)
        if moved is None or moved.start.column != 0:
            return None
        line = moved.start.line
    return line


def _on_line(span: Span, line: int) -> Span:
    by = line - span.start.line
    return Span(
        span.path,
        Position(line, span.start.column),
        Position(span.end.line + by, span.end.column),
    )


def _is_same(finding: Finding, other: Finding) -> bool:
    """Whether two speak of one mistake: a run knows lines, the engine exact places."""
    if finding.code != other.code or finding.span.path != other.span.path:
        return False
    one, two = finding.span, other.span
    return one.start.line <= two.end.line and two.start.line <= one.end.line


def _is_possible(note: Note) -> bool:
    # The user's code may have written the event.
    return os.path.isabs(note.span.path) and "\0" not in note.span.path


def _is_saved(file: OpenFile) -> bool:
    return _on_disk(file.path) == file.document.text


def _on_disk(path: str) -> str | None:
    """What Python would read."""
    try:
        return Draft.of(path, disk.read(path).text).text
    except UnreadableError:
        return None


def _text_of(path: str, moments: Mapping[str, _Moment], began: float) -> str | None:
    """The text that ran; None where that is not certain."""
    if moment := moments.get(path):
        return moment.text
    try:
        is_older = os.stat(path).st_mtime < began
    except (OSError, ValueError):
        return None
    return _on_disk(path) if is_older else None


def _bound(moment: _Moment | None) -> tuple[Document | None, int]:
    return (moment.document, moment.version) if moment else (None, 0)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

"""The border between the engine's findings and the protocol's types.

The engine counts columns in code points; an editor counts in UTF-16 units, or in what was agreed
with it at the start.  Nothing else in the server knows about that difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from lsprotocol import types

from tricklint.finding import Edit, Finding, Fix, Note, Position, Safety, Severity, Span
from tricklint.lsp.client import Client

SOURCE = "tricklint"
PROBE_SOURCE = "tricklint probe"

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
    Severity.HINT: types.DiagnosticSeverity.Hint,
}
_ANNOTATION = "tricklint.unsafe"


@dataclass(frozen=True, slots=True)
class Home:
    """Where the editor shows a line of a file: the file itself, or one cell of a notebook."""

    uri: str
    version: int | None
    first_line: int
    lines: Sequence[str]


class Places(Protocol):
    """Knows the texts that spans point into."""

    def home(self, path: str, line: int) -> Home | None:
        """Where a line is shown; None when there is no such file."""
        ...


class Converter:
    """Turns findings and fixes into what one particular editor understands."""

    def __init__(self, client: Client, places: Places) -> None:
        """Remember for whom, and where texts are found."""
        self._client = client
        self._places = places

    def diagnostic(
        self, finding: Finding, version: int | None, page: str | None, source: str = SOURCE
    ) -> types.Diagnostic:
        """The underline of a finding; `page` is the address of its rule's page, if it has one."""
        client = self._client
        return types.Diagnostic(
            range=self._range_within(finding.span),
            message=finding.message,
            severity=_SEVERITIES[finding.severity],
            code=finding.code,
            code_description=types.CodeDescription(page)
            if page and client.code_description
            else None,
            source=source,
            related_information=self._notes(finding) if client.related_information else None,
            data={"version": version} if client.diagnostic_data else None,
        )

    def location(self, span: Span) -> types.Location | None:
        """A span as a place that the editor can jump to."""
        home = self._places.home(span.path, span.start.line)
        if home is None:
            return None
        return types.Location(home.uri, lsp_range(home, span, self._client.encoding))

    def edit(self, fix: Fix, *, asks: bool = False) -> types.WorkspaceEdit | None:
        """The edits of a fix; one that is not safe `asks` first. None when its file is gone."""
        homes = [self._places.home(edit.span.path, edit.span.start.line) for edit in fix.edits]
        by_uri: dict[str, list[tuple[Home, Edit]]] = {}
        for home, edit in zip(homes, fix.edits, strict=True):
            if home is None:
                return None
            by_uri.setdefault(home.uri, []).append((home, edit))
        if not self._client.document_changes:
            changes = {uri: [self._edit(*pair) for pair in pairs] for uri, pairs in by_uri.items()}
            return types.WorkspaceEdit(changes=changes)
        asks = asks and fix.safety is Safety.UNSAFE and self._client.change_annotations
        return types.WorkspaceEdit(
            document_changes=[self._document_edit(uri, by_uri[uri], asks=asks) for uri in by_uri],
            change_annotations={_ANNOTATION: _annotation(fix)} if asks else None,
        )

    def _range_within(self, span: Span) -> types.Range:
        home = self._places.home(span.path, span.start.line)
        if home is None:
            raise LookupError(f"no text for {span.path}")
        return lsp_range(home, span, self._client.encoding)

    def _notes(self, finding: Finding) -> list[types.DiagnosticRelatedInformation]:
        found = ((note, self.location(note.span)) for note in finding.notes)
        return [_related(note, location) for note, location in found if location]

    def _document_edit(
        self, uri: str, pairs: Sequence[tuple[Home, Edit]], *, asks: bool
    ) -> types.TextDocumentEdit:
        plain = [self._edit(home, edit) for home, edit in pairs]
        annotated = [types.AnnotatedTextEdit(_ANNOTATION, e.range, e.new_text) for e in plain]
        version = pairs[0][0].version
        return types.TextDocumentEdit(
            text_document=types.OptionalVersionedTextDocumentIdentifier(uri, version),
            edits=annotated if asks else plain,
        )

    def _edit(self, home: Home, edit: Edit) -> types.TextEdit:
        return types.TextEdit(lsp_range(home, edit.span, self._client.encoding), edit.text)


def lsp_range(home: Home, span: Span, encoding: types.PositionEncodingKind) -> types.Range:
    """A span in the lines and units of the editor; what reaches out of a cell ends with it."""
    return types.Range(
        _lsp_position(home, span.start, encoding), _lsp_position(home, span.end, encoding)
    )


def engine_position(
    lines: Sequence[str], place: types.Position, encoding: types.PositionEncodingKind
) -> Position:
    """A place of the editor in code points; whatever lies outside moves to the nearest end."""
    if place.line >= len(lines):
        return Position(len(lines) - 1, len(lines[-1].rstrip("\r\n")))
    return Position(
        place.line, _column(lines[place.line].rstrip("\r\n"), place.character, encoding)
    )


def meet(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges have at least a border in common."""
    return not (_before(one.end, other.start) or _before(other.end, one.start))


def _lsp_position(
    home: Home, position: Position, encoding: types.PositionEncodingKind
) -> types.Position:
    line = position.line - home.first_line
    if line >= len(home.lines):
        last = home.lines[-1].rstrip("\r\n")
        return types.Position(len(home.lines) - 1, _units(last, encoding))
    return types.Position(line, _units(home.lines[line][: position.column], encoding))


def _column(line: str, units: int, encoding: types.PositionEncodingKind) -> int:
    if encoding == types.PositionEncodingKind.Utf32 or line.isascii():
        return min(units, len(line))
    used = 0
    for column, character in enumerate(line):
        used += _width(character, encoding)
        # A place in the middle of a character counts as the place before it.
        if used > units:
            return column
    return len(line)


def _units(text: str, encoding: types.PositionEncodingKind) -> int:
    if encoding == types.PositionEncodingKind.Utf32 or text.isascii():
        return len(text)
    return sum(_width(character, encoding) for character in text)


def _width(character: str, encoding: types.PositionEncodingKind) -> int:
    if encoding == types.PositionEncodingKind.Utf8:
        return len(character.encode("utf-8", "surrogatepass"))
    return 2 if character > "\uffff" else 1


def _related(note: Note, location: types.Location) -> types.DiagnosticRelatedInformation:
    return types.DiagnosticRelatedInformation(location, note.message)


def _annotation(fix: Fix) -> types.ChangeAnnotation:
    return types.ChangeAnnotation(
        label=fix.title,
        needs_confirmation=True,
        description="This changes more than one place, or what a saved model looks like.",
    )


def _before(one: types.Position, other: types.Position) -> bool:
    return (one.line, one.character) < (other.line, other.character)

"""What the analysis thread knows: the open files, and what the engine found in them."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from lsprotocol import types

from tricklint.engine import Cancelled
from tricklint.finding import Finding
from tricklint.lsp.addresses import path_of
from tricklint.lsp.bulb import Bulb
from tricklint.lsp.checks import Checks
from tricklint.lsp.client import Client
from tricklint.lsp.convert import PROBE_SOURCE, SOURCE, Converter
from tricklint.lsp.documents import Files, OpenFile
from tricklint.lsp.pages import load_pages
from tricklint.lsp.probed import Probed
from tricklint.lsp.projects import Projects
from tricklint.lsp.reports import (
    CheckQuestion,
    FindingsQuestion,
    FixQuestion,
    LensQuestion,
    PagesQuestion,
    Part,
    Question,
    Ran,
    Report,
    ResolveQuestion,
    ScriptQuestion,
    Shown,
    SweepQuestion,
)
from tricklint.lsp.unopened import Unopened
from tricklint.program import Program
from tricklint.settings import Settings, read_settings

log = logging.getLogger(__name__)

# Between two edits of one file little garbage comes to be; the default looks far too often.
_COLLECT_AFTER = 50_000

# What the engine remembers of texts that are gone is dropped after so many edits, in a pause.
_EDITS_REMEMBERED = 500


class Session:
    """Everything behind the loop.  Only the analysis thread may touch it."""

    def __init__(
        self,
        roots: Sequence[str],
        client: Client,
        publish: Callable[[Report], None],
        refresh_lenses: Callable[[], None],
    ) -> None:
        """Start with nothing open; the functions are called from the analysis thread."""
        self._projects = Projects([path_of(root) for root in roots])
        self._files = Files(self._projects, client.encoding)
        self._converter = Converter(client, self._files)
        self._pages = load_pages()
        self._publish = publish
        refresh = refresh_lenses if client.refreshes_lenses else None
        self._checks = Checks(
            self._program,
            self._settings,
            self._found,
            self._converter,
            refresh,
            probes=client.probes,
        )
        self._probed = Probed(self._files)
        self._bulb = Bulb(client, self._converter, self._checks, self._files)
        self._unopened = Unopened(self._files, self._shown, publish)
        self._roots = [path_of(root) for root in roots]
        # What is to be checked, most urgent first, and what was found.
        self._due: list[OpenFile] = []
        self._findings: dict[str, tuple[Finding, ...]] = {}
        self._reports: dict[str, Report] = {}
        self._questions: dict[str, list[Question[Any]]] = {}
        self._crashed: set[str] = set()
        self._edits = 0
        self._since = 0.0  # when the check under way began
        gc.set_threshold(_COLLECT_AFTER)

    @property
    def is_due(self) -> bool:
        """Whether something is to be checked."""
        return bool(self._due) or self._unopened.is_due

    def open(self, item: types.TextDocumentItem) -> None:
        """A text is now the editor's."""
        self._take(lambda: self._files.open(item))

    def open_notebook(self, params: types.DidOpenNotebookDocumentParams) -> None:
        """A notebook is now the editor's."""
        self._take(lambda: self._files.open_notebook(params))

    def change(self, params: types.DidChangeTextDocumentParams) -> None:
        """An open text changed."""
        if file := self._files.find(params.text_document.uri):
            self._files.change(file, params)
            self._edits += 1
            self._bulb.withdraw()
            self._make_due(file)

    def change_notebook(self, params: types.DidChangeNotebookDocumentParams) -> None:
        """Cells of an open notebook changed."""
        if file := self._files.find(params.notebook_document.uri):
            self._files.change_notebook(file, params)
            self._edits += 1
            self._bulb.withdraw()
            self._make_due(file)

    def close(self, uri: str) -> None:
        """An open text is the disk's again."""
        file = self._files.find(uri)
        if file is None:
            return
        self._files.close(file)
        self._bulb.withdraw()
        self._forget(file)
        self._unopened.changed([file.path])
        self._unopened.tell_settings()
        self._make_due()
        _collect_all()

    def files_changed(self, uris: Iterable[str]) -> None:
        """Files changed on the disk, perhaps those with the settings."""
        self._refresh_projects()
        paths = [path_of(uri) for uri in uris]
        for path in paths:
            self._projects.changed(path)
        # What is open changes with the editor's own messages; to save it changes nothing.
        if not all(map(self._files.has, paths)):
            self._bulb.withdraw()
        self._unopened.changed(paths)
        self._make_due()

    def move(self, roots: Sequence[str]) -> None:
        """The editor has other folders open now."""
        self._unopened.reset()
        self._roots = [path_of(root) for root in roots]
        self._projects = Projects(self._roots)
        self._bulb.withdraw()
        self._files.reopen(self._projects)
        self._make_due()

    def ask(self, question: Question[Any]) -> None:
        """Settle the question as soon as the findings are known."""
        if isinstance(question, ResolveQuestion):
            # What was offered for another text does not become right by waiting.
            found = self._bulb.resolve(question.action, question.number)
            question.answer([found] if found else [])
            return
        if isinstance(question, SweepQuestion):
            self._unopened.sweep(question, self._roots)
            return
        if isinstance(question, PagesQuestion):
            question.answer(list(self._pages.values()))
            return
        file = self._files.find(question.uri)
        if file is None:
            question.answer([])
        elif file in self._due:
            self._questions.setdefault(file.path, []).append(question)
            self._due.sort(key=lambda due: due is not file)
        else:
            self._settle(file, question)

    def check_next(self, is_interrupted: Callable[[], bool]) -> None:
        """Check the most urgent file; when interrupted, it stays due."""
        if not self._due:
            if self._unopened.is_due:
                self._unopened.check_next(is_interrupted)
            return
        file = self._due[0]
        self._since = time.perf_counter()
        try:
            findings = self._check(file, is_interrupted)
        except Cancelled:
            return
        self._due.remove(file)
        self._show(file, findings)
        self._unopened.tell_settings()
        self._checks.renew(file)
        for question in self._questions.pop(file.path, ()):
            self._settle(file, question)

    def stop_sweep(self) -> None:
        """Somebody has seen enough of the workspace."""
        self._unopened.stop()

    def probed(self, ran: Ran) -> None:
        """A probe came to its end, and what is shown changes."""
        self._probed.take(ran)
        self._make_due()

    def rest(self) -> None:
        """Use a pause to give memory back; the next check starts from nothing."""
        if self._edits >= _EDITS_REMEMBERED:
            self._edits = 0
            self._projects.renew()
            self._make_due()
            _collect_all()

    def _take(self, take: Callable[[], OpenFile]) -> None:
        self._refresh_projects()
        self._bulb.withdraw()
        file = take()
        self._unopened.taken(file.path)
        self._make_due(file)

    def _check(self, file: OpenFile, is_interrupted: Callable[[], bool]) -> tuple[Finding, ...]:
        if file.is_settings:
            reading = read_settings(file.path, file.document.text, self._projects.rules)
            return reading.problems if reading else ()
        is_first = file.path not in self._findings
        # The trees of a large file would be walked again and again while they are made.
        gc.disable()
        try:
            engine = self._projects.engine(file.path)
            return engine.check(file.path, is_interrupted, lambda found: self._show(file, found))
        except Cancelled:
            raise
        except Exception:
            if file.path not in self._crashed:
                self._crashed.add(file.path)
                log.exception("%s could not be checked", file.path)
            return ()
        finally:
            gc.enable()
            if is_first:
                gc.collect()
                gc.freeze()

    def _program(self, file: OpenFile) -> Program:
        return self._projects.engine(file.path).program(file.path)

    def _settings(self, file: OpenFile) -> Settings:
        return self._projects.settings(file.path)

    def _found(self, file: OpenFile) -> Sequence[Finding]:
        return self._findings.get(file.path, ())

    def _show(self, file: OpenFile, findings: tuple[Finding, ...]) -> None:
        """Publish findings, unless they are just what the editor shows for this version."""
        findings = self._probed.seen(file, findings)
        old, known = self._reports.get(file.path), self._findings.get(file.path)
        if old and old.version == file.version and known == findings:
            return
        report = self._report(file, findings)
        self._findings[file.path] = findings
        self._reports[file.path] = report
        self._publish(report)

    def _report(self, file: OpenFile, findings: Sequence[Finding]) -> Report:
        shown: dict[str, list[Finding]] = {uri: [] for uri in file.uris}
        for finding in findings:
            if home := file.home(finding.span.start.line):
                shown[home.uri].append(finding)
        parts = tuple(self._part(file, uri, shown[uri]) for uri in shown)
        return Report(file.uri, file.version, parts, time.perf_counter() - self._since)

    def _part(self, file: OpenFile, uri: str, findings: Sequence[Finding]) -> Part:
        # A cell has a version of its own, which says nothing about the notebook.
        version = None if file.notebook else file.version
        return Part(uri, version, tuple(self._shown(one, file.version) for one in findings))

    def _shown(self, finding: Finding, version: int | None) -> Shown:
        page = self._pages.get(finding.code)
        address = page.address if page else None
        source = PROBE_SOURCE if self._probed.is_own(finding) else SOURCE
        diagnostic = self._converter.diagnostic(finding, version, address, source)
        return Shown(finding, diagnostic, page)

    def _settle(self, file: OpenFile, question: Question[Any]) -> None:
        if isinstance(question, FixQuestion):
            question.answer(self._bulb.actions(file, self._reports[file.path], question))
        elif isinstance(question, LensQuestion):
            self._checks.settle_lenses(file, question)
        elif isinstance(question, CheckQuestion):
            question.answer(self._checks.insertion(file, question))
        elif isinstance(question, FindingsQuestion):
            question.answer(self._checks.first_findings(file, question))
        elif isinstance(question, ScriptQuestion):
            question.answer([self._probed.script(file, question)])

    def _make_due(self, *first: OpenFile) -> None:
        """Everything open is to be checked, since a file may depend on any other."""
        others = [file for file in (*self._due, *self._files) if file not in first]
        self._due = list(dict.fromkeys((*first, *others)))
        self._bulb.doubt()
        self._checks.outdate()
        for file in first:
            self._drop_questions(file)

    def _drop_questions(self, file: OpenFile) -> None:
        for question in self._questions.pop(file.path, ()):
            # Asked about a text that is gone.
            question.answer([])

    def _forget(self, file: OpenFile) -> None:
        self._due = [due for due in self._due if due is not file]
        self._drop_questions(file)
        self._findings.pop(file.path, None)
        self._reports.pop(file.path, None)
        self._checks.forget(file)
        self._probed.forget(file)

    def _refresh_projects(self) -> None:
        """Take note of changed settings; not every editor tells about files on the disk."""
        if self._projects.refresh():
            self._files.reopen(self._projects)
            self._unopened.tell_settings()
            self._unopened.doubt()
            self._make_due()


def _collect_all() -> None:
    gc.unfreeze()
    gc.collect()
    gc.freeze()

"""The loop's side: which versions are open, what was last sent, what has to be sent next."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types

from tricklint.lsp.addresses import path_of
from tricklint.lsp.analysis import Analysis
from tricklint.lsp.client import Client
from tricklint.lsp.convert import meet
from tricklint.lsp.pages import Page, explain
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
    Script,
    ScriptQuestion,
    SweepQuestion,
    SweepResult,
)

if TYPE_CHECKING:
    from tricklint.lsp.session import Session

Answer = TypeVar("Answer")

# How long a light bulb waits for findings, by whether a person pressed a key for it.
_PATIENCE_AUTOMATIC = 0.05
_PATIENCE_INVOKED = 2.0
# A lens that comes late is of use too, and not every editor can be told to ask again.
_PATIENCE_LENSES = 30.0
_PATIENCE_RESOLVED = 10.0  # somebody picked it
_PATIENCE_PROBE = 60.0  # the static findings are to go with it


class Desk:
    """Passes on what the editor tells to the analysis, and its reports to the editor.

    All methods are called on the loop; the functions that are given are, too.
    """

    def __init__(
        self,
        client: Client,
        roots: Sequence[str],
        send: Callable[[types.PublishDiagnosticsParams], None],
        refresh_lenses: Callable[[], object],
        analysed: Callable[[Report], object] = lambda _: None,
    ) -> None:
        """Take up work for one editor."""
        self.client = client
        self._roots = tuple(roots)
        self._send = send
        self._refresh_lenses = refresh_lenses
        self._analysed = analysed
        self._versions: dict[str, int] = {}
        self._reports: dict[str, Report] = {}
        self._analysis: Analysis | None = None

    def warm_up(self) -> None:
        """Start the analysis thread, which imports the engine, before the first text comes."""
        self._running()

    def opened(self, uri: str, version: int, job: Callable[[Session], None]) -> None:
        """A text or notebook has this version now; the job tells the session."""
        if uri not in self._versions:
            self._take_over(uri)
        self._versions[uri] = version
        self.post(job)

    def changed(self, uri: str, version: int, job: Callable[[Session], None]) -> None:
        """The same for what is open already; anything else is not ours."""
        if uri in self._versions:
            self.opened(uri, version, job)

    def closed(self, uri: str) -> None:
        """A text or notebook is gone from the editor, and its underlines go with it."""
        if self._versions.pop(uri, None) is None:
            return
        report = self._reports.pop(uri, Report(uri, 0, (Part(uri, None, ()),)))
        self._clear(report.uris)
        self.post(lambda session: session.close(uri))

    def moved(self, added: Sequence[str], removed: Sequence[str]) -> None:
        """The editor opened and closed folders."""
        kept = [root for root in self._roots if root not in removed]
        roots = self._roots = (*kept, *added)
        self.post(lambda session: session.move(roots))

    def post(self, job: Callable[[Session], None], *, interrupt: bool = True) -> None:
        """Have a job run by the analysis thread, which the first one starts."""
        self._running().post(job, interrupt=interrupt)

    def hover(self, uri: str, place: types.Position) -> types.Hover | None:
        """Why something is underlined; nothing while the text is ahead of the findings."""
        part = self._part(uri)
        for shown in part.shown if part else ():
            if meet(shown.diagnostic.range, types.Range(place, place)):
                text = explain(shown.finding, shown.page, markdown=self.client.markdown)
                return types.Hover(text, shown.diagnostic.range)
        return None

    async def fixes(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """What can be fixed in a range; nothing when that takes longer than anybody waits."""
        only = tuple(params.context.only or ())
        only = () if "" in only else only
        question = FixQuestion(params.text_document.uri, Future(), params.range, only)
        automatic = params.context.trigger_kind is types.CodeActionTriggerKind.Automatic
        hurried = automatic and self._part(question.uri) is None
        return await self._ask(question, _PATIENCE_AUTOMATIC if hurried else _PATIENCE_INVOKED)

    async def resolved(self, action: types.CodeAction) -> types.CodeAction | None:
        """An action with its edit; None when the text is another one by now."""
        match action.data:
            case {"uri": str(uri), "number": int(number)}:
                question = ResolveQuestion(uri, Future(), action, number)
                found = await self._ask(question, _PATIENCE_RESOLVED)
                return found[0] if found else None
            case _:
                return action

    async def lenses(self, uri: str) -> list[types.CodeLens]:
        """Where checks can be inserted; what comes too late is asked for once more."""
        # The command of a lens is of no use to an editor that takes no edits.
        if not self.client.applies_edits:
            return []
        return await self._ask(LensQuestion(uri, Future()), _PATIENCE_LENSES)

    async def insertion(
        self, uri: str, version: int, line: int
    ) -> types.ApplyWorkspaceEditParams | None:
        """The check for the loop in this line; None when the text is another one by now."""
        edits = await self._ask(CheckQuestion(uri, Future(), version, line))
        return edits[0] if edits else None

    async def findings_at(self, uri: str, line: int) -> list[types.Location]:
        """Where the findings of the loop in this line are."""
        return await self._ask(FindingsQuestion(uri, Future(), line))

    async def sweep(self, told: Callable[[int, int, str], None]) -> SweepResult | None:
        """Check all files; `told` is called on the loop.  To give up waiting stops the check."""
        loop = asyncio.get_running_loop()

        def tell(done: int, files: int, name: str) -> None:
            loop.call_soon_threadsafe(told, done, files, name)

        question = SweepQuestion("", Future(), tell)
        self.post(lambda session: session.ask(question), interrupt=False)
        found = await asyncio.wrap_future(question.future)
        return found[0] if found else None

    def stop_sweep(self) -> None:
        """Check no more files than are open."""
        self.post(lambda session: session.stop_sweep())

    async def script(self, uri: str, how: tuple[str, ...]) -> Script | None:
        """What can be probed there, in such a way; None where nothing is open."""
        found = await self._ask(ScriptQuestion(uri, Future(), how), _PATIENCE_PROBE)
        return found[0] if found else None

    def probed(self, ran: Ran) -> None:
        """A probe came to its end."""
        self.post(lambda session: session.probed(ran))

    def folder_of(self, path: str) -> str:
        """The innermost of the folders that are open in the editor, else the file's own."""
        roots = (path_of(root) for root in self._roots)
        around = [root for root in roots if path.startswith(root.rstrip("/") + "/")]
        return max(around, key=len, default=os.path.dirname(path))

    async def pages(self) -> list[Page]:
        """What there is to read about the rules, which needs no net."""
        return await self._ask(PagesQuestion("", Future()), _PATIENCE_RESOLVED)

    async def _ask(
        self, question: Question[Answer], patience: float = _PATIENCE_INVOKED
    ) -> list[Answer]:
        # Without findings the check under way is what the question waits for.
        is_known = self._part(question.uri) is not None
        self.post(lambda session: session.ask(question), interrupt=is_known)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(question.future), patience)
        except asyncio.TimeoutError:
            return []

    def _running(self) -> Analysis:
        if self._analysis is None:
            self._analysis = Analysis(self._session_maker())
        return self._analysis

    def _part(self, uri: str) -> Part | None:
        for report in self._reports.values():
            if self._is_current(report):
                for part in report.parts:
                    if part.uri == uri:
                        return part
        return None

    def _take_over(self, uri: str) -> None:
        """What was shown for a file on the disk goes, however its address was written."""
        path = path_of(uri)
        for known in [one for one in self._reports if one != uri and path_of(one) == path]:
            self._clear(self._reports.pop(known).uris)

    def _is_current(self, report: Report) -> bool:
        return self._versions.get(report.uri) == report.version

    def _receive(self, report: Report) -> None:
        if not self._is_current(report):
            return
        before = self._reports.get(report.uri)
        self._reports[report.uri] = report
        for part in report.parts:
            self._publish(part)
        if report.version is not None:
            self._analysed(report)
        if before:
            # Cells that were removed, or are no code any more.
            self._clear(before.uris - report.uris)

    def _clear(self, uris: frozenset[str]) -> None:
        for uri in sorted(uris):
            self._publish(Part(uri, None, ()))

    def _publish(self, part: Part) -> None:
        version = part.version if self.client.diagnostic_version else None
        diagnostics = [shown.diagnostic for shown in part.shown]
        self._send(types.PublishDiagnosticsParams(part.uri, diagnostics, version))

    def _session_maker(self) -> Callable[[], Session]:
        loop = asyncio.get_running_loop()
        client, roots = self.client, self._roots

        def publish(report: Report) -> None:
            loop.call_soon_threadsafe(self._receive, report)

        def refresh_lenses() -> None:
            loop.call_soon_threadsafe(self._refresh_lenses)

        def make() -> Session:
            # The engine is imported here, in the analysis thread, after the editor got its answer.
            from tricklint.lsp.session import Session

            return Session(roots, client, publish, refresh_lenses)

        return make

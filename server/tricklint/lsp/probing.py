"""The command that probes a script: asks first, runs it in a thread, and tells the editor."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from tricklint.lsp.desk import Desk
from tricklint.lsp.probe_events import (
    EVENTS,
    Heard,
    Message,
    end,
    failed,
    messages,
    replay,
    told,
)
from tricklint.lsp.probe_report import Reports
from tricklint.lsp.probe_wishes import Wishes
from tricklint.lsp.progress import Progress
from tricklint.lsp.reports import Ran, Script
from tricklint.probe import consent
from tricklint.probe.outcome import Agreed, How, Outcome
from tricklint.probe.request import Request, roots_of
from tricklint.probe.runner.events import Event
from tricklint.probe.words import plan
from tricklint.report.foreign import escape

log = logging.getLogger(__name__)

_BEAT = 0.1  # seconds between two looks at what was heard
_RUN, _AGAIN = "Run It", "Run Again"

_Info, _Warning, _Error = (
    types.MessageType.Info,
    types.MessageType.Warning,
    types.MessageType.Error,
)


class RefusedError(Exception):
    """Nothing is run; the message says why, for a person."""


class Probing:
    """At most one probe at a time.  All methods are called on the loop."""

    def __init__(self, server: LanguageServer, desk: Desk, wishes: Wishes) -> None:
        """The wishes are those of the start; each command may have more."""
        self._server = server
        self._desk = desk
        self._wishes = wishes
        self._reports = Reports()
        self._taken = ""  # the script that is asked about, or runs
        self._cancelled = threading.Event()
        self._progress: Progress | None = None

    async def run(self, uri: str, options: object) -> Message | None:
        """Probe the script with this address; None where nothing was run."""
        wishes = self._wishes.and_also(options)
        try:
            _check(wishes, self._taken)
            self._taken = os.path.basename(uri.partition("#")[0])
            self._cancelled.clear()
            try:
                return await self._run(uri, wishes)
            finally:
                self._taken = ""
        except RefusedError as error:
            self._say(_Warning, str(error))
            return None

    def cancel_any(self) -> bool:
        """End whatever runs; says whether something does."""
        self._cancelled.set()
        return bool(self._taken)

    def cancel(self, token: types.ProgressToken) -> bool:
        """End the run if the bar with this token is its own; says whether it is."""
        is_meant = self._progress is not None and self._progress.token == token
        if is_meant:
            self._cancelled.set()
        return is_meant

    def close(self) -> None:
        """The editor goes."""
        self._cancelled.set()
        self._reports.remove()

    async def _run(self, uri: str, wishes: Wishes) -> Message | None:
        script = await self._desk.script(uri, wishes.how)
        if script is None:
            raise RefusedError("Open the script first: what is open, and is Python, is probed.")
        if script.problem:
            raise RefusedError(f"This was not probed. {script.problem}")
        if script.known and not wishes.again and not await self._wants_another(script.known):
            return await self._shown(script, script.known, wishes, live=False)
        return await self._probed(script, wishes)

    async def _wants_another(self, known: Outcome) -> bool:
        if self._wishes.events:
            return False  # it has a button for that
        text = f"Nothing that ran has changed since the last probe. {_sentence(known)}"
        return await self._ask(_Info, text, _AGAIN)

    async def _probed(self, script: Script, wishes: Wishes) -> Message | None:
        request = _request(script, wishes, self._desk.folder_of(script.path))
        if not consent.is_known(script.path):
            if not await self._ask(_Info, plan(request, escape), _RUN):
                return None
            if self._cancelled.is_set():
                return None  # while the question was open
            consent.remember(script.path)
        began = time.time()
        outcome = await self._watched(request, wishes)
        self._desk.probed(Ran(script, wishes.how, began, outcome))
        return await self._shown(script, outcome, wishes, live=True)

    async def _watched(self, request: Request, wishes: Wishes) -> Outcome:
        """Run it in a thread of its own, and pass on what is heard."""
        heard = Heard()
        ended = _in_thread(request, heard.hear, self._cancelled.is_set)
        name = os.path.basename(request.script)
        try:
            if self._desk.client.reports_progress:
                self._progress = await Progress.begin(
                    self._server, f"Probing {name}", measured=False
                )
            self._tell(request.script, wishes, [_start(request)])
            waiting = asyncio.wrap_future(ended)
            while not waiting.done():
                await asyncio.wait({waiting}, timeout=_BEAT)
                self._pass_on(heard.drain(), request.script, wishes)
            return waiting.result()
        except RefusedError as error:
            self._tell(request.script, wishes, [failed(str(error))])
            raise
        finally:
            if self._progress:
                self._progress.end()
                self._progress = None

    def _pass_on(self, events: list[Event], script: str, wishes: Wishes) -> None:
        self._tell(script, wishes, messages(events))
        texts = [text for event in events if (text := told(event, script))]
        if self._progress and texts:
            self._progress.say(texts[-1])

    async def _shown(
        self, script: Script, outcome: Outcome, wishes: Wishes, *, live: bool
    ) -> Message:
        past = [] if live else [{"kind": "start", "name": os.path.basename(script.path)}]
        past += [] if live else replay(outcome)
        self._tell(script.path, wishes, [*past, {**end(outcome), "cached": not live}])
        if not wishes.events:
            await self._report(script, outcome)
        answers = [answer for _, answer in outcome.answers]
        return {
            "how": outcome.how.value,
            "verdict": outcome.verdict.verdict if outcome.verdict else None,
            "findings": len(outcome.findings),
            "confirmed": answers.count(Agreed.CONFIRMED),
            "refuted": answers.count(Agreed.REFUTED),
            "cached": not live,
        }

    async def _report(self, script: Script, outcome: Outcome) -> None:
        """For an editor that shows no events: a page, and what it comes to in one sentence."""
        if outcome.how is How.CANCELLED:
            self._say(_Info, "The probe was cancelled.")
            return
        is_fine = outcome.ran and not outcome.bad and not outcome.findings
        page = self._reports.write(outcome, script.path)
        shown = page is not None and await self._open(page)
        where = f" The report is {page}." if page and not shown else ""
        self._say(_Info if is_fine else _Warning, f"{_sentence(outcome)}{where}")

    async def _open(self, page: str) -> bool:
        if not self._desk.client.shows_documents:
            return False
        from pathlib import Path

        shown = types.ShowDocumentParams(Path(page).as_uri(), external=True)
        with contextlib.suppress(JsonRpcException):
            return (await self._server.window_show_document_async(shown)).success
        return False

    async def _ask(self, kind: types.MessageType, text: str, action: str) -> bool:
        asked = types.ShowMessageRequestParams(kind, text, [types.MessageActionItem(action)])
        with contextlib.suppress(JsonRpcException):
            answer = await self._server.window_show_message_request_async(asked)
            return answer is not None and answer.title == action
        return False

    def _say(self, kind: types.MessageType, text: str) -> None:
        self._server.window_show_message(types.ShowMessageParams(kind, escape(text)))

    def _tell(self, script: str, wishes: Wishes, events: list[Message]) -> None:
        if wishes.events and events:
            self._server.protocol.notify(EVENTS, {"script": script, "events": events})


def _check(wishes: Wishes, taken: str) -> None:
    """RefusedError where nothing may or can be run, whatever the script is."""
    if taken:
        raise RefusedError(f"One probe at a time: that of {taken} is not over yet.")
    if sys.platform == "win32":
        raise RefusedError("Probes run on Linux and macOS only, so far.")
    if not wishes.trusted:
        raise RefusedError("A probe runs the script, and this folder is not trusted.")
    if not wishes.python:
        raise RefusedError(
            "Which Python has your torch? Give its path to the server as `probe.python` in the"
            " initialization options, or as `python` with the command."
        )
    if not os.path.isabs(wishes.python) or not os.access(wishes.python, os.X_OK):
        raise RefusedError(f"There is no Python that can be run at {wishes.python}.")


def _request(script: Script, wishes: Wishes, cwd: str) -> Request:
    return Request(
        script=script.path,
        arguments=wishes.arguments,
        python=wishes.python,
        cwd=cwd,
        roots=roots_of(script.root, cwd),
        source=script.source,
        device=wishes.device,
        suspects=script.suspects,
    )


def _start(request: Request) -> Message:
    return {
        "kind": "start",
        "name": os.path.basename(request.script),
        "command": " ".join((request.python, request.script, *request.arguments)),
        "steps": request.limits.steps,
    }


def _in_thread(
    request: Request, hear: Callable[[Event], None], cancelled: Callable[[], bool]
) -> Future[Outcome]:
    """The outcome of a run in a thread that does not hold up the end of the server."""
    future: Future[Outcome] = Future()

    def work() -> None:
        try:
            # What it needs to look after processes is loaded only here.
            from tricklint.probe.supervisor import run

            future.set_result(run(request, hear, cancelled))
        except Exception as error:
            log.exception("the probe could not be run")
            future.set_exception(_reason(error))

    threading.Thread(target=work, name="probe", daemon=True).start()
    return future


def _reason(error: Exception) -> Exception:
    return RefusedError(f"The probe could not be run: {error}.")


def _sentence(outcome: Outcome) -> str:
    """What it comes to."""
    if outcome.verdict is None or not outcome.ran:
        reason = f" {outcome.error}." if outcome.error else ""
        hint = f" {outcome.hint}." if outcome.hint else ""
        return f"No verdict, {outcome.how.value}.{reason}{hint}"
    number = len(outcome.findings)
    found = f" {number} finding{'' if number == 1 else 's'}." if number else ""
    return f"{outcome.verdict.verdict}: {outcome.verdict.sentence}{found}"

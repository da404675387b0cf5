"""How far something is that takes its time, as the editor shows it."""

from __future__ import annotations

import asyncio
import contextlib
import uuid

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

_PATIENCE = 2.0  # seconds for an editor that agrees to nothing


class Progress:
    """One bar in the editor, with a button to cancel."""

    def __init__(self, server: LanguageServer, token: str) -> None:
        """Use `begin`; the editor has to know the token first."""
        self._server = server
        self.token = token
        self._share = -1

    @classmethod
    async def begin(cls, server: LanguageServer, title: str, *, measured: bool = True) -> Progress:
        """Show the bar; one that is not measured only says that something goes on."""
        token = str(uuid.uuid4())
        # Whatever the editor says, the work is done; only its bar may be missing.
        with contextlib.suppress(asyncio.TimeoutError, JsonRpcException):
            params = types.WorkDoneProgressCreateParams(token)
            created = asyncio.ensure_future(server.window_work_done_progress_create_async(params))
            # To cancel a question to the editor would break the reading of its answer.
            await asyncio.wait_for(asyncio.shield(created), _PATIENCE)
        share = 0 if measured else None
        begin = types.WorkDoneProgressBegin(title, cancellable=True, percentage=share)
        server.work_done_progress.begin(token, begin)
        return cls(server, token)

    def tell(self, done: int, total: int, name: str) -> None:
        """So much is done, just now this."""
        share = 100 * done // max(total, 1)
        if share != self._share:
            self._share = share
            message = f"{done} of {total} {name}".rstrip()
            report = types.WorkDoneProgressReport("report", True, message, share)
            self._server.work_done_progress.report(self.token, report)

    def say(self, message: str) -> None:
        """Just now this, whatever share it is."""
        report = types.WorkDoneProgressReport("report", True, message)
        self._server.work_done_progress.report(self.token, report)

    def end(self) -> None:
        """Take the bar away."""
        self._server.work_done_progress.end(self.token, types.WorkDoneProgressEnd())

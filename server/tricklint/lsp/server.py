"""The language server on standard input and output: one function per message."""

from __future__ import annotations

import asyncio
import logging
import sys
from functools import partial
from io import FileIO
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol

from tricklint import __version__
from tricklint.lsp.actions import KINDS, covers
from tricklint.lsp.addresses import is_settings, path_of
from tricklint.lsp.client import client_of
from tricklint.lsp.desk import Desk
from tricklint.lsp.lifetime import end_soon, watch_parent
from tricklint.lsp.logs import start_logging
from tricklint.lsp.probe_wishes import wishes_of
from tricklint.lsp.probing import Probing
from tricklint.lsp.progress import Progress
from tricklint.lsp.reports import (
    CANCEL_PROBE,
    CHECK_WORKSPACE,
    INSERT_CHECK,
    PAGES,
    PROBE,
    SHOW_FINDINGS,
    STATUS,
    Report,
)
from tricklint.lsp.streams import serve

log = logging.getLogger(__name__)

# For these pygls keeps texts of its own, which break on form feeds and on unknown addresses.
_OWN_DOCUMENTS = (
    types.TEXT_DOCUMENT_DID_OPEN,
    types.TEXT_DOCUMENT_DID_CHANGE,
    types.TEXT_DOCUMENT_DID_CLOSE,
    types.NOTEBOOK_DOCUMENT_DID_OPEN,
    types.NOTEBOOK_DOCUMENT_DID_CHANGE,
    types.NOTEBOOK_DOCUMENT_DID_CLOSE,
)
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithNotebook(
            notebook=kind, cells=[types.NotebookCellLanguage(language="python")]
        )
        for kind in ("jupyter-notebook", "interactive")
    ]
)
_OUTDATED = "The code has changed since this was offered."
_NOT_INSERTED = "The one-batch check was not inserted: the code has changed meanwhile."
_WATCHED = ("**/*.py", "**/*.ipynb", "**/pyproject.toml", "**/tricklint.toml")


def main() -> int:
    """Serve one editor until it is done or gone; the result is the exit status."""
    server = Server()
    # A print anywhere would end up between the messages.
    stdout, sys.stdout = sys.stdout, sys.stderr
    serve(server, FileIO(sys.stdin.fileno(), closefd=False), stdout.buffer)
    status = 0 if server.is_shut_down else 1
    end_soon(status)
    return status


class Protocol(LanguageServerProtocol):
    """pygls' own, which forgets to answer a request whose parameters it cannot read."""

    def structure_message(self, data: dict[str, Any]) -> object:
        """Make objects of a message."""
        try:
            return cast("object", super().structure_message(data))
        except JsonRpcException as error:
            if "id" in data and "method" in data:
                self._send_response(data["id"], error=error.to_response_error())
            raise


class Server(LanguageServer):
    """The connection to one editor."""

    desk: Desk
    probing: Probing

    def __init__(self) -> None:
        """Register a function for each message."""
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "tricklint",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            notebook_document_sync=_NOTEBOOKS,
            protocol_cls=Protocol,
        )
        self.is_shut_down = False
        for method in _OWN_DOCUMENTS:
            del self.protocol.fm.builtin_features[method]  # pyright: ignore[reportUnknownMemberType]
        _register(self)

    def report_server_error(self, error: Exception, source: object) -> None:
        """Errors go to the log; a person who types sees no popup."""
        log.error("%s: %s", source, error)


def _register(server: Server) -> None:
    server.feature(types.INITIALIZE)(_initialize)
    server.feature(types.INITIALIZED)(_initialized)
    server.feature(types.SHUTDOWN)(_shutdown)
    server.feature(types.TEXT_DOCUMENT_DID_OPEN)(_did_open)
    server.feature(types.TEXT_DOCUMENT_DID_CHANGE)(_did_change)
    server.feature(types.TEXT_DOCUMENT_DID_CLOSE)(_did_close)
    server.feature(types.TEXT_DOCUMENT_DID_SAVE)(_did_save)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)(_did_open_notebook)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)(_did_change_notebook)
    server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)(_did_close_notebook)
    server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_did_change_files)
    server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(_did_change_folders)
    server.feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True),
    )(_code_actions)
    server.feature(types.CODE_ACTION_RESOLVE)(_resolve)
    server.feature(types.TEXT_DOCUMENT_CODE_LENS)(_code_lenses)
    server.command(INSERT_CHECK)(_insert_check)
    server.command(SHOW_FINDINGS)(_show_findings)
    server.command(PAGES)(_pages)
    server.command(CHECK_WORKSPACE)(_check_workspace)
    server.command(PROBE)(_probe)
    server.command(CANCEL_PROBE)(_cancel_probe)
    server.feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(_stop)


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    folders = [folder.uri for folder in params.workspace_folders or ()]
    start_logging(ls.window_log_message)
    wishes = wishes_of(params.initialization_options)
    ls.desk = Desk(
        client_of(params.capabilities, probes=wishes.offered and sys.platform != "win32"),
        folders or [uri for uri in [params.root_uri] if uri],
        ls.text_document_publish_diagnostics,
        lambda: ls.workspace_code_lens_refresh(None),
        partial(_tell_status, ls) if _wants_status(params) else _tell_no_status,
    )
    ls.probing = Probing(ls, ls.desk, wishes)
    watch_parent(params.process_id or 0)


def _wants_status(params: types.InitializeParams) -> bool:
    """Our own client shows how long an analysis took; others would not know what they are told."""
    match params.initialization_options:
        case {"status": True}:
            return True
        case _:
            return False


def _tell_status(ls: Server, report: Report) -> None:
    status = {"uri": report.uri, "milliseconds": round(report.seconds * 1000, 1)}
    ls.protocol.notify(STATUS, status)


def _tell_no_status(_: Report) -> None:
    """For an editor that does not ask for it."""


def _initialized(ls: Server, _: types.InitializedParams) -> None:
    ls.desk.warm_up()
    if ls.desk.client.watches_files:
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        registration = types.Registration(
            "files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options
        )
        ls.client_register_capability(types.RegistrationParams([registration]))


def _shutdown(ls: Server, _: None) -> None:
    ls.is_shut_down = True
    ls.probing.close()


def _did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    # A cell belongs to its notebook, which is opened by a message of its own.
    is_code = item.language_id == "python" and not item.uri.startswith("vscode-notebook-cell:")
    if is_code or is_settings(path_of(item.uri)):
        ls.desk.opened(item.uri, item.version, lambda session: session.open(item))


def _did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    document = params.text_document
    ls.desk.changed(document.uri, document.version, lambda session: session.change(params))


def _did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.desk.closed(params.text_document.uri)


def _did_save(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    # Not every editor tells about files on the disk, and this one may be that of the settings.
    ls.desk.post(lambda session: session.files_changed([params.text_document.uri]))


def _did_open_notebook(ls: Server, params: types.DidOpenNotebookDocumentParams) -> None:
    item = params.notebook_document
    ls.desk.opened(item.uri, item.version, lambda session: session.open_notebook(params))


def _did_change_notebook(ls: Server, params: types.DidChangeNotebookDocumentParams) -> None:
    item = params.notebook_document
    ls.desk.changed(item.uri, item.version, lambda session: session.change_notebook(params))


def _did_close_notebook(ls: Server, params: types.DidCloseNotebookDocumentParams) -> None:
    ls.desk.closed(params.notebook_document.uri)


def _did_change_files(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    uris = [event.uri for event in params.changes]
    ls.desk.post(lambda session: session.files_changed(uris))


def _did_change_folders(ls: Server, params: types.DidChangeWorkspaceFoldersParams) -> None:
    added = [folder.uri for folder in params.event.added]
    ls.desk.moved(added, [folder.uri for folder in params.event.removed])


def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    return ls.desk.hover(params.text_document.uri, params.position)


async def _code_actions(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    if not any(covers(params.context.only, kind) for kind in KINDS):
        return []
    return await ls.desk.fixes(params)


async def _resolve(ls: Server, action: types.CodeAction) -> types.CodeAction:
    resolved = await ls.desk.resolved(action)
    if resolved is None:
        raise JsonRpcException(_OUTDATED, types.LSPErrorCodes.ContentModified)
    return resolved


async def _code_lenses(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    return await ls.desk.lenses(params.text_document.uri)


async def _insert_check(ls: Server, uri: str, version: int, line: int) -> None:
    edit = await ls.desk.insertion(uri, version, line)
    if edit is None or not (await ls.workspace_apply_edit_async(edit)).applied:
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, _NOT_INSERTED))


async def _show_findings(ls: Server, uri: str, version: int, line: int) -> None:
    found = await ls.desk.findings_at(uri, line)
    if found and ls.desk.client.shows_documents:
        shown = types.ShowDocumentParams(found[0].uri, take_focus=True, selection=found[0].range)
        ls.window_show_document(shown)


async def _pages(ls: Server) -> list[dict[str, str]]:
    return [{"title": one.title, "text": one.markdown} for one in await ls.desk.pages()]


async def _check_workspace(ls: Server) -> dict[str, int] | None:
    progress = (
        await Progress.begin(ls, "Checking the workspace")
        if ls.desk.client.reports_progress
        else None
    )
    try:
        result = await ls.desk.sweep(progress.tell if progress else _tell_nobody)
    except asyncio.CancelledError:
        ls.desk.stop_sweep()
        raise
    finally:
        if progress:
            progress.end()
    if result is None:
        return None
    return {"checked": result.checked, "files": result.files, "findings": result.findings}


async def _probe(ls: Server, uri: str, *options: object) -> dict[str, object] | None:
    return await ls.probing.run(uri, options[0] if options else None)


def _cancel_probe(ls: Server) -> bool:
    return ls.probing.cancel_any()


def _stop(ls: Server, params: types.WorkDoneProgressCancelParams) -> None:
    if not ls.probing.cancel(params.token):
        ls.desk.stop_sweep()


def _tell_nobody(_done: int, _files: int, _name: str) -> None:
    """For an editor that shows no progress."""

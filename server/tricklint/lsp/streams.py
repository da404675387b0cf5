"""The pipes to the editor.

pygls asks its thread pool for every line of every message; one thread that reads whatever has come
answers a key press noticeably sooner.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from io import FileIO
from typing import BinaryIO

from pygls.io_ import StdoutWriter, run_async
from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
# The longest line that is waited for.  Headers are short, so this bounds nothing but nonsense.
_LONGEST_LINE = 1 << 28


def serve(server: LanguageServer, source: FileIO, target: BinaryIO) -> None:
    """Work until the editor says goodbye or is gone."""
    server.protocol.set_writer(StdoutWriter(target))
    # The editor may be gone in the middle of a message, or before it has read ours.
    with contextlib.suppress(BrokenPipeError, asyncio.IncompleteReadError, SystemExit):
        asyncio.run(_serve(server, source))


async def _serve(server: LanguageServer, source: FileIO) -> None:
    stream = asyncio.StreamReader(limit=_LONGEST_LINE)
    loop = asyncio.get_running_loop()
    reading = threading.Thread(target=_read, args=(source, stream, loop), daemon=True)
    reading.start()
    await run_async(threading.Event(), stream, server.protocol, log, server.report_server_error)


def _read(source: FileIO, stream: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
    # The loop is closed first when the editor asked for the end.
    with contextlib.suppress(RuntimeError):
        while chunk := source.read(_CHUNK):
            loop.call_soon_threadsafe(stream.feed_data, chunk)
        loop.call_soon_threadsafe(stream.feed_eof)

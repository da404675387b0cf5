"""The pipes to the editor.

pygls asks its thread pool for every line of every message; one thread that reads whatever has come
answers a key press noticeably sooner.  It also knows only one spelling of the header, and loses
its place after any other.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import threading
from io import FileIO
from typing import BinaryIO

from pygls.io_ import StdoutWriter
from pygls.lsp.server import LanguageServer

log = logging.getLogger(__name__)

_CHUNK = 1 << 16
# The longest line that is waited for.  Headers are short, so this bounds nothing but nonsense.
_LONGEST_LINE = 1 << 28
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


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
    protocol = server.protocol
    while body := await _body(stream):
        try:
            protocol.handle_message(json.loads(body, object_hook=protocol.structure_message))
        except Exception:
            log.exception("a message could not be handled")


async def _body(stream: asyncio.StreamReader) -> bytes:
    """The next message; nothing at the end of the input."""
    length = 0
    while line := await stream.readline():
        if found := _LENGTH.fullmatch(line.strip()):
            length = int(found[1])
        elif length and not line.strip():
            return await stream.readexactly(length)
    return b""


def _read(source: FileIO, stream: asyncio.StreamReader, loop: asyncio.AbstractEventLoop) -> None:
    # The loop is closed first when the editor asked for the end.
    with contextlib.suppress(RuntimeError):
        while chunk := source.read(_CHUNK):
            loop.call_soon_threadsafe(stream.feed_data, chunk)
        loop.call_soon_threadsafe(stream.feed_eof)

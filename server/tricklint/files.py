"""Files on disk: read with the encoding that they declare, written whole or not at all."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import re
import stat
import tempfile
import tokenize
from dataclasses import dataclass

# The largest file that is read: ten times the largest module that a person would write.
LIMIT = 20_000_000


class UnreadableError(Exception):
    """A file cannot be read; the message says why, for a person."""


class ChangedError(Exception):
    """A file is no longer what it was when it was read, or may not be written."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text, and what is needed to write it back as it was."""

    path: str
    text: str
    encoding: str
    bom: bytes
    digest: bytes


def read(path: str) -> Source:
    """The text of a file."""
    data = read_bytes(path)
    return decode(path, data)


def decode(path: str, data: bytes) -> Source:
    """The text of these bytes, in the encoding that they declare as Python's own files do."""
    if b"\0" in data[:8192] and not data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableError("a binary file")
    encoding = _encoding(data)
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        text = data[len(bom) :].decode(encoding)
    except (ValueError, LookupError) as error:  # a codec may be none for texts
        raise UnreadableError(_why_not(encoding, error)) from error
    return Source(path, text, encoding, bom, hashlib.sha256(data).digest())


def read_bytes(path: str) -> bytes:
    """All of a regular file; anything else could block, or never end."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise UnreadableError("a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not a regular file")
        if status.st_size > LIMIT:
            raise UnreadableError(f"larger than {LIMIT // 1_000_000} MB")
        with open(path, "rb") as file:
            return file.read(LIMIT + 1)
    except OSError as error:
        raise UnreadableError(_reason(path, error)) from error
    except ValueError as error:  # a NUL in the path
        raise UnreadableError(str(error)) from error


def encode(source: Source, text: str) -> bytes:
    """Another text in the encoding of a source; ChangedError where that cannot hold it."""
    try:
        same = source.bom + source.text.encode(source.encoding)
        data = source.bom + text.encode(source.encoding)
    except UnicodeError as error:
        raise ChangedError(f"the encoding {source.encoding} cannot hold the new text") from error
    if hashlib.sha256(same).digest() != source.digest:
        raise ChangedError(f"the encoding {source.encoding} would change what was not edited")
    return data


def write(path: str, data: bytes, digest: bytes, root: str) -> None:
    """Replace a file in one step, unless it changed meanwhile or lies outside of the project.

    The file behind a link is replaced, not the link.
    """
    target = os.path.realpath(path)
    if not is_inside(target, os.path.realpath(root)):
        raise ChangedError(f"a link out of the project, to {target}")
    try:
        mode = stat.S_IMODE(os.stat(target).st_mode)
        if not os.access(target, os.W_OK):
            raise ChangedError("may not be written")
        _replace(target, data, mode, digest)
    except OSError as error:
        raise ChangedError(_reason(target, error)) from error


def is_inside(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies within it; both absolute."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _replace(target: str, data: bytes, mode: int, digest: bytes) -> None:
    folder, name = os.path.split(target)
    # In the same folder, for only within one file system is a rename one step.
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", suffix=".tmp", dir=folder)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        _refuse_changed(target, digest)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise


def _refuse_changed(path: str, digest: bytes) -> None:
    with open(path, "rb") as file:
        if hashlib.sha256(file.read()).digest() != digest:
            raise ChangedError("changed while it was checked")


def _encoding(data: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data[:10_000]).readline)
    except SyntaxError as error:
        declared = re.search(rb"coding[:=][ \t]*([-\w.]+)", data[:1000])
        if declared:
            name = declared[1].decode("ascii", "replace")
            raise UnreadableError(f"its declared encoding {name} cannot be used") from error
        raise UnreadableError("not UTF-8, and no other encoding is declared") from error
    return "utf-8" if encoding == "utf-8-sig" else encoding


def _why_not(encoding: str, error: Exception) -> str:
    where = f" (byte {error.start})" if isinstance(error, UnicodeDecodeError) else ""
    if encoding == "utf-8":
        return f"not UTF-8, and no other encoding is declared{where}"
    return f"not in the encoding {encoding} that it declares{where}"


def _reason(path: str, error: OSError) -> str:
    if isinstance(error, FileNotFoundError) and os.path.islink(path):
        return "a link to nowhere"
    return (error.strerror or str(error)).lower()

"""Which line of the user's a hook was reached from."""

from __future__ import annotations

import linecache
import os
import site
import sys
import sysconfig
from types import CodeType, FrameType
from typing import NamedTuple

from .events import Place

_HERE = os.path.dirname(os.path.abspath(__file__))


class Mark(NamedTuple):
    """An instruction of a user's file: cheap to take, and equal for the same instruction."""

    code: CodeType
    instruction: int
    line: int

    def place(self) -> Place:
        """Where it stands in the file."""
        path = os.path.abspath(self.code.co_filename)
        text = linecache.getline(self.code.co_filename, self.line).rstrip("\r\n")
        start, end = len(text) - len(text.lstrip()), len(text.rstrip())
        exact = _columns(self)
        if exact is not None:
            # The interpreter counts bytes.
            raw = text.encode("utf-8", "surrogatepass")
            start, end = (len(raw[:one].decode("utf-8", "replace")) for one in exact)
        return Place(path, self.line - 1, start, max(end, start))


def _columns(mark: Mark) -> tuple[int, int] | None:
    """The columns of the call itself, which Python knows from 3.11 on."""
    if sys.version_info < (3, 11):
        return None
    for index, (line, end_line, column, end_column) in enumerate(mark.code.co_positions()):
        if index == mark.instruction // 2:
            if column is None or end_column is None or (line, end_line) != (mark.line, mark.line):
                return None
            return column, end_column
    return None


def _folders() -> tuple[str, ...]:
    found = [_HERE, *site.getsitepackages(), site.getusersitepackages()]
    found += [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return tuple(os.path.abspath(one) + os.sep for one in found)


_LIBRARIES = _folders()
_KNOWN: dict[str, bool] = {}


def is_users(filename: str) -> bool:
    """Whether a file belongs to the user: to no library, and not to us."""
    known = _KNOWN.get(filename)
    if known is None:
        path = os.path.abspath(filename)
        installed = "site-packages" in path or "dist-packages" in path
        known = not (filename.startswith("<") or installed or path.startswith(_LIBRARIES))
        _KNOWN[filename] = known
    return known


def users_files() -> list[str]:
    """The files of the user that were imported or run."""
    names = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    # Some modules of torch give themselves files that do not exist.
    found = {os.path.abspath(one) for one in names if one and is_users(one)}
    return sorted(filter(os.path.isfile, found))


def nearest(frame: FrameType | None) -> Mark | None:
    """The innermost instruction of the user's, from this frame outwards."""
    while frame is not None:
        if is_users(frame.f_code.co_filename):
            return Mark(frame.f_code, frame.f_lasti, frame.f_lineno)
        frame = frame.f_back
    return None


def here() -> Mark | None:
    """The innermost instruction of the user's that led to the caller."""
    return nearest(sys._getframe(2))


def caller_is_users() -> bool:
    """Whether the user's own code called the hook directly, not through a library."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename.startswith(_HERE):
        frame = frame.f_back
    return frame is not None and is_users(frame.f_code.co_filename)

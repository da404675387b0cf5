"""What the script would write below its project goes to a folder of ours, and is read from there.

This limits damage and is no sandbox: what a C library writes by itself is not seen.
"""

from __future__ import annotations

import builtins
import io
import os
import shutil
import sys
from typing import Any

from .events import FolderMade, Redirected, SideEffect
from .patching import Function, wrap
from .session import Session

# Downloads of data may stay: the next run wants them too.
_DOWNLOADS = ("torchvision/datasets", "torchaudio/datasets", "torch/hub.py", "huggingface_hub",
              "site-packages/datasets/", "sklearn/datasets", "gdown")  # fmt: skip


class Redirects:
    """Knows which path stands for which."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._roots = [os.path.realpath(one).rstrip(os.sep) + os.sep for one in session.job.roots]
        self._scratch = os.path.realpath(os.path.join(session.job.scratch, "files"))
        self._told: set[tuple[str, str]] = set()
        self.stat = os.stat
        self.makedirs = os.makedirs
        self.mkdir = os.mkdir

    def tell(self, what: str, path: str) -> None:
        """Say it once."""
        if (what, path) not in self._told and len(self._told) < 300:
            self._told.add((what, path))
            self._session.channel.send(Redirected(what, path))

    def ours(self, path: Any) -> str | None:
        """Where a path of the project is redirected to; None for all others."""
        if not isinstance(path, (str, os.PathLike)):
            return None
        try:
            name = os.fspath(path)
        except TypeError:
            return None
        if not isinstance(name, str):
            return None
        # By the text alone: links are resolved by the very functions that ask here, for each file
        # of each import.
        full = os.path.abspath(name)
        if full.startswith(self._scratch):
            return None
        for number, root in enumerate(self._roots):
            if full.startswith(root):
                return os.path.join(self._scratch, str(number), full[len(root) :])
        return None

    def for_reading(self, path: Any) -> Any:
        """What was redirected is read where it is."""
        other = self.ours(path)
        return other if other is not None and self.exists(other) else path

    def for_writing(self, path: Any, *, keep: bool = False) -> Any:
        """Where to write; what is appended to is copied first."""
        other = self.ours(path)
        if other is None and isinstance(path, (str, os.PathLike)):
            other = self.ours(os.path.realpath(path))  # a link into the project
        if other is None:
            self._outside(path)
            return path
        if _is_download():
            if ("write", str(path)) not in self._told:
                self._told.add(("write", str(path)))
                self._session.channel.send(SideEffect("write", str(path)))
            return path
        folder = os.path.dirname(os.path.abspath(os.fspath(path)))
        if not self.exists(folder):
            return path  # what then fails speaks of the user's path
        self.makedirs(os.path.dirname(other), exist_ok=True)
        if keep and not self.exists(other) and self.exists(path):
            shutil.copyfile(path, other)
        self.tell("written elsewhere", str(path))
        return other

    def exists(self, path: Any) -> bool:
        """By the real `stat`."""
        try:
            self.stat(path)
        except (OSError, ValueError):
            return False
        return True

    def _outside(self, path: Any) -> None:
        """What is written elsewhere in the file system is listed."""
        temporary = (self._session.job.scratch, "/dev/", "/tmp/", "/proc/")  # noqa: S108  (told apart, not used)
        if isinstance(path, (str, os.PathLike)):
            name = os.path.abspath(str(path))
            if not name.startswith(temporary) and ("write", name) not in self._told:
                self._told.add(("write", name))
                self._session.channel.send(SideEffect("write", name))


def _is_download() -> bool:
    frame: Any = sys._getframe(2)
    while frame is not None:
        if any(part in frame.f_code.co_filename for part in _DOWNLOADS):
            return True
        frame = frame.f_back
    return False


def install(session: Session) -> None:
    """Redirect the ways in which Python writes."""
    redirects = Redirects(session)
    for owner in (builtins, io):
        wrap(owner, "open", lambda original: _open(redirects, original))
    wrap(os, "open", lambda original: _descriptor(redirects, original))
    for name in ("stat", "lstat", "access", "chmod", "utime"):
        wrap(os, name, lambda original: _reading(redirects, original))
    for name in ("remove", "unlink", "rmdir"):
        wrap(os, name, lambda original: _removing(redirects, original))
    wrap(shutil, "rmtree", lambda original: _removing(redirects, original))
    for name in ("rename", "replace"):
        wrap(os, name, lambda original: _renaming(redirects, original))
    wrap(os, "mkdir", lambda original: _making(session, redirects, original))
    _torch_files(redirects)
    _plots()


def _open(redirects: Redirects, original: Function) -> Function:
    def call(file: Any, mode: Any = "r", *args: Any, **kwargs: Any) -> Any:
        if isinstance(file, int) or not isinstance(mode, str):
            return original(file, mode, *args, **kwargs)
        if set(mode) & set("wax+"):
            keep = "w" not in mode and "x" not in mode
            return original(redirects.for_writing(file, keep=keep), mode, *args, **kwargs)
        return original(redirects.for_reading(file), mode, *args, **kwargs)

    return call


def _descriptor(redirects: Redirects, original: Function) -> Function:
    """Files that are opened by number, as temporary ones beside their target are."""

    def call(path: Any, flags: int, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("dir_fd") is None:
            writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            path = redirects.for_writing(path, keep=True) if writes else redirects.for_reading(path)
        return original(path, flags, *args, **kwargs)

    return call


def _reading(redirects: Redirects, original: Function) -> Function:
    def call(path: Any, *args: Any, **kwargs: Any) -> Any:
        if kwargs.get("dir_fd") is None:
            path = redirects.for_reading(path)
        return original(path, *args, **kwargs)

    return call


def _removing(redirects: Redirects, original: Function) -> Function:
    def call(path: Any, *args: Any, **kwargs: Any) -> Any:
        other = redirects.ours(path)
        if other is None or kwargs.get("dir_fd") is not None:
            return original(path, *args, **kwargs)
        if redirects.exists(other):
            return original(other, *args, **kwargs)
        if not redirects.exists(path):
            return original(path, *args, **kwargs)  # says that it is not there
        redirects.tell("not removed", str(path))
        return None

    return call


def _renaming(redirects: Redirects, original: Function) -> Function:
    def call(source: Any, target: Any, **kwargs: Any) -> Any:
        old, new = redirects.ours(source), redirects.ours(target)
        if old is None and new is None:
            return original(source, target, **kwargs)
        if old is not None and not redirects.exists(old):
            if not redirects.exists(source):
                return original(source, target, **kwargs)
            redirects.tell("not renamed", str(source))
            return None
        moved = redirects.for_writing(target) if new is not None else target
        return original(old if old is not None else source, moved, **kwargs)

    return call


def _making(session: Session, redirects: Redirects, original: Function) -> Function:
    """A folder is really made, for much is done with folders; empty ones are removed at the end."""

    def call(path: Any, *args: Any, **kwargs: Any) -> Any:
        original(path, *args, **kwargs)
        if redirects.ours(path) is not None:
            session.channel.send(FolderMade(os.path.abspath(os.fspath(path))))

    return call


def _torch_files(redirects: Redirects) -> None:
    import torch

    def saving(original: Function) -> Function:
        def call(thing: Any, f: Any, *args: Any, **kwargs: Any) -> Any:
            return original(thing, redirects.for_writing(f), *args, **kwargs)

        return call

    def loading(original: Function) -> Function:
        def call(f: Any, *args: Any, **kwargs: Any) -> Any:
            return original(redirects.for_reading(f), *args, **kwargs)

        return call

    wrap(torch, "save", saving)
    wrap(torch, "load", loading)
    safetensors = _module("safetensors.torch")
    if safetensors is not None:
        for name in ("save_file", "save_model"):
            wrap(safetensors, name, saving)
        wrap(safetensors, "load_file", loading)


def _module(name: str) -> Any:
    try:
        return __import__(name, fromlist=["x"])
    except ImportError:
        return None


def _plots() -> None:
    """A plot must open no window, nor wait for one to be closed."""
    os.environ["MPLBACKEND"] = "Agg"

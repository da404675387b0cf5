"""Compilers are off, for compiled code calls no hooks; more than one process is refused."""

from __future__ import annotations

import os
from typing import Any

import torch

from ..events import Redirected
from ..patching import Function, wrap
from ..refusal import Refused
from ..session import Session

_ALONE = (
    "a probe runs one process, and this script wants {} of them; start it with a world size of 1"
)


def install(session: Session) -> None:
    """Watch over what starts compilers and processes."""
    size = os.environ.get("WORLD_SIZE", "1")
    if size.isdigit() and int(size) > 1:
        raise Refused(_ALONE.format(size))
    _run_as_written(session)
    _one_process()


def _run_as_written(session: Session) -> None:
    def same(original: Function) -> Function:
        def call(model: Any = None, *args: Any, **kwargs: Any) -> Any:
            session.channel.send(Redirected("left out", original.__name__))
            return model if model is not None else lambda inner: inner

        return call

    wrap(torch, "compile", same)
    wrap(torch.jit, "script", same)

    def compiled_in_place(_: Function) -> Function:
        return lambda *_, **__: None

    wrap(torch.nn.Module, "compile", compiled_in_place)


def _one_process() -> None:
    def spawn(original: Function) -> Function:
        def call(fn: Any, args: Any = (), nprocs: int = 1, *rest: Any, **kwargs: Any) -> None:
            if nprocs != 1:
                raise Refused(_ALONE.format(nprocs))
            fn(0, *args)  # here, where it is watched

        return call

    def init(original: Function) -> Function:
        def call(*args: Any, **kwargs: Any) -> Any:
            size = kwargs.get("world_size", args[3] if len(args) > 3 else -1)
            if isinstance(size, int) and size > 1:
                raise Refused(_ALONE.format(size))
            return original(*args, **kwargs)

        return call

    wrap(torch.multiprocessing, "spawn", spawn)
    if torch.distributed.is_available():
        wrap(torch.distributed, "init_process_group", init)

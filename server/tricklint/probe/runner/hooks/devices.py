"""`--device cpu`: what asks for CUDA gets the CPU."""

from __future__ import annotations

from typing import Any

import torch
from torch.overrides import TorchFunctionMode

from ..patching import wrap
from ..session import Session


class _OnCpu(TorchFunctionMode):
    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if getattr(func, "__name__", "") == "cuda" and args and torch.is_tensor(args[0]):
            return args[0]
        given = {name: on_cpu(value) for name, value in (kwargs or {}).items()}
        return func(*map(on_cpu, args), **given)


def on_cpu(value: Any) -> Any:
    """A device of CUDA as one of the CPU; everything else as it is."""
    if isinstance(value, torch.device):
        return torch.device("cpu") if value.type == "cuda" else value
    if isinstance(value, str) and (value == "cuda" or value.startswith("cuda:")):
        return "cpu"
    return value


# Calls that would start CUDA, and what they give without it.
_NOTHING = ("set_device", "synchronize", "empty_cache", "init", "reset_peak_memory_stats")


def _unmoved(module: torch.nn.Module, *_: object) -> torch.nn.Module:
    return module


def install(session: Session) -> None:
    """Map, if the job says so."""
    if session.job.device != "cpu":
        return
    _OnCpu().__enter__()
    torch.nn.Module.cuda = _unmoved  # pyright: ignore[reportAttributeAccessIssue]
    for name in _NOTHING:
        # A function of its own for each: the compiler of torch wants to tell them apart.
        wrap(torch.cuda, name, lambda _: lambda *_, **__: None)
    wrap(torch.cuda, "is_available", lambda _: lambda: False)

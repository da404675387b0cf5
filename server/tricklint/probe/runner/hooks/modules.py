"""Calls of modules: which model is called from the user's code, and which layers it calls."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from ..identity import IdentityMap
from ..patching import Function, wrap
from ..places import Mark, caller_is_users, here
from ..session import Phase, Session

_LOOKS = 3  # how many calls of a model are looked at layer by layer, in each of its modes

_born: IdentityMap[Mark] = IdentityMap()


@dataclass
class RootCall:
    """A call of a model with parameters that no other module made."""

    module: nn.Module
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    mark: Mark | None
    grad: bool
    training: bool
    direct: bool  # the user's own code calls it, no library
    phase: str
    close: bool  # its layers are looked at
    output: Any = None
    layers: int = 0  # with parameters, called so far
    notes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LayerCall:
    """A call of a layer within one."""

    module: nn.Module
    args: tuple[Any, ...]
    output: Any
    root: RootCall


def birthplace(module: nn.Module) -> Mark | None:
    """The line of the user's that made a module."""
    return _born.get(module)


def all_modules() -> list[nn.Module]:
    """The modules that are alive."""
    return [one for one in _born if isinstance(one, nn.Module)]


class Roots:
    """The models that the user's code called, and the call that runs."""

    def __init__(self) -> None:
        self.current: RootCall | None = None
        self._calls: IdentityMap[dict[bool, int]] = IdentityMap()

    @property
    def known(self) -> list[nn.Module]:
        """All of them."""
        return [one for one in self._calls if isinstance(one, nn.Module)]

    def calls(self, module: nn.Module, *, training: bool) -> int:
        """How often a model was called in a mode."""
        return (self._calls.get(module) or {}).get(training, 0)

    def count(self, module: nn.Module, *, training: bool) -> int:
        """Count one more call."""
        seen = self._calls.get(module)
        if seen is None:
            seen = self._calls[module] = {}
        seen[training] = seen.get(training, 0) + 1
        return seen[training]

    def names(self) -> dict[int, str]:
        """What the parameters of these models are called, by identity."""
        found: dict[int, str] = {}
        for module in self.known:
            for name, parameter in module.named_parameters():
                found.setdefault(id(parameter), name)
        return found


def install(session: Session) -> Roots:
    """Watch all modules."""
    roots = Roots()
    main = threading.main_thread()

    def call(original: Function) -> Function:
        def watched(module: nn.Module, *args: Any, **kwargs: Any) -> Any:
            if session.busy or threading.current_thread() is not main:
                return original(module, *args, **kwargs)
            if roots.current is not None:
                return _layer(session, roots.current, original, module, args, kwargs)
            if next(module.parameters(), None) is None:
                return original(module, *args, **kwargs)
            return _root(session, roots, original, module, args, kwargs)

        return watched

    def make(original: Function) -> Function:
        def watched(module: nn.Module, *args: Any, **kwargs: Any) -> None:
            original(module, *args, **kwargs)
            mark = here()
            if mark is not None:
                _born[module] = mark

        return watched

    wrap(nn.Module, "__call__", call)
    wrap(nn.Module, "__init__", make)
    return roots


def _root(  # noqa: PLR0917  (the arguments pass through)
    session: Session,
    roots: Roots,
    original: Function,
    module: nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    training = module.training
    close = roots.count(module, training=training) <= _LOOKS or session.phase != Phase.TRAINING
    call = RootCall(
        module,
        args,
        kwargs,
        here(),
        torch.is_grad_enabled(),
        training,
        caller_is_users(),
        session.phase,
        close,
    )
    roots.current = call
    try:
        output = original(module, *args, **kwargs)
    finally:
        roots.current = None
    call.output = output
    session.tell("root_called", call)
    # Some checks keep the call, and are not to keep its graph.
    call.args, call.kwargs, call.output = (), {}, None
    return output


def _layer(  # noqa: PLR0917  (likewise)
    session: Session,
    root: RootCall,
    original: Function,
    module: nn.Module,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    if not root.close:
        return original(module, *args, **kwargs)
    session.tell("layer_begins", module, args, root)
    output = original(module, *args, **kwargs)
    session.tell("layer_called", LayerCall(module, args, output, root))
    return output

"""Puts a function of ours around one of a library's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Function = Callable[..., Any]


def wrap(owner: object, name: str, make: Callable[[Function], Function]) -> None:
    """Replace an attribute by what `make` makes of it; what this version lacks is left out."""
    original = getattr(owner, name, None)
    if original is None:
        return
    made = make(original)
    with suppress(AttributeError, TypeError):  # a builtin may lack what would be copied
        functools.update_wrapper(made, original)
    setattr(owner, name, made)


def before(owner: object, name: str, act: Function) -> None:
    """Call `act` with the same arguments before each call."""

    def make(original: Function) -> Function:
        def call(*args: Any, **kwargs: Any) -> Any:
            act(*args, **kwargs)
            return original(*args, **kwargs)

        return call

    wrap(owner, name, make)

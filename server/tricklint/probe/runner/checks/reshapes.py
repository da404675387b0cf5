"""Views that mix the samples or the axes up, as far as the sizes alone show it."""

from __future__ import annotations

from typing import Any

import torch

from ..geometry import MISALIGNED, PERMUTATION, describe
from ..hooks.modules import Roots
from ..patching import Function, wrap
from ..places import Mark, caller_is_users, here
from ..session import Session
from .check import Check, Problem

VIEW = Problem("TRK006", "view-as-permute", "warning")
_LOOKS = 3


class Reshapes(Check):
    """Compares the shapes before and after each view that the user's model makes."""

    def __init__(self, session: Session, roots: Roots) -> None:
        super().__init__(session)
        self.roots = roots
        self._seen: dict[Mark | None, int] = {}
        for owner, name in (
            (torch.Tensor, "view"),
            (torch.Tensor, "reshape"),
            (torch, "reshape"),
        ):
            wrap(owner, name, self._watched)

    def _watched(self, original: Function) -> Function:
        def call(tensor: Any, *args: Any, **kwargs: Any) -> Any:
            output = original(tensor, *args, **kwargs)
            root = self.roots.current
            if root is None or not root.close or self.session.busy or not caller_is_users():
                return output
            self._look(tensor, output, here())
            return output

        return call

    def _look(self, tensor: torch.Tensor, output: torch.Tensor, mark: Mark | None) -> None:
        count = self._seen[mark] = self._seen.get(mark, 0) + 1
        if count > _LOOKS or tensor.dtype != output.dtype or not tensor.is_floating_point():
            return
        what = describe(tuple(tensor.shape), tuple(output.shape))
        if not what:
            return
        why = {
            PERMUTATION: "the sizes change places and the numbers do not",
            MISALIGNED: "the new axes cut through the old ones",
        }.get(what, "an axis is cut and its pieces join their neighbours")
        self.session.report(
            VIEW,
            mark,
            f"{list(tensor.shape)} becomes {list(output.shape)}: {why}, so what belongs together"
            " is torn apart; a permute or transpose moves axes",
            severity="" if what in (PERMUTATION, MISALIGNED) else "info",
        )

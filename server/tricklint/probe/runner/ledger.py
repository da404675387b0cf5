"""Which backward passes stand in the gradients of which optimizer.

Read off the gradients themselves, so it holds whatever way they are cleared in.
"""

from __future__ import annotations

import weakref
from dataclasses import dataclass, field
from typing import Any

import torch

from .checks.check import Check
from .hooks.backward import Backward
from .hooks.optimizers import Optimizers, parameters_of
from .places import Mark
from .session import Session

_SAMPLES = 5  # parameters that are looked at, spread over the optimizer
_ALIKE = 0.5  # cosine of two gradients, above which one was made from the other
_QUICK = 100_000  # elements of a gradient that is copied
_LARGE = 2_000_000  # elements; a larger gradient is not searched for a number that is not 0


@dataclass(frozen=True)
class Part:
    """A backward pass that changed the gradients of an optimizer."""

    backward: Backward
    clean: bool  # it found no gradients


@dataclass
class Account:
    """The gradients of one optimizer."""

    steps: int = 0
    window: list[Part] = field(default_factory=list)  # since the last step
    held: list[Part] = field(default_factory=list)  # since they were last none or zero
    lost: list[Part] = field(default_factory=list)  # in this window, cleared before any step
    unscaled: bool = False
    clipped: bool = False
    computed: torch.Tensor | None = None  # a gradient as the last backward pass left it
    cleared_at: Mark | None = None  # the last `zero_grad`
    closure: bool = False
    evaluations: int = 0  # of a closure
    fresh: bool = False  # a closure began, and nothing was computed in it


class Ledger(Check):
    """One account for each optimizer."""

    def __init__(self, session: Session, optimizers: Optimizers) -> None:
        super().__init__(session)
        self.optimizers = optimizers
        self._accounts: weakref.WeakKeyDictionary[Any, Account] = weakref.WeakKeyDictionary()
        self._before: list[tuple[Any, bool, list[tuple[Any, int]]]] = []

    def of(self, optimizer: Any) -> Account:
        """The account of an optimizer."""
        found = self._accounts.get(optimizer)
        if found is None:
            found = self._accounts[optimizer] = Account()
        return found

    def before_backward(self, _: Backward) -> None:
        """Remember how the gradients look."""
        self._before = []
        for optimizer in self.optimizers.alive():
            sample = _sample(optimizer)
            clean = is_clean(sample)
            if clean:
                self._drop(self.of(optimizer))
            self._before.append((optimizer, clean, _prints(sample)))

    def after_backward(self, backward: Backward) -> None:
        """See whose gradients changed."""
        for optimizer, clean, prints in self._before:
            sample = _sample(optimizer)
            now = _prints(sample)
            changed = any(a[0] is not b[0] or a[1] != b[1] for a, b in zip(prints, now))
            # A loss of 0 has gradients of 0, and these are no different from cleared ones.
            if changed and not is_clean(sample):
                part = Part(backward, clean)
                account = self.of(optimizer)
                account.computed = _copy(sample)
                account.window.append(part)
                account.held.append(part)
                backward.fed.append(optimizer)
        self._before = []

    def evaluation_began(self, optimizer: Any) -> None:
        """A closure is called."""
        account = self.of(optimizer)
        account.closure = account.fresh = True
        account.evaluations += 1

    def before_step(self, optimizer: Any) -> None:
        """What was cleared since the backward pass is lost."""
        account = self.of(optimizer)
        if account.held and is_clean(_sample(optimizer)):
            self._drop(account)

    def after_step(self, optimizer: Any) -> None:
        """A new window begins."""
        account = self.of(optimizer)
        account.steps += 1
        self._close(account)

    def scaler_stepped(self, optimizer: Any) -> None:
        """A step that the scaler skipped, because of infinite gradients, was one all the same."""
        self._close(self.of(optimizer))

    def cleared(self, optimizer: Any, mark: Mark | None) -> None:
        """Remember the line, for a message."""
        self.of(optimizer).cleared_at = mark

    def unscaled(self, optimizer: Any) -> None:
        """The scaler divided the gradients."""
        self.of(optimizer).unscaled = True

    def clipped(self, parameters: Any, _: Mark | None) -> None:
        """Clipping changes gradients too, and is no way of writing them."""
        given = {id(one) for one in parameters}
        for optimizer in self.optimizers.alive():
            if any(id(one) in given for one in parameters_of(optimizer)):
                self.of(optimizer).clipped = True

    def written_by_hand(self, optimizer: Any) -> bool:
        """Whether the gradients of a step are others than those that were computed."""
        account = self.of(optimizer)
        now = _copy(_sample(optimizer))
        if account.computed is None or now is None or account.clipped:
            return False
        # A scale, or a little noise, leaves the direction.
        return float(torch.cosine_similarity(account.computed, now, dim=0)) < _ALIKE

    def _close(self, account: Account) -> None:
        for part in account.held:
            part.backward.served = True
        account.window, account.lost = [], []
        account.unscaled = account.clipped = False

    def _drop(self, account: Account) -> None:
        account.lost += [part for part in account.held if not part.backward.served]
        account.held = []


def _sample(optimizer: Any) -> list[torch.Tensor]:
    trained = [one for one in parameters_of(optimizer) if one.requires_grad]
    small = [one for one in trained if one.numel() <= _LARGE] or trained
    return small[:: max(len(small) // _SAMPLES, 1)]


def _copy(sample: list[torch.Tensor]) -> torch.Tensor | None:
    """The largest gradient that is quickly copied: of few numbers, any two look alike."""
    gradients = [one.grad for one in sample if one.grad is not None and not one.grad.is_sparse]
    quick = [one for one in gradients if 1 < one.numel() <= _QUICK]
    return max(quick, key=torch.numel).detach().flatten().float().clone() if quick else None


def is_clean(sample: list[torch.Tensor]) -> bool:
    """Whether these have no gradients, or zeros."""
    return all(one.grad is None or not _any(one.grad) for one in sample)


def _any(gradient: torch.Tensor) -> bool:
    if gradient.is_sparse:
        gradient = gradient.coalesce().values()
    return bool(gradient.any())


def _prints(sample: list[torch.Tensor]) -> list[tuple[Any, int]]:
    # The gradient is held, so that no new one can come to have its identity.
    return [(one.grad, one.grad._version if one.grad is not None else 0) for one in sample]

"""Loaders: which one the training runs over shows in what happens between two of its batches."""

from __future__ import annotations

import copy
import inspect
import time
from typing import Any

import torch
from torch.utils.data import DataLoader

from ..checks.check import Check
from ..events import LoaderSeen, Redirected
from ..identity import IdentityMap
from ..overfit import Overfit
from ..patching import Function, wrap
from ..places import Mark, here
from ..session import Phase, Session
from .modules import RootCall

TRAINING, EVALUATION = "training", "evaluation"
_BATCHES = 2  # of an evaluation
# Loaders of some libraries fetch a batch ahead, so one request without a backward says nothing.
_AHEAD = 2


class Loaders(Check):
    """What is known of each loader."""

    def __init__(self, session: Session, overfit: Overfit) -> None:
        super().__init__(session)
        self.overfit = overfit
        self.roles: IdentityMap[str] = IdentityMap()
        self.repeated: IdentityMap[tuple[Any]] = IdentityMap()  # the batch of a training loader
        self.made_at: IdentityMap[Mark] = IdentityMap()
        self.open: list[Pass] = []  # the innermost last
        self.cut: Pass | None = None  # ended early for want of a backward pass, perhaps wrongly

    def before_backward(self, _: object) -> None:
        """A pass that was taken for an evaluation may have been a training that gathers first."""
        cut, self.cut = self.cut, None
        if cut is None or cut.evaluated or self.open:
            return
        if self.roles.get(cut.loader) != TRAINING:
            cut.loader_is(TRAINING)

    def root_called(self, call: RootCall) -> None:
        """A model that is called without gradients is not trained."""
        if self.open and not call.grad:
            self.open[-1].evaluated = True

    @property
    def innermost(self) -> Pass | None:
        """The pass whose batch is worked on."""
        return self.open[-1] if self.open else None


class Pass:
    """One `for batch in loader`: what the user iterates over in place of the loader's own."""

    def __init__(self, loaders: Loaders, loader: Any, inner: Any, mark: Mark | None) -> None:
        self.loaders = loaders
        self.loader = loader
        self.mark = mark
        self.calls: list[Any] = []  # of models, noted by the checks
        self.trained = False  # a backward pass happened in it
        self.evaluated = False  # a model was called in it without gradients
        self._inner = inner
        self._first: Any = None
        self._served = 0
        self._steps = 0  # of the session, when the last batch was handed out
        self._idle = 0  # requests in a row without a backward pass
        self._closed = False

    def __iter__(self) -> Pass:
        return self

    def __len__(self) -> int:
        return len(self._inner)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __del__(self) -> None:
        self.close()

    def __next__(self) -> Any:
        session, overfit = self.loaders.session, self.loaders.overfit
        session.go_on()
        if session.job.observe:
            return self._fetch()
        if self._served == 0:
            return self._begin()
        self._look_back()
        if not self.trained or self._idle >= _AHEAD:
            if self._served >= _BATCHES or session.phase == Phase.AGAIN:
                if not self.trained:
                    self.loaders.cut = self
                raise self._end()
            return self._fetch()
        if session.phase == Phase.AGAIN:
            self.close()
            session.stop()
        if overfit.enough():
            overfit.settle()
            session.enter(Phase.EVALUATION)
            raise self._end()
        self._served += 1
        return clone(self._first)

    def close(self) -> None:
        """The pass is over, by whatever end."""
        if self._closed:
            return
        self._closed = True
        if self in self.loaders.open:
            self.loaders.open.remove(self)
        if self._served:
            if self.loaders.session.steps > self._steps:
                self.trained = True
            self.loaders.session.tell("pass_ended", self)

    def _begin(self) -> Any:
        session = self.loaders.session
        began = time.monotonic()
        batch = self._fetch()
        known = self.loaders.repeated.get(self.loader)
        if known is not None and session.phase == Phase.TRAINING and self._again():
            batch = clone(known[0])
        self._first = clone(batch)
        seconds = time.monotonic() - began
        role = self.loaders.roles.get(self.loader)
        if role is None:
            place = self.mark.place() if self.mark else None
            session.channel.send(LoaderSeen(place, "new", shapes(batch), seconds))
        if role == TRAINING and session.phase == Phase.EVALUATION:
            session.enter(Phase.AGAIN)
        return batch

    def _again(self) -> bool:
        """Loops that count their batches begin anew before there is a verdict."""
        return self.loaders.roles.get(self.loader) == TRAINING

    def _fetch(self) -> Any:
        try:
            batch = next(self._inner)
        except StopIteration:
            if self.trained and self._first is not None and not self.loaders.session.job.observe:
                return clone(self._first)
            self.close()
            raise
        self._served += 1
        if self not in self.loaders.open:
            self.loaders.open.append(self)
        self._steps = self.loaders.session.steps
        return batch

    def _look_back(self) -> None:
        session = self.loaders.session
        if session.steps > self._steps:
            self._idle = 0
            if not self.trained:
                self.trained = True
                self.loader_is(TRAINING)
        else:
            self._idle += 1
        self._steps = session.steps

    def loader_is(self, role: str) -> None:
        """The role of the loader shows."""
        session = self.loaders.session
        if self.loaders.roles.get(self.loader) == TRAINING:
            return
        self.loaders.roles[self.loader] = role
        self.loaders.repeated[self.loader] = (self._first,)
        if role == TRAINING:
            session.trained = session.trained or time.monotonic()
            if session.phase == Phase.START:
                session.enter(Phase.TRAINING)
            self.loaders.overfit.repeating = True
            session.tell("training_found", self, self._first, self._inner)

    def _end(self) -> StopIteration:
        if not self.trained:
            self.loader_is(EVALUATION)
        self.close()
        return StopIteration()


def clone(batch: Any) -> Any:
    """A copy that the user may change; what cannot be copied is given as it is."""
    try:
        return copy.deepcopy(batch)
    except Exception:  # noqa: BLE001  (any class of the user's may stand in a batch)
        return batch


def shapes(batch: Any, depth: int = 3) -> str:
    """What a batch is made of, for a person."""
    if isinstance(batch, torch.Tensor):
        return f"{str(batch.dtype).replace('torch.', '')}{list(batch.shape)}"
    if depth and isinstance(batch, dict):
        return ", ".join(f"{key}: {shapes(value, depth - 1)}" for key, value in batch.items())
    if depth and isinstance(batch, (list, tuple)):
        return ", ".join(shapes(one, depth - 1) for one in batch[:8])
    return type(batch).__name__


def install(session: Session, overfit: Overfit) -> Loaders:
    """Watch all loaders."""
    loaders = Loaders(session, overfit)

    def make(original: Function) -> Function:
        signature = inspect.signature(original)

        def call(loader: Any, *args: Any, **kwargs: Any) -> None:
            try:
                bound = signature.bind(loader, *args, **kwargs)
            except TypeError:
                original(loader, *args, **kwargs)  # says what is wrong
                return
            given = _in_process(session, bound.arguments)
            original(*given.pop("self", ()), **given)
            mark = here()
            if mark is not None:
                loaders.made_at[loader] = mark

        return call

    def iterate(original: Function) -> Function:
        def call(loader: Any) -> Any:
            if session.busy:
                return original(loader)
            session.go_on()
            inner = original(loader)
            # A loader of another library calls the one of torch that it derives from.
            return inner if isinstance(inner, Pass) else Pass(loaders, loader, inner, here())

        return call

    wrap(DataLoader, "__init__", make)
    wrap(DataLoader, "__iter__", iterate)
    return loaders


_WORKERS = ("prefetch_factor", "persistent_workers", "multiprocessing_context", "timeout",
            "pin_memory", "pin_memory_device", "in_order")  # fmt: skip


def _in_process(session: Session, arguments: dict[str, Any]) -> dict[str, Any]:
    given = dict(arguments)
    given.update(given.pop("kwargs", {}))
    if given.pop("num_workers", 0):
        session.channel.send(Redirected("loads in one process", "num_workers=0"))
    for name in _WORKERS:
        given.pop(name, None)
    given["self"] = (given["self"],)
    return given

"""Training data that comes in order, and flips that make another character."""

from __future__ import annotations

import time
from typing import Any

import torch
from torch.utils.data import BatchSampler, SequentialSampler

from ..hooks.loaders import Loaders, Pass
from ..session import Session
from .check import Check, Problem

UNSHUFFLED = Problem("TRK008", "unshuffled-training-data", "warning")
FLIPPED = Problem("TRK007", "label-changing-augmentation", "warning")
_PEEK = 7  # batches
_PATIENCE = 2.0  # seconds for all of them
_CHARACTERS = ("MNIST", "KMNIST", "EMNIST", "QMNIST", "USPS", "SVHN")
_FLIPS = ("RandomHorizontalFlip", "RandomVerticalFlip")


class Data(Check):
    """Looks at a loader as soon as the training is seen to run over it."""

    def __init__(self, session: Session, loaders: Loaders) -> None:
        super().__init__(session)
        self.loaders = loaders

    def training_found(self, loader_pass: Pass, first: Any, rest: Any) -> None:
        """Once for each loader."""
        loader = loader_pass.loader
        made = self.loaders.made_at.get(loader) or loader_pass.mark
        self._flips(loader, made)
        sampler = sampler_of(loader)
        if sampler is None:
            return
        if not isinstance(sampler, SequentialSampler):
            for _ in range(2):  # one object, and nothing will change it
                self.session.deny(UNSHUFFLED, made)
            return
        if len(sampler) <= (getattr(loader, "batch_size", None) or 1):
            return  # one batch has no order that matters
        labels = self._peek(first, rest)
        how = _order(labels, _last_label(loader))
        self.session.report(
            UNSHUFFLED,
            made,
            "the training runs over this loader in the order of the data set"
            + (f", and {how}" if how else ""),
            severity="" if how else "info",
        )

    def _peek(self, first: Any, rest: Any) -> list[torch.Tensor]:
        began = time.monotonic()
        found = [labels_in(first)]
        while len(found) < _PEEK and time.monotonic() - began < _PATIENCE:
            try:
                found.append(labels_in(next(rest)))
            except StopIteration:
                break
        return [one for one in found if one is not None]

    def _flips(self, loader: Any, made: Any) -> None:
        dataset = getattr(loader, "dataset", None)
        for _ in range(4):  # a subset of a subset
            inner = getattr(dataset, "dataset", None)
            if inner is None:
                break
            dataset = inner
        kind = type(dataset).__name__
        if kind not in _CHARACTERS:
            return
        for one in steps_of(getattr(dataset, "transform", None)):
            name = type(one).__name__
            if name in _FLIPS:
                self.session.report(
                    FLIPPED,
                    made,
                    f"{name} makes other characters of those in {kind}, or none, and they keep"
                    " their labels",
                )


def sampler_of(loader: Any) -> Any:
    """What puts the samples in order; with a batch sampler of another kind, nobody knows."""
    batches = getattr(loader, "batch_sampler", None)
    if batches is None:
        return getattr(loader, "sampler", None)
    return batches.sampler if type(batches) is BatchSampler else None


def steps_of(transform: Any) -> list[Any]:
    """The single steps of a pipeline."""
    inner = getattr(transform, "transforms", None)
    if not isinstance(inner, (list, tuple)):
        return [] if transform is None else [transform]
    return [step for one in inner for step in steps_of(one)]


def labels_in(batch: Any) -> torch.Tensor | None:
    """The class numbers of a batch: its last tensor of whole numbers with one for each sample."""
    values = list(batch.values()) if isinstance(batch, dict) else batch
    if not isinstance(values, (list, tuple)):
        return None
    whole = (torch.int64, torch.int32, torch.uint8)
    for one in reversed(values):
        if isinstance(one, torch.Tensor) and one.dim() == 1 and one.dtype in whole:
            return one
    return None


def _last_label(loader: Any) -> int | None:
    try:
        label = loader.dataset[len(loader.dataset) - 1][-1]
        return int(label)
    except Exception:  # noqa: BLE001  (any data set of the user's; then nothing is known)
        return None


def _order(labels: list[torch.Tensor], last: int | None) -> str:
    """How the labels follow each other, if that is by class."""
    if not labels or min(one.numel() for one in labels) < 4:
        return ""
    joined = torch.cat(labels)
    kinds = int(joined.unique().numel())
    if kinds == 1:
        return "it is sorted by class" if last not in (None, int(joined[0])) else ""
    if bool((joined.diff() >= 0).all()) or bool((joined.diff() <= 0).all()):
        return "it is sorted by class"
    single = sum(1 for one in labels if int(one.unique().numel()) == 1)
    return "nearly every batch has one class only" if single >= 0.8 * len(labels) else ""

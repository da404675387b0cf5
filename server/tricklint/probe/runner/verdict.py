"""What a curve of losses says: can the model overfit one batch?

Judged absolutely only where it is known that a perfect fit has the loss 0.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median

OVERFITS, SLOW, PLATEAU, STUCK = "overfits", "slow", "plateau", "stuck"
DIVERGED, NEGATIVE, SOFTMAX_FLOOR = "diverged", "negative loss", "floor of softmax"
NOT_APPLICABLE, INCONCLUSIVE = "not applicable", "inconclusive"

_FITTED = 0.10  # of the first loss
_CLEAN = 0.03  # a fit so clear that more steps would show nothing
_MOVED = 0.10  # less is no learning
_FALLING = 0.03  # by how much the last fifth has to lie under the one before
_STEADY = 0.3  # or how fast the loss falls in the last fifth, against all of them
_FEW = 20  # steps below which nothing is said against a model


@dataclass(frozen=True)
class Curve:
    """The losses of one backward line on one batch, and what is known beside them."""

    losses: tuple[float, ...]
    zero_floor: bool
    complete: bool  # all steps that were wanted were done; else time or the script ended first
    accuracy: float | None = None  # on the batch, at the end
    classes: int = 0  # of a cross entropy; 0 for any other loss
    probabilities: bool = False  # it was given probabilities
    noisy: bool = False  # dropout makes each step another one
    one_batch: bool = True  # not all the data of a script that has no loader
    roomy: bool = True  # the model has far more parameters than the batch has targets


@dataclass(frozen=True)
class Verdict:
    """The word, and the sentence for a person."""

    word: str
    sentence: str
    floor: float | None = None


def softmax_floor(classes: int) -> float:
    """The least cross entropy that probabilities in place of logits can have."""
    return math.log(math.e + classes - 1) - 1


def has_fitted(curve: Curve) -> bool:
    """Whether the fit is so clear that the training can end."""
    losses = curve.losses
    if len(losses) < 6 or not curve.zero_floor:
        return False
    small = max(losses[-5:]) <= _CLEAN * losses[0] and min(losses) >= 0
    return small and curve.accuracy in (None, 1.0)


def judge(curve: Curve) -> Verdict:
    """The verdict on a curve."""
    losses = curve.losses
    if len(losses) < 3:
        return Verdict(INCONCLUSIVE, f"Only {len(losses)} steps were seen, too few for a verdict.")
    first, last = losses[0], median(losses[-5:])
    if not all(map(math.isfinite, losses)):
        step = next(index for index, loss in enumerate(losses) if not math.isfinite(loss))
        return Verdict(DIVERGED, f"The loss is no number any more after {step} steps.")
    if not curve.zero_floor:
        return _without_floor(curve, first, last)
    if last < -1e-4:
        return Verdict(
            NEGATIVE, f"The loss fell to {last:.3g}, and a loss of this kind is never negative."
        )
    if len(losses) >= _FEW and last > 3 * first + 1e-3:
        return Verdict(DIVERGED, f"The loss rose from {first:.3g} to {last:.3g} on one batch.")
    return _with_floor(curve, first, last)


def _without_floor(curve: Curve, first: float, last: float) -> Verdict:
    steps = len(curve.losses)
    return Verdict(
        INCONCLUSIVE,
        f"The loss went from {first:.4g} to {last:.4g} in {steps} steps on one batch. How low it"
        " can go is not known for this kind of loss, so there is no verdict.",
    )


def _with_floor(curve: Curve, first: float, last: float) -> Verdict:
    steps = len(curve.losses)
    way = f"from {first:.3g} to {last:.3g} in {steps} steps on one batch"
    if curve.probabilities and curve.classes:
        floor = softmax_floor(curve.classes)
        if last >= 0.97 * floor:
            return Verdict(
                SOFTMAX_FLOOR,
                f"The loss went {way} and cannot go below {floor:.3f}: it is given probabilities"
                f" of {curve.classes} classes in place of logits.",
                floor,
            )
    if first <= 1e-6:
        return Verdict(NOT_APPLICABLE, "The loss is 0 from the first step on.")
    if last <= _FITTED * first or (curve.accuracy == 1.0 and last <= 0.5 * first):
        right = " and every sample is classified right" if curve.accuracy == 1.0 else ""
        return Verdict(OVERFITS, f"The model can overfit: the loss fell {way}{right}.")
    return _without_fit(curve, way, first, last)


def _still_falls(losses: tuple[float, ...]) -> bool:
    """Whether more steps would bring the loss down further, however slowly."""
    size = len(losses) // 5
    fifths = [sum(losses[index * size : (index + 1) * size]) / size for index in range(5)]
    steps = [fifths[index] - fifths[index + 1] for index in range(4)]
    steadily = min(steps) > 0 and steps[-1] >= _STEADY * sum(steps) / len(steps)
    return steadily or steps[-1] > _FALLING * fifths[-2]


def _without_fit(curve: Curve, way: str, first: float, last: float) -> Verdict:
    """What keeps the loss up: too little time, too little model, or a mistake."""
    steps = len(curve.losses)
    if not curve.complete or steps < _FEW:
        return Verdict(
            INCONCLUSIVE, f"The loss went {way}; the run ended before that means anything."
        )
    if _still_falls(curve.losses):
        return Verdict(SLOW, f"The loss fell {way}, and is still falling.")
    if not curve.one_batch:
        return Verdict(
            INCONCLUSIVE,
            f"The loss went {way.replace('one batch', 'all the data')}; whether a model can fit all"
            " of it is not known.",
        )
    if not curve.roomy:
        return Verdict(
            INCONCLUSIVE,
            f"The loss went {way}; a model with so few parameters may not be able to fit a batch.",
        )
    if curve.noisy and last < (1 - _MOVED) * first:
        return Verdict(
            INCONCLUSIVE, f"The loss went {way}; dropout may be what keeps it from going lower."
        )
    if last > (1 - _MOVED) * first:
        return Verdict(STUCK, f"The model does not learn even one batch: the loss went {way}.")
    return Verdict(PLATEAU, f"The loss fell {way} and then no further; a fit would bring it to 0.")

"""Several fixes as one: those that fit together, tried as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from tricklint.finding import Edit, Fix, Safety

# If all of them at once do not hold, they are tried one by one, which takes time for each.
_MOST_TRIALS = 40


def combine(title: str, fixes: Sequence[Fix], holds: Callable[[Fix], bool]) -> Fix | None:
    """One fix that does what as many of these as possible do; None where none of them holds.

    Whoever asks again after it was applied gets what did not fit in.
    """
    fitting = _fitting(fixes)
    whole = _joined(title, fitting)
    if fitting and holds(whole):
        return whole
    kept: list[Fix] = []
    for fix in fitting[:_MOST_TRIALS]:
        if holds(_joined(title, [*kept, fix])):
            kept.append(fix)
    return _joined(title, kept) if kept else None


def _joined(title: str, fixes: Sequence[Fix]) -> Fix:
    edits = tuple(edit for fix in fixes for edit in fix.edits)
    asks = any(fix.safety is Safety.UNSAFE for fix in fixes)
    return Fix(title, edits, Safety.UNSAFE if asks else Safety.SAFE)


def _fitting(fixes: Iterable[Fix]) -> list[Fix]:
    """Those that touch no place that an earlier one touches."""
    found: list[Fix] = []
    taken: list[Edit] = []
    for fix in fixes:
        if not any(_clash(one, other) for one in fix.edits for other in taken):
            found.append(fix)
            taken += fix.edits
    return found


def _clash(one: Edit, other: Edit) -> bool:
    if one.span.path != other.span.path:
        return False
    # Two texts inserted at one place would have to come in some order.
    return one.span.start <= other.span.end and other.span.start <= one.span.end

"""What a reshape does to the axes, by the sizes alone."""

from __future__ import annotations

PERMUTATION, MISALIGNED, STRADDLE = "permutation", "misaligned", "straddle"


def describe(before: tuple[int, ...], after: tuple[int, ...]) -> str:
    """The word for a reshape that moves elements between axes; empty for a plain one."""
    old = tuple(one for one in before if one != 1)
    new = tuple(one for one in after if one != 1)
    if old == new or 0 in before or len(old) < 2 or len(new) < 2:
        return ""
    if sorted(old) == sorted(new):
        return PERMUTATION
    olds, news = _borders(old), _borders(new)
    if any(one % two and two % one for one in news for two in olds):
        return MISALIGNED
    return STRADDLE if _tears(olds, news) else ""


def _tears(olds: list[int], news: list[int]) -> bool:
    """Whether an old axis is cut and both pieces join their neighbours.

    That is the lucky form of a forgotten transpose.  An axis whose first piece stays alone is
    only split, as for groups of channels.
    """
    for start, end in _pairs(olds):
        for before, cut, after in zip(news, news[1:], news[2:]):
            if start < cut < end and before < start and after > end:
                return True
    return False


def _pairs(numbers: list[int]) -> list[tuple[int, int]]:
    return [(numbers[index], numbers[index + 1]) for index in range(len(numbers) - 1)]


def _borders(sizes: tuple[int, ...]) -> list[int]:
    """How many elements lie before each axis has ended, from the outermost on."""
    found = [1]
    for size in sizes:
        found.append(found[-1] * size)
    return found

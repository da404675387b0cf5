"""Several fixes as one."""

from __future__ import annotations

from tricklint.finding import Edit, Fix, Position, Safety, Span
from tricklint.together import combine


def fix(*columns: int, path: str = "/a.py", safety: Safety = Safety.SAFE) -> Fix:
    places = [Span(path, Position(0, one), Position(0, one)) for one in columns]
    return Fix("one", tuple(Edit(place, "x") for place in places), safety)


def columns(found: Fix | None) -> list[int]:
    return [edit.span.start.column for edit in found.edits] if found else []


def test_what_holds_together_is_tried_once() -> None:
    tried: list[Fix] = []
    found = combine("all", [fix(1), fix(5)], lambda one: tried.append(one) or True)
    assert (columns(found), len(tried)) == ([1, 5], 1)
    assert found
    assert (found.title, found.safety) == ("all", Safety.SAFE)


def test_what_does_not_hold_is_left_out() -> None:
    found = combine("all", [fix(1), fix(5), fix(9)], lambda one: 5 not in columns(one))
    assert columns(found) == [1, 9]
    assert combine("all", [fix(1)], lambda _: False) is None
    assert combine("all", [], lambda _: True) is None


def test_of_two_that_touch_the_first_is_taken() -> None:
    found = combine("all", [fix(1, 5), fix(5), fix(5, path="/b.py")], lambda _: True)
    assert columns(found) == [1, 5, 5]


def test_one_that_asks_makes_all_of_them_ask() -> None:
    found = combine("all", [fix(1), fix(5, safety=Safety.UNSAFE)], lambda _: True)
    assert found
    assert found.safety is Safety.UNSAFE

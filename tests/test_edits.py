"""Edits on texts: applied exactly, refused where they cannot be, shown as a diff."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tricklint.edits import EditConflictError, apply_edits, diff, moved
from tricklint.finding import Edit, Position, Span

PATH = "/p/a.py"


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> Edit:
    return Edit(Span(PATH, Position(*start), Position(*end)), text)


def test_edits_apply_to_the_text_before_them_in_any_order() -> None:
    edits = [edit((1, 0), (2, 0), ""), edit((0, 1), (0, 2), "XYZ"), edit((2, 1), (2, 1), "!")]
    assert (
        apply_edits("abc\nline\nd", edits)
        == apply_edits("abc\nline\nd", edits[::-1])
        == "aXYZc\nd!"
    )


def test_lines_move_with_what_is_written_and_removed_before_them() -> None:
    edits = [edit((1, 0), (2, 0), ""), edit((4, 2), (4, 2), "a\nb\n"), edit((6, 0), (6, 0), "c\n")]
    assert moved([0, 1, 2, 4, 5, 6, 7], edits) == (0, 1, 1, 3, 6, 7, 9)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_columns_are_code_points_and_line_ends_stay(end: str) -> None:
    text = f"x = '🙂\u2028\x0c'{end}y"
    assert apply_edits(text, [edit((0, 6), (0, 8), "-"), edit((1, 0), (1, 1), "z")]) == (
        f"x = '🙂-'{end}z"
    )


def test_edits_that_touch_are_fine() -> None:
    edits = [edit((0, 0), (0, 1), "1"), edit((0, 1), (0, 2), "2"), edit((0, 2), (0, 2), "+")]
    assert apply_edits("abc", edits) == "12+c"


@pytest.mark.parametrize(
    "edits",
    [
        [edit((0, 0), (0, 2), ""), edit((0, 1), (0, 3), "")],
        [edit((0, 0), (0, 3), ""), edit((0, 1), (0, 1), "x")],
        [edit((0, 1), (0, 1), "x"), edit((0, 1), (0, 1), "y")],
        [edit((0, 2), (0, 1), "")],
        [edit((0, 4), (0, 4), "")],
        [edit((2, 0), (2, 0), "")],
        [edit((0, -1), (0, 0), "")],
    ],
)
def test_conflicts_and_places_outside_are_refused(edits: list[Edit]) -> None:
    with pytest.raises(EditConflictError):
        apply_edits("abc\n", edits)


LINES = st.lists(
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=6), max_size=6
)


@example(["", ""], ["\r"], "\n")
@given(LINES, LINES, st.sampled_from(["\n", "\r\n"]))
def test_a_diff_is_a_patch(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str], end: str
) -> None:
    folder = tmp_path_factory.mktemp("patch")
    old, new = end.join(before), end.join(after)
    if old == new or not old or not new:
        return
    file = folder / "a.py"
    file.write_bytes(old.encode())
    patch = "".join(diff(old, new, "a.py"))
    subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], input=patch.encode(), cwd=folder, check=True
    )
    assert file.read_bytes() == new.encode()

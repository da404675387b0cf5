"""Every trick in every style of training code: a right program, and the smallest edits that spoil it.

`matrix_cells` says what a cell is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tricklint.sanity_check import insert_check

from .matrix_cells import (
    CELLS,
    LENS,
    MATRIX,
    MISTAKES,
    STYLES,
    TABLE,
    TRICKS,
    Cell,
    Code,
    Style,
    planted,
    repaired,
    table,
    with_check,
)
from .test_running import failures


@pytest.fixture(autouse=True)
def _no_rule_crashes(caplog: pytest.LogCaptureFixture) -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """The engine goes on without a rule that has crashed, and says so in its log only."""
    yield
    assert [one.message for one in caplog.records if one.name == "tricklint"] == []


def test_every_trick_has_a_cell_in_every_style() -> None:
    known = {(one.style.name, one.trick) for one in CELLS}
    missing = [(style.name, trick) for style in STYLES for trick in TRICKS]
    assert [one for one in missing if one not in known] == []
    assert len(STYLES) == len(list(MATRIX.glob("*.toml")))


def test_the_page_shows_all_cells() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(), "run: python -m tests.matrix_cells"


@pytest.mark.parametrize("style", STYLES, ids=lambda one: one.name)
def test_the_right_program_is_silent(style: Style) -> None:
    assert Code.of(style).findings() == []


@pytest.mark.parametrize("cell", MISTAKES, ids=str)
def test_a_mistake_is_found_and_nothing_else(cell: Cell) -> None:
    code = planted(cell)
    found = code.findings()
    if cell.missed:
        assert found == [], "seen by now: say what is found"
        return
    assert [(one.code, code.text(one.span)) for one in found] == [
        (cell.trick, text) for text in cell.underlined
    ]
    assert cell.says
    assert all(cell.says in one.message for one in found), [one.message for one in found]
    assert {one.span.path for one in found} == {code.draft(cell.where or cell.file).path}


@pytest.mark.parametrize("cell", [one for one in MISTAKES if not one.missed], ids=str)
def test_the_fix_gives_a_program_that_is_silent_again(cell: Cell) -> None:
    code = planted(cell)
    if cell.without_fix:
        assert {one.fixes for one in code.findings()} == {()}
    else:
        assert repaired(code).findings() == []


@pytest.mark.parametrize("cell", [one for one in CELLS if one.trick == LENS], ids=str)
def test_the_lens_stands_over_the_training_loop(cell: Cell) -> None:
    if cell.none or cell.missed:
        code = Code.of(cell.style)
        program = code.engine().program(code.drafts[0].path)
        checks = [insert_check(program, one) for one in program.trainings]
        assert [one for one in checks if one is not None] == []
    else:
        assert with_check(cell).findings() == []


@pytest.mark.parametrize("style", [one for one in STYLES if one.can_run], ids=lambda one: one.name)
def test_right_planted_and_fixed_programs_run(style: Style, tmp_path: Path) -> None:
    """The mistakes are silent ones: torch runs all of them without a word."""
    paths = [Code.of(style).write(tmp_path / style.name)]
    for cell in (one for one in CELLS if one.style == style and not (one.none or one.missed)):
        if cell.trick == LENS:
            paths.append(with_check(cell).write(tmp_path / str(cell)))
            continue
        code = planted(cell)
        paths.append(code.write(tmp_path / str(cell)))
        if not cell.without_fix:
            paths.append(repaired(code).write(tmp_path / f"{cell}-fixed"))
    assert failures(paths) == ("", "")

"""Every trick in every style of training code: a right program, and the smallest edits that spoil it.

`matrix/STYLE.py` (a notebook, or a folder) is a program as people write it, with all that the rules
look at and nothing wrong.  `matrix/STYLE.toml` beside it has the cells: a mistake as the lines of a
diff, and what is found then; or why the trick makes no sense in this style, or is not seen yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest
import tomli

from tricklint.draft import Draft
from tricklint.engine import Engine
from tricklint.finding import Edit, Finding, Position, Span
from tricklint.rules import discover
from tricklint.sanity_check import insert_check
from tricklint.settings import Settings
from tricklint.workspace import Workspace

from .test_running import failures

MATRIX = Path(__file__).parent / "matrix"
LENS = "TRK001"
TRICKS = (LENS, *(rule.code for rule in discover() if rule.code.startswith("TRK0")))


@dataclass(frozen=True)
class Cell:
    """A trick in a style: a mistake and what is found then, or the reason why there is none."""

    style: Style
    trick: str
    number: int
    edit: str = ""
    file: str = ""  # of a folder, where the mistake is made
    where: str = ""  # of a folder, where it is found
    finds: str | tuple[str, ...] = (
        ""  # the text that is underlined; for a lens, the whole loop's head
    )
    says: str = ""  # a part of the message
    without_fix: str = ""  # why there is none
    none: str = ""  # why there is no such mistake
    missed: str = ""  # why it is not found yet

    def __str__(self) -> str:
        return f"{self.style.name}-{self.trick}-{self.number}"

    @property
    def underlined(self) -> tuple[str, ...]:
        """All that is, in order."""
        return (self.finds,) if isinstance(self.finds, str) else tuple(self.finds)


@dataclass(frozen=True)
class Style:
    """A right program in this style."""

    name: str
    title: str
    needs: str  # a library that is not at hand in the tests, so that it cannot be run

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of the program, the one that is run first."""
        folder = MATRIX / self.name
        if folder.is_dir():
            return tuple(sorted(folder.glob("*.py"), key=lambda one: (one.stem != "main", one)))
        return tuple(one for one in MATRIX.glob(f"{self.name}.*") if one.suffix != ".toml")

    @property
    def can_run(self) -> bool:
        """Is all there that it imports?"""
        return not self.needs or find_spec(self.needs) is not None


@dataclass(frozen=True)
class Code:
    """The texts of a program, and what is found in them."""

    drafts: tuple[Draft, ...]

    @classmethod
    def of(cls, style: Style) -> Code:
        """The right program."""
        return cls(
            tuple(Draft.of(str(one), one.read_text(encoding="utf-8")) for one in style.files)
        )

    def engine(self) -> Engine:
        """One that sees this program and nothing else."""
        paths = tuple(one.path for one in self.drafts)
        root = str(Path(paths[0]).parent)
        workspace = Workspace((root,), lambda _: None, lambda: paths)
        for one in self.drafts:
            workspace.open(one.path, one.text, one.cells)
        return Engine(workspace, Settings())

    def findings(self) -> list[Finding]:
        """What all rules find in all files."""
        engine = self.engine()
        return [finding for one in self.drafts for finding in engine.check(one.path)]

    def with_edits(self, edits: tuple[Edit, ...]) -> Code:
        """The program after some edits."""
        return Code(
            tuple(
                one.with_edits([edit for edit in edits if edit.span.path == one.path])
                for one in self.drafts
            )
        )

    def draft(self, name: str) -> Draft:
        """A file by its name; the first one without."""
        return next(one for one in self.drafts if not name or Path(one.path).name == name)

    def text(self, span: Span) -> str:
        """What stands there, as far as its first line goes."""
        line = self.draft(Path(span.path).name).text.split("\n")[span.start.line]
        end = span.end.column if span.end.line == span.start.line else len(line)
        return line[span.start.column : end]

    def write(self, folder: Path) -> Path:
        """The files in a folder, as Python; the path of the one to run."""
        folder.mkdir(parents=True)
        for one in self.drafts:
            (folder / f"{Path(one.path).stem}.py").write_text(one.text, encoding="utf-8")
        return folder / f"{Path(self.drafts[0].path).stem}.py"


def _cells() -> Iterator[Cell]:
    for path in sorted(MATRIX.glob("*.toml")):
        content = tomli.loads(path.read_text(encoding="utf-8"))
        style = Style(path.stem, content["title"], content.get("needs", ""))
        for trick in TRICKS:
            for number, entry in enumerate(content.get(trick, ()), 1):
                yield Cell(style, trick, number, **entry)


CELLS = tuple(_cells())
STYLES = tuple(dict.fromkeys(one.style for one in CELLS))
MISTAKES = tuple(one for one in CELLS if one.edit)


def planted(cell: Cell) -> Code:
    """The program with the mistake in it."""
    code = Code.of(cell.style)
    draft = code.draft(cell.file)
    edits: list[Edit] = []
    for hunk in cell.edit.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        assert all(line[0] in " -+\n" for line in lines), cell.edit
        old = "".join(line[1:] for line in lines if line[0] != "+")
        new = "".join(line[1:] for line in lines if line[0] != "-")
        before, found, rest = draft.text.partition(old)
        assert found, f"{cell}: not in the program:\n{old}"
        assert old not in rest, f"{cell}: several times in the program:\n{old}"
        start = before.count("\n")
        places = Position(start, 0), Position(start + old.count("\n"), 0)
        edits.append(Edit(Span(draft.path, *places), new))
    return code.with_edits(tuple(edits))


def repaired(code: Code) -> Code:
    """The program after the fixes of all places where the mistake shows, one after the other."""
    for _ in range(len(code.findings())):
        found = code.findings()
        if not found:
            break
        assert found[0].fixes, "no fix"
        fix = found[0].fixes[0]
        assert code.engine().verify(found[0].span.path, fix)
        code = code.with_edits(fix.edits)
    return code


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


def with_check(cell: Cell) -> Code:
    """The program with the one-batch check of the lens."""
    code = Code.of(cell.style)
    path = code.draft(cell.file).path
    program = code.engine().program(path)
    (training,) = [one for one in program.trainings if program.span(one.loop).path == path]
    assert cell.finds == code.text(program.span(training.loop))
    fix = insert_check(program, training)
    assert fix is not None
    return code.with_edits(fix.edits)


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

"""The programs of the matrix, and the mistakes that are planted in them.

`matrix/STYLE.py` (a notebook, or a folder) is a program as people write it, with all that the rules
look at and nothing wrong.  `matrix/STYLE.toml` beside it has the cells: a mistake as the lines of a
diff, and what is found then; or why the trick makes no sense in this style, or is not seen yet.

    python -m tests.matrix_cells

writes `docs/matrix.md`, the table of all cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import tomli

from tricklint.draft import Draft
from tricklint.engine import Engine
from tricklint.finding import Edit, Finding, Position, Span
from tricklint.rules import discover
from tricklint.sanity_check import insert_check
from tricklint.settings import Settings
from tricklint.workspace import Workspace

MATRIX = Path(__file__).parent / "matrix"
TABLE = Path(__file__).parent.parent / "docs/matrix.md"
LENS = "TRK001"
STABLE = [one for one in discover() if one.code.startswith("TRK0") and not one.rule.preview]
TRICKS = {LENS: "overfit-one-batch", **{one.code: one.name for one in STABLE}}


@dataclass(frozen=True)
class Cell:
    """A trick in a style: a mistake and what is found then, or the reason why there is none."""

    style: Style
    trick: str
    number: int
    edit: str = ""
    file: str = ""  # of a folder, where the mistake is made
    where: str = ""  # of a folder, where it is found
    finds: str | tuple[str, ...] = ""  # what is underlined; for a lens, the head of the loop
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
        text = f"\n{draft.text}"  # so that a line is found from its beginning only
        assert text.count(f"\n{old}") == 1, f"{cell}: not once in the program:\n{old}"
        start = text.partition(f"\n{old}")[0].count("\n")
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


_HEAD = """\
# Every trick in every style of code

Each row is a right program in one style, in `tests/matrix/`, on which all rules are silent. Each number says how many
mistakes of that kind the tests plant in it, one at a time. Each of them is found, nothing else is, and the fix leaves
a program that is silent again; what can be run with torch alone is run before and after. An empty place means that the
mistake cannot be made there, and *missed* that one is not found yet; the reasons are below. Of TRK001 the number is that
of training loops with a lens whose one-batch check was put in and run.

"""


def table() -> str:
    """The page about all cells."""
    lines = [
        f"| | {' | '.join(TRICKS)} |",
        f"| --- |{' --- |' * len(TRICKS)}",
        *(
            f"| {style.title} | {' | '.join(_summary(style, trick) for trick in TRICKS)} |"
            for style in STYLES
        ),
    ]
    for title, reasons in (
        ("No such mistake", [(one, one.none) for one in CELLS]),
        ("Missed", [(one, one.missed) for one in CELLS]),
        ("Found, but without a fix", [(one, one.without_fix) for one in CELLS]),
    ):
        lines += ["", f"## {title}", ""]
        lines += [
            f"- {cell.style.title}, {cell.trick} {TRICKS[cell.trick]}: {why}."
            for cell, why in reasons
            if why
        ]
    return _HEAD + "\n".join(lines) + "\n"


def _summary(style: Style, trick: str) -> str:
    own = [one for one in CELLS if (one.style, one.trick) == (style, trick)]
    found = sum(1 for one in own if one.finds)
    missed = " missed" if any(one.missed for one in own) else ""
    return f"{found or ''}{missed}".strip()


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")

"""The pages in `docs/rules/` are what `tricklint explain` says."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from tricklint.cli.pages import all_pages

from .command import tricklint

DOCS = Path(__file__).parent.parent / "docs"


def test_pages_are_up_to_date() -> None:
    wanted = runpy.run_path(str(DOCS / "generate.py"))["pages"]()
    present = {path.name: path.read_text(encoding="utf-8") for path in DOCS.glob("rules/*.md")}
    assert present == wanted, "run: python docs/generate.py"


def test_readme_names_every_rule() -> None:
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    ours = [page for page in all_pages() if not page.rule.code.startswith("TRK9")]
    assert ours
    for page in ours:
        assert (
            f"| {page.rule.code} | [{page.rule.name}](docs/rules/{page.rule.name}.md) |" in readme
        )


@pytest.mark.parametrize("name", ["TRK902", "trk902", "unused-suppression"])
def test_explain_takes_codes_and_names(tmp_path: Path, name: str) -> None:
    ended = tricklint("explain", name, cwd=tmp_path)
    page = (DOCS / "rules/unused-suppression.md").read_text(encoding="utf-8")
    assert (ended.status, ended.out, ended.err) == (0, page, "")


def test_explain_suggests_a_name(tmp_path: Path) -> None:
    ended = tricklint("explain", "missing-zerograd", cwd=tmp_path)
    assert ended.status == 2
    assert "no rule is called 'missing-zerograd'; did you mean missing-zero-grad?" in ended.err


def test_rules_are_listed_by_code(tmp_path: Path) -> None:
    ended = tricklint("rules", cwd=tmp_path)
    codes = [line.split()[0] for line in ended.out.splitlines()]
    assert codes == sorted(page.rule.code for page in all_pages())

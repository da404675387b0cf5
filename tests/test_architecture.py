"""The map shows what is there: every module has its line, every invariant a test that exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
GUARDS = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_module_is_on_the_map() -> None:
    shown = set(re.findall(r"^\| (.*?) \|", PAGE, re.MULTILINE))
    named = {name for cell in shown for name in re.findall(r"`([\w./]+)`", cell)}
    package = ROOT / "server/tricklint"
    present = {f"{path.name}/" for path in package.iterdir() if (path / "__init__.py").exists()}
    present |= {path.name for path in package.glob("*.py") if not path.name.startswith("__")}
    assert named == present


@pytest.mark.parametrize(("file", "name"), GUARDS)
def test_every_invariant_has_its_test(file: str, name: str) -> None:
    assert re.search(
        rf"^(async )?def {name}\(", (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE
    )


def test_there_are_guards() -> None:
    rows = [
        line for line in PAGE.partition("## What always holds")[2].splitlines() if line[:1] == "|"
    ]
    assert all("`tests/" in row for row in rows[2:])
    assert len(rows) > 10

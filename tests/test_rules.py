"""Every fixture's findings are exactly those that it announces."""

from __future__ import annotations

from pathlib import Path

import pytest

from .fixtures import RULES, difference, engine_for, expected, fixtures, project_of


@pytest.mark.parametrize("path", fixtures(), ids=lambda one: str(one.relative_to(RULES)))
def test_findings_are_those_announced(path: Path) -> None:
    engine, _ = engine_for(project_of(path))
    problems = difference(expected(path.read_text(encoding="utf-8")), engine.check(str(path)))
    assert not problems, "\n".join(problems)

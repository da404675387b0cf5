"""What the engine believes of names: `#= name: what it holds` behind the line that binds it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tricklint.engine import Engine
from tricklint.settings import Settings
from tricklint.workspace import Workspace

FILES = sorted((Path(__file__).parent / "facts").glob("*.py"))
_FACT = re.compile(r"#= (\w+): (.+)$")


@pytest.mark.parametrize("path", FILES, ids=lambda one: one.stem)
def test_names_hold_what_is_announced(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workspace = Workspace((str(path.parent),), lambda _: None, lambda: (str(path),))
    workspace.open(str(path), text)
    told: dict[tuple[int, str], set[str]] = {}
    for span, name, what in Engine(workspace, Settings()).facts(str(path)):
        told.setdefault((span.start.line, name), set()).add(what)
    announced = 0
    for number, line in enumerate(text.split("\n")):
        match = _FACT.search(line)
        if match:
            announced += 1
            assert match[2] in told.get((number, match[1]), set()), (
                line,
                told.get((number, match[1])),
            )
    assert announced > 10

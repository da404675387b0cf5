"""A fix does what its fixed twin shows, keeps everything else, and is right the first time."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tricklint.edits import apply_edits
from tricklint.engine import Engine
from tricklint.workspace import Workspace

from .fixtures import RULES, engine_for, fixtures

TWINS = [one for one in fixtures() if one.with_suffix(".fixed.py").is_file()]
MOST_ROUNDS = 30


def without_expectations(text: str) -> str:
    text = re.sub(r"\n#\s*\^+[ \t]*(?=\n|$)", "", text)
    return re.sub(r"[ \t]*#! TRK.*", "", text)


def apply_one(engine: Engine, workspace: Workspace, path: str) -> bool:
    """Apply the first fix that holds; False if there is none."""
    document = workspace.document(path)
    assert document is not None
    for finding in engine.check(path):
        for fix in finding.fixes:
            if engine.verify(path, fix):
                workspace.open(path, apply_edits(document.text, fix.edits))
                return True
    return False


@pytest.mark.parametrize("path", TWINS, ids=lambda one: str(one.relative_to(RULES)))
def test_all_fixes_together_give_the_fixed_twin(path: Path) -> None:
    engine, workspace = engine_for(path.parent)
    workspace.open(str(path), without_expectations(path.read_text(encoding="utf-8")))
    rounds = 0
    while apply_one(engine, workspace, str(path)):
        rounds += 1
        assert rounds < MOST_ROUNDS
    document = workspace.document(str(path))
    assert document is not None
    twin = path.with_suffix(".fixed.py").read_text(encoding="utf-8")
    assert document.text == without_expectations(twin)
    assert engine.check(str(path)) == ()


@pytest.mark.parametrize("path", fixtures(), ids=lambda one: str(one.relative_to(RULES)))
def test_each_fix_alone_parses_and_removes_its_finding(path: Path) -> None:
    engine, workspace = engine_for(path.parent)
    document = workspace.document(str(path))
    assert document is not None
    text = document.text
    before = engine.check(str(path))
    for finding in before:
        for fix in finding.fixes:
            if any(edit.span.path != str(path) for edit in fix.edits):
                continue
            fixed = apply_edits(text, fix.edits)
            ast.parse(fixed)
            assert engine.verify(str(path), fix), f"{finding.span.start.line + 1}: {fix.title}"
    assert engine.check(str(path)) == before


def test_no_bias_is_switched_off_that_code_in_sight_relies_on() -> None:
    path = RULES / "bias_before_batch_norm/bias_relied_on/model.py"
    engine, _ = engine_for(path.parent)
    relied_on, free = engine.check(str(path))
    assert "self.conv" in relied_on.message
    assert relied_on.fixes == ()
    assert "self.fc" in free.message
    assert free.fixes


def test_no_bias_is_switched_off_whose_key_is_asked_for() -> None:
    path = RULES / "bias_before_batch_norm/keys_relied_on.py"
    engine, _ = engine_for(path.parent)
    (relied_on,) = engine.check(str(path))
    assert relied_on.fixes == ()

"""What the pages and the fixes show is run with real torch: each in a fork of one warm process.

torchvision is a stand-in there, see `stand_ins`: the real one fixes a version of torch and its
data sets are downloads.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tricklint.engine import Engine
from tricklint.rules import discover
from tricklint.settings import Settings
from tricklint.workspace import Workspace

from .fixtures import RULES

_BLOCK = re.compile(r"^## (Bad|Good)\n+```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
# Making an optimizer imports torch._dynamo, which takes longer than all else that the scripts do.
_RUNNER = """
import os, runpy, sys, torch, torch._dynamo
for path in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.path.insert(0, os.path.dirname(path))
        runpy.run_path(path, run_name="__main__")
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        print(path)
"""
STAND_INS = Path(__file__).parent / "stand_ins"
BLOCKS = [
    (rule.code, kind, code) for rule in discover() for kind, code in _BLOCK.findall(rule.page)
]


def failures(paths: list[Path]) -> tuple[str, str]:
    """The scripts that raise, and what they say."""
    done = subprocess.run(
        [sys.executable, "-c", _RUNNER, *map(str, paths)],
        # So little work is done sooner by one thread.
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(STAND_INS), *sys.path)),
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, done.stderr


def test_every_page_has_a_bad_and_a_good_block() -> None:
    kinds = [(code, kind) for code, kind, _ in BLOCKS]
    assert kinds == [(rule.code, kind) for rule in discover() for kind in ("Bad", "Good")]


@pytest.mark.parametrize(("code", "kind", "text"), BLOCKS, ids=[f"{c}-{k}" for c, k, _ in BLOCKS])
def test_the_bad_block_is_found_and_the_good_one_is_not(code: str, kind: str, text: str) -> None:
    workspace = Workspace(("/p",), lambda _: None, lambda: ("/p/page.py",))
    workspace.open("/p/page.py", text)
    found = [one.code for one in Engine(workspace, Settings()).check("/p/page.py")]
    assert found == ([code] if kind == "Bad" else [])


def test_all_blocks_of_all_pages_run(tmp_path: Path) -> None:
    paths = [tmp_path / f"{code}_{kind}.py" for code, kind, _ in BLOCKS]
    for path, (_, _, text) in zip(paths, BLOCKS, strict=True):
        path.write_text(text, encoding="utf-8")
    assert failures(paths) == ("", "")


def test_all_fixed_twins_run() -> None:
    paths = sorted(RULES.rglob("*.fixed.py"))
    assert len(paths) > 15
    stopped, said = failures(paths)
    assert stopped == "", said

"""Imports point down, and a broken order is noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_imports_keep_the_order_of_the_layers() -> None:
    status, report = contracts(ROOT / "server")
    assert status == 0, report


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("finding.py", "from tricklint import engine", "imports point down"),
        ("syntax/lines.py", "from tricklint.interpreter import values", "imports point down"),
        ("lsp/convert.py", "from tricklint.cli import main", "imports point down"),
        ("unlisted.py", "", "imports point down"),
        ("rules/view_as_permute.py", "import torch", "torch is never imported"),
        ("engine.py", "from lsprotocol import types", "the protocol stays in lsp"),
        ("rules/missing_zero_grad.py", "import libcst", "the parser stays in syntax and fixes"),
    ],
)
def test_a_wrong_import_is_noticed(tmp_path: Path, module: str, line: str, contract: str) -> None:
    shutil.copytree(ROOT / "server/tricklint", tmp_path / "tricklint")
    with (tmp_path / "tricklint" / module).open("a") as file:
        file.write(f"\n{line}\n")
    status, report = contracts(tmp_path)
    assert status == 1, report
    assert f"{contract} BROKEN" in report


def contracts(folder: Path) -> tuple[int, str]:
    """Check the contracts of pyproject.toml on the package in a folder."""
    ended = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())",
            "--config",
            str(ROOT / "pyproject.toml"),
            "--no-cache",
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stdout + ended.stderr

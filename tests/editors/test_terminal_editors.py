"""Neovim and Emacs, the real ones: a mistake is shown, its quick fix repairs the file.

    pytest tests/editors/test_terminal_editors.py

`tests/editors/install.sh` brings both editors.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NEOVIM = HERE.parents[1] / ".e2e" / "nvim" / "bin" / "nvim"
SERVER = f"{sys.executable}\n-m\ntricklint\nserver"


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return Path(shutil.copy(HERE / "sample" / "train.py", tmp_path))


def program(name: str, path: str | Path) -> str:
    """The editor's program; without it the test is skipped, but never in CI."""
    found = shutil.which(path)
    if found is None:
        message = f"{name} is not installed: run tests/editors/install.sh"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(message)
    return found


MISTAKE = """\
import torch
from torch import nn

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    loss = model(torch.randn(8, 4)).pow(2).mean()
    loss.backward()
    optimizer.step()
"""
FIXED = MISTAKE.replace("    loss.b", "    optimizer.zero_grad()\n    loss.b")


def drive(
    command: list[str], script: Path, more: dict[str, str] | None = None
) -> tuple[int, dict[str, str]]:
    """Run an editor; the result is its exit status and the facts that it told."""
    environment = {
        **os.environ,
        "HOME": str(script.parent),
        "XDG_STATE_HOME": str(script.parent),
        "TRICKLINT_SERVER": SERVER,
        "TRICKLINT_FILE": str(script),
        **(more or {}),
    }
    done = subprocess.run(
        command,
        check=False,
        cwd=script.parent,
        env=environment,
        input="\n",
        text=True,
        capture_output=True,
        timeout=240,
    )
    output = done.stdout + done.stderr
    sys.stdout.write(output)  # pytest shows it when the test fails.
    facts = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    return done.returncode, facts


def expected() -> bytes:
    return (HERE / "sample" / "train.fixed.py").read_bytes()


def test_neovim_shows_the_mistake_and_fixes_it(script: Path):
    neovim = program("Neovim", NEOVIM)
    options = ["--headless", "--noplugin", "-i", "NONE", "-n", "-u"]
    status, facts = drive(
        [neovim, *options, str(HERE / "neovim" / "edit.lua"), str(script)], script
    )
    assert facts == {
        "count": "1",
        "code": "TRK004",
        "source": "tricklint",
        "encoding": "utf-8",
        "position": "7:17-7:77",  # Neovim counts bytes, and the emoji has four of them
        "hover": "true",
        "done": "true",
    }
    assert status == 0
    assert script.read_bytes() == expected()


def test_emacs_shows_the_mistake_and_fixes_it(script: Path):
    emacs = program("Emacs", "emacs")
    status, facts = drive([emacs, "-Q", "--batch", "-l", str(HERE / "emacs" / "edit.el")], script)
    assert facts["count"] == "1"
    assert "[TRK004]" in facts["text"]
    assert facts["underlined"] == "F.cross_entropy(torch.softmax(model(images), dim=1), labels)"
    assert facts["done"] == "t"
    assert status == 0
    assert script.read_bytes() == expected()


def test_neovim_is_configured_as_its_page_says(script: Path, tmp_path: Path):
    neovim = program("Neovim", NEOVIM)
    # The page starts `tricklint` from PATH; here that is the one under test.
    starter = tmp_path / "bin" / "tricklint"
    starter.parent.mkdir()
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tricklint "$@"\n')
    starter.chmod(0o755)
    script.write_text(MISTAKE)
    options = ["--headless", "-i", "NONE", "-n", "-u", str(HERE / "neovim" / "configured.lua")]
    more = {
        "PATH": f"{starter.parent}{os.pathsep}{os.environ['PATH']}",
        "TRICKLINT_PAGE": str(HERE.parents[1] / "docs" / "editors" / "neovim.md"),
    }
    status, facts = drive([neovim, *options, str(script)], script, more)
    assert facts == {"code": "TRK003", "done": "true"}
    assert status == 0
    # The code action on save comes behind the save itself.
    assert script.read_text() in (MISTAKE, FIXED)

"""The command line in a process of its own, as a person starts it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_SERVER = Path(__file__).parent.parent / "server"


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    status: int
    out: str
    err: str


def tricklint(
    *arguments: str | Path,
    cwd: Path,
    stdin: bytes = b"",
    extra: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> Ended:
    """Run `tricklint` with these arguments; a command that hangs fails the test."""
    ended = subprocess.run(
        [sys.executable, "-m", "tricklint", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
        env={**environment(), **(extra or {})},
    )
    return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())


def environment() -> dict[str, str]:
    """The variables of such a process."""
    return {**os.environ, "PYTHONPATH": str(_SERVER), "COLUMNS": "80"}


# One certain mistake with a safe fix.
MISSING = """\
import torch
from torch import nn

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    loss = model(torch.randn(8, 4)).pow(2).mean()
    loss.backward()
    optimizer.step()
"""
CLEARED = MISSING.replace("    loss.backward()", "    optimizer.zero_grad()\n    loss.backward()")

# One certain mistake with an unsafe fix.
DOUBLE = """\
import torch
from torch import nn

model = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))
criterion = nn.CrossEntropyLoss()
loss = criterion(model(torch.randn(8, 4)), torch.randint(0, 3, (8,)))
"""

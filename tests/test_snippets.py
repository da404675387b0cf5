"""The snippets of the editor are right training code: they run, they learn, and nothing is found in them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tricklint.engine import Engine
from tricklint.settings import Settings
from tricklint.workspace import Workspace

ROOT = Path(__file__).parent.parent
SNIPPETS = json.loads((ROOT / "client/snippets/python.json").read_text(encoding="utf-8"))
IMPORTS = (
    "import torch\nfrom torch import nn\nfrom torch.utils.data import DataLoader, TensorDataset\n\n"
)
MAIN = """

torch.manual_seed(0)
inputs = torch.randn(300, 4) * 50 + 7
targets = (inputs[:, 0] > 7).long()
training, held_out = make_loaders(inputs, targets)
net = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Dropout(0.1), nn.Linear(16, 2))
sgd = torch.optim.SGD(net.parameters(), lr=0.5)
losses = [train(net, training, nn.CrossEntropyLoss(), sgd, "cpu") for _ in range(8)]
accuracy = evaluate(net, held_out, "cpu")
"""


def inserted(name: str) -> str:
    """The text of a snippet with what stands in its places before anybody types."""
    text = "\n".join(SNIPPETS[name]["body"])
    return re.sub(r"\$(?:\{\d+:([^}]*)\}|\d)", lambda place: place[1] or "", text)


PROGRAM = IMPORTS + "\n\n\n".join(map(inserted, SNIPPETS)) + MAIN


def test_there_is_one_for_each_part_of_a_training() -> None:
    assert list(SNIPPETS) == ["Training loop", "Evaluation loop", "Data pipeline"]
    assert all(one["prefix"].startswith("tricklint-") for one in SNIPPETS.values())


def test_they_run_together_and_learn() -> None:
    found: dict[str, Any] = {}
    exec(compile(PROGRAM, "snippets", "exec"), found)  # noqa: S102
    assert found["losses"][-1] < found["losses"][0] / 2
    assert found["accuracy"] > 0.8
    assert found["net"].training
    assert len(found["held_out"].dataset) == 60


@pytest.mark.parametrize("text", [PROGRAM, *(IMPORTS + inserted(name) for name in SNIPPETS)])
def test_nothing_is_found_in_them(text: str) -> None:
    workspace = Workspace(("/p",), lambda _: None)
    workspace.open("/p/a.py", text)
    assert Engine(workspace, Settings(preview=True)).check("/p/a.py") == ()


def test_a_mistake_in_one_would_be_found() -> None:
    text = PROGRAM.replace("        optimizer.zero_grad()\n", "")
    workspace = Workspace(("/p",), lambda _: None)
    workspace.open("/p/a.py", text)
    assert [one.code for one in Engine(workspace, Settings()).check("/p/a.py")] == ["TRK003"]

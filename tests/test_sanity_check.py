"""The one-batch check: made of the loop's own statements, run, and gone without a trace."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import torch

from tricklint.edits import apply_edits
from tricklint.engine import Engine
from tricklint.program import Program
from tricklint.sanity_check import insert_check
from tricklint.settings import Settings
from tricklint.workspace import Workspace

HEAD = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
labels = torch.randint(0, 3, (64,))
data = TensorDataset(torch.randn(64, 8), labels)
train_loader = DataLoader(data, batch_size=8, shuffle=True)
net = nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1)
seen = []
"""
SCRIPT = """\
for epoch in range(1):
    net.train()
    for i, (inputs, targets) in enumerate(train_loader):
        inputs = inputs.to("cpu")  # to the device
        optimizer.zero_grad()
        outputs = net(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        seen.append(loss.item())
        if i % 4 == 0:
            print("epoch", epoch, i)
    scheduler.step()
"""
IN_FUNCTION = """\
def train(model, loader, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        with torch.autocast("cpu", enabled=False):
            loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        seen.append(loss.item())


for epoch in range(1):
    train(net, train_loader, optimizer)
"""
IN_CLASS = """\
class Trainer:
    def __init__(self, model, loader):
        self.model, self.loader = model, loader
        self.optimizer = optimizer
        self.scaler = torch.amp.GradScaler("cpu", enabled=False)

    def fit(self, epochs):
        for epoch in range(epochs):
            for batch in self.loader:
                x, y = batch
                loss = nn.functional.cross_entropy(self.model(x), y)
                self.optimizer.zero_grad()
                self.scaler.scale(loss).backward()
                self.scaler.step(self.optimizer)
                self.scaler.update()
                seen.append(loss.item())


trainer = Trainer(net, train_loader)
trainer.fit(1)
"""
WITHOUT_NAME = """\
for x, y in train_loader:
    optimizer.zero_grad()
    criterion(net(x), y).backward()
    optimizer.step()
    seen.append(0)
"""


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """So little work is done sooner by one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@dataclass(frozen=True)
class Run:
    said: list[str]
    names: dict[str, Any]


def program_of(text: str) -> Program:
    workspace = Workspace(("/p",), lambda _: None, lambda: ("/p/train.py",))
    workspace.open("/p/train.py", text)
    return Engine(workspace, Settings()).program("/p/train.py")


def check_of(text: str) -> str | None:
    """The text with the check in it."""
    program = program_of(text)
    fixes = [insert_check(program, one) for one in program.trainings]
    assert len(fixes) == 1
    return None if fixes[0] is None else apply_edits(text, fixes[0].edits)


def run(text: str) -> Run:
    names: dict[str, Any] = {}
    out = io.StringIO()
    with torch.random.fork_rng(devices=[]), contextlib.redirect_stdout(out):
        exec(compile(text, "train.py", "exec"), names)  # noqa: S102 - that it runs is the point
    return Run(out.getvalue().splitlines(), names)


@pytest.mark.parametrize("body", [SCRIPT, IN_FUNCTION, IN_CLASS, WITHOUT_NAME])
def test_the_check_runs_and_leaves_everything_as_it_was(body: str) -> None:
    checked = check_of(HEAD + body)
    assert checked is not None
    plain, with_check = run(HEAD + body), run(checked)
    said = [line for line in with_check.said if line not in plain.said]
    match = re.fullmatch(r"one batch, 100 steps: loss (\d+\.\d+) -> (\d+\.\d+)", said[0])
    assert match, said
    assert float(match[2]) < 0.1 * float(match[1])
    assert said[1].startswith("expected: ")
    assert len(said) == 2
    assert with_check.names["seen"] == plain.names["seen"]
    for name, value in plain.names["net"].state_dict().items():
        assert torch.equal(value, with_check.names["net"].state_dict()[name])


def test_the_check_shows_a_loop_that_cannot_learn() -> None:
    checked = check_of(HEAD.replace("lr=0.05", "lr=0.0") + SCRIPT)
    assert checked is not None
    said = next(line for line in run(checked).said if line.startswith("one batch"))
    first, last = re.findall(r"\d+\.\d+", said)
    assert float(last) > 0.5 * float(first)


def test_only_what_the_update_needs_is_taken() -> None:
    checked = check_of(HEAD + SCRIPT)
    assert checked is not None
    inserted = checked[len(HEAD) : checked.index("for epoch in range(1)")]
    assert "for i, (inputs, targets) in enumerate(one_batch):" in inserted
    assert "clip_grad_norm_(net.parameters(), 5.0)" in inserted
    for name in ("seen.append", "scheduler", '"epoch"'):
        assert name not in inserted


def test_it_stands_in_front_of_all_epochs_and_keeps_the_line_ends() -> None:
    text = (HEAD + IN_CLASS).replace("\n", "\r\n")
    checked = check_of(text)
    assert checked is not None
    lines = checked.split("\r\n")
    assert "\n" not in "".join(lines)
    assert lines.index(
        "        # One-batch check: a loop that is right learns one batch by heart.  Remove it once seen."
    ) < lines.index("        for epoch in range(epochs):")


def test_names_of_the_user_are_not_taken() -> None:
    checked = check_of(HEAD + "losses = [1]\none_batch = 2\n" + SCRIPT)
    assert checked is not None
    names = run(checked).names
    assert (names["losses"], names["one_batch"]) == ([1], 2)


TWO_LOSSES = """\
for x, y in train_loader:
    a, b = net(x).mean(), net(x).sum()
    a.backward()
    b.backward()
    optimizer.step()
    optimizer.zero_grad()
"""
MAY_END = """\
for x, y in train_loader:
    loss = criterion(net(x), y)
    loss.backward()
    if loss < 0.1:
        optimizer.step()
        break
    optimizer.step()
    optimizer.zero_grad()
"""


@pytest.mark.parametrize("body", [TWO_LOSSES, MAY_END])
def test_no_check_where_the_update_cannot_be_taken_out(body: str) -> None:
    assert check_of(HEAD + body) is None


@pytest.mark.parametrize("body", [SCRIPT, IN_FUNCTION, IN_CLASS])
def test_one_check_is_enough_and_needs_none_itself(body: str) -> None:
    checked = check_of(HEAD + body)
    assert checked is not None
    program = program_of(checked)
    assert len(list(program.trainings)) == 2
    assert [insert_check(program, one) for one in program.trainings] == [None, None]


def test_a_check_in_another_function_does_not_count() -> None:
    checked = check_of(HEAD + IN_FUNCTION)
    assert checked is not None
    program = program_of(checked + IN_FUNCTION.replace("def train", "def train_again"))
    fixes = [insert_check(program, one) for one in program.trainings]
    assert [fix is None for fix in fixes] == [True, True, False]

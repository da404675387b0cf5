"""The engine as a whole: edits give what a fresh run gives, nothing depends on chance."""

from __future__ import annotations

import logging
import os
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tricklint.engine import Cancelled, Engine
from tricklint.finding import Edit, Finding, Position, Span
from tricklint.settings import Settings
from tricklint.workspace import Workspace

from .fixtures import RULES, engine_for, fixtures

FLAT = [one for one in fixtures() if one.parent.parent == RULES]
SEEDS = range(int(os.environ.get("TRICKLINT_EDIT_SEEDS", "6")))
EDITS = 12
SNIPPETS = (
    "",
    "x",
    "\n",
    "    ",
    "# a comment\n",
    "optimizer.zero_grad()\n",
    "        loss.backward()\n",
    "        optimizer.step()\n",
    "(",
    '"""',
    "def f(x):\n    return x\n",
    "for _ in range(3):\n",
)


def fresh(path: str, text: str) -> list[tuple[str, str, object]]:
    workspace = Workspace((str(Path(path).parent),), lambda _: None, lambda: (path,))
    workspace.open(path, text)
    return summary(Engine(workspace, Settings()), path)


def summary(engine: Engine, path: str) -> list[tuple[str, str, object]]:
    return [(one.code, one.message, one.span) for one in engine.check(path)]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_sequence_of_edits_ends_in_the_findings_of_a_fresh_run(seed: int) -> None:
    rng = random.Random(seed)
    path = rng.choice(FLAT)
    name = str(path)
    workspace = Workspace((str(path.parent),), lambda _: None, lambda: (name,))
    document = workspace.open(name, path.read_text(encoding="utf-8"))
    engine = Engine(workspace, Settings())
    for _ in range(EDITS):
        lines = document.lines
        line = rng.randrange(len(lines))
        start = Position(line, rng.randint(0, len(lines[line].rstrip("\n"))))
        last = min(line + rng.choice((0, 0, 0, 1, 3)), len(lines) - 1)
        end = max(start, Position(last, rng.randint(0, len(lines[last].rstrip("\n")))))
        document.edit(start, end, rng.choice(SNIPPETS))
        if rng.random() < 0.6:
            assert summary(engine, name) == fresh(name, document.text)
    assert summary(engine, name) == fresh(name, document.text)


def test_a_comment_moves_the_findings_and_changes_none() -> None:
    path = RULES / "missing_zero_grad" / "script_never_cleared.py"
    engine, workspace = engine_for(path.parent)
    document = workspace.open(str(path), path.read_text(encoding="utf-8"))
    before = engine.check(str(path))
    assert before
    document.edit(Position(0, 0), Position(0, 0), "# new\n")
    after = engine.check(str(path))
    assert [one.message for one in after] == [one.message for one in before]
    assert [one.span.start.line for one in after] == [one.span.start.line + 1 for one in before]


TWO = """import torch

def train(model, loader, optimizer, criterion):
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()


def other(model, loader, optimizer, criterion):
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
"""


def test_a_broken_line_costs_only_its_own_function() -> None:
    workspace = Workspace(("/p",), lambda _: None, lambda: ("/p/a.py",))
    document = workspace.open("/p/a.py", TWO)
    engine = Engine(workspace, Settings())
    assert [one.span.start.line for one in engine.check("/p/a.py")] == [5, 12]
    document.edit(Position(4, 0), Position(4, 100), "        loss = criterion(model(x,")
    assert [one.span.start.line for one in engine.check("/p/a.py")] == [12]


MODEL = """
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        return torch.softmax(self.fc(x), dim=1)
"""
TRAIN = """
import torch
from torch import nn
from model import Net

net, criterion = Net(), nn.CrossEntropyLoss()
loss = criterion(net(torch.randn(2, 4)), torch.tensor([0, 1]))
"""


def test_findings_follow_edits_in_another_file() -> None:
    workspace = Workspace(("/p",), lambda _: None, lambda: ("/p/model.py", "/p/train.py"))
    model = workspace.open("/p/model.py", MODEL)
    workspace.open("/p/train.py", TRAIN)
    engine = Engine(workspace, Settings())
    (finding,) = engine.check("/p/train.py")
    assert finding.notes[0].span.path == "/p/model.py"
    model.edit(Position(10, 15), Position(10, 47), "self.fc(x)")
    assert engine.check("/p/train.py") == ()
    model.edit(Position(10, 15), Position(10, 25), "torch.softmax(self.fc(x), dim=1)")
    assert [one.code for one in engine.check("/p/train.py")] == ["TRK004"]


def test_a_caller_in_another_file_decides() -> None:
    step = "def step(loss, optimizer):\n    loss.backward()\n    optimizer.step()\n"
    main = (
        "import torch\nfrom steps import step\n\ndef main(model, loader):\n"
        "    optimizer = torch.optim.SGD(model.parameters(), 0.1)\n"
        "    for x in loader:\n        step(model(x).mean(), optimizer)\n"
    )
    workspace = Workspace(("/p",), lambda _: None, lambda: ("/p/steps.py", "/p/main.py"))
    workspace.open("/p/steps.py", step + "import torch\n")
    caller = workspace.open("/p/main.py", main)
    engine = Engine(workspace, Settings())
    assert [one.span.start.line for one in engine.check("/p/steps.py")] == [1]
    caller.edit(Position(6, 0), Position(6, 0), "        optimizer.zero_grad()\n")
    assert engine.check("/p/steps.py") == ()


def test_a_fix_is_tried_on_all_files_that_it_edits() -> None:
    folder = RULES / "softmax_before_cross_entropy" / "model_in_another_file"
    engine, workspace = engine_for(folder)
    train, models = str(folder / "train.py"), str(folder / "models.py")
    [first, *_] = engine.check(train)
    [fix] = first.fixes
    assert {edit.span.path for edit in fix.edits} == {models}
    assert engine.verify(train, fix)
    document = workspace.document(models)
    assert document is not None
    # Another edit in the same fix breaks what was right before.
    end = Position(len(document.lines) - 1, 0)
    broken = Edit(Span(models, end, end), "def broken(:\n")
    assert not engine.verify(train, replace(fix, edits=(*fix.edits, broken)))
    useless = replace(fix, edits=(Edit(Span(models, end, end), "x = 1\n"),))
    assert not engine.verify(train, useless)


def test_a_softmax_in_a_helper_that_others_call_is_left_to_its_author() -> None:
    folder = RULES / "softmax_before_cross_entropy" / "model_in_another_file"
    engine, _ = engine_for(folder)
    fixes = [one.fixes for one in engine.check(str(folder / "train.py"))]
    assert [len(one) for one in fixes] == [1, 1, 0]


def test_a_run_can_be_cancelled_and_started_again() -> None:
    path = RULES / "missing_zero_grad" / "gan_wrong.py"
    engine, _ = engine_for(path.parent)
    with pytest.raises(Cancelled):
        engine.check(str(path), lambda: True)
    assert engine.check(str(path)) == engine_for(path.parent)[0].check(str(path))


def test_torch_is_never_imported_and_nothing_depends_on_the_hash_seed() -> None:
    script = (
        "import sys\n"
        "from tests.fixtures import RULES, engine_for, fixtures\n"
        "for path in fixtures():\n"
        "    for one in engine_for(path.parent)[0].check(str(path)):\n"
        "        print(path.name, one.code, one.span.start, one.message, one.notes, one.fixes)\n"
        "assert 'torch' not in sys.modules\n"
    )
    outputs = set[bytes]()
    for seed in ("0", "1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=RULES.parent.parent,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "server:."},
            check=True,
            capture_output=True,
        )
        outputs.add(done.stdout)
    assert len(outputs) == 1


@pytest.fixture(autouse=True)
def no_fault_is_swallowed(caplog: pytest.LogCaptureFixture):
    yield
    faults = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert not faults, faults[0].getMessage()


HELPER_WITH_AND_WITHOUT_WORK = """
import torch
import torch.nn.functional as F


def limit(model):
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)


def careful(loader):
    model = torch.nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        limit(model)
        optimizer.step()


def careless(loader):
    model = torch.nn.Linear(4, 2)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        limit(model)


def part(x):
    return x + 1


def main(loader, optimizer):
"""


def test_what_another_function_excuses_is_not_said_for_a_moment() -> None:
    text = HELPER_WITH_AND_WITHOUT_WORK + "    part(loader)\n" * 200 + "    optimizer.step()\n"
    path = "/p/train.py"
    workspace = Workspace(("/p",), lambda _: None, lambda: (path,))
    document = workspace.open(path, text)
    engine = Engine(workspace, Settings())
    said: list[tuple[str, ...]] = []

    def early(findings: tuple[Finding, ...]) -> None:
        said.append(tuple(one.message for one in findings))

    assert engine.check(path, early=early) == ()
    begin = text.index("def careless")
    part = text.index("    return x + 1")
    rewritten = text[begin:part].replace("loader", "batches") + "    return x + 2"
    document.edit(
        _position(text, begin), _position(text, part + len("    return x + 1")), rewritten
    )
    assert engine.check(path, early=early) == ()
    assert said == [()]


def _position(text: str, offset: int) -> Position:
    return Position(text.count("\n", 0, offset), offset - text.rfind("\n", 0, offset) - 1)


def test_findings_do_not_depend_on_what_lies_where_in_memory() -> None:
    text = """\
import itertools

import torch
from torch import nn

generator = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8))
critic = nn.Sequential(nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 8), nn.Linear(8, 1))
first = torch.optim.Adam(generator.parameters())
second = torch.optim.Adam(critic.parameters())
both = torch.optim.Adam(itertools.chain(generator.parameters(), critic.parameters()))
for noise, real in torch.load("pairs.pt"):
    second.zero_grad()
    (critic(generator(noise).detach()) - critic(real)).mean().backward()
    second.step()

    first.zero_grad()
    fake = generator(noise)
    loss = -critic(fake).mean()
    loss.backward(retain_graph=True)
    first.step()

    (critic(fake) - real).pow(2).mean().backward()
    both.step()
"""
    found: set[tuple[Finding, ...]] = set()
    for n in range(40):
        in_the_way = [object() for _ in range(37 * n % 101)]
        workspace = Workspace(("/p",), lambda _: None, lambda: ("/p/a.py",))
        workspace.open("/p/a.py", text)
        found.add(Engine(workspace, Settings()).check("/p/a.py"))
        assert in_the_way is not None
    assert len(found) == 1
    assert found != {()}

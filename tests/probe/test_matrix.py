"""Loop styles, each right and with planted mistakes: what is right is never reported.

A mistake is a replacement in the right script; the finding has to stand on the line that the
table names by a part of its text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tricklint.finding import Severity
from tricklint.probe.outcome import How, Outcome

SCRIPTS = Path(__file__).parent / "scripts"
Probe = Callable[..., Outcome]

VERDICTS = {
    "accumulation": "overfits",
    "amp": "overfits",
    "full_batch": "overfits",
    "functions": "overfits",
    "gan": "not applicable",
    "iterator": "overfits",
    "lbfgs": "overfits",
    "phases": "overfits",
    "script": "overfits",
    "trainer": "overfits",
}


@dataclass(frozen=True, slots=True)
class Bug:
    """A planted mistake: what is replaced by what, and what has to be said where."""

    style: str
    name: str
    changes: tuple[tuple[str, str], ...]
    code: str
    line: str  # a part of the line, in the broken script
    verdict: str = ""


CLEARS = {
    "script": "        optimizer.zero_grad()\n",
    "functions": "        optimizer.zero_grad()\n",
    "trainer": "            self.optimizer.zero_grad()\n",
    "amp": "        optimizer.zero_grad(set_to_none=True)\n",
    "lbfgs": "            optimizer.zero_grad()\n",
    "phases": "            optimizer.zero_grad()\n",
    "iterator": "    optimizer.zero_grad()\n",
    "full_batch": "    optimizer.zero_grad()\n",
}
BUGS = [
    *(Bug(style, "no clear", ((text, ""),), "TRK003", ".backward()") for style, text in CLEARS.items()),
    Bug(
        "accumulation", "no clear",
        (("    optimizer.zero_grad()\n    for", "    for"), ("            optimizer.zero_grad()\n", "")),
        "TRK003", ".backward()",
    ),
    Bug(
        "accumulation", "cleared between the parts",
        (("        loss = loss_fn", "        optimizer.zero_grad()\n        loss = loss_fn"),),
        "TRK003", "        optimizer.zero_grad()",
    ),
    Bug(
        "script", "cleared before the step",
        (("        optimizer.zero_grad()\n", ""), (".backward()\n", ".backward()\n        optimizer.zero_grad()\n")),
        "TRK003", "zero_grad()", "stuck",
    ),
    Bug(
        "gan", "the discriminator is never cleared",
        (("        optimizer_d.zero_grad()\n", ""),), "TRK003", "loss_",
    ),
    Bug(
        "gan", "gradients of the generator stay in the discriminator",
        (
            ("        optimizer_d.zero_grad()\n", ""),
            ("        optimizer_d.step()\n", "        optimizer_d.step()\n        optimizer_d.zero_grad()\n"),
        ),
        "TRK003", "loss_g.backward()",
    ),
    Bug(
        "script", "softmax",
        (("nn.Linear(64, 4))", "nn.Linear(64, 4), nn.Softmax(dim=1))"),), "TRK004", "criterion(model(x)",
        "floor of softmax",
    ),
    Bug(
        "amp", "softmax", (("(model(a), b)", "(model(a).softmax(1), b)"),), "TRK004", "cross_entropy",
    ),
    Bug(
        "phases", "softmax in forward",
        (("return self.fc(self.drop(x))", "return torch.softmax(self.fc(self.drop(x)), -1)"),),
        "TRK004", "criterion(outputs, labels)",
    ),
    Bug(
        "functions", "logits",
        (("return F.log_softmax(self.fc(x), dim=1)", "return self.fc(x)"),),
        "TRK602", "F.nll_loss(", "negative loss",
    ),
    Bug(
        "functions", "probabilities",
        (("F.log_softmax", "F.softmax"),), "TRK602", "F.nll_loss(", "negative loss",
    ),
    Bug(
        "trainer", "sigmoid",
        (("nn.Linear(32, 1)\n", "nn.Linear(32, 1), nn.Sigmoid()\n"),), "TRK601", "self.loss_fn(",
    ),
    Bug(
        "script", "relu on logits",
        (("nn.Linear(64, 4))", "nn.Linear(64, 4), nn.ReLU())"),), "TRK603", "criterion(model(x)",
    ),
    Bug(
        "accumulation", "shapes broadcast",
        (("torch.sin(x.sum(1, keepdim=True))", "torch.sin(x.sum(1))"),), "TRK604", "loss_fn(model(a)",
    ),
    Bug(
        "full_batch", "a difference by hand broadcasts",
        (("y = x**3", "y = (x**3).squeeze(1)"),), "TRK604", "loss.backward()",
    ),
    Bug("script", "no eval", (("    model.eval()\n", ""),), "TRK002", "model(x).argmax"),
    Bug("functions", "no eval", (("    model.eval()\n", ""),), "TRK002", "output = model("),
    Bug("trainer", "no eval", (("        self.model.eval()\n", ""),), "TRK002", ".squeeze(1), batch"),
    Bug(
        "script", "no eval and no no_grad",
        (("    model.eval()\n", ""), ("torch.no_grad()", "torch.enable_grad()")),
        "TRK002", "model(x).argmax",
    ),
    Bug(
        "phases", "no mode", (("            model.eval()\n", "            pass\n"),), "TRK002", "model(inputs)",
    ),
    Bug(
        "script", "no way back to train",
        (("    model.train()\n", ""),), "TRK002", "criterion(model(x)",
    ),
    Bug(
        "functions", "no train", (("    model.train()\n", ""),), "TRK002", "F.nll_loss(model(data)",
    ),
    Bug(
        "functions", "dropout always on",
        (("self.drop(torch.flatten(x, 1))", "F.dropout(torch.flatten(x, 1), 0.2)"),),
        "TRK002", "F.dropout",
    ),
    Bug(
        "functions", "bias before batch norm", ((", bias=False", ""),), "TRK005", "nn.Conv2d",
    ),
    Bug(
        "phases", "view moves axes",
        (("x = x.view(x.size(0), -1)", "x = x.view(3, 3, -1, 16).reshape(x.size(0), -1)"),),
        "TRK006", "view(3, 3",
    ),
    Bug(
        "phases", "raw pixels", (("torch.randn(96, 3, 8, 8)", "torch.randint(0, 256, (96, 3, 8, 8)).float()"),),
        "TRK009", "model(inputs)",
    ),
    Bug(
        "script", "sorted",
        ((", shuffle=True", ""), ("labels = ", "inputs = inputs[inputs[:, 0].argsort()]\nlabels = torch.arange(256) // 64 #")),
        "TRK008", "train_loader = ",
    ),
    Bug(
        "amp", "clips before it unscales", (("        scaler.unscale_(optimizer)\n", ""),), "TRK010", "clip_grad",
    ),
    Bug(
        "iterator", "clips after the step",
        (
            ("    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n", ""),
            ("    optimizer.step()\n", "    optimizer.step()\n    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n"),
        ),
        "TRK010", "clip_grad",
    ),
    Bug(
        "iterator", "explodes and nobody clips",
        (
            ("    nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n", ""),
            ("loss = nn.functional", "loss = 1000 * nn.functional"),
        ),
        "TRK010", "loss.backward()",
    ),
    Bug(
        "phases", "head without optimizer",
        (("Adam(model.parameters()", "Adam(model.features.parameters()"), ),
        "TRK607", "optimizer = ",
    ),
    Bug(
        "full_batch", "layer in a plain list",
        (
            ("model = nn.Sequential(nn.Linear(1, 200), nn.Tanh(), nn.Linear(200, 1))",
             "hidden = [nn.Linear(200, 200)]; first, last = nn.Linear(1, 200), nn.Linear(200, 1)\ndef model(x): return last(hidden[0](first(x).tanh()).tanh())"),
            ("model.parameters()", "[*first.parameters(), *last.parameters()]"),
        ),
        "TRK607", "hidden = ",
    ),
    Bug(
        "gan", "the generator's loss is cut",
        (("criterion(discriminator(fake), ", "criterion(discriminator(fake.detach()), "),),
        "TRK608", "optimizer_g = ",
    ),
    Bug(
        "script", "losses are kept", (("history.append(loss.item())", "history.append(loss)"),),
        "TRK609", "loss.backward()",
    ),
    Bug(
        "script", "far too large at first",
        (("optimizer = ", "model[3].weight.data.mul_(300)\noptimizer = "),), "TRK605", "criterion(model(x)",
    ),
    Bug(
        "full_batch", "no number",
        (("losses.append", "loss.item() < 0 or losses.append"), ("** 2).mean()", "** 2).mean().mul(float('inf'))")),
        "TRK606", "loss.backward()", "diverged",
    ),
]  # fmt: skip


@pytest.mark.parametrize("style", sorted(VERDICTS))
def test_what_is_right_is_not_reported(probe: Probe, style: str) -> None:
    outcome = probe((SCRIPTS / f"{style}.py").read_text())
    assert outcome.how is How.FINISHED, outcome.output
    assert [(one.code, one.message) for one in outcome.findings] == []
    assert outcome.verdict is not None
    assert outcome.verdict.verdict == VERDICTS[style], outcome.verdict.sentence


@pytest.mark.parametrize("bug", BUGS, ids=[f"{one.style}: {one.name}" for one in BUGS])
def test_a_planted_mistake_is_found(probe: Probe, bug: Bug) -> None:
    text = (SCRIPTS / f"{bug.style}.py").read_text()
    for old, new in bug.changes:
        assert old in text, old
        text = text.replace(old, new)
    outcome = probe(text)
    assert outcome.how is How.FINISHED, outcome.output
    lines = text.splitlines()
    found = [(one.code, lines[one.span.start.line]) for one in outcome.findings]
    assert any(code == bug.code and bug.line in line for code, line in found), outcome.findings
    others = [one for one in outcome.findings if one.code != bug.code]
    assert all(one.severity.rank > Severity.ERROR.rank for one in others), others
    if bug.verdict:
        assert outcome.verdict is not None
        assert outcome.verdict.verdict == bug.verdict, outcome.verdict.sentence


def test_all_styles_are_in_the_table() -> None:
    assert sorted(VERDICTS) == sorted(one.stem for one in SCRIPTS.glob("*.py"))


# What is right and looks wrong.
BY_HAND = """\
import torch
model = torch.nn.Linear(5, 50)
optimizer = torch.optim.SGD(model.parameters(), 0.1)
for step in range(5):
    model(torch.randn(2, 5)).sum().backward()
    for p in model.parameters():
        p.grad = torch.randn_like(p)
    optimizer.step()
"""
ACTOR = """\
import copy
import torch
actor, critic = torch.nn.Linear(4, 1), torch.nn.Linear(5, 1)
target = copy.deepcopy(critic)
actor_optimizer = torch.optim.Adam(actor.parameters())
critic_optimizer = torch.optim.Adam(critic.parameters())
for step in range(5):
    state, action = torch.randn(8, 4), torch.randn(8, 1)
    wanted = target(torch.cat([state, action], 1)).detach()
    loss = torch.nn.functional.mse_loss(critic(torch.cat([state, action], 1)), wanted)
    critic_optimizer.zero_grad()
    loss.backward()  # 0 in the first step
    critic_optimizer.step()
    actor_optimizer.zero_grad()
    (-critic(torch.cat([state, actor(state)], 1)).mean()).backward()
    actor_optimizer.step()
"""
ADVERSARIAL = """\
import torch
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(torch.randn(64, 6), torch.randint(0, 3, (64,))), 8, shuffle=True)
model = torch.nn.Sequential(torch.nn.Linear(6, 64), torch.nn.ReLU(), torch.nn.Linear(64, 3))
optimizer = torch.optim.Adam(model.parameters(), 0.02)
for epoch in range(2):
    for x, y in loader:
        x.requires_grad_(True)
        F.cross_entropy(model(x), y).backward()
        x = (x + 0.1 * x.grad.sign()).detach()
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
"""
FROZEN = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
loader = DataLoader(TensorDataset(torch.randn(64, 6), torch.randint(0, 3, (64,))), 8, shuffle=True)
backbone = nn.Sequential(nn.Linear(6, 64, bias=False), nn.BatchNorm1d(64), nn.Dropout(0.5))
backbone.requires_grad_(False).eval()
head = nn.Linear(64, 3)
optimizer = torch.optim.Adam(head.parameters(), 0.1)
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(head(backbone(x)), y).backward()
    optimizer.step()
"""
MONTE_CARLO = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
loader = DataLoader(TensorDataset(torch.randn(64, 6), torch.randn(64, 1)), 8, shuffle=True)
model = nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 1))
optimizer = torch.optim.Adam(model.parameters(), 0.02)
for epoch in range(2):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
    model.eval()
    model[2].train()
    with torch.no_grad():
        print(torch.stack([model(x) for x, _ in loader]).std())
"""
SCALED_INSIDE = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
class Pixels(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.fc = nn.Linear(4 * 36, 2)
    def forward(self, x):
        return self.fc(self.conv(x.float() / 255 - 0.5).flatten(1))
images = torch.randint(0, 256, (40, 3, 8, 8), dtype=torch.uint8)
loader = DataLoader(TensorDataset(images, torch.randint(0, 2, (40,))), 8, shuffle=True)
model = Pixels()
optimizer = torch.optim.Adam(model.parameters(), 0.01)
for x, y in loader:
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
"""
AHEAD = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
torch.manual_seed(0)
loader = DataLoader(TensorDataset(torch.randn(64, 6), torch.randint(0, 3, (64,))), 8, shuffle=True)
class Ahead:  # as some libraries do: the next batch is there before this one is used
    def __iter__(self):
        stream = iter(loader)
        batch = next(stream)
        for following in stream:
            yield batch
            batch = following
        yield batch
model = nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Linear(64, 3))
optimizer = torch.optim.Adam(model.parameters(), 0.02)
for epoch in range(2):
    for x, y in Ahead():
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
"""
SEVERAL = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(torch.randn(64, 6), torch.randn(64, 1)), 8, shuffle=True)
models = [nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Linear(64, 1)) for _ in range(2)]
optimizers = [torch.optim.SGD(models[0].parameters(), 1e-6), torch.optim.Adam(models[1].parameters())]
for x, y in loader:
    for model, optimizer in zip(models, optimizers):
        optimizer.zero_grad()
        nn.functional.mse_loss(model(x), y).backward()
        optimizer.step()
"""
PAIRS = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(torch.randn(64, 6), torch.rand(8, 8).repeat(8, 1)), 8, shuffle=True)
model = nn.Linear(6, 1)
optimizer = torch.optim.Adam(model.parameters())
for x, wanted in loader:
    optimizer.zero_grad()
    out = model(x)
    ((out - out.T).abs() - wanted).pow(2).mean().backward()  # all pairs, on purpose
    optimizer.step()
"""
EVALUATED_FIRST = """\
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
x, y = torch.randn(64, 6), torch.arange(64) // 16
loader = DataLoader(TensorDataset(x, y), 8)
model = nn.Sequential(nn.Linear(6, 64), nn.ReLU(), nn.Linear(64, 4))
optimizer = torch.optim.Adam(model.parameters())
with torch.no_grad():
    print(sum(float((model(a).argmax(1) == b).sum()) for a, b in loader))
for step in range(20):
    chosen = torch.randint(0, 64, (8,))
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x[chosen]), y[chosen]).backward()
    optimizer.step()
"""
LOOKS_WRONG = {
    "evaluated first": EVALUATED_FIRST,
    "several trainings in one line": SEVERAL,
    "all pairs": PAIRS,
    "gradients by hand": BY_HAND,
    "actor and critic": ACTOR,
    "adversarial": ADVERSARIAL,
    "frozen": FROZEN,
    "monte carlo": MONTE_CARLO,
    "scaled inside": SCALED_INSIDE,
    "a batch ahead": AHEAD,
}


@pytest.mark.parametrize("name", LOOKS_WRONG)
def test_what_looks_wrong_and_is_right_is_not_reported(probe: Probe, name: str) -> None:
    outcome = probe(LOOKS_WRONG[name])
    assert outcome.how is How.FINISHED, outcome.output
    assert [(one.code, one.message) for one in outcome.findings] == []
    assert not outcome.bad


def test_a_loader_that_is_read_ahead_is_repeated_too(probe: Probe) -> None:
    verdict = probe(AHEAD).verdict
    assert verdict is not None
    assert verdict.verdict == "overfits"


def test_a_batch_sampler_of_its_own_is_no_order(probe: Probe) -> None:
    text = (SCRIPTS / "script.py").read_text()
    old = "DataLoader(TensorDataset(inputs, labels), batch_size=16, shuffle=True, num_workers=2)"
    assert old in text
    new = (
        "DataLoader(TensorDataset(inputs, labels), batch_sampler=torch.utils.data.BatchSampler("
        "torch.utils.data.RandomSampler(inputs), 16, False))"
    )
    assert probe(text.replace(old, new)).findings == ()

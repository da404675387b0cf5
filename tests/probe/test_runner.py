"""The runner by itself: what it needs, what it sends, how it judges a curve."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tricklint.probe.outcome import How, Outcome
from tricklint.probe.runner import events, geometry, verdict
from tricklint.probe.runner.verdict import Curve, judge

RUNNER = Path(__file__).parents[2] / "server/tricklint/probe/runner"
FILES = sorted(RUNNER.rglob("*.py"))
Probe = Callable[..., Outcome]


def imported(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.parametrize("path", FILES, ids=[str(one.relative_to(RUNNER)) for one in FILES])
def test_the_runner_needs_nothing_but_torch(path: Path) -> None:
    # This refuses the syntax of later versions.
    tree = ast.parse(path.read_text(), feature_version=(3, 9))
    assert imported(tree) <= {*sys.stdlib_module_names, "torch"}
    assert "slots=True" not in path.read_text()
    assert not any(isinstance(node, ast.Match) for node in ast.walk(tree))


# Events

PLACE = events.Place("/p/train.py", 3, 0, 8)
EVENTS = [
    events.Hello(1, "2.13", "3.11", "cpu"),
    events.Pulse("training", PLACE, 7),
    events.Pulse("training", None, 7),
    events.Step(3, 0.25),
    events.Found("TRK003", "n", "warning", "m", PLACE, (events.NoteAt(PLACE, "here"),)),
    events.Judged("overfits", "s", 2, (1.0, None), None, 1.0, PLACE),
    events.End("finished", "", "", None, 1.5),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda one: one.kind)
def test_an_event_arrives_as_it_was_sent(event: events.Event) -> None:
    assert events.decode(events.encode(event)) == event


def test_what_cannot_be_sent_is_made_fit() -> None:
    sent = events.Judged("x" * 10_000, "", 1, (float("nan"),) * 1000, None, None, None)
    got = events.decode(events.encode(sent))
    assert isinstance(got, events.Judged)
    assert len(got.verdict) == events.TEXT_LIMIT
    assert got.curve == (None,) * events.ITEM_LIMIT


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff",
        b"[" * 50_000,
        b'{"kind": "other"}',
        b'{"kind": "step", "number": 1}',
        b'{"kind": "step", "number": 1, "loss": 1.0, "more": 2}',
        b'{"kind": "step", "number": true, "loss": 1.0}',
        b'{"kind": "step", "number": -1, "loss": 1.0}',
        b'{"kind": "step", "number": "1", "loss": 1.0}',
        b'{"kind": "pulse", "phase": "x", "place": {"path": 1}, "steps": 1}',
        json.dumps({"kind": "phase", "name": "x" * 5000}).encode(),
        json.dumps({"kind": "phase", "name": "x" * 200_000}).encode(),
    ],
)
def test_what_is_no_event_is_refused(line: bytes) -> None:
    with pytest.raises(events.MalformedError):
        events.decode(line)


# Verdicts


def falling(first: float, last: float, steps: int) -> tuple[float, ...]:
    ratio = (last / first) ** (1 / (steps - 1))
    return tuple(first * ratio**step for step in range(steps))


FLAT = tuple(2.0 + 0.01 * (-1) ** step for step in range(150))
CASES: list[tuple[str, Curve]] = [
    ("overfits", Curve(falling(2.0, 0.01, 60), zero_floor=True, complete=False)),
    ("overfits", Curve((*falling(2.0, 0.9, 60),), zero_floor=True, complete=False, accuracy=1.0)),
    ("slow", Curve(falling(2.0, 0.5, 150), zero_floor=True, complete=True)),
    ("plateau", Curve(falling(2.0, 0.5, 60) + (0.5,) * 90, zero_floor=True, complete=True)),
    ("stuck", Curve(FLAT, zero_floor=True, complete=True)),
    # However slowly it falls, more steps would help.
    ("slow", Curve(falling(2.0, 1.85, 150), zero_floor=True, complete=True)),
    ("slow", Curve(falling(2.0, 1.6, 60), zero_floor=True, complete=True)),
    # Never stuck because of time, of dropout, of a model that is too small, or of too much data.
    ("inconclusive", Curve(FLAT, zero_floor=True, complete=False)),
    ("inconclusive", Curve(FLAT, zero_floor=False, complete=True)),
    ("inconclusive", Curve(FLAT, zero_floor=True, complete=True, one_batch=False)),
    ("inconclusive", Curve(FLAT, zero_floor=True, complete=True, roomy=False)),
    (
        "inconclusive",
        Curve(falling(2.0, 1, 60) + (1.0,) * 90, zero_floor=True, complete=True, noisy=True),
    ),
    ("inconclusive", Curve((1.0, 0.9), zero_floor=True, complete=False)),
    ("diverged", Curve((2.0, 5.0, float("nan")), zero_floor=False, complete=False)),
    ("diverged", Curve(falling(1.0, 50.0, 40), zero_floor=True, complete=True)),
    ("negative loss", Curve((1.0, 0.1, -1.0, -2.0, -3.0), zero_floor=True, complete=False)),
    ("inconclusive", Curve((1.0, 0.1, -1.0, -2.0, -3.0), zero_floor=False, complete=False)),
    (
        "floor of softmax",
        Curve(falling(2.3, 1.47, 99), zero_floor=True, complete=True, classes=10, probabilities=True),
    ),
    ("not applicable", Curve((0.0,) * 30, zero_floor=True, complete=True)),
]  # fmt: skip


@pytest.mark.parametrize(("word", "curve"), CASES)
def test_a_curve_is_judged(word: str, curve: Curve) -> None:
    assert judge(curve).word == word


def test_the_floor_of_ten_classes_is_the_known_one() -> None:
    assert verdict.softmax_floor(10) == pytest.approx(1.4612, abs=1e-4)


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ((6, 28, 20, 3), (6, 3, 28, 20), "permutation"),
        ((6, 8, 49, 64), (6, 49, 512), "misaligned"),
        ((6, 4, 16, 12), (6, 16, 48), "straddle"),
        ((6, 10, 64), (6, 10, 8, 8), ""),
        ((6, 10, 8, 8), (6, 10, 64), ""),
        ((6, 32, 7, 7), (6, 8, -1), ""),
        ((6, 1, 28, 28), (6, 784), ""),
        ((6, 28, 28), (6, 1, 28, 28), ""),
        ((60, 5), (6, 10, 5), ""),
        ((6, 32, 14, 14), (48, 4, 14, 14), ""),
    ],
)
def test_the_sizes_tell_what_a_view_does(
    before: tuple[int, ...], after: tuple[int, ...], word: str
) -> None:
    size = 1
    for one in before:
        size *= one
    known = 1
    for one in after:
        known *= max(one, 1)
    full = tuple(size // known if one == -1 else one for one in after)
    assert geometry.describe(before, full) == word


# Running as in a normal run

ARGUMENTS = """\
import argparse, os, pickle, sys
from dataclasses import dataclass
import helper
@dataclass
class Point:
    x: int
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, required=True)
args = parser.parse_args()
assert __name__ == "__main__" and sys.modules["__main__"].Point is Point
assert pickle.loads(pickle.dumps(Point(3))) == Point(3)
assert os.path.basename(sys.argv[0]) == "train.py" and __file__ == sys.argv[0]
print("lr", args.lr, helper.value, os.path.basename(os.getcwd()))
"""


def test_a_script_finds_what_it_would_find(probe: Probe, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/helper.py").write_text("value = 7\n")
    outcome = probe(ARGUMENTS, arguments=("--lr", "0.5"))
    assert outcome.how is How.FINISHED, outcome.output
    assert outcome.output == "lr 0.5 7 project\n"
    ran = [Path(one) for one in outcome.files]
    assert [one.name for one in ran if one.parent.name == "project"] == ["helper.py", "train.py"]


def test_missing_arguments_are_said(probe: Probe, tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/helper.py").write_text("value = 7\n")
    outcome = probe(ARGUMENTS)
    assert outcome.how is How.FAILED
    assert "behind `--`" in outcome.hint
    assert "--lr" in outcome.output


def test_a_module_of_a_package_runs(probe: Probe, tmp_path: Path) -> None:
    package = tmp_path / "project/pkg"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "other.py").write_text("value = 3\n")
    (package / "train.py").write_text(
        "from .other import value\nprint(__name__, __package__, value)\n"
    )
    outcome = probe("", script="pkg.train", module=True)
    assert (outcome.how, outcome.output) == (How.FINISHED, "__main__ pkg 3\n")


def test_an_exception_names_the_line_of_the_user(probe: Probe) -> None:
    outcome = probe("import torch\n\ndef f():\n    return torch.zeros(2) @ torch.zeros(3)\n\nf()\n")
    assert outcome.how is How.FAILED
    assert outcome.error.startswith("RuntimeError: ")
    assert outcome.place is not None
    assert (outcome.place.start.line, outcome.place.start.column) == (3, 11)
    _, first, *_ = outcome.output[outcome.output.index("Traceback") :].splitlines()
    assert first.endswith(", line 6, in <module>")  # no word of how we came to run it


def test_nothing_is_typed(probe: Probe) -> None:
    outcome = probe("name = input('name? ')\n")
    assert outcome.how is How.FAILED
    assert "standard input is empty" in outcome.hint


def test_a_network_that_is_not_there_is_named(probe: Probe) -> None:
    outcome = probe(
        "import urllib.request\nurllib.request.urlopen('http://data.invalid/mnist.gz')\n"
    )
    assert outcome.how is How.FAILED
    assert "data.invalid" in outcome.hint
    assert ("network", "data.invalid") in [(one.what, one.detail) for one in outcome.effects]


def test_cuda_without_cuda_is_named_and_mapped(probe: Probe) -> None:
    text = (
        "import torch\nmodel = torch.nn.Linear(2, 1).cuda()\n"
        "x = torch.zeros(3, 2, device='cuda:0').to('cuda')\nprint(model(x).device)\n"
    )
    outcome = probe(text)
    assert outcome.how is How.FAILED
    assert "--device cpu" in outcome.hint
    assert outcome.place is not None
    assert outcome.place.start.line == 1
    assert probe(text, device="cpu").output == "cpu\n"


@pytest.mark.parametrize(
    "text",
    [
        "import torch\ntorch.distributed.init_process_group('gloo', rank=0, world_size=2)\n",
        "import torch.multiprocessing as mp\nmp.spawn(print, nprocs=4)\n",
    ],
)
def test_several_processes_are_refused(probe: Probe, text: str) -> None:
    outcome = probe(text)
    assert outcome.how is How.REFUSED
    assert "world size of 1" in outcome.error


SWALLOWS = """\
import torch
from torch.utils.data import DataLoader, TensorDataset
loader = DataLoader(TensorDataset(torch.randn(32, 4), torch.randint(0, 2, (32,))), batch_size=4)
model = torch.nn.Sequential(torch.nn.Linear(4, 64), torch.nn.ReLU(), torch.nn.Linear(64, 2))
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
while True:
    try:
        for x, y in loader:
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    except:
        print("swallowed")
"""


def test_an_end_that_is_swallowed_comes_all_the_same(probe: Probe) -> None:
    outcome = probe(SWALLOWS)
    assert outcome.how is How.FINISHED
    assert outcome.verdict is not None
    assert outcome.verdict.verdict == "overfits"
    assert "swallowed" in outcome.output


WRITES = """\
import os, shutil, torch
from pathlib import Path
os.makedirs("out/deep")
Path("out/log.txt").write_text("one\\n")
with open("kept.txt", "a") as file:
    file.write("more\\n")
assert Path("kept.txt").read_text() == "kept\\nmore\\n"
torch.save({"a": 1}, "out/deep/model.pt")
assert os.path.exists("out/deep/model.pt") and torch.load("out/deep/model.pt") == {"a": 1}
os.replace("out/deep/model.pt", "out/best.pt")
assert os.path.isfile("out/best.pt") and not os.path.exists("out/deep/model.pt")
with open("out/other.pt", "wb") as file:
    torch.save(torch.zeros(3), file)
os.remove("out/log.txt")
import tempfile
handle, name = tempfile.mkstemp(dir="out")
os.write(handle, b"1")
os.close(handle)
os.chmod(name, 0o600)
os.replace(name, "out/atomic")
assert open("out/atomic").read() == "1"
assert not os.path.exists("out/log.txt")
os.remove("kept.txt")
shutil.rmtree("folder")
"""


def test_what_is_written_stays_out_of_the_project(probe: Probe, tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "folder").mkdir(parents=True)
    (project / "folder/data.bin").write_text("data")
    (project / "kept.txt").write_text("kept\n")
    outcome = probe(WRITES)
    assert outcome.how is How.FINISHED, outcome.output
    files = sorted(str(one.relative_to(project)) for one in project.rglob("*") if one.is_file())
    assert files == ["folder/data.bin", "kept.txt", "train.py"]
    assert (project / "kept.txt").read_text() == "kept\n"
    told = {(one.what, one.path) for one in outcome.redirected}
    assert ("written elsewhere", "out/deep/model.pt") in told
    assert ("not removed", "folder") in told


def test_the_page_names_all_that_is_watched() -> None:
    pattern = re.compile(r'Problem\("(TRK\d+)", "([a-z-]+)"')
    watched = {
        found
        for path in (RUNNER / "checks").glob("*.py")
        for found in pattern.findall(path.read_text())
    }
    page = (Path(__file__).parents[2] / "docs/probe.md").read_text()
    assert set(re.findall(r"^\| (TRK\d+) \| ([a-z-]+) \|", page, re.MULTILINE)) == watched

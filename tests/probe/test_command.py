"""`tricklint probe` as a person starts it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ..command import Ended, tricklint

SCRIPTS = Path(__file__).parent / "scripts"
ESCAPE = "\x1b]0;owned\x07\x1b[2J"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("")
    return folder


def probe(folder: Path, *arguments: str) -> Ended:
    extra = {
        "OMP_NUM_THREADS": "1",
        "XDG_CONFIG_HOME": str(folder.parent / "config"),  # which scripts were run before
    }
    return tricklint("probe", *arguments, cwd=folder, extra=extra)


def test_a_mistake_is_shown_with_its_line_and_its_curve(project: Path) -> None:
    text = (SCRIPTS / "script.py").read_text().replace("        optimizer.zero_grad()\n", "")
    (project / "train.py").write_text(text)
    ended = probe(project, "train.py", "--html", "report.html", "--sarif", "report.sarif")
    assert ended.status == 1, ended.err
    assert "This runs your script" in ended.err
    assert "no sandbox" in ended.err
    assert "loss on one batch" in ended.out
    assert "train.py:19:9: warning[TRK003 missing-zero-grad]" in ended.out
    assert "confirmed: train.py:19:9 TRK003" in ended.out
    assert "written elsewhere: model.pt" in ended.out
    assert "\x1b" not in ended.out
    page = (project / "report.html").read_text()
    assert "<polyline" in page
    assert not re.search(r"<script|https?://|src=", page)
    result = json.loads((project / "report.sarif").read_text())["runs"][0]["results"][0]
    assert result["ruleId"] == "TRK003"
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("train.py", 19)
    assert sorted(one.name for one in project.iterdir()) == [
        "pyproject.toml", "report.html", "report.sarif", "train.py",
    ]  # fmt: skip


def test_what_is_right_has_status_0_and_is_explained_once(project: Path) -> None:
    (project / "train.py").write_text((SCRIPTS / "script.py").read_text())
    ended = probe(project, "train.py", "--json")
    assert ended.status == 0, ended.err
    content = json.loads(ended.out)
    assert content["verdict"]["verdict"] == "overfits"
    assert content["findings"] == []
    assert "This runs your script" in ended.err
    assert probe(project, "train.py", "--json", "--steps", "5").err == ""


def test_a_notebook_is_run_as_a_script_of_its_cells(project: Path) -> None:
    text = (SCRIPTS / "full_batch.py").read_text().replace("    optimizer.zero_grad()\n", "")
    cut = text.index("losses = []")
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Training\n"]},
        *(
            {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None,
             "source": source.splitlines(keepends=True)}
            for source in ("%matplotlib inline\n!pip list\n" + text[:cut], text[cut:])
        ),
    ]  # fmt: skip
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (project / "train.ipynb").write_text(json.dumps(notebook))
    ended = probe(project, "train.ipynb")
    assert ended.status == 1, ended.err
    assert "train.ipynb:cell 3:5:5: warning[TRK003" in ended.out


def test_foreign_text_cannot_steer_the_terminal(project: Path) -> None:
    (project / "train.py").write_text(f"print({ESCAPE!r})\nraise ValueError({ESCAPE!r})\n")
    ended = probe(project, "train.py", "--html", "out.html", "--", f"--x={ESCAPE}")
    assert ended.status == 2
    assert "train.py:2:" in ended.out
    for stream in (ended.out, ended.err, (project / "out.html").read_text()):
        assert "\x1b" not in stream
        assert "owned" in stream


def test_a_script_that_fails_before_anything_could_be_judged_has_status_2(project: Path) -> None:
    (project / "train.py").write_text(
        "import torch\n"
        "layer = torch.nn.Linear(2, 1)\n"
        "optimizer = torch.optim.SGD(layer.parameters(), lr=0.1)\n"
        "for _ in range(5):\n"
        "    optimizer.zero_grad()\n"
        "    layer(torch.randn(4, 2)).pow(2).mean().backward()\n"
        "    optimizer.step()\n"
        '    torch.save(layer, "nowhere/model.pt")\n'
    )
    ended = probe(project, "train.py")
    assert ended.status == 2
    assert "train.py:8:5: failed: RuntimeError" in ended.out
    assert "could not be run to a verdict" in ended.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.py",), "no such file"),
        ((".",), "a folder"),
        (("train.py", "--steps", "0"), "--steps"),
        (("train.py", "--python", "/nowhere/python"), "/nowhere/python"),
        (("bad.ipynb",), "not a notebook"),
    ],
)
def test_what_cannot_be_run_has_status_2(
    project: Path, arguments: tuple[str, ...], message: str
) -> None:
    (project / "train.py").write_text("")
    (project / "bad.ipynb").write_text("{")
    ended = probe(project, *arguments)
    assert ended.status == 2
    assert message in ended.err.lower()
    assert "Traceback" not in ended.err

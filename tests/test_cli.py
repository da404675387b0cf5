"""The check command, as it is used."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .command import CLEARED, DOUBLE, MISSING, Ended, environment, tricklint
from .fixtures import RULES


def check(folder: Path, *arguments: str, stdin: str = "") -> Ended:
    return tricklint("check", *arguments, cwd=folder, stdin=stdin.encode())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "missing.py").write_text(MISSING)
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/double.py").write_text(DOUBLE)
    (tmp_path / "pkg/right.py").write_text(CLEARED)
    return tmp_path


def codes(ended: Ended) -> list[str]:
    return [one["code"] for one in json.loads(ended.out)]


def test_a_folder_is_checked(project: Path) -> None:
    ended = check(project)
    assert (ended.status, ended.err) == (1, "")
    heads = [line.split(" ")[:2] for line in ended.out.splitlines() if line[:1].isalpha()]
    assert heads == [["missing.py:8:5:", "warning[TRK003"], ["pkg/double.py:6:8:", "error[TRK004"]]
    summary = (
        "1 error, 1 warning in 3 files. 1 can be fixed with --fix, 1 more with --unsafe-fixes."
    )
    assert ended.out.splitlines()[-1] == summary


def test_what_is_right_is_clean(project: Path) -> None:
    assert check(project, "pkg/right.py") == Ended(0, "No problems found in 1 file.\n", "")


def test_a_file_is_reported_once(project: Path) -> None:
    ended = check(project, "missing.py", ".", "./missing.py", "--output-format=json")
    assert codes(ended) == ["TRK003", "TRK004"]


def test_the_project_is_seen_whatever_is_reported(project: Path) -> None:
    (project / "pyproject.toml").write_text("")
    model, loss = DOUBLE.split("criterion", 1)
    (project / "model.py").write_text(model)
    (project / "pkg/run.py").write_text(
        f"import torch\nfrom torch import nn\nfrom model import model\ncriterion{loss}"
    )
    (found,) = json.loads(check(project / "pkg", "run.py", "--output-format=json").out)
    assert found["related"][0]["filename"] == str(project / "model.py")
    text = check(project / "pkg", "run.py").out
    assert f"note: {project / 'model.py'}:4:40: " in text
    assert "4 | model = nn.Sequential(nn.Linear(4, 3), nn.Softmax(dim=1))\n" in text


def test_a_folder_that_is_named_is_a_project(tmp_path: Path) -> None:
    model, loss = DOUBLE.split("criterion", 1)
    folder = tmp_path / "project"
    (folder / "scripts").mkdir(parents=True)
    (folder / "model.py").write_text(model)
    (folder / "scripts/run.py").write_text(
        f"import torch\nfrom torch import nn\nfrom model import model\ncriterion{loss}"
    )
    (found,) = json.loads(check(tmp_path, "project", "--output-format=json").out)
    assert found["filename"] == str(folder / "scripts/run.py")


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "TRK003"], ["TRK003"]),
        (["--select=softmax-before-cross-entropy,TRK006"], ["TRK004"]),
        (["--ignore", "TRK00"], []),
        (["--ignore", "missing-zero-grad"], ["TRK004"]),
        (["--ignore", "TRK001,TRK003"], ["TRK004"]),
    ],
)
def test_rules_are_chosen(project: Path, options: list[str], expected: list[str]) -> None:
    ended = check(project, "--output-format=json", *options)
    assert codes(ended) == expected
    assert ended.status == int(bool(expected))


def test_an_unknown_rule_is_a_usage_error(project: Path) -> None:
    ended = check(project, "--select", "TRK03")
    assert (ended.status, ended.out) == (2, "")
    assert "no rule is called 'TRK03'" in ended.err


@pytest.mark.parametrize(
    ("level", "status"), [("error", 0), ("warning", 1), ("info", 1), (None, 1)]
)
def test_the_level_decides_the_status(project: Path, level: str | None, status: int) -> None:
    options = ["--fail-on", level] if level else []
    assert check(project, "missing.py", *options).status == status


def test_a_hint_never_fails(project: Path) -> None:
    (project / "tricklint.toml").write_text('[severity]\nTRK003 = "hint"\n')
    ended = check(project, "missing.py", "--fail-on", "info")
    assert ended.status == 0
    assert "missing.py:8:5: hint[TRK003" in ended.out


def test_settings_of_the_project_count(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[tool.tricklint]\nignore = ["TRK003"]\n[tool.tricklint.per-file-ignores]\n"pkg" = ["TRK004"]\n'
    )
    assert check(project) == Ended(0, "No problems found in 3 files.\n", "")
    assert codes(check(project, "--select=TRK003", "--output-format=json")) == []


def test_a_wrong_setting_is_a_finding(project: Path) -> None:
    (project / "tricklint.toml").write_text('fail-on = "error"\nignroe = ["TRK"]\n')
    ended = check(project, "pkg/right.py")
    assert "tricklint.toml:2:1: warning[TRK903 invalid-setting] unknown setting" in ended.out
    assert "2 | ignroe = " in ended.out
    assert ended.status == 0
    assert check(project, "pkg/right.py", "--fail-on=warning").status == 1


def test_suppressed_and_unused(project: Path) -> None:
    text = MISSING.replace("backward()", "backward()  # tricklint: ignore[TRK003] on purpose")
    (project / "missing.py").write_text(text + "done = 1  # tricklint: ignore[TRK006]\n")
    ended = check(project, "missing.py", "--output-format=json")
    assert codes(ended) == ["TRK902"]
    assert ended.status == 0
    assert (
        check(project, "missing.py", "--fix").out
        == "Fixed 1 problem. No problems found in 1 file.\n"
    )
    assert (project / "missing.py").read_text() == text + "done = 1\n"


def test_fix_writes_what_is_safe(project: Path) -> None:
    ended = check(project, "--fix", "--output-format=json")
    assert (codes(ended), ended.status) == (["TRK004"], 1)
    assert (project / "missing.py").read_text() == CLEARED
    assert (project / "pkg/double.py").read_text() == DOUBLE
    ended = check(project, "--fix", "--unsafe-fixes")
    assert ended == Ended(0, "Fixed 1 problem. No problems found in 3 files.\n", "")
    assert "Softmax" not in (project / "pkg/double.py").read_text()


def test_fixing_again_changes_nothing(project: Path) -> None:
    check(project, "--fix", "--unsafe-fixes")
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*.py")}
    assert check(project, "--fix", "--unsafe-fixes").status == 0
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*.py")} == before


@pytest.fixture
def two_files(tmp_path: Path) -> Path:
    """The softmax is in one file, the loss in another; the first in the order is the loss."""
    model, loss = DOUBLE.split("criterion", 1)
    head = "import torch\nfrom torch import nn\nfrom model import model\n"
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "learn.py").write_text(f"{head}criterion{loss}")
    (tmp_path / "model.py").write_text(model)
    return tmp_path


def test_a_fix_reaches_into_another_file_that_is_checked(two_files: Path) -> None:
    before = (two_files / "learn.py").read_text()
    ended = check(two_files, "--fix", "--unsafe-fixes")
    assert ended == Ended(0, "Fixed 1 problem. No problems found in 2 files.\n", "")
    assert "Softmax" not in (two_files / "model.py").read_text()
    assert (two_files / "learn.py").read_text() == before


def test_a_file_that_is_not_checked_is_not_written(two_files: Path) -> None:
    before = (two_files / "model.py").read_text()
    ended = check(two_files, "learn.py", "--fix", "--unsafe-fixes", "--output-format=json")
    assert codes(ended) == ["TRK004"]
    assert (two_files / "model.py").read_text() == before


def test_the_diff_of_a_fix_in_another_file_is_a_patch_of_that_file(two_files: Path) -> None:
    before = (two_files / "model.py").read_text()
    ended = check(two_files, "--diff", "--unsafe-fixes")
    assert ended.out.startswith("--- a/model.py\n+++ b/model.py\n")
    assert ended.out.count("+++") == 1
    assert "1 error in 2 files" in ended.err
    assert (two_files / "model.py").read_text() == before


def test_where_a_fix_changes_another_file_the_report_says_so(two_files: Path) -> None:
    (found,) = json.loads(check(two_files, "--output-format=json").out)
    assert Path(found["filename"]).name == "learn.py"
    assert {Path(edit["filename"]).name for edit in found["fix"]["edits"]} == {"model.py"}


def test_many_fixes_of_one_file(tmp_path: Path) -> None:
    loops = "".join(
        f"\n\ndef train_{n}(model: nn.Module, batches):\n"
        "    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
        "    for x in batches:\n"
        "        model(x).mean().backward()\n"
        "        optimizer.step()\n"
        for n in range(5)
    )
    file = tmp_path / "a.py"
    file.write_text(f"import torch\nfrom torch import nn\n{loops}")
    assert check(tmp_path, "--fix").out == "Fixed 5 problems. No problems found in 1 file.\n"
    assert file.read_text().count("        optimizer.zero_grad()\n") == 5


def test_a_diff_writes_nothing_and_is_a_patch(project: Path) -> None:
    ended = check(project, "--diff")
    assert ended.status == 1
    assert ended.err == "Would fix 1 problem. 1 error, 1 warning in 3 files.\n"
    assert (project / "missing.py").read_text() == MISSING
    subprocess.run(["git", "apply", "-"], input=ended.out.encode(), cwd=project, check=True)
    assert (project / "missing.py").read_text() == CLEARED


def test_bytes_that_no_fix_is_about_stay(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    head = "# coding: latin-1\r\n# é\x0c\r\n"
    file.write_bytes((head + MISSING.replace("\n", "\r\n")).encode("latin-1"))
    assert check(tmp_path, "--fix").status == 0
    assert file.read_bytes() == (head + CLEARED.replace("\n", "\r\n")).encode("latin-1")


def test_a_link_out_of_the_project_is_not_fixed(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text(MISSING)
    project = tmp_path / "project"
    project.mkdir()
    (project / "setup.py").write_text("")
    (project / "a.py").symlink_to(tmp_path / "outside.py")
    ended = check(project, "--fix", "a.py")
    assert ended.status == 1
    assert ended.err.startswith("tricklint: a.py: not fixed: a link out of the project")
    assert (tmp_path / "outside.py").read_text() == MISSING


def test_standard_input(tmp_path: Path) -> None:
    ended = check(tmp_path, "-", "--stdin-filename", "pkg/a.py", stdin=MISSING)
    assert ended.status == 1
    assert ended.out.startswith("pkg/a.py:8:5: warning[TRK003")
    assert check(tmp_path, "-", stdin=CLEARED).status == 0
    assert list(tmp_path.iterdir()) == []


def test_standard_input_is_fixed_to_standard_output(project: Path) -> None:
    ended = check(
        project, "-", "--fix", "--stdin-filename=missing.py", stdin=MISSING.replace("8", "9")
    )
    assert ended == Ended(
        0, CLEARED.replace("8", "9"), "Fixed 1 problem. No problems found in 1 file.\n"
    )
    assert check(project, "-", "--fix", stdin=CLEARED).out == CLEARED
    assert (project / "missing.py").read_text() == MISSING


def test_standard_input_sees_the_settings_of_its_place(project: Path) -> None:
    (project / "tricklint.toml").write_text('[per-file-ignores]\n"pkg" = ["TRK003"]\n')
    assert check(project, "-", "--stdin-filename=pkg/a.py", stdin=MISSING).status == 0
    assert check(project, "-", "--stdin-filename=b.py", stdin=MISSING).status == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-such-option"],
        ["--fix", "--diff"],
        ["--unsafe-fixes"],
        ["-", "a.py"],
        ["--output-format=xml"],
        ["--fail-on=hint"],
    ],
)
def test_usage_errors(tmp_path: Path, arguments: list[str]) -> None:
    ended = check(tmp_path, *arguments)
    assert (ended.status, ended.out) == (2, "")
    assert "Error: " in ended.err


@pytest.mark.parametrize("options", [[], ["--output-format=json"], ["--diff"], ["--fix"]])
def test_a_reader_that_went_away_is_no_error_of_ours(project: Path, options: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "tricklint", "check", *options],
        cwd=project,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert b"Traceback" not in ended.stderr
    assert b"Exception ignored" not in ended.stderr
    assert b"internal error" not in ended.stderr


def test_what_an_attribute_is_made_of_stands_in_the_text_that_a_fix_is_tried_on(
    tmp_path: Path,
) -> None:
    """Equal text shares its tree, here that of `setup` before and after the fix."""
    fixture = RULES / "unshuffled_training_data/distributed/lightning_on_one_device.py"
    (tmp_path / "digits.py").write_text(fixture.read_text())
    ended = check(tmp_path, "--output-format", "json")
    assert (codes(ended), ended.err) == (["TRK008", "TRK008"], "")

"""Which files a folder holds: what git ignores and what nobody wrote is left out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tricklint.project import Projects
from tricklint.walk import walk


def nothing(_: str) -> bool:
    return False


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")


def found(folder: Path) -> list[str]:
    return [os.path.relpath(path, folder) for path in walk(str(folder), nothing)]


def test_python_and_notebooks_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.py", "a.ipynb", "pkg/c.py", "readme.md", "x.pyc", "stub.pyi")
    assert found(tmp_path) == ["a.ipynb", "b.py", "pkg/c.py"]


def test_what_tools_put_there_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "env/pyvenv.cfg", "env/lib/b.py", ".venv/c.py", "node_modules/d.py")
    make(tmp_path, "__pycache__/e.py", ".hidden.py", "lib/site-packages/f.py", "build/g.py")
    assert found(tmp_path) == ["a.py", "build/g.py"]


def test_a_folder_may_be_called_like_a_file(tmp_path: Path) -> None:
    make(tmp_path, "x.py/inner.py")
    assert found(tmp_path) == ["x.py/inner.py"]


def test_links_lead_neither_round_nor_twice_to_a_file(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside.py"
    make(project, "a.py", "pkg/b.py")
    outside.write_text("")
    (project / "round").symlink_to(project)
    (project / "pkg/again.py").symlink_to(project / "pkg/b.py")
    (project / "from_outside.py").symlink_to(outside)
    assert found(project) == ["a.py", "from_outside.py", "pkg/b.py"]


IGNORES = {
    ".gitignore": "*.tmp.py\n/top.py\nbuild/\n!kept.tmp.py\ndata/**\n!data/keep.py\n\\#a.py\n# no.py\n",
    "pkg/.gitignore": "!again.tmp.py\nlocal.py\n/deep/x.py\n",
}
FILES = [
    "a.py",
    "b.tmp.py",
    "kept.tmp.py",
    "top.py",
    "#a.py",
    "no.py",
    "data/x.py",
    "data/keep.py",
    "build/c.py",
    "sub/top.py",
    "sub/local.py",
    "pkg/local.py",
    "pkg/again.tmp.py",
    "pkg/deep/x.py",
    "pkg/deep/y.py",
    "pkg/build/z.py",
    "pkg/more/deep/x.py",
]


@pytest.mark.parametrize("start", ["", "pkg", "pkg/deep", "sub"])
def test_ignores_what_git_ignores(tmp_path: Path, start: str) -> None:
    make(tmp_path, *FILES)
    for name, text in IGNORES.items():
        (tmp_path / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z", "--", "*.py"],
        cwd=tmp_path / start,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    assert found(tmp_path / start) == sorted(filter(None, listed), key=lambda name: name.split("/"))


def test_an_ignored_folder_that_is_named_is_searched(tmp_path: Path) -> None:
    make(tmp_path, "build/c.py")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("build/\n")
    assert found(tmp_path) == []
    assert found(tmp_path / "build") == ["c.py"]


def test_excluded_files_and_folders_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "old/b.py", "pkg/old.py", "pkg/c.py")
    (tmp_path / "tricklint.toml").write_text('exclude = ["old/", "pkg/old.py"]\n')
    below = Projects(()).below(str(tmp_path))
    assert [os.path.relpath(path, tmp_path) for path in below] == ["a.py", "pkg/c.py"]


def test_the_nearest_settings_and_the_nearest_root_count(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "one/setup.py", "one/b.py", "two/c.py", "two/deep/d.py")
    (tmp_path / "pyproject.toml").write_text('[tool.tricklint]\nexclude = ["x"]\n')
    (tmp_path / "two/pyproject.toml").write_text("[project]\n")
    (tmp_path / "two/deep/tricklint.toml").write_text('exclude = ["y"]\n')
    projects = Projects(())
    seen = {
        name: (project.root, project.settings.exclude)
        for name in ("a.py", "one/b.py", "two/c.py", "two/deep/d.py")
        for project in [projects.of(str(tmp_path / name))]
    }
    assert seen == {
        "a.py": (str(tmp_path), ("x",)),
        "one/b.py": (str(tmp_path / "one"), ("x",)),
        "two/c.py": (str(tmp_path / "two"), ("x",)),
        "two/deep/d.py": (str(tmp_path / "two/deep"), ("y",)),
    }


def test_of_too_many_folders_the_nearest_are_searched(tmp_path: Path) -> None:
    make(tmp_path, "a/b/c/deep.py", "a/x.py", "b/y.py", "z.py")
    searched = walk(str(tmp_path), nothing, most=3)
    assert [os.path.relpath(path, tmp_path) for path in searched] == ["a/x.py", "b/y.py", "z.py"]


def test_a_folder_that_was_opened_is_a_root_where_no_file_says_otherwise(tmp_path: Path) -> None:
    make(tmp_path, "pkg/a.py", "other/setup.py", "other/b.py")
    projects = Projects((), folders=[str(tmp_path)])
    assert projects.of(str(tmp_path / "pkg/a.py")).root == str(tmp_path)
    assert projects.of(str(tmp_path / "other/b.py")).root == str(tmp_path / "other")
    assert Projects(()).of(str(tmp_path / "pkg/a.py")).root == str(tmp_path / "pkg")

"""Which files import which, by a cheap look at their texts."""

from __future__ import annotations

import pytest

from tricklint.finding import Position
from tricklint.workspace import Workspace

STEPS = "/p/pkg/steps.py"


def workspace_of(**files: str) -> Workspace:
    texts = {f"/p/{name.replace('__', '/', 1)}.py": text for name, text in files.items()}
    texts |= {STEPS: "", "/p/pkg/__init__.py": ""}
    return Workspace(("/p",), texts.get, lambda: texts)


@pytest.mark.parametrize(
    "text",
    [
        "import pkg.steps\n",
        "import os, pkg.steps as s\n",
        "from pkg import steps\n",
        "from pkg.steps import step\n",
        "def main():\n    from pkg.steps import step\n",
        "from pkg import (other, steps)\n",
        "from pkg import (  # both\n    other,  # one\n    steps,\n)\n",
        "from pkg import (\r\n    steps as s\r\n)\r\n",
    ],
)
def test_a_file_that_imports_another_is_known(text: str) -> None:
    workspace = workspace_of(main=text, rest="import pkg\n")
    assert workspace.importers(STEPS) == ("/p/main.py",)
    workspace.open("/p/main.py", text)
    assert workspace.importers(STEPS) == ("/p/main.py",)


@pytest.mark.parametrize("text", ["from . import steps\n", "from .steps import step\n"])
def test_relative_imports_start_in_their_package(text: str) -> None:
    assert workspace_of(pkg__main=text).importers(STEPS) == ("/p/pkg/main.py",)
    assert workspace_of(main=text).importers(STEPS) == ()


@pytest.mark.parametrize(
    "text", ["# import pkg.steps\n", "import steps\n", "important = 'steps'\n", "steps = 1\n"]
)
def test_a_mere_mention_is_no_import(text: str) -> None:
    assert workspace_of(main=text).importers(STEPS) == ()


def test_a_package_is_imported_by_its_name() -> None:
    assert workspace_of(main="import pkg\n").importers("/p/pkg/__init__.py") == ("/p/main.py",)


def test_importers_follow_edits_and_files() -> None:
    texts = {STEPS: "", "/p/main.py": "import pkg.steps\n"}
    workspace = Workspace(("/p",), texts.get, lambda: texts)
    document = workspace.open("/p/main.py", texts["/p/main.py"])
    document.edit(Position(0, 0), Position(0, 0), "# ")
    assert workspace.importers(STEPS) == ()
    workspace.close("/p/main.py")
    assert workspace.importers(STEPS) == ("/p/main.py",)
    texts["/p/main.py"] = ""
    workspace.changed("/p/main.py")
    assert workspace.importers(STEPS) == ()
    texts["/p/new.py"] = "from pkg.steps import step\n"
    workspace.changed("/p/new.py")
    assert workspace.importers(STEPS) == ("/p/new.py",)


def test_torch_is_reached_through_imports() -> None:
    workspace = workspace_of(main="from layers import (\n    block,\n)\n", layers="import torch\n")
    assert workspace.reaches_torch("/p/main.py")
    assert not workspace.reaches_torch(STEPS)

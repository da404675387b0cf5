from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from editor import Editor, Start


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts editors in one folder; their servers are gone when the test is over."""
    editors: list[Editor] = []

    def start_editor(profile: str = "vscode", options: object = None) -> Editor:
        editors.append(Editor(tmp_path, profile, options))
        return editors[-1]

    yield start_editor
    for editor in editors:
        editor.wire.kill()


@pytest.fixture
def editor(start: Start) -> Editor:
    return start()

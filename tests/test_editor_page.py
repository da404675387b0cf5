"""What `docs/editor.md` promises, a test shows; what `docs/editors/` says can be read by the editor."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/editor.md").read_text(encoding="utf-8")
TABLE = [line for line in PAGE.splitlines() if line.startswith("|") and "`tests/" in line]
SHOWN = re.findall(r"`(tests/[\w/.]+\.(?:py|ts))::([^`]+)`", PAGE)
EDITORS = ROOT / "docs/editors"


@pytest.mark.parametrize(("file", "name"), SHOWN)
def test_every_promise_has_its_test(file: str, name: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")
    if file.endswith(".py"):
        assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE)
    elif file.endswith(".test.ts"):
        assert f'test("{name}", ' in text
    else:
        assert re.search(rf"^async function {name}\(", text, re.MULTILINE)
        assert re.search(rf"^  {name},?$", text, re.MULTILINE), "it is not in the list of tests"


def test_every_row_names_a_test() -> None:
    rows = PAGE[PAGE.index("| --- |") : PAGE.index("How fast")].strip().splitlines()[1:]
    assert rows == TABLE
    assert len(rows) > 30


def test_the_editors_are_linked() -> None:
    linked = set(re.findall(r"\(editors/([\w-]+\.md)\)", PAGE))
    assert linked == {path.name for path in EDITORS.glob("*.md")}


@pytest.mark.parametrize("path", sorted(EDITORS.glob("*.md")), ids=lambda path: path.stem)
def test_a_configuration_starts_our_server(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    blocks = re.findall(r"```(\w+)\n(.*?)```", text, re.DOTALL)
    assert blocks
    for language, block in blocks:
        assert not (language == "json" and json.loads(block) is None)
        assert not (language == "toml" and not tomllib.loads(block))
    assert re.search(r'"tricklint"\W+"server"|command = "tricklint"|tricklint check', text)


def test_the_client_calls_nobody() -> None:
    for path in (ROOT / "client/src").glob("*.ts"):
        text = path.read_text(encoding="utf-8")
        found = re.findall(
            r"https?:|\bfetch\(|node:(?:https?|net)\b|[Tt]elemetry|TelemetryLogger", text
        )
        assert found == [], path.name

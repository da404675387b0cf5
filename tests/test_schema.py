"""The schemas that editors complete settings with say what the reader of the settings takes."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import jsonschema
import pytest

from tricklint.cli.pages import all_pages
from tricklint.settings import KEYS, read_settings

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
SCHEMAS = ROOT / "client" / "schemas"
RULES = [page.rule for page in all_pages()]
EVERYTHING = """\
select = ["TRK", "missing-zero-grad", "TRK00"]
ignore = ["TRK006"]
preview = true
exclude = ["third_party"]
fail-on = "info"
[per-file-ignores]
"tests/**" = ["TRK003"]
[severity]
missing-zero-grad = "hint"
"""
MISTAKES = [
    'slect = ["TRK"]',
    "select = 3",
    "ignore = [1]",
    'ignore = ["view-as-permut"]',
    'select = [""]',
    'select = ["TRK0031"]',
    'preview = "yes"',
    'fail-on = "hint"',
    "severity = 3",
    '[severity]\nTRK003 = "bad"',
    '[severity]\nTRX = "error"',
    '[per-file-ignores]\n"a/*" = "TRK003"',
]


def test_schemas_are_up_to_date() -> None:
    wanted = runpy.run_path(str(ROOT / "docs/generate.py"))["schemas"]()
    present = {path.name: path.read_text(encoding="utf-8") for path in SCHEMAS.glob("*.json")}
    assert present == wanted, "run: python docs/generate.py"


def test_every_setting_is_completed_and_explained() -> None:
    schema = json.loads((SCHEMAS / "tricklint.schema.json").read_text(encoding="utf-8"))
    described = {key: one["description"] for key, one in schema["properties"].items()}
    assert described == dict(KEYS)
    contributed = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["contributes"]
    files = {one["fileMatch"]: one["url"] for one in contributed["tomlValidation"]}
    assert set(files) == {"tricklint.toml", "pyproject.toml"}
    assert all((ROOT / url).is_file() for url in files.values())


@pytest.mark.parametrize("text", ["", EVERYTHING, *MISTAKES])
@pytest.mark.parametrize("name", ["tricklint", "pyproject"])
def test_the_schema_takes_what_the_reader_takes(name: str, text: str) -> None:
    content = tomllib.loads(text)
    nested = content if name == "tricklint" else {"tool": {"tricklint": content}, "project": {}}
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    reading = read_settings("/p/tricklint.toml", text, RULES)
    assert reading is not None
    assert jsonschema.Draft7Validator(schema).is_valid(nested) is not bool(reading.problems)

"""Writes `docs/rules/`, what `tricklint explain` says, and the schemas of the settings.

    python docs/generate.py

`tests/test_pages.py` fails as long as a page is not what its rule says, `tests/test_schema.py` as
long as a schema is not what `settings.py` says.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tricklint.cli.pages import all_pages
from tricklint.finding import Severity
from tricklint.settings import FAIL_LEVELS, KEYS

FOLDER = Path(__file__).parent / "rules"
SCHEMAS = Path(__file__).parent.parent / "client" / "schemas"

Schema = dict[str, Any]


def pages() -> dict[str, str]:
    """The text of every file in the folder."""
    return {f"{page.rule.name}.md": page.markdown() for page in all_pages()}


def schemas() -> dict[str, str]:
    """What an editor needs to complete the settings, for each of the files that hold them."""
    own = _settings()
    tool = _table({"tool": _table({"tricklint": own})})
    draft = {"$schema": "http://json-schema.org/draft-07/schema#"}
    return {
        "tricklint.schema.json": _written({**draft, **own}),
        "pyproject.schema.json": _written({**draft, **tool}),
    }


def _settings() -> Schema:
    values: dict[str, Schema] = {
        "select": _list({**_selector(), "default": "TRK"}),
        "ignore": _list(_selector()),
        "preview": {"type": "boolean", "default": False},
        "exclude": _list({"type": "string"}),
        "fail-on": {"enum": list(FAIL_LEVELS), "default": "warning"},
        "per-file-ignores": {"type": "object", "additionalProperties": _list(_selector())},
        "severity": {
            "type": "object",
            "propertyNames": _selector(),
            "additionalProperties": {"enum": [level.value for level in Severity]},
        },
    }
    known = {key: {"description": text, **values[key]} for key, text in KEYS.items()}
    return {**_table(known), "additionalProperties": False, "title": "tricklint"}


def _selector() -> Schema:
    """Names and codes to choose from; the beginning of a code is right as well."""
    rules = [page.rule for page in all_pages()]
    beginnings = sorted({rule.code[:length] for rule in rules for length in range(1, 7)})
    beginning = "|".join(beginnings)
    return {
        "anyOf": [
            {"enum": [word for rule in rules for word in (rule.name, rule.code)]},
            {"type": "string", "pattern": f"^(?:{beginning})$"},
        ]
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _table(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties}


def _written(schema: Schema) -> str:
    return json.dumps(schema, indent=2) + "\n"


def main() -> None:
    """Write all pages and schemas, and remove pages that no rule has any more."""
    wanted = pages()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    SCHEMAS.mkdir(exist_ok=True)
    for name, text in schemas().items():
        (SCHEMAS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

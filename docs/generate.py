"""Writes `docs/rules/`: what `tricklint explain` says, one page for each rule.

    python docs/generate.py

`tests/test_pages.py` fails as long as a page is not what its rule says.
"""

from __future__ import annotations

from pathlib import Path

from tricklint.cli.pages import all_pages

FOLDER = Path(__file__).parent / "rules"


def pages() -> dict[str, str]:
    """The text of every file in the folder."""
    return {f"{page.rule.name}.md": page.markdown() for page in all_pages()}


def main() -> None:
    """Write all pages, and remove those that no rule has any more."""
    wanted = pages()
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""What tricklint has to say about its own work, with codes from TRK900 on.

A file that it cannot read, a setting that it does not know, a suppression of nothing: they are findings like those of the rules, so every shell shows them.
"""

from __future__ import annotations

from enum import Enum

from tricklint.finding import Finding, Fix, Severity, Span


class Notice(Enum):
    """A code, a name, how bad it is, and the page that `explain` shows."""

    UNREADABLE_FILE = (
        "TRK901",
        "unreadable-file",
        Severity.WARNING,
        """A file could not be read, so nothing is known about it.

It is not there, may not be read, is not a regular file, is binary, or is not written in the
encoding that it declares (UTF-8, where it declares none).

Save it as UTF-8, or leave it out with `exclude` in the settings.
""",
    )
    UNUSED_SUPPRESSION = (
        "TRK902",
        "unused-suppression",
        Severity.INFO,
        """A comment suppresses a finding that is not there.

The mistake may have been repaired, the comment may stand on another line than the finding, or the
name of the rule may be misspelled.  A comment that stays would hide the next mistake on its line.

## Bad

```python
optimizer.step()  # tricklint: ignore[mising-zero-grad]
```

## Good

```python
optimizer.step()  # tricklint: ignore[missing-zero-grad] accumulates over all batches
```
""",
    )
    INVALID_SETTING = (
        "TRK903",
        "invalid-setting",
        Severity.WARNING,
        """A setting is unknown or has a value that it cannot have; the default holds instead.

Settings are read from `[tool.tricklint]` in pyproject.toml, or from tricklint.toml; the file
nearest to the checked one counts.

## Good

```toml
[tool.tricklint]
select = ["TRK"]                    # codes, their beginnings, or names
ignore = ["view-as-permute"]
preview = false                     # rules that are still being tried out
exclude = ["third_party"]           # patterns as in .gitignore
fail-on = "warning"                 # "error", "warning" or "info"

[tool.tricklint.per-file-ignores]
"tests/**" = ["missing-zero-grad"]

[tool.tricklint.severity]
view-as-permute = "error"
```
""",
    )

    def __init__(self, code: str, title: str, severity: Severity, page: str) -> None:
        """Give the parts of the value their names."""
        self.code = code
        self.title = title
        self.severity = severity
        self.page = page

    def at(self, span: Span, message: str, fixes: tuple[Fix, ...] = ()) -> Finding:
        """The finding that says so."""
        return Finding(self.code, self.title, message, span, self.severity, fixes=fixes)


def is_notice(finding: Finding) -> bool:
    """Is it about our own work, and not about the user's?"""
    return any(finding.code == notice.code for notice in Notice)

"""What the user wants checked: `[tool.tricklint]` in pyproject.toml, or a tricklint.toml.

Nothing that a person can write here raises.  Whatever cannot be used is a finding at its own
line, and the default holds instead.
"""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple, TypeAlias, cast

from pathspec import GitIgnoreSpec

from tricklint.finding import Finding, Severity
from tricklint.notices import Notice
from tricklint.toml_places import Places

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE_NAMES = ("tricklint.toml", "pyproject.toml")  # the first of a folder that has settings wins


class RuleId(NamedTuple):
    """The two ways to name a rule."""

    code: str
    name: str

    def matches(self, selector: str) -> bool:
        """Whether a selector means this rule: its name, its code, or the beginning of its code."""
        return selector == self.name or self.code.startswith(selector.upper())


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one project; without arguments, the defaults."""

    root: str = ""  # the folder that the patterns are relative to
    select: tuple[str, ...] = ("TRK",)
    ignore: tuple[str, ...] = ()
    preview: bool = False
    exclude: tuple[str, ...] = ()
    fail_on: Severity = Severity.WARNING
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )
    severities: Mapping[str, Severity] = field(default_factory=dict[str, Severity])

    def enables(self, rule: RuleId, *, preview: bool = False) -> bool:
        """Whether a rule is wanted at all; one in preview is wanted only on demand."""
        if preview and not self.preview:
            return False
        wanted = any(rule.matches(selector) for selector in self.select)
        return wanted and not any(rule.matches(selector) for selector in self.ignore)

    def ignores_in(self, path: str, rule: RuleId) -> bool:
        """Whether a rule is not wanted in this file."""
        return any(
            any(rule.matches(selector) for selector in selectors)
            and self._is_like(path, (pattern,))
            for pattern, selectors in self.per_file_ignores.items()
        )

    def excludes(self, path: str) -> bool:
        """Whether a file or folder is left out when a folder is searched."""
        return bool(self.exclude) and self._is_like(path, self.exclude)

    def severity(self, rule: RuleId, default: Severity) -> Severity:
        """How bad the user thinks a rule's findings are; the most exact selector counts."""
        fitting = [selector for selector in self.severities if rule.matches(selector)]
        return self.severities[max(fitting, key=len)] if fitting else default

    def _is_like(self, path: str, patterns: tuple[str, ...]) -> bool:
        relative = os.path.relpath(path, self.root) if self.root else path
        outside = relative.startswith(os.pardir + os.sep)
        return not outside and _spec(patterns).match_file(relative)


class Reading(NamedTuple):
    """Settings, and what could not be understood of them."""

    settings: Settings
    problems: tuple[Finding, ...]


def read_settings(path: str, text: str, rules: Collection[RuleId]) -> Reading | None:
    """The settings in the text of a file; None when it has none for tricklint."""
    places = Places(path, text)
    prefix = ("tool", "tricklint") if os.path.basename(path) == "pyproject.toml" else ()
    try:
        content = cast("object", tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        if prefix and "tool.tricklint" not in text:
            return None
        problem = Notice.INVALID_SETTING.at(places.of_error(str(error)), f"not TOML: {error}")
        return Reading(Settings(os.path.dirname(path)), (problem,))
    for key in prefix:
        if not isinstance(content, dict) or key not in content:
            return None
        content = cast("Table", content)[key]
    reader = _Reader(places, prefix, rules)
    settings = reader.settings(content, Settings(os.path.dirname(path)))
    return Reading(settings, tuple(reader.problems))


Table: TypeAlias = Mapping[str, object]

# Every setting, and what an editor says about it where it is completed.
KEYS: Mapping[str, str] = {
    "select": "The rules to check: codes, beginnings of codes, or names.",
    "ignore": "Rules that are left out.",
    "preview": "Whether rules that are still being tried out are checked as well.",
    "exclude": "Files and folders to leave out, as patterns of .gitignore.",
    "fail-on": "The mildest severity that makes a check fail.",
    "per-file-ignores": "Rules that are left out in some files: patterns of .gitignore, each with its rules.",
    "severity": "Other severities for the findings of some rules.",
}
# A hint never makes a check fail.
FAIL_LEVELS = tuple(level.value for level in Severity if level is not Severity.HINT)


class _Reader:
    """Takes a table apart, and keeps a list of what is wrong with it."""

    def __init__(self, places: Places, prefix: tuple[str, ...], rules: Collection[RuleId]) -> None:
        self.problems: list[Finding] = []
        self._places = places
        self._prefix = prefix
        self._rules = rules

    def settings(self, content: object, default: Settings) -> Settings:
        table = self._table((), content)
        for key in table:
            if key not in KEYS:
                self._complain((key,), f"unknown setting `{key}`{_suggestion(key, KEYS)}")
        selected = self._selectors(("select",), table.get("select"))
        level = table.get("fail-on")
        return replace(
            default,
            select=default.select if selected is None else selected,
            ignore=self._selectors(("ignore",), table.get("ignore")) or (),
            preview=self._switch(("preview",), table.get("preview")),
            exclude=self._strings(("exclude",), table.get("exclude")) or (),
            fail_on=self._level(("fail-on",), level, FAIL_LEVELS) or default.fail_on,
            per_file_ignores=self._per_file_ignores(table.get("per-file-ignores")),
            severities=self._severities(table.get("severity")),
        )

    def _per_file_ignores(self, value: object) -> dict[str, tuple[str, ...]]:
        path = ("per-file-ignores",)
        return {
            pattern: self._selectors((*path, pattern), selectors) or ()
            for pattern, selectors in self._table(path, value).items()
        }

    def _severities(self, value: object) -> dict[str, Severity]:
        found: dict[str, Severity] = {}
        for selector, level in self._table(("severity",), value).items():
            key = ("severity", selector)
            self._check_selector(key, selector)
            severity = self._level(key, level, tuple(level.value for level in Severity))
            if severity:
                found[selector] = severity
        return found

    def _table(self, key: tuple[str, ...], value: object) -> Table:
        if isinstance(value, dict):
            return cast("Table", value)
        if value is not None:
            self._complain(key, f"{_name(key)} has to be a table")
        return {}

    def _selectors(self, key: tuple[str, ...], value: object) -> tuple[str, ...] | None:
        selectors = self._strings(key, value)
        for selector in selectors or ():
            self._check_selector(key, selector)
        return selectors

    def _check_selector(self, key: tuple[str, ...], selector: str) -> None:
        if selector and any(rule.matches(selector) for rule in self._rules):
            return
        names = [rule.name for rule in self._rules] + [rule.code for rule in self._rules]
        message = f"no rule is called `{selector}`{_suggestion(selector, names)}"
        self._complain(key, message, item=selector)

    def _strings(self, key: tuple[str, ...], value: object) -> tuple[str, ...] | None:
        items = cast("list[object]", value) if isinstance(value, list) else None
        if items is not None and all(isinstance(item, str) for item in items):
            return tuple(cast("list[str]", items))
        if value is not None:
            self._complain(key, f"{_name(key)} has to be a list of strings")
        return None

    def _switch(self, key: tuple[str, ...], value: object) -> bool:
        if value is not None and not isinstance(value, bool):
            self._complain(key, f"{_name(key)} has to be true or false")
        return value is True

    def _level(
        self, key: tuple[str, ...], value: object, levels: tuple[str, ...]
    ) -> Severity | None:
        if isinstance(value, str) and value in levels:
            return Severity(value)
        if value is not None:
            self._complain(key, f"{_name(key)} has to be one of {', '.join(levels)}")
        return None

    def _complain(self, key: tuple[str, ...], message: str, item: str = "") -> None:
        span = self._places.of_key((*self._prefix, *key), item)
        self.problems.append(Notice.INVALID_SETTING.at(span, message))


def _name(key: tuple[str, ...]) -> str:
    return f"`{'.'.join(key)}`" if key else "`tricklint`"


def _suggestion(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


@lru_cache(maxsize=256)
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    return GitIgnoreSpec.from_lines(patterns)

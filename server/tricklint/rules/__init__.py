"""The rules: one file each.  The file's docstring is the user's page; `check` finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from inspect import cleandoc
from pkgutil import iter_modules
from typing import TypeAlias, cast

from ..finding import Finding, Severity
from ..program import Program
from .rule import Rule

_SECTIONS = ("What", "Why", "Bad", "Good", "Quiet when")


Check: TypeAlias = Callable[[Program], Iterator[Finding]]


class InvalidRule(Exception):
    """A rule file that does not keep to the form."""


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A rule with what its file says about it."""

    rule: Rule
    name: str
    page: str
    check: Check

    @property
    def code(self) -> str:
        """Such as TRK004."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """How bad it usually is; a single finding may differ."""
        return self.rule.severity

    @property
    def summary(self) -> str:
        """The page's first line."""
        return self.page.partition("\n")[0]


@lru_cache(maxsize=1)
def discover() -> tuple[LoadedRule, ...]:
    """All rules, by code."""
    found = [
        _load(info.name)
        for info in iter_modules(__path__)
        if info.name != "rule" and not info.name.startswith("_")
    ]
    codes = [one.code for one in found]
    if len(set(codes)) != len(codes):
        raise InvalidRule(f"two rules share a code: {sorted(codes)}")
    return tuple(sorted(found, key=lambda one: one.code))


def _load(name: str) -> LoadedRule:
    module = import_module(f"{__name__}.{name}")
    rule, check = getattr(module, "RULE", None), getattr(module, "check", None)
    page = cleandoc(module.__doc__ or "")
    if not isinstance(rule, Rule) or not callable(check):
        raise InvalidRule(f"{module.__file__}: a rule file has `RULE = Rule(...)` and `check`")
    missing = [title for title in _SECTIONS if f"\n## {title}\n" not in page]
    if missing:
        raise InvalidRule(f"{module.__file__}: the docstring lacks {', '.join(missing)}")
    if rule.name != name.replace("_", "-"):
        raise InvalidRule(f"{module.__file__}: the file's name is not that of {rule.name}")
    return LoadedRule(rule, rule.name, page, cast("Check", check))

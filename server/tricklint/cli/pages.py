"""The rules and their pages on a terminal."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator
from typing import NamedTuple

import click

from tricklint.notices import Notice
from tricklint.rules import discover
from tricklint.sanity_check import OFFER, PAGE
from tricklint.settings import RuleId


class Page(NamedTuple):
    """What is said of a rule, or of one of our own messages."""

    rule: RuleId
    severity: str
    text: str

    @property
    def summary(self) -> str:
        """The first line."""
        return self.text.partition("\n")[0]

    def markdown(self) -> str:
        """All of it."""
        return f"# {self.rule.code} {self.rule.name} ({self.severity})\n\n{self.text.rstrip()}\n"


def all_pages() -> Iterator[Page]:
    """By code."""
    yield Page(OFFER, "offer", PAGE)
    for rule in discover():
        yield Page(RuleId(rule.code, rule.name), rule.severity.value, rule.page)
    for notice in Notice:
        yield Page(RuleId(notice.code, notice.title), notice.severity.value, notice.page)


def require(selector: str, option: str) -> None:
    """Refuse a selector that means no rule."""
    if not any(page.rule.matches(selector) for page in all_pages()):
        raise click.BadParameter(_unknown(selector), param_hint=option)


def explain(name: str) -> None:
    """Print the page of one rule."""
    found = [page for page in all_pages() if name.lower() in map(str.lower, page.rule)]
    if not found:
        raise click.BadParameter(_unknown(name), param_hint="RULE")
    (page,) = found
    if not sys.stdout.isatty():
        click.echo(page.markdown(), nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console().print(Markdown(page.markdown()))


def list_rules() -> None:
    """Print one line for each rule."""
    pages = list(all_pages())
    width = max(len(page.rule.name) for page in pages)
    for page in pages:
        click.echo(f"{page.rule.code}  {page.rule.name:{width}}  {page.severity:7}  {page.summary}")


def _unknown(name: str) -> str:
    known = [word for page in all_pages() for word in page.rule]
    close = difflib.get_close_matches(name, known, n=1)
    return f"no rule is called {name!r}" + (f"; did you mean {close[0]}?" if close else "")

"""The pages of the rules, as an editor shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lsprotocol import types

from tricklint.finding import Finding

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>])")


@dataclass(frozen=True, slots=True)
class Page:
    """What a rule's author wrote about it, and where it can be read."""

    title: str
    text: str
    address: str
    is_rule: bool

    @property
    def markdown(self) -> str:
        """All of it."""
        return f"# {self.title}\n\n{self.text.rstrip()}\n"


def load_pages() -> Mapping[str, Page]:
    """The pages of all rules and of our own notices, by their codes."""
    # Rules import the interpreter, which the loop that imports this file does not wait for.
    from tricklint.notices import Notice
    from tricklint.report.summary import address_of
    from tricklint.rules import discover
    from tricklint.sanity_check import OFFER, PAGE

    offer = Page(" ".join(OFFER), PAGE, address_of(OFFER.name), is_rule=False)
    rules = {
        one.code: Page(f"{one.code} {one.name}", one.page, address_of(one.name), is_rule=True)
        for one in discover()
    }
    notices = {
        one.code: Page(f"{one.code} {one.title}", one.page, address_of(one.title), is_rule=False)
        for one in Notice
    }
    return {OFFER.code: offer, **rules, **notices}


def explain(finding: Finding, page: Page | None, *, markdown: bool) -> types.MarkupContent:
    """The message of a finding above the page of its rule."""
    # The message quotes the user's own names and has to be escaped; the page is ours.
    message = escape(finding.message) if markdown else finding.message
    head = f"**{finding.code}** {message}" if markdown else f"{finding.code} {message}"
    text = f"{head}\n\n---\n\n{page.text}" if page else head
    kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
    return types.MarkupContent(kind, text)


def escape(text: str) -> str:
    """Foreign text so that Markdown shows it as it is, on one line."""
    plain = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return _SPECIAL.sub(r"\\\1", plain)

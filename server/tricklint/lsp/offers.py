"""What was offered, until the text is another one: the editor asks for the edit of what is picked."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from lsprotocol import types

from tricklint.lsp.actions import Offer
from tricklint.lsp.client import Client
from tricklint.lsp.convert import Converter

log = logging.getLogger(__name__)


class Offers:
    """Makes code actions, with their edits or, where the editor asks later, with a number."""

    def __init__(self, client: Client, converter: Converter) -> None:
        """Nothing is offered yet."""
        self._client = client
        self._converter = converter
        self._open: dict[int, Offer] = {}
        self._next = 0

    def actions(self, uri: str, offers: Iterable[Offer]) -> list[types.CodeAction]:
        """The offers as the editor lists them; those whose file is gone are left out."""
        found = (self._action(uri, offer) for offer in offers)
        return [action for action in found if action is not None]

    def resolve(self, action: types.CodeAction, number: int) -> types.CodeAction | None:
        """The action with its edit; None where the text has changed since it was offered."""
        offer = self._open.get(number)
        if offer is None:
            return None
        # Where nothing of it holds after all, nothing is changed.
        action.edit = self._edit(offer) or types.WorkspaceEdit()
        return action

    def withdraw(self) -> None:
        """The texts are other ones now.  Numbers are never used again."""
        self._open.clear()

    def _action(self, uri: str, offer: Offer) -> types.CodeAction | None:
        action = types.CodeAction(
            title=offer.title,
            kind=offer.kind,
            diagnostics=list(offer.diagnostics) or None,
            is_preferred=True if offer.preferred and self._client.preferred_actions else None,
        )
        if self._client.resolves_actions:
            self._next += 1
            self._open[self._next] = offer
            action.data = {"uri": uri, "number": self._next}
            return action
        action.edit = self._edit(offer)
        return action if action.edit else None

    def _edit(self, offer: Offer) -> types.WorkspaceEdit | None:
        fix = offer.made()
        return self._converter.edit(fix, asks=offer.asks) if fix else None

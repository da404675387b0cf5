"""What an editor says about probes: at the start, and with each command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast


@dataclass(frozen=True, slots=True)
class Wishes:
    """The user's Python, and what the editor can do with a probe."""

    offered: bool = False  # a click on the lens above a loop runs a probe
    events: bool = False  # the editor shows the events itself, as they come
    trusted: bool = True  # an editor that knows no trust asks nobody for it
    python: str = ""
    device: str = ""
    arguments: tuple[str, ...] = ()
    again: bool = False  # even if nothing has changed since the last run

    @property
    def how(self) -> tuple[str, ...]:
        """All that the outcome depends on beside the files."""
        return self.python, self.device, *self.arguments

    def and_also(self, options: object) -> Wishes:
        """What a command says counts more; what makes no sense counts nothing."""
        if not isinstance(options, dict):
            return self
        given = cast("Mapping[object, object]", options)
        found = self
        for name in ("events", "trusted", "again"):
            if isinstance(value := given.get(name), bool):
                found = replace(found, **{name: value})
        for name in ("python", "device"):
            if isinstance(value := given.get(name), str):
                found = replace(found, **{name: value})
        if isinstance(value := given.get("arguments"), list):
            texts = [one for one in cast("list[object]", value) if isinstance(one, str)]
            found = replace(found, arguments=tuple(texts))
        # No command can make a folder trusted that the editor says is not.
        return replace(found, trusted=found.trusted and self.trusted)


def wishes_of(options: object) -> Wishes:
    """What the editor said at the start, under `probe` in its own options."""
    if isinstance(options, dict):
        said = cast("Mapping[object, object]", options).get("probe")
        return replace(Wishes().and_also(said), offered=isinstance(said, dict))
    return Wishes()

"""What the runner tells the supervisor: one JSON object in one line for each event.

Both ends use these classes; the reading end trusts nothing, for the user's code shares the
process with the writing end.
"""

from __future__ import annotations

import json
import types
import typing
from dataclasses import asdict, dataclass, fields
from typing import ClassVar, Union

PROTOCOL = 1
LINE_LIMIT = 100_000  # bytes of one event
TEXT_LIMIT = 4_000  # characters of one text
ITEM_LIMIT = 400  # items of one list


class MalformedError(ValueError):
    """A line is no event; the message says why."""


@dataclass(frozen=True)
class Place:
    """A stretch of one line of a file; lines and columns count from 0, columns in code points."""

    path: str
    line: int
    column: int
    end_column: int


@dataclass(frozen=True)
class NoteAt:
    """Another place that matters, and why."""

    place: Place
    message: str


@dataclass(frozen=True)
class Hello:
    """The first event: who is speaking."""

    kind: ClassVar[str] = "hello"
    protocol: int
    torch: str
    python: str
    device: str


@dataclass(frozen=True)
class PhaseBegan:
    """What the script is doing now."""

    kind: ClassVar[str] = "phase"
    name: str


@dataclass(frozen=True)
class Pulse:
    """A sign of life: the user's line that runs, and how many steps were done."""

    kind: ClassVar[str] = "pulse"
    phase: str
    place: Place | None
    steps: int


@dataclass(frozen=True)
class LoaderSeen:
    """A loader gave its first batch."""

    kind: ClassVar[str] = "loader"
    place: Place | None
    role: str
    shapes: str
    seconds: float


@dataclass(frozen=True)
class Step:
    """A backward pass of the judged curve; no loss where it is not a number."""

    kind: ClassVar[str] = "step"
    number: int
    loss: float | None


@dataclass(frozen=True)
class Found:
    """A mistake that was seen to happen."""

    kind: ClassVar[str] = "finding"
    code: str
    name: str
    severity: str
    message: str
    place: Place
    notes: tuple[NoteAt, ...]


@dataclass(frozen=True)
class Judged:
    """The verdict on the overfitting of one batch."""

    kind: ClassVar[str] = "verdict"
    verdict: str
    sentence: str
    steps: int
    curve: tuple[float | None, ...]
    floor: float | None  # below which the loss cannot go, where that is not 0
    accuracy: float | None  # on the repeated batch, at the end
    place: Place | None


@dataclass(frozen=True)
class Redirected:
    """Something was kept away from the user's files, or put elsewhere."""

    kind: ClassVar[str] = "redirect"
    what: str
    path: str


@dataclass(frozen=True)
class FolderMade:
    """A folder was really made; the supervisor takes it away again if it stayed empty."""

    kind: ClassVar[str] = "folder"
    path: str


@dataclass(frozen=True)
class SideEffect:
    """The script reached out: `network`, `process` or `write`."""

    kind: ClassVar[str] = "effect"
    what: str
    detail: str


@dataclass(frozen=True)
class FileRan:
    """A file of the user's ran."""

    kind: ClassVar[str] = "file"
    path: str


@dataclass(frozen=True)
class Answer:
    """What became of a static finding: `confirmed`, `refuted` or `not reached`."""

    kind: ClassVar[str] = "answer"
    index: int
    answer: str


@dataclass(frozen=True)
class End:
    """The last event: `finished`, `failed` or `refused`; what was raised, and what to do."""

    kind: ClassVar[str] = "end"
    why: str
    error: str
    hint: str
    place: Place | None
    seconds: float


# Python 3.9 cannot join classes by a bar.
Event = Union[
    Hello, PhaseBegan, Pulse, LoaderSeen, Step, Found, Judged, Redirected, FolderMade, SideEffect,
    FileRan, Answer, End,
]  # fmt: skip
_CLASSES = {
    one.kind: one
    for one in (
        Hello, PhaseBegan, Pulse, LoaderSeen, Step, Found, Judged, Redirected, FolderMade,
        SideEffect, FileRan, Answer, End,
    )
}  # fmt: skip


def encode(event: Event) -> bytes:
    """The line of an event; long texts are cut, and no number is infinite."""
    content = _tidy({"kind": event.kind, **asdict(event)})
    return json.dumps(content, allow_nan=False).encode() + b"\n"


def _tidy(value: object) -> object:
    if isinstance(value, str):
        return value[:TEXT_LIMIT]
    if isinstance(value, float):
        return value if abs(value) < float("inf") else None
    if isinstance(value, dict):
        return {key: _tidy(part) for key, part in typing.cast("dict[str, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_tidy(part) for part in typing.cast("list[object]", value)[:ITEM_LIMIT]]
    return value


def decode(line: bytes) -> Event:
    """The event of a line; MalformedError where it is none."""
    if len(line) > LINE_LIMIT:
        raise MalformedError("too long")
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise MalformedError("no JSON") from error
    if not isinstance(content, dict):
        raise MalformedError("no object")
    members = typing.cast("dict[str, object]", content)
    wanted = _CLASSES.get(str(members.pop("kind", "")))
    if wanted is None:
        raise MalformedError("unknown kind")
    return typing.cast("Event", _record(members, wanted))


def _record(content: object, wanted: type[object]) -> object:
    hints = typing.get_type_hints(wanted)
    names = [one.name for one in fields(typing.cast("type[Place]", wanted))]
    if not isinstance(content, dict) or set(typing.cast("dict[str, object]", content)) != set(
        names
    ):
        raise MalformedError(f"{wanted.__name__} needs {', '.join(names)}")
    members = typing.cast("dict[str, object]", content)
    return wanted(**{name: _value(members[name], hints[name]) for name in names})


def _value(value: object, wanted: object) -> object:
    parts = typing.get_args(wanted)
    if typing.get_origin(wanted) in (Union, getattr(types, "UnionType", Union)):
        return None if value is None else _value(value, parts[0])
    if typing.get_origin(wanted) is tuple:
        if not isinstance(value, list) or len(typing.cast("list[object]", value)) > ITEM_LIMIT:
            raise MalformedError("no list, or too long")
        return tuple(_value(one, parts[0]) for one in typing.cast("list[object]", value))
    if wanted is NoteAt or wanted is Place:
        return _record(value, wanted)
    return _plain(value, typing.cast("type[object]", wanted))


def _plain(value: object, wanted: type[object]) -> object:
    if wanted is float and type(value) is int:
        return float(value)
    if type(value) is not wanted:
        raise MalformedError(f"not {wanted.__name__}: {type(value).__name__}")
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        raise MalformedError("text too long")
    if isinstance(value, int) and not 0 <= value < 1 << 53:
        raise MalformedError("number out of range")
    return value

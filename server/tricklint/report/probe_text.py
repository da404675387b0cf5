"""The outcome of a probe for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TextIO, cast

from rich.text import Text

from tricklint.probe.outcome import How, Outcome
from tricklint.report.foreign import escape, expand
from tricklint.report.summary import Look
from tricklint.report.text import address, console_for, write_findings

_TAIL = 12  # lines of the script's own output that are shown when it failed
_LISTED = 6  # things of one kind


def write(outcome: Outcome, look: Look, stream: TextIO) -> None:
    """Print the curve, the verdict, the findings, and what was kept away."""
    console = console_for(stream)
    if outcome.verdict is not None and len(outcome.verdict.curve) > 2:
        console.print(Text.from_ansi(curve(outcome, console.width, colours=console.is_terminal)))
    write_findings(outcome.findings, look, console)
    for line in (*_answers(outcome, look), *_kept_away(outcome), *_end(outcome, look)):
        console.print(line)
    console.print(verdict(outcome))


def verdict(outcome: Outcome) -> Text:
    """The last line: the word and its sentence."""
    if outcome.verdict is None or not outcome.ran:
        return Text(f"The script could not be run to a verdict: {outcome.how.value}.", "bold red")
    colour = "bold red" if outcome.bad else "bold green"
    word = outcome.verdict.verdict
    style = colour if outcome.bad or word == "overfits" else "bold"
    return Text.assemble((f"{word}: ", style), (escape(outcome.verdict.sentence), "bold"))


def curve(outcome: Outcome, width: int, *, colours: bool) -> str:
    """The losses of the repeated batch, drawn with characters."""
    import plotext  # pyright: ignore[reportMissingTypeStubs]

    assert outcome.verdict is not None
    losses = [one for one in outcome.verdict.curve if one is not None]
    every = max(outcome.verdict.steps / max(len(losses), 1), 1)
    drawing = cast("Any", plotext)  # it has no types
    drawing.clear_figure()
    drawing.plot_size(min(width, 78), 14)
    drawing.plot([1 + round(index * every) for index in range(len(losses))], losses)
    if outcome.verdict.floor is not None:
        drawing.hline(outcome.verdict.floor)
    drawing.title("loss on one batch, by step")
    drawn = str(drawing.build())
    return drawn if colours else str(drawing.uncolorize(drawn))


def _answers(outcome: Outcome, look: Look) -> Iterator[Text]:
    for finding, answer in outcome.answers_here:
        yield Text(
            f"{answer.value}: {address(finding.span, look)} {finding.code} {escape(finding.message)}"
        )


def _kept_away(outcome: Outcome) -> Iterator[Text]:
    listed: dict[str, list[str]] = {}
    for one in outcome.redirected:
        listed.setdefault(one.what, []).append(one.path)
    for one in outcome.effects:
        listed.setdefault(f"not kept away ({one.what})", []).append(one.detail)
    for what, names in listed.items():
        shown = ", ".join(escape(name) for name in dict.fromkeys(names[:_LISTED]))
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        yield Text(f"{escape(what)}: {shown}{more}", "dim")


def _end(outcome: Outcome, look: Look) -> Iterator[Text]:
    if outcome.how is How.FINISHED:
        return
    for line in outcome.output.splitlines()[-_TAIL:]:
        yield Text(f"  | {expand(line)}", "dim")
    where = f"{address(outcome.place, look)}: " if outcome.place else ""
    yield Text(f"{where}{outcome.how.value}: {escape(outcome.error)}", "bold red")
    if outcome.hint:
        yield Text(escape(outcome.hint), "yellow")

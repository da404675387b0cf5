"""The outcome of a probe as one HTML page that needs no other file, no script and no network."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator

from tricklint.finding import Finding
from tricklint.probe.outcome import Outcome
from tricklint.report.foreign import escape, expand
from tricklint.report.summary import Look, shown_path

# Nothing may be loaded and nothing run, whatever stands in the texts.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 56em; margin: 2em auto; padding: 0 1em;
       color: #222; background: #fff }
h1 { font-size: 1.3em } h2 { font-size: 1.05em; margin-top: 2em }
.good { color: #1a7f37 } .bad { color: #cf222e } .dim { color: #666 }
pre, code { font-family: ui-monospace, monospace; font-size: 13px }
pre { background: #f6f8fa; padding: .6em; overflow: auto }
svg { width: 100%; height: auto } .axis { stroke: #bbb } .curve { stroke: #0969da; fill: none; stroke-width: 2 }
.floor { stroke: #cf222e; stroke-dasharray: 5 4 } text { font-size: 12px; fill: #666 }
@media (prefers-color-scheme: dark) { body { color: #ddd; background: #1b1b1b } pre { background: #2a2a2a } }
"""


def render(outcome: Outcome, look: Look, script: str) -> str:
    """The page."""
    body = "\n".join(
        (
            *_head(outcome, script),
            *_curve(outcome),
            *_section("Findings", (_finding(one, look) for one in outcome.findings)),
            *_section(
                "Static findings",
                (
                    f"<p><b>{answer.value}</b>: {_place(one)} {_text(one.code)} {_text(one.message)}</p>"
                    for one, answer in outcome.answers_here
                ),
            ),
            *_section("Kept away from your files", _kept_away(outcome)),
            *_section("The end of its output", _output(outcome)),
        )
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>Probe of {_text(script)}</title>\n<style>{_STYLE}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return html.escape(escape(text))


def _head(outcome: Outcome, script: str) -> Iterator[str]:
    yield f"<h1>Probe of {_text(script)}</h1>"
    verdict = outcome.verdict
    if verdict is None or not outcome.ran:
        yield f'<p class="bad"><b>{outcome.how.value}</b> {_text(outcome.error)}</p>'
        yield f"<p>{_text(outcome.hint)}</p>" if outcome.hint else ""
    else:
        kind = "bad" if outcome.bad else "good" if verdict.verdict == "overfits" else ""
        yield f'<p><b class="{kind}">{_text(verdict.verdict)}</b>: {_text(verdict.sentence)}</p>'
    if outcome.hello:
        where = (
            f"torch {outcome.hello.torch}, Python {outcome.hello.python}, {outcome.hello.device}"
        )
        yield f'<p class="dim">{_text(where)}; {outcome.seconds:.1f} seconds</p>'


def _section(title: str, parts: Iterable[str]) -> Iterator[str]:
    kept = list(parts)
    if kept:
        yield f"<h2>{title}</h2>"
        yield from kept


def _place(finding: Finding) -> str:
    start = finding.span.start
    place = f"{shown_path(finding.span.path)}:{start.line + 1}:{start.column + 1}"
    return f"<code>{_text(place)}</code>"


def _finding(finding: Finding, look: Look) -> str:
    draft = look(finding.span.path)
    line = finding.span.start.line
    shown = ""
    if draft is not None and line < len(draft.lines):
        shown = f"<pre>{html.escape(expand(draft.lines[line].rstrip()))}</pre>"
    head = f"<b>{finding.severity.value} {_text(finding.code)} {_text(finding.name)}</b>"
    notes = "".join(f"<p class='dim'>{_text(note.message)}</p>" for note in finding.notes)
    return f"<p>{_place(finding)} {head}<br>{_text(finding.message)}</p>{shown}{notes}"


def _kept_away(outcome: Outcome) -> Iterator[str]:
    items = [(one.what, one.path) for one in outcome.redirected]
    items += [(f"not kept away: {one.what}", one.detail) for one in outcome.effects]
    if items:
        rows = "".join(
            f"<li>{_text(what)}: <code>{_text(name)}</code></li>" for what, name in items
        )
        yield f"<ul>{rows}</ul>"


def _output(outcome: Outcome) -> Iterator[str]:
    lines = outcome.output.splitlines()[-40:]
    if lines:
        yield f"<pre>{html.escape(chr(10).join(expand(line) for line in lines))}</pre>"


_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 720, 260, 60, 10, 24


def _curve(outcome: Outcome) -> Iterator[str]:
    """The losses as a line; a page without scripts cannot do more, and need not."""
    verdict = outcome.verdict
    losses = [one for one in verdict.curve if one is not None] if verdict else []
    if verdict is None or len(losses) < 3:
        return
    low = min(*losses, verdict.floor if verdict.floor is not None else 0.0, 0.0)
    high = max(losses)
    reach = (high - low) or 1.0

    def across(index: int) -> float:
        return _LEFT + index * (_WIDTH - _LEFT) / (len(losses) - 1)

    def down(loss: float) -> float:
        return _TOP + (high - loss) / reach * (_HEIGHT - _TOP - _BOTTOM)

    points = " ".join(f"{across(index):.1f},{down(loss):.1f}" for index, loss in enumerate(losses))
    floor = ""
    if verdict.floor is not None:
        at = f"{down(verdict.floor):.1f}"
        floor = f'<line class="floor" x1="{_LEFT}" x2="{_WIDTH}" y1="{at}" y2="{at}"/>'
    foot = _HEIGHT - _BOTTOM
    yield (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="loss on one batch">'
        f'<line class="axis" x1="{_LEFT}" x2="{_LEFT}" y1="{_TOP}" y2="{foot}"/>'
        f'<line class="axis" x1="{_LEFT}" x2="{_WIDTH}" y1="{foot}" y2="{foot}"/>'
        f'<text x="{_LEFT - 6}" y="{_TOP + 10}" text-anchor="end">{high:.3g}</text>'
        f'<text x="{_LEFT - 6}" y="{foot}" text-anchor="end">{low:.3g}</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT - 6}" text-anchor="end">step {verdict.steps}</text>'
        f'{floor}<polyline class="curve" points="{points}"/></svg>'
    )

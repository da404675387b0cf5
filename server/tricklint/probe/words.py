"""What people are told of a probe, in the terminal and in an editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tricklint.finding import Finding, Severity
from tricklint.probe.outcome import Agreed
from tricklint.probe.request import Request

# What the script is doing, by the name that the runner gives it.
PHASES = {
    "start": "starting",
    "training": "repeating one batch",
    "evaluation": "evaluating",
    "again": "one more step",
    "end": "done",
}

_PLAN = """\
This runs your script, in its own process: {command}
  in {cwd}
Its first batch is repeated up to {steps} times, then its evaluation and one more step run.
What it writes below {roots} goes to a folder that is removed afterwards;
trackers are off, schedules stand still, data is loaded in one process, nothing can be typed.
This limits damage and is no sandbox: the script can still do whatever you can do."""


def plan(request: Request, escape: Callable[[str], str]) -> str:
    """What will happen; `escape` makes foreign text harmless."""
    return _PLAN.format(
        command=escape(" ".join((request.python, request.script, *request.arguments))),
        cwd=escape(request.cwd),
        steps=request.limits.steps,
        roots=escape(" and ".join(request.roots)),
    )


def agreed(finding: Finding, answer: Agreed) -> Finding:
    """A static finding after the run: one that was refuted is a hint only."""
    if answer is Agreed.CONFIRMED:
        return replace(finding, message=f"{finding.message} (confirmed by the probe)")
    if answer is Agreed.REFUTED:
        return replace(
            finding,
            message=f"{finding.message} (the probe saw the opposite)",
            severity=Severity.HINT,
        )
    return finding

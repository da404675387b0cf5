"""The outcome of a probe as JSON; the findings have the shape that `check` gives them."""

from __future__ import annotations

import json
from dataclasses import asdict

from tricklint.probe.outcome import Outcome
from tricklint.report.json import as_objects
from tricklint.report.summary import Look


def render(outcome: Outcome, look: Look) -> str:
    """One object."""
    static = as_objects((finding for finding, _ in outcome.answers), look)
    content = {
        "how": outcome.how.value,
        "error": outcome.error,
        "hint": outcome.hint,
        "seconds": round(outcome.seconds, 2),
        "runner": asdict(outcome.hello) if outcome.hello else None,
        "verdict": asdict(outcome.verdict) if outcome.verdict else None,
        "bad": outcome.bad,
        "findings": as_objects(outcome.findings, look),
        "static": [
            {"answer": answer.value, "finding": found}
            for found, (_, answer) in zip(static, outcome.answers, strict=True)
        ],
        "redirected": [asdict(one) for one in outcome.redirected],
        "effects": [asdict(one) for one in outcome.effects],
        "files": list(outcome.files),
        "output": outcome.output,
    }
    # ASCII only, so foreign text cannot steer a terminal.
    return json.dumps(content, indent=2)

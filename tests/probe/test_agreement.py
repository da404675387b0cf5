"""Static findings go in, and each comes back with what the run says of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tricklint.finding import Finding, Position, Severity, Span
from tricklint.probe.outcome import Agreed, Outcome
from tricklint.probe.words import agreed

SCRIPTS = Path(__file__).parent / "scripts"
Probe = Callable[..., Outcome]


def suspect(path: Path, text: str, code: str, part: str) -> Finding:
    """A finding of the rules on the line with this part."""
    line = next(number for number, one in enumerate(text.splitlines()) if part in one)
    span = Span(str(path), Position(line, 0), Position(line, 5))
    return Finding(code, "name", "message", span, Severity.WARNING)


CASES = [
    ("script", "", "", "TRK003", ".backward()", Agreed.REFUTED),
    ("script", "        optimizer.zero_grad()\n", "", "TRK003", ".backward()", Agreed.CONFIRMED),
    ("accumulation", "", "", "TRK003", ".backward()", Agreed.REFUTED),
    ("gan", "", "", "TRK003", "loss_d.backward()", Agreed.REFUTED),
    ("lbfgs", "", "", "TRK003", ".backward()", Agreed.REFUTED),
    ("script", "", "", "TRK004", "criterion(model(x)", Agreed.REFUTED),
    ("amp", "(model(a), b)", "(model(a).softmax(1), b)", "TRK004", "cross_en", Agreed.CONFIRMED),
    ("script", "", "", "TRK002", "model(x).argmax", Agreed.REFUTED),
    ("script", "    model.eval()\n", "", "TRK002", "model(x).argmax", Agreed.CONFIRMED),
    ("script", "", "", "TRK008", "train_loader = ", Agreed.REFUTED),
    # No line of these ran, or what ran there says nothing of them.
    ("script", "history = []", "if False:\n    loss.backward()", "TRK003", "    loss.backward()", Agreed.NOT_REACHED),
    ("script", "", "", "TRK006", "loss.backward()", Agreed.NOT_REACHED),
    ("script", "range(3)", "range(0)", "TRK003", ".backward()", Agreed.NOT_REACHED),
    # Once says nothing.
    ("script", "        optimizer.step()\n", "        optimizer.step()\n        break\n", "TRK002", "criterion(model(x)", Agreed.NOT_REACHED),
]  # fmt: skip


@pytest.mark.parametrize(("style", "old", "new", "code", "part", "answer"), CASES)
def test_a_static_finding_is_answered(  # noqa: PLR0917
    probe: Probe,
    tmp_path: Path,
    style: str,
    old: str,
    new: str,
    code: str,
    part: str,
    answer: Agreed,
) -> None:
    text = (SCRIPTS / f"{style}.py").read_text()
    assert old in text
    text = text.replace(old, new, 1)
    given = suspect(tmp_path / "project/train.py", text, code, part)
    outcome = probe(text, suspects=(given,))
    assert outcome.answers == ((given, answer),)


def test_only_a_refuted_finding_is_lowered() -> None:
    given = suspect(Path("/p/train.py"), "x", "TRK003", "x")
    assert agreed(given, Agreed.REFUTED).severity is Severity.HINT
    assert agreed(given, Agreed.CONFIRMED).severity is Severity.WARNING
    assert agreed(given, Agreed.NOT_REACHED) == given

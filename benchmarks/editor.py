"""How long does an editor wait?  From an edit to its diagnostics, in running language servers.

    python benchmarks/editor.py [--lines 1000 --lines 10000] [--file REAL.py] [--rounds 15] [--pylsp PROGRAM]

tricklint, ruff and pylsp are kept running together on the same file, generated or given, and the edits
go to one after the other, so that noise on the machine hits all alike; the ratios are what counts.
A round is four edits at one place, each waited for on its own: a mistake is typed (its diagnostic
must come), commented out (gone), moved to a line of its own behind the comment sign (there again),
deleted (gone).  No edit brings an earlier text back, so a cache keyed by content gains nothing.
The mistake is an undefined name for ruff and pylsp, and a softmax before cross-entropy for tricklint.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from servers import Candidate, Edit, Message, Server, function_bodies
from training_code import training_code

_UNDEFINED = ("tricklint_probe_{n}", "tricklint_probe_{n}")
_SOFTMAX = (
    "torch.nn.functional.cross_entropy(torch.softmax(tricklint_probe_{n}, 1), tricklint_probe_{n})"
)
_QUIET_SECONDS = 0.05


@dataclass(slots=True)
class Figures:
    """What was measured of one server."""

    initialize_ms: float
    first_ms: float
    rss_open_mib: float
    edits_ms: list[float] = field(default_factory=list[float])
    cpu_ms: list[float] = field(default_factory=list[float])
    rss_mib: float = 0.0


def main() -> int:
    """Measure, and print tables."""
    arguments = _arguments()
    candidates = _candidates(arguments.pylsp)
    files: list[Path] = arguments.file or []
    lengths: list[int] = arguments.lines or ([] if files else [1_000, 10_000])
    texts = [(f"{lines:,} lines", training_code(lines)) for lines in lengths]
    texts += [(file.name, file.read_text(encoding="utf-8")) for file in files]
    for name, text in texts:
        with tempfile.TemporaryDirectory(prefix="tricklint-benchmark-") as folder:
            figures = measure(candidates, text, arguments.rounds, Path(folder))
        _print(name, figures)
    return 0


def measure(
    candidates: Sequence[Candidate], text: str, rounds: int, folder: Path
) -> dict[str, Figures]:
    """Let all servers do the same edits, interleaved."""
    path = folder / "training.py"
    path.write_text(text, encoding="utf-8")
    servers: list[Server] = []
    try:
        figures: dict[str, Figures] = {}
        for candidate in candidates:
            # One after the other: they would compete for the processors at their start.
            server = Server(candidate, folder)
            servers.append(server)
            first_ms = server.open(path)
            server.settle(0.5)
            rss = server.usage().rss_mib
            figures[candidate.name] = Figures(server.initialize_ms, first_ms, rss)
        bodies = function_bodies(text)
        for n in range(rounds + 1):
            line, indent = bodies[int((n + 0.5) * len(bodies) / (rounds + 1))]
            # Every earlier round left a comment sign on a line above.
            _round(servers, figures, n, line + n, indent)
        for server in servers:
            figures[server.candidate.name].rss_mib = server.usage().rss_mib
    finally:
        for server in servers:
            server.stop()
    return figures


def _round(
    servers: Sequence[Server], figures: dict[str, Figures], n: int, line: int, indent: str
) -> None:
    steps = {server: _steps(server.candidate.probe.format(n=n), line, indent) for server in servers}
    for _ in range(4):
        for server in servers:
            edit, at, there = next(steps[server])
            server.settle(_QUIET_SECONDS)
            before = server.usage().cpu_seconds

            elapsed = server.change(
                edit, _Wanted(server.candidate.complaint.format(n=n), at, there)
            )
            server.settle(_QUIET_SECONDS)
            if n:  # The first round warms up.
                mine = figures[server.candidate.name]
                mine.edits_ms.append(elapsed)
                mine.cpu_ms.append((server.usage().cpu_seconds - before) * 1e3)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whether diagnostics have the complaint at a line, or have it no more."""

    complaint: str
    line: int
    there: bool

    def __call__(self, diagnostics: Sequence[Message]) -> bool:
        return self.there == any(
            one["range"]["start"]["line"] == self.line
            and self.complaint in f"{one.get('code')} {one['message']}"
            for one in diagnostics
        )


def _steps(probe: str, line: int, indent: str) -> Iterator[tuple[Edit, int, bool]]:
    """The edits of a round, with the line to look at and whether a diagnostic must be there."""
    width = len(indent)
    yield Edit((line, 0), (line, 0), f"{indent}{probe}\n"), line, True
    yield Edit((line, width), (line, width), "#"), line, False
    yield Edit((line, width + 1), (line, width + 1), f"\n{indent}"), line + 1, True
    yield Edit((line + 1, 0), (line + 2, 0), ""), line + 1, False


def _print(what: str, figures: dict[str, Figures]) -> None:
    load = os.getloadavg()[0]
    print(f"\n{what}, {os.cpu_count()} processors, load {load:.1f}\n")
    print(
        "| server | initialize | first diagnostics | edit p50 / p95 / max | CPU per edit | memory open / after |"
    )
    print("|---|---|---|---|---|---|")
    for name, one in figures.items():
        p50, p95 = _quantile(one.edits_ms, 0.5), _quantile(one.edits_ms, 0.95)
        print(
            f"| {name} | {one.initialize_ms:.0f} ms | {one.first_ms:.0f} ms "
            f"| {p50:.1f} / {p95:.1f} / {max(one.edits_ms):.1f} ms "
            f"| {statistics.mean(one.cpu_ms):.1f} ms | {one.rss_open_mib:.0f} / {one.rss_mib:.0f} MiB |"
        )
    ours = figures["tricklint"]
    for name, other in figures.items():
        if other is not ours:
            print(
                f"tricklint / {name}: edit p50 x {_ratio(ours, other, 0.5):.3g}, "
                f"p95 x {_ratio(ours, other, 0.95):.3g}, memory x {ours.rss_mib / other.rss_mib:.2g}"
            )


def _ratio(one: Figures, other: Figures, share: float) -> float:
    return _quantile(one.edits_ms, share) / _quantile(other.edits_ms, share)


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


def _candidates(pylsp: str) -> list[Candidate]:
    beside = Path(sys.executable).parent
    ruff = shutil.which("ruff", path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    found = [
        Candidate("tricklint", (sys.executable, "-m", "tricklint", "server"), _SOFTMAX, "TRK004")
    ]
    if ruff:
        found.append(Candidate("ruff", (ruff, "server"), *_UNDEFINED))
    if program := shutil.which(pylsp):
        found.append(Candidate("pylsp", (os.path.abspath(program),), *_UNDEFINED))
    missing = {"tricklint", "ruff", "pylsp"} - {candidate.name for candidate in found}
    for name in sorted(missing):
        print(f"NOT MEASURED: {name} is not installed", file=sys.stderr)
    return found


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, action="append", help="length of the file")
    parser.add_argument("--file", type=Path, action="append", help="a real file to edit")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of four edits")
    parser.add_argument("--pylsp", default="pylsp", help="the program, if it is not on PATH")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

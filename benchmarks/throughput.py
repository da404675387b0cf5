"""How long does a check take when nothing is known yet?  CPU time and memory, beside ruff.

    python benchmarks/throughput.py [FILE ...] [--lines 1000 --lines 10000] [--repeat 7]

Checks files in fresh processes, tricklint and ruff by turns, and prints medians.  Without files it
generates training code of the given lengths.  `engine` is the part of tricklint's time that grows
with the file: the check alone, in a process that has everything imported.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from training_code import training_code

# Run in a fresh process: the CPU time, in ms, of the first check of a file.
_ENGINE = """
import gc, sys, time
from pathlib import Path
from tricklint.engine import Engine
from tricklint.settings import Settings
from tricklint.workspace import Workspace

def check(path, text):
    workspace = Workspace((str(Path(path).parent),), lambda _: None)
    workspace.open(path, text)
    engine = Engine(workspace, Settings())
    gc.disable()
    start = time.process_time()
    engine.check(path)
    return (time.process_time() - start) * 1e3

path = sys.argv[1]
check(path, "import torch\\ntorch.zeros(1).view(1)\\n")
print(check(path, Path(path).read_text(encoding="utf-8")))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one process used."""

    cpu_ms: float
    peak_mib: float
    output: str


def main() -> int:
    """Measure, and print a table."""
    arguments = _arguments()
    print(
        "| file | lines | tricklint | engine | engine per 1,000 lines | ruff | tricklint / ruff | peak memory |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="tricklint-benchmark-") as folder:
        for path in arguments.files or _generated(arguments.lines or [1_000, 10_000], Path(folder)):
            _measure(path, arguments.repeat)
    return 0


def _measure(path: Path, repeat: int) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    beside = Path(sys.executable).parent
    ruff = shutil.which("ruff", path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    commands = {
        "tricklint": [sys.executable, "-m", "tricklint", "check", str(path)],
        "engine": [sys.executable, "-c", _ENGINE, str(path)],
    }
    if ruff:
        commands["ruff"] = [ruff, "check", "--no-cache", "--isolated", "--quiet", str(path)]
    else:
        print("NOT MEASURED: ruff is not installed", file=sys.stderr)
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(repeat):
        for name, command in commands.items():
            runs[name].append(run(command))
    whole = _median([one.cpu_ms for one in runs["tricklint"]])
    engine = _median([float(one.output) for one in runs["engine"]])
    peer = _median([one.cpu_ms for one in runs["ruff"]]) if ruff else float("nan")
    peak = _median([one.peak_mib for one in runs["tricklint"]])
    print(
        f"| {path.name} | {lines:,} | {whole:.0f} ms | {engine:.0f} ms | {engine / lines * 1e3:.0f} ms "
        f"| {peer:.0f} ms | x {whole / peer:.1f} | {peak:.0f} MiB |",
        flush=True,
    )


def run(command: Sequence[str]) -> Run:
    """Run a program to its end; findings are no failure."""
    with tempfile.TemporaryFile("w+") as output:
        child = subprocess.Popen(command, stdout=output)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in (0, 1):
            raise SystemExit(f"{' '.join(command[:4])}: exit status {child.returncode}")
        output.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        return Run(cpu * 1e3, usage.ru_maxrss / 1024, output.read())


def _generated(lengths: Sequence[int], folder: Path) -> list[Path]:
    paths = [folder / f"training_{lines}.py" for lines in lengths]
    for path, lines in zip(paths, lengths, strict=True):
        path.write_text(training_code(lines), encoding="utf-8")
    return paths


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--lines", type=int, action="append", help="length of a generated file")
    parser.add_argument("--repeat", type=int, default=7)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

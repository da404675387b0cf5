"""Probes for the tests: of scripts in the warm process, and of commands as a person starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tricklint.finding import Finding
from tricklint.probe.outcome import Collector, How, Outcome
from tricklint.probe.runner.events import decode
from tricklint.probe.runner.job import Job, Suspect

ROOT = Path(__file__).parents[2]


class Warm:
    """The process that forks; see `warm`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.probe.warm"],
            cwd=ROOT,
            # A tensor of ten numbers is no work for several threads.
            env={
                **os.environ,
                "OMP_NUM_THREADS": "1",
                "TRICKLINT_PROBE_STRICT": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def probe(self, path: Path, suspects: tuple[Finding, ...] = (), **options: object) -> Outcome:
        """Run a script to its end."""
        folder = path.parent
        scratch = folder.parent / f"{folder.name}-scratch"
        (scratch / "files").mkdir(parents=True, exist_ok=True)
        job = Job(
            **{
                "script": str(path), "arguments": (), "module": False, "source": "",
                "roots": (str(folder),), "scratch": str(scratch), "channel": 100,
                "steps": 60, "seconds": 30.0, "device": "", "observe": False,
                "file_bytes": 1 << 28,
                "suspects": tuple(
                    Suspect(one.code, one.span.path, one.span.start.line, one.span.end.line)
                    for one in suspects
                ),
                **options,
            }
        )  # fmt: skip
        job_file, events, output = folder / "job.json", scratch / "events", scratch / "output"
        job_file.write_text(json.dumps(asdict(job)))
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{job_file}\t{events}\t{output}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"
        job_file.unlink()
        collected = Collector(suspects)
        for line in events.read_bytes().splitlines():
            collected.take(decode(line))
        return collected.outcome(How.FINISHED, "", output.read_text(), 0.0, 0)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture(scope="session")
def warm() -> Iterator[Warm]:
    process = Warm()
    yield process
    process.close()


@pytest.fixture
def probe(warm: Warm, tmp_path: Path) -> Callable[..., Outcome]:
    """Probe a text."""

    def run(text: str, **options: object) -> Outcome:
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        script = folder / "train.py"
        script.write_text(text)
        return warm.probe(script, **options)  # pyright: ignore[reportArgumentType]

    return run

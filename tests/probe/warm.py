"""One process that has torch in memory and forks for each script: a probe in tenths of a second.

python -m tests.probe.warm JOB...   runs each job file, in a fork of its own
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path

RUNNER = Path(__file__).parents[2] / "server/tricklint/probe/runner/__main__.py"


def main() -> None:
    """Read lines `JOB EVENTS OUTPUT`: files to read from and to write to."""
    importlib.import_module("torch.utils.data")  # so that each fork has it

    for line in sys.stdin:
        job, events, output = line.split("\t")
        child = os.fork()
        if child == 0:
            _run(job, events, output.strip())
        os.waitpid(child, 0)
        sys.stdout.write("done\n")
        sys.stdout.flush()


def _run(job: str, events: str, output: str) -> None:
    descriptor = os.open(events, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(descriptor, 100)
    said = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(os.path.dirname(job))
    sys.argv[1:] = [job]
    spec = importlib.util.spec_from_file_location("start", RUNNER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    try:
        module.start()
    finally:
        sys.stdout.flush()
        os._exit(0)


if __name__ == "__main__":
    main()

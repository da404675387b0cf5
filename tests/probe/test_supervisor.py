"""The supervisor: what ends a probe, and that nothing stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tricklint.probe.lock import BusyError, locked
from tricklint.probe.outcome import How, Outcome
from tricklint.probe.request import Limits, Request
from tricklint.probe.runner.events import Event, PhaseBegan, Pulse
from tricklint.probe.supervisor import run

from ..command import environment


def request(folder: Path, text: str, **limits: float) -> Request:
    (folder / "train.py").write_text(text)
    place = str(folder)
    fixed = Limits(**limits)  # pyright: ignore[reportArgumentType]
    return Request("train.py", (), sys.executable, place, (place,), limits=fixed)


def watched(asked: Request) -> tuple[Outcome, list[Event]]:
    """Run it, and make sure that nothing stays."""
    heard: list[Event] = []
    before = set(os.listdir(asked.cwd))
    others = set(psutil.Process().children(recursive=True))  # the warm process, of other tests
    outcome = run(asked, heard.append)
    assert set(os.listdir(asked.cwd)) == before
    assert set(psutil.Process().children(recursive=True)) <= others
    return outcome, heard


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")  # a tensor of ten numbers is no work for several


def test_a_run_is_told_as_it_happens(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "scripts/script.py").read_text()
    outcome, heard = watched(request(tmp_path, text))
    assert outcome.how is How.FINISHED
    assert outcome.verdict is not None
    assert outcome.verdict.verdict == "overfits"
    phases = [one.name for one in heard if isinstance(one, PhaseBegan)]
    assert phases == ["training", "evaluation", "again", "end"]
    assert outcome.losses
    assert outcome.files == (str(tmp_path / "train.py"),)
    assert outcome.malformed == 0


def test_what_is_written_is_kept_away(tmp_path: Path) -> None:
    text = "import os, torch\nos.makedirs('runs/1')\ntorch.save(3, 'runs/1/a.pt')\nopen('b', 'w').close()\n"
    outcome, _ = watched(request(tmp_path, text))
    assert outcome.how is How.FINISHED, outcome.output
    assert [one.path for one in outcome.redirected] == ["runs/1/a.pt", "b"]


def test_an_endless_loop_is_ended_and_its_line_is_known(tmp_path: Path) -> None:
    text = "import torch\nx = 0\nwhile True:\n    x += 1\n"
    outcome, heard = watched(request(tmp_path, text, seconds=6.0))
    assert outcome.how is How.TIMED_OUT
    assert outcome.place is not None
    assert outcome.place.start.line in (2, 3)
    assert any(isinstance(one, Pulse) for one in heard)


def test_a_script_that_ignores_signals_is_ended(tmp_path: Path) -> None:
    text = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)\n"
    outcome, _ = watched(request(tmp_path, text, seconds=5.0))
    assert outcome.how is How.TIMED_OUT


def test_memory_is_limited_from_outside(tmp_path: Path) -> None:
    text = "kept = []\nwhile True:\n    kept.append(bytearray(50_000_000))\n"
    outcome, _ = watched(request(tmp_path, text, memory=900_000_000))
    assert outcome.how is How.OUT_OF_MEMORY


def test_a_file_cannot_grow_for_ever(tmp_path: Path) -> None:
    text = "with open('x', 'wb') as file:\n    while True:\n        file.write(bytes(1_000_000))\n"
    outcome, _ = watched(request(tmp_path, text, file_bytes=20_000_000))
    assert outcome.how is How.FAILED
    assert "File too large" in outcome.error


def test_many_files_cannot_fill_the_disk(tmp_path: Path) -> None:
    text = "n = 0\nwhile True:\n    n += 1\n    open(f'{n}', 'wb').write(bytes(1_000_000))\n"
    outcome, _ = watched(request(tmp_path, text, scratch_bytes=30_000_000, seconds=60))
    assert outcome.how is How.WROTE_TOO_MUCH


def test_a_flood_of_output_is_survived(tmp_path: Path) -> None:
    text = "for _ in range(300):\n    print('x' * 100_000)\nprint('the end')\n"
    outcome, _ = watched(request(tmp_path, text))
    assert outcome.how is How.FINISHED
    assert len(outcome.output) <= 64_000
    assert outcome.output.endswith("the end\n")


def test_a_process_that_dies_without_a_word_is_told(tmp_path: Path) -> None:
    outcome, _ = watched(request(tmp_path, "import os\nos.kill(os.getpid(), 9)\n"))
    assert (outcome.how, outcome.error) == (How.KILLED, "the process was ended by signal 9")


def test_processes_of_the_script_do_not_stay(tmp_path: Path) -> None:
    text = (
        "import subprocess, sys, time\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
        " start_new_session=True)\n"
        "time.sleep(2)\n"
    )
    outcome, _ = watched(request(tmp_path, text))
    assert outcome.how is How.FINISHED
    assert [one.what for one in outcome.effects] == ["process"]


def test_forged_events_are_dropped(tmp_path: Path) -> None:
    text = (
        "import os\n"
        "for fd in range(3, 40):\n"
        "    try:\n        os.write(fd, b'{\"kind\": \"finding\"}\\nrubbish\\n' + b'x' * 200_000)\n"
        "    except OSError:\n        pass\n"
    )
    outcome, _ = watched(request(tmp_path, text))
    assert outcome.malformed > 0
    assert outcome.findings == ()


def test_a_python_without_torch_is_named(tmp_path: Path) -> None:
    bare = tmp_path.parent / "bare"
    bare.mkdir()
    # `-S` leaves out the installed packages.
    python = bare / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
    python.chmod(0o755)
    outcome, _ = watched(replace(request(tmp_path, ""), python=str(python)))
    assert outcome.how is How.FAILED
    assert "--python" in outcome.hint


def test_one_probe_at_a_time(tmp_path: Path) -> None:
    with locked(str(tmp_path)), pytest.raises(BusyError, match="another probe"):
        run(request(tmp_path, ""))


def test_a_cancelled_probe_ends(tmp_path: Path) -> None:
    began = time.monotonic()
    outcome = run(
        request(tmp_path, "import time\ntime.sleep(600)\n"),
        cancelled=lambda: time.monotonic() - began > 2,
    )
    assert outcome.how is How.CANCELLED


SUPERVISOR = """\
import sys
from tricklint.probe.request import Request
from tricklint.probe.supervisor import run
run(Request("train.py", (), sys.executable, sys.argv[1], (sys.argv[1],)), lambda event: print(event, flush=True))
"""


def test_nothing_stays_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    scratch = tmp_path / "tmp"
    project = tmp_path / "project"
    scratch.mkdir()
    project.mkdir()
    text = "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\ntime.sleep(600)\n"
    (project / "train.py").write_text(text)
    outer = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, str(project)],
        env={**environment(), "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
    )
    assert outer.stdout is not None
    while b"SideEffect" not in outer.stdout.readline():
        pass
    time.sleep(0.3)
    family = psutil.Process(outer.pid).children(recursive=True)
    assert len(family) == 3  # the guard, the script and its own
    outer.send_signal(signal.SIGKILL)
    outer.wait()
    outer.stdout.close()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert alive == []
    assert list(scratch.iterdir()) == []

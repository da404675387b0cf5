"""Whatever lies on the disk: a clear message, the right status, no traceback, nothing written.

Each case runs in a process of its own, for some of these texts have killed parsers.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from .command import CLEARED, MISSING, Ended, tricklint

ESCAPE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\r"


def check(folder: Path, *arguments: str | Path) -> Ended:
    """Check with all that could write, and make sure that nothing was written or thrown."""
    before = fingerprint(folder)
    ended = tricklint("check", "--fix", "--unsafe-fixes", *arguments, cwd=folder)
    assert fingerprint(folder) == before
    for stream in (ended.out, ended.err):
        assert "Traceback" not in stream
        assert "internal error" not in stream
        assert "rule TRK" not in stream
    return ended


def fingerprint(folder: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        found[os.fsencode(path).hex()] = hashlib.sha256(data).hexdigest()
    return found


# What cannot be read, and the message.


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    ended = check(tmp_path, "nowhere.py")
    assert ended.status == 2
    assert ended.err == (
        "tricklint: nowhere.py: cannot be read: no such file or directory\n"
        "tricklint: nothing could be checked\n"
    )
    assert ended.out == ""


def test_a_folder_without_python(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/readme.md").write_text("x")
    ended = check(tmp_path, "docs")
    assert ended.status == 2
    assert ended.err == (
        "tricklint: docs: there are no Python files in this folder\n"
        "tricklint: nothing could be checked\n"
    )


def test_what_is_called_like_a_file_and_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "link.py").symlink_to("nowhere")
    ended = check(tmp_path, "folder.py", "pipe.py", "link.py")
    assert ended.status == 2
    assert ended.err.splitlines() == [
        "tricklint: folder.py: there are no Python files in this folder",
        "tricklint: pipe.py: cannot be read: not a regular file",
        "tricklint: link.py: cannot be read: a link to nowhere",
        "tricklint: nothing could be checked",
    ]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x7fELF\x02\x01\x01\0\0", "a binary file"),
        (b"import torch\nx = '\xff\xfe'\n", "not UTF-8, and no other encoding is declared"),
        (b"# coding: klingon\n", "its declared encoding klingon cannot be used"),
    ],
)
def test_bytes_that_are_no_text(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / "bad.py").write_bytes(data)
    alone = check(tmp_path, "bad.py")
    assert alone.status == 2
    assert alone.err.startswith(f"tricklint: bad.py: cannot be read: {message}")


def test_one_bad_file_does_not_cost_the_others(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_bytes(b"\xff")
    (tmp_path / "good.py").write_text(CLEARED)
    ended = check(tmp_path)
    assert ended.status == 1
    assert ended.err.startswith("tricklint: bad.py: cannot be read: not UTF-8")
    assert ended.out == "No problems found in 1 file.\n"
    listed = json.loads(tricklint("check", "--output-format=json", cwd=tmp_path).out)
    assert [(one["code"], one["filename"]) for one in listed] == [
        ("TRK901", str(tmp_path / "bad.py"))
    ]


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        # Root reads everything; a directory entry that is too long to open is refused to all.
        name = "a" * 300 + ".py"
        message = "file name too long"
    else:
        name, message = "secret.py", "permission denied"
        (tmp_path / name).write_text("")
        (tmp_path / name).chmod(0)
    ended = tricklint("check", name, cwd=tmp_path)
    assert ended.status == 2
    assert ended.err.startswith(f"tricklint: {name}: cannot be read: {message}")


def test_settings_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text(CLEARED)
    (tmp_path / "tricklint.toml").write_bytes(b"\xff\xfe")
    ended = check(tmp_path, "good.py")
    assert ended.status == 1
    assert ended.err.startswith("tricklint: tricklint.toml: cannot be read: not UTF-8")


# What can be read and is no ordinary program.

TEXTS = {
    "empty": "",
    "blank": "\n\n\t\n",
    "only a mark": "\ufeff",
    "half a line": "import torch\nfor x in (",
    "a nul": "import torch\n" + " " * 9000 + "\nx = '\0'\n",
    "a line of a million characters": "import torch\nx = '" + "a" * 1_000_000 + "'\n",
    "a line of a million names": "import torch\nx = [" + "a, " * 330_000 + "]\n",
    "brackets closed": "import torch\nx = " + "(" * 100_000 + ")" * 100_000 + "\n",
    "brackets open": "import torch\nx = " + "[" * 100_000 + "\n",
    "brackets over lines": "import torch\nx = " + "(\n" * 100_000 + ")\n" * 100_000,
    "calls": "import torch\n" + "f(" * 100_000 + ")" * 100_000 + "\n",
    "attributes": "import torch\nx" + ".y" * 100_000 + "\n",
    "a sum": "import torch\nx = " + " + ".join(["y"] * 10_000) + "\n",
    "a chain of not": "import torch\nx = " + "not " * 100_000 + "y\n",
    "indents": "import torch\n"
    + "".join(" " * n + "if x:\n" for n in range(500))
    + " " * 500
    + "y\n",
    "elifs": "import torch\nif x: pass\n" + "elif x: pass\n" * 5_000,
    "lambdas": "import torch\nx = " + "lambda: " * 50_000 + "0\n",
    "an f-string": "import torch\nx = f'" + "{" * 50_000 + "'\n",
    "an open string": "import torch\nx = '''" + "y\n" * 10_000,
    "separators": "import torch\nx = 'a\u2028b\x0cc\x1cd\x85e'\r\ny\rz\n",
    "decorators": "import torch\n" + "@x\n" * 10_000 + "def f(): pass\n",
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_strange_text_is_survived(tmp_path: Path, name: str) -> None:
    (tmp_path / "strange.py").write_text(TEXTS[name], encoding="utf-8", newline="")
    (tmp_path / "good.py").write_text(CLEARED)
    ended = check(tmp_path)
    assert (ended.status, ended.out, ended.err) == (0, "No problems found in 2 files.\n", "")


@pytest.mark.parametrize("name", ["brackets closed", "brackets open", "a sum", "indents", "a nul"])
def test_a_mistake_before_a_strange_text_is_still_found(tmp_path: Path, name: str) -> None:
    strange = TEXTS[name].removeprefix("import torch\n")
    (tmp_path / "a.py").write_text(f"{MISSING}\n\n{strange}", encoding="utf-8", newline="")
    ended = tricklint("check", cwd=tmp_path)
    assert ended.out.startswith("a.py:8:5: warning[TRK003 missing-zero-grad]"), ended


# Foreign text on a terminal.


def test_no_control_character_of_a_file_reaches_the_terminal(tmp_path: Path) -> None:
    folder = tmp_path / f"dir\x1b[31m\n{'é'}"
    folder.mkdir()
    text = MISSING.replace("    loss.backward()", f"    loss.backward()  # {ESCAPE[:-1]}\u2028é🙂")
    (folder / "a\x1b[2J.py").write_text(text)
    (folder / os.fsdecode(b"\xff\x9b.py")).write_bytes(b"\xff")
    (folder / "tricklint.toml").write_text('"a\u202e\\u001b" = 1\n')
    for options in ([], ["--output-format=json"], ["--select", ESCAPE], ["--fail-on", ESCAPE]):
        ended = tricklint("check", *options, cwd=tmp_path)
        for stream in (ended.out, ended.err):
            assert not [c for c in stream if c != "\n" and not c.isprintable()], stream
    ended = tricklint("check", cwd=tmp_path)
    assert r"loss.backward()  # \x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2028é🙂" in ended.out
    assert r"dir\x1b[31m\né/a\x1b[2J.py:8:5: warning[TRK003" in ended.out
    assert r"dir\x1b[31m\né/\udcff\udc9b.py: cannot be read" in ended.err


def test_a_terminal_without_unicode_is_served(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(MISSING.replace("backward()", "backward()  # é🙂"))
    ended = tricklint("check", cwd=tmp_path, extra={"PYTHONIOENCODING": "ascii"})
    assert ended.status == 1
    assert r"loss.backward()  # \xe9\U0001f642" in ended.out

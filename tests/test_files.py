"""Files keep their encoding, their marks and their rights; nothing is written by half."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tricklint.files import ChangedError, UnreadableError, encode, read, write


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"x = 1\r\ny\r", "x = 1\r\ny\r"),
        (b"\xef\xbb\xbfx = '\xc3\xa9'\n", "x = 'é'\n"),
        (b"# coding: latin-1\nx = '\xe9'\n", "# coding: latin-1\nx = 'é'\n"),
        (
            b"#!/bin/sh\n# -*- coding: cp1252 -*-\n'\x80'\n",
            "#!/bin/sh\n# -*- coding: cp1252 -*-\n'€'\n",
        ),
        ("x = '🙂\u2028\x0c'".encode(), "x = '🙂\u2028\x0c'"),
    ],
)
def test_a_text_goes_back_to_its_very_bytes(tmp_path: Path, data: bytes, text: str) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(data)
    source = read(str(file))
    assert source.text == text
    assert encode(source, source.text) == data


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = '\xe9'\n", "not UTF-8, and no other encoding is declared"),
        (
            b"x = 1\n" * 9000 + b"'\xe9'",
            "not UTF-8, and no other encoding is declared (byte 54001)",
        ),
        (b"# coding: klingon\n", "its declared encoding klingon cannot be used"),
        (b"# coding: ascii\n'\xc3\xa9'\n", "not in the encoding ascii that it declares (byte 17)"),
        (b"# coding: rot13\nx\n", "not in the encoding rot13 that it declares"),
        (b"\x7fELF\x00\x01", "a binary file"),
        ("x = 1".encode("utf-16"), "not UTF-8, and no other encoding is declared"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, data: bytes, reason: str) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(data)
    with pytest.raises(UnreadableError) as error:
        read(str(file))
    assert str(error.value) == reason


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "link.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    reasons = {}
    for name in ("pipe.py", "link.py", "loop.py", "missing.py", ".", "nul\0.py"):
        with pytest.raises(UnreadableError) as error:
            read(str(tmp_path / name))
        reasons[name] = str(error.value)
    assert reasons == {
        "pipe.py": "not a regular file",
        "link.py": "a link to nowhere",
        "loop.py": "too many levels of symbolic links",
        "missing.py": "no such file or directory",
        ".": "a folder, not a file",
        "nul\0.py": "embedded null byte",
    }


def test_writing_keeps_the_rights_and_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"old")
    file.chmod(0o750)
    write(str(file), b"new", read(str(file)).digest, str(tmp_path))
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o750
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_file_that_changed_meanwhile_stays(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"old")
    source = read(str(file))
    file.write_bytes(b"by somebody else")
    with pytest.raises(ChangedError, match="changed while it was checked"):
        write(str(file), b"new", source.digest, str(tmp_path))
    assert file.read_bytes() == b"by somebody else"
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_link_within_the_project_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"old")
    link = tmp_path / "b.py"
    link.symlink_to("a.py")
    write(str(link), b"new", read(str(link)).digest, str(tmp_path))
    assert link.is_symlink()
    assert (tmp_path / "a.py").read_bytes() == b"new"


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    outside, project = tmp_path / "outside.py", tmp_path / "project"
    project.mkdir()
    outside.write_bytes(b"old")
    link = project / "a.py"
    link.symlink_to(outside)
    with pytest.raises(ChangedError, match="a link out of the project"):
        write(str(link), b"new", read(str(link)).digest, str(project))
    assert outside.read_bytes() == b"old"


def test_a_text_that_the_encoding_cannot_hold_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"# coding: latin-1\n")
    source = read(str(file))
    with pytest.raises(ChangedError, match="the encoding iso-8859-1 cannot hold the new text"):
        encode(source, "# coding: latin-1\n'🙂'\n")


def test_an_encoding_that_would_change_other_bytes_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes(b"# coding: utf-7\n'+AGE-'\n")  # "a", in a way in which it is not written
    source = read(str(file))
    assert source.text == "# coding: utf-7\n'a'\n"
    with pytest.raises(ChangedError, match="would change what was not edited"):
        encode(source, source.text)

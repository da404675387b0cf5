"""Cutting, lowering and positions against whole-file readings of real packages.

A seeded sample runs by default.  TRICKLINT_ORACLE=full takes every file of the installed
packages, TRICKLINT_CORPUS adds the files below another folder.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from functools import cache
from pathlib import Path

import libcst as cst
import pytest

from tricklint.syntax.document import Document

from .syntax.oracle import Seen, names_and_calls, seen_by_ast, seen_by_libcst, seen_by_us

_SAMPLE = 40
_LONGEST = 100_000  # characters; libcst's own positions take seconds for more
_REFUSED = {"too long to read", "too many operators to read", "too deeply nested to read"}


@cache
def _files() -> tuple[Path, ...]:
    roots = [Path(cst.__file__).parents[1]]
    if corpus := os.environ.get("TRICKLINT_CORPUS"):
        roots.append(Path(corpus))
    found = sorted(path for root in roots for path in root.rglob("*.py"))
    found = [path for path in found if 0 < path.stat().st_size <= _LONGEST]
    if os.environ.get("TRICKLINT_ORACLE") == "full":
        return tuple(found)
    return tuple(random.Random(20).sample(found, _SAMPLE))


def _readable(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError:
        pytest.skip("not UTF-8")


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.name)
def test_leaves_say_what_a_whole_parse_says(path: Path) -> None:
    text = _readable(path)
    try:
        expected = Counter(seen_by_libcst(text))
    except cst.ParserSyntaxError:
        pytest.skip("not Python 3")
    module = Document(str(path), text).module
    ours = Counter(seen_by_us(module))
    assert {hole.message for hole in module.holes} <= _REFUSED
    if not module.holes:
        assert ours == expected
    else:  # what was refused is missing, and nothing else came in its place
        extra = ours - expected
        assert {seen.kind for seen in extra} == {"Hole"}


@pytest.mark.parametrize("path", _files(), ids=lambda path: path.name)
def test_names_and_calls_are_those_of_the_standard_library(path: Path) -> None:
    text = _readable(path)
    try:
        expected = seen_by_ast(text)
    except SyntaxError:
        pytest.skip("not for this Python")
    module = Document(str(path), text).module
    if module.holes:
        pytest.skip("holes are looked at in the other test")
    missing = expected - names_and_calls(seen_by_us(module))
    assert missing == Counter[Seen]()

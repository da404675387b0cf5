"""Columns in code points against columns in units, on any text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from tricklint.finding import Position, Span
from tricklint.lsp.convert import Home, engine_position, lsp_range
from tricklint.syntax.lines import split_lines

CODECS = {
    types.PositionEncodingKind.Utf8: ("utf-8", 1),
    types.PositionEncodingKind.Utf16: ("utf-16-le", 2),
    types.PositionEncodingKind.Utf32: ("utf-32-le", 4),
}
encodings = st.sampled_from(list(CODECS))
texts = st.text(st.sampled_from("aé中🎉\t \f\u2028\u0301'\"") | st.sampled_from("\r\n"))


def length(text: str, encoding: types.PositionEncodingKind) -> int:
    codec, width = CODECS[encoding]
    return len(text.encode(codec)) // width


@given(texts, encodings, st.data())
def test_a_place_survives_the_way_to_the_editor_and_back(text, encoding, data):
    lines = split_lines(text)
    line = data.draw(st.integers(0, len(lines) - 1))
    bare = lines[line].rstrip("\r\n")
    place = Position(line, data.draw(st.integers(0, len(bare))))
    home = Home("file:///a.py", 1, 0, lines)
    there = lsp_range(home, Span("/a.py", place, place), encoding).start
    assert there.character == length(bare[: place.column], encoding)
    assert engine_position(lines, there, encoding) == place


@given(texts, encodings, st.integers(0, 9), st.integers(0, 99))
def test_any_place_that_an_editor_can_name_lies_in_the_text(text, encoding, line, character):
    lines = split_lines(text)
    place = engine_position(lines, types.Position(line, character), encoding)
    assert place.line < len(lines)
    bare = lines[place.line].rstrip("\r\n")
    assert length(bare[: place.column], encoding) <= max(character, length(bare, encoding))
    assert place.column <= len(bare)


def test_the_middle_of_a_character_is_its_begin():
    place = engine_position(["🎉x"], types.Position(0, 1), types.PositionEncodingKind.Utf16)
    assert place == Position(0, 0)


def test_a_span_that_leaves_its_cell_ends_with_it():
    home = Home("cell", 1, 10, ["a\n", "bc"])
    span = Span("/n.ipynb", Position(10, 1), Position(14, 3))
    found = lsp_range(home, span, types.PositionEncodingKind.Utf16)
    assert found == types.Range(types.Position(0, 1), types.Position(1, 2))

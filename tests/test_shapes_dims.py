"""Dims calculate as Python's integers do, whatever values their symbols take."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tricklint.interpreter.dims import Dim, Folded, Kind, Symbols, product
from tricklint.interpreter.shape import Shape

_any_dims = settings(max_examples=100, deadline=None)
SYMBOLS = Symbols()
A, B, C = (SYMBOLS.generic(name) for name in "ABC")
K = SYMBOLS.constant("k")
a, b, c, k = (Dim.of(symbol) for symbol in (A, B, C, K))


@dataclass(frozen=True)
class Node:
    """An arithmetic expression that can be worked out with any kind of number."""

    sign: str
    left: Node | int | str
    right: Node | int | str

    def value(self, names):
        left, right = (_value(part, names) for part in (self.left, self.right))
        match self.sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case _:
                return left // right


def _value(part, names):
    if isinstance(part, Node):
        return part.value(names)
    return names[part] if isinstance(part, str) else names["of"](part)


LEAVES = st.one_of(st.sampled_from("ABCk"), st.integers(1, 6))
EXPRESSIONS = st.recursive(
    LEAVES, lambda parts: st.builds(Node, st.sampled_from("+-*/"), parts, parts), max_leaves=8
)
VALUES = st.fixed_dictionaries({name: st.integers(1, 30) for name in "ABCk"})


def symbolic(expression) -> Dim:
    found = _value(expression, {"A": a, "B": b, "C": c, "k": k, "of": Dim.of})
    assert isinstance(found, Dim)
    return found


def dims_of(values):
    return {symbol: Dim.of(values[symbol.name]) for symbol in (A, B, C, K)}


@_any_dims
@given(EXPRESSIONS, VALUES)
def test_an_expression_has_the_value_that_integers_give(expression, values):
    try:
        expected = _value(expression, values | {"of": int})
    except ZeroDivisionError:
        return
    dim = symbolic(expression)
    if any(isinstance(atom, Folded) for atom in dim.atoms):
        return
    assert dim.substitute(dims_of(values)).number == expected


@_any_dims
@given(EXPRESSIONS, EXPRESSIONS)
def test_order_of_factors_and_terms_makes_no_difference(one, other):
    left, right = symbolic(one), symbolic(other)
    assert left * right == right * left
    assert left + right == right + left
    assert hash(left + right) == hash(right + left)
    assert left - right == -(right - left)


@_any_dims
@given(EXPRESSIONS, EXPRESSIONS, VALUES)
def test_equal_dims_are_equal_for_all_values(one, other, values):
    left, right = symbolic(one), symbolic(other)
    if left == right:
        assert left.substitute(dims_of(values)) == right.substitute(dims_of(values))


@_any_dims
@given(EXPRESSIONS, EXPRESSIONS)
def test_an_exact_quotient_times_the_divisor_is_the_dividend(one, other):
    left, right = symbolic(one), symbolic(other)
    exact = left.divide(right)
    if exact is not None:
        assert exact * right == left
    assert (left * right).divide(right) == (left if right != Dim.of(0) else None)


@pytest.mark.parametrize(
    ("dim", "text"),
    [
        (Dim.of(7), "7"),
        (a * b, "A*B"),
        (a * 2, "2*A"),
        (a // 2, "A//2"),
        ((a * b) // 2, "(A*B)//2"),
        ((a // b) * b, "(A//B)*B"),
        (a + 1, "A + 1"),
        (a - b, "A - B"),
        (b - a, "-(A - B)"),
        ((a + 1) * b, "(A + 1)*B"),
        (Dim.of(1) // a, "1//A"),
    ],
)
def test_written_as_a_person_would(dim, text):
    assert str(dim) == text


@pytest.mark.parametrize(
    ("dim", "same"),
    [
        ((a * b) // b, a),
        ((a * 6) // (b * 4), (a * 3) // (b * 2)),
        (a * b + a * c, a * (b + c)),
        ((a + 1) - 1, a),
        ((a * 2 - 1) // 2 + 1, a),  # a stride of 2 behind an upsampling by 2
        ((a + 2 - 4) // 2 + 1, a // 2),  # kernel 4, stride 2, padding 1
        (a - a, Dim.of(0)),
        ((a - b * 2) + b * 2, a),
        ((a + b + 1) - (b + 1), a),
    ],
)
def test_normal_form(dim, same):
    assert dim == same


def test_what_cannot_be_divided_is_not_equal_to_what_might_be():
    assert (a // b) * b != a
    assert (a // 2) * 2 != a


def test_kinds_never_mix():
    assert Dim.of(3).kind is Kind.NUMBER
    assert (a * b // 2).kind is Kind.GENERIC
    assert (k + 1).kind is Kind.CONSTANT
    assert (a * k).kind is Kind.MIXED
    assert (a // k).kind is Kind.MIXED


def test_division_by_zero_is_only_equal_to_itself():
    assert a // 0 == a // 0
    assert a // 0 != b // 0
    assert (a // 0).number is None


def test_endless_growth_is_folded_and_stays_comparable():
    def grown(start):
        for _ in range(200):
            start = start * start + b
        return start

    assert grown(a) == grown(a)
    assert grown(a) != grown(c)
    assert grown(a).symbols == {A, B}
    assert len(str(grown(a))) < 2000
    assert grown(a).substitute({A: c}).symbols == {B, C}


def test_numbers_beyond_any_tensor_are_folded():
    huge = Dim.of(10**6000)
    assert huge == Dim.of(10**6000)
    assert huge != Dim.of(10**6001)
    assert huge.number is None


def test_symbols_are_their_ids():
    other = Symbols()
    assert other.generic("other name") == A
    assert other.generic("A") == B
    assert SYMBOLS.generic("A") != A


@pytest.mark.parametrize(
    ("shape", "text"),
    [
        (Shape.of(A, 3), "(A, 3)"),
        (Shape.of(A), "(A,)"),
        (Shape.of(), "()"),
        (Shape.of(a * b, prefix=True), "(..., A*B)"),
    ],
)
def test_a_shape_is_written_as_a_tuple(shape, text):
    assert str(shape) == text


def test_axes_of_a_shape_with_unknown_leading_axes_count_from_the_right():
    shape = Shape.of(A, B, prefix=True)
    assert (shape.axis(-1), shape.axis(-2), shape.axis(-3)) == (b, a, None)
    assert (shape.axis(0), shape.rank, shape.size) == (None, None, None)
    assert Shape.of(A, B).axis(0) == a
    assert Shape.of(A, B).axis(2) is None
    assert Shape.of(A, B).size == product((a, b))

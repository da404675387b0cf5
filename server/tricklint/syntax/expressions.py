"""Lowering of libcst expressions to the IR: one function per kind, chosen by `type(node)`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import libcst as cst

from . import ir
from .literals import integer_value, string_value
from .operators import OPERATORS

_HOLE = "\N{LATIN LETTER BILABIAL CLICK}\N{LATIN LETTER BILABIAL CLICK}"


@dataclass(slots=True)
class Numbering:
    """Hands out `at` and remembers which libcst nodes, first and last, each one stands for."""

    nodes: list[tuple[cst.CSTNode, cst.CSTNode]] = field(
        default_factory=list[tuple[cst.CSTNode, cst.CSTNode]]
    )
    yields: bool = False  # whether the function being read yields, apart from functions in it
    holes: tuple[tuple[str, ...], ...] = ()  # the identifiers in each stretch that was replaced
    pending: list[ir.Hole] = field(default_factory=list[ir.Hole])  # met, not yet among statements

    def number(self, node: cst.CSTNode) -> int:
        """The next number, for `node`."""
        self.nodes.append((node, node))
        return len(self.nodes) - 1

    def number_range(self, first: cst.CSTNode, last: cst.CSTNode) -> int:
        """The next number, for what reaches from `first` to `last`."""
        self.nodes.append((first, last))
        return len(self.nodes) - 1


def hole_name(index: int) -> str:
    """The identifier that stands in for the stretch of this index; no program has it."""
    return f"{_HOLE}{index}"


def hole_index(name: str) -> int | None:
    """The inverse of `hole_name`."""
    return int(name[len(_HOLE) :]) if name.startswith(_HOLE) else None


def lower_expression(node: cst.CSTNode, to: Numbering) -> ir.Expression:
    """One expression; its `at` comes before those of its parts."""
    lower = _EXPRESSIONS.get(type(node)) or _NEWER.get(type(node).__name__, _unknown)
    return lower(node, to)


def lower_argument(node: cst.Arg, to: Numbering) -> ir.Argument:
    """One argument of a call or of a class."""
    at = to.number(node)
    keyword = None if node.keyword is None else node.keyword.value
    return ir.Argument(lower_expression(node.value, to), keyword, node.star, at)


def lower_parameters(node: cst.Parameters, to: Numbering) -> tuple[ir.Parameter, ...]:
    """The parameters of a function or lambda, in the order they are written."""
    params = [_parameter(p, "positional", to) for p in node.posonly_params]
    params += [_parameter(p, "plain", to) for p in node.params]
    if isinstance(node.star_arg, cst.Param):
        params.append(_parameter(node.star_arg, "star", to))
    params += [_parameter(p, "keyword", to) for p in node.kwonly_params]
    if node.star_kwarg is not None:
        params.append(_parameter(node.star_kwarg, "double", to))
    return tuple(params)


def dotted_name(node: cst.CSTNode) -> str:
    """`a.b.c` as text, for the names in imports."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return ".".join(reversed(parts))


def _parameter(node: cst.Param, kind: str, to: Numbering) -> ir.Parameter:
    at = to.number(node)
    annotation = node.annotation
    return ir.Parameter(
        node.name.value,
        kind,
        None if annotation is None else lower_expression(annotation.annotation, to),
        None if node.default is None else lower_expression(node.default, to),
        at,
    )


def _unknown(node: cst.CSTNode, to: Numbering) -> ir.Expression:
    """A kind that a later libcst may bring: a value of which nothing is known."""
    return ir.Joined((), to.number(node))


_WORDS: dict[str, object] = {"None": None, "True": True, "False": False}


def _name(node: cst.Name, to: Numbering) -> ir.Expression:
    at = to.number(node)
    name = node.value
    if name in _WORDS:
        return ir.Constant(_WORDS[name], at)
    if to.holes and (index := hole_index(name)) is not None:
        to.pending.append(ir.Hole(to.holes[index], at))
        return ir.Joined((), at)
    return ir.Name(name, at)


def _attribute(node: cst.Attribute, to: Numbering) -> ir.Expression:
    at = to.number(node)
    return ir.Attribute(lower_expression(node.value, to), node.attr.value, at)


def _call(node: cst.Call, to: Numbering) -> ir.Expression:
    at = to.number(node)
    func = lower_expression(node.func, to)
    return ir.Call(func, tuple([lower_argument(arg, to) for arg in node.args]), at)


def _subscript(node: cst.Subscript, to: Numbering) -> ir.Expression:
    at = to.number(node)
    value = lower_expression(node.value, to)
    elements = node.slice
    if len(elements) == 1 and not isinstance(elements[0].comma, cst.Comma):
        return ir.Subscript(value, _index(elements[0], to), at)
    tuple_at = to.number_range(elements[0], elements[-1])
    items = tuple([_index(element, to) for element in elements])
    return ir.Subscript(value, ir.Sequence("tuple", items, tuple_at), at)


def _index(element: cst.SubscriptElement, to: Numbering) -> ir.Expression:
    index = element.slice
    if isinstance(index, cst.Slice):
        at = to.number(index)
        lower, upper, step = (_maybe(part, to) for part in (index.lower, index.upper, index.step))
        return ir.Slice(lower, upper, step, at)
    if isinstance(index, cst.Index):
        if index.star:
            at = to.number(index)
            return ir.Starred(lower_expression(index.value, to), at)
        return lower_expression(index.value, to)
    return _unknown(element, to)


def _maybe(node: cst.CSTNode | None, to: Numbering) -> ir.Expression | None:
    return None if node is None else lower_expression(node, to)


def _unary(node: cst.UnaryOperation, to: Numbering) -> ir.Expression:
    at = to.number(node)
    op = OPERATORS[type(node.operator)]
    return ir.Unary(op, lower_expression(node.expression, to), at)


def _binary(node: cst.BinaryOperation | cst.BooleanOperation, to: Numbering) -> ir.Expression:
    """A chain `a + b + c` leans to the left; a loop keeps it off Python's stack."""
    chain: list[tuple[cst.BinaryOperation | cst.BooleanOperation, int]] = []
    left: cst.CSTNode = node
    while isinstance(left, (cst.BinaryOperation, cst.BooleanOperation)):
        chain.append((left, to.number(left)))
        left = left.left
    lowered = lower_expression(left, to)
    for operation, at in reversed(chain):
        op = OPERATORS[type(operation.operator)]
        lowered = ir.Binary(lowered, op, lower_expression(operation.right, to), at)
    return lowered


def _compare(node: cst.Comparison, to: Numbering) -> ir.Expression:
    at = to.number(node)
    left = lower_expression(node.left, to)
    comparisons = tuple(
        [
            (OPERATORS[type(target.operator)], lower_expression(target.comparator, to))
            for target in node.comparisons
        ]
    )
    return ir.Compare(left, comparisons, at)


def _conditional(node: cst.IfExp, to: Numbering) -> ir.Expression:
    at = to.number(node)
    body = lower_expression(node.body, to)
    test = lower_expression(node.test, to)
    return ir.Conditional(test, body, lower_expression(node.orelse, to), at)


def _sequence(kind: str) -> Callable[[Any, Numbering], ir.Expression]:
    def lower(node: cst.Tuple | cst.List | cst.Set, to: Numbering) -> ir.Expression:
        at = to.number(node)
        return ir.Sequence(kind, tuple([_element(e, to) for e in node.elements]), at)

    return lower


def _element(node: cst.BaseElement, to: Numbering) -> ir.Expression:
    if isinstance(node, cst.StarredElement):
        return _starred(node, to)
    return lower_expression(node.value, to)


def _starred(node: cst.StarredElement, to: Numbering) -> ir.Expression:
    at = to.number(node)
    return ir.Starred(lower_expression(node.value, to), at)


def _dict(node: cst.Dict, to: Numbering) -> ir.Expression:
    at = to.number(node)
    items: list[tuple[ir.Expression | None, ir.Expression]] = []
    for element in node.elements:
        key = element.key if isinstance(element, cst.DictElement) else None
        items.append((_maybe(key, to), lower_expression(element.value, to)))
    return ir.Dict(tuple(items), at)


def _comprehension(kind: str) -> Callable[[Any, Numbering], ir.Expression]:
    def lower(node: cst.BaseSimpleComp, to: Numbering) -> ir.Expression:
        at = to.number(node)
        element = lower_expression(node.elt, to)
        return ir.Comprehension(kind, None, element, _generators(node.for_in, to), at)

    return lower


def _dict_comprehension(node: cst.DictComp, to: Numbering) -> ir.Expression:
    at = to.number(node)
    key = lower_expression(node.key, to)
    value = lower_expression(node.value, to)
    return ir.Comprehension("dict", key, value, _generators(node.for_in, to), at)


def _starred_dict_comprehension(node: cst.DictComp, to: Numbering) -> ir.Expression:
    """`{**d for d in ds}`: the keys come out of the values, so the two are not known apart."""
    at = to.number(node)
    value = lower_expression(node.value, to)
    return ir.Comprehension("dict", value, value, _generators(node.for_in, to), at)


def _generators(node: cst.CompFor | None, to: Numbering) -> tuple[ir.Generator, ...]:
    generators: list[ir.Generator] = []
    while node is not None:
        target = lower_expression(node.target, to)
        source = lower_expression(node.iter, to)
        conditions = tuple([lower_expression(each.test, to) for each in node.ifs])
        generators.append(ir.Generator(target, source, conditions))
        node = node.inner_for_in
    return tuple(generators)


def _lambda(node: cst.Lambda, to: Numbering) -> ir.Expression:
    at = to.number(node)
    params = lower_parameters(node.params, to)
    outer = to.yields
    body = lower_expression(node.body, to)
    to.yields = outer
    return ir.Lambda(params, body, at)


def _number(read: Callable[[str], object]) -> Callable[[Any, Numbering], ir.Expression]:
    def lower(node: cst.BaseNumber, to: Numbering) -> ir.Expression:
        return ir.Constant(read(getattr(node, "value", "0")), to.number(node))

    return lower


def _ellipsis(node: cst.Ellipsis, to: Numbering) -> ir.Expression:
    return ir.Constant(..., to.number(node))


def _string(node: cst.SimpleString, to: Numbering) -> ir.Expression:
    return ir.Constant(string_value(node.value), to.number(node))


def _concatenated(node: cst.ConcatenatedString, to: Numbering) -> ir.Expression:
    at = to.number(node)
    parts: list[cst.CSTNode] = []
    rest: cst.CSTNode = node
    while isinstance(rest, cst.ConcatenatedString):
        parts.append(rest.left)
        rest = rest.right
    parts.append(rest)
    values = [string_value(p.value) for p in parts if isinstance(p, cst.SimpleString)]
    if len(values) == len(parts):
        texts = [value for value in values if isinstance(value, str)]
        raw = [value for value in values if isinstance(value, bytes)]
        return ir.Constant(b"".join(raw) if raw else "".join(texts), at)
    return ir.Joined(tuple([value for part in parts for value in _holders(part, to)]), at)


def _formatted(node: cst.FormattedString, to: Numbering) -> ir.Expression:
    at = to.number(node)
    return ir.Joined(tuple(_holders(node, to)), at)


def _holders(node: cst.CSTNode, to: Numbering) -> Iterable[ir.Expression]:
    """The values that stand in braces in an f-string, those in format specs too.

    A template string has the shape of an f-string.
    """
    parts: Sequence[cst.CSTNode] | None = None
    if type(node).__name__ in ("FormattedString", "TemplatedString"):
        parts = cast("cst.FormattedString", node).parts
    elif type(node).__name__ in ("FormattedStringExpression", "TemplatedStringExpression"):
        holder = cast("cst.FormattedStringExpression", node)
        yield lower_expression(holder.expression, to)
        parts = holder.format_spec
    for part in parts or ():
        yield from _holders(part, to)


def _named(node: cst.NamedExpr, to: Numbering) -> ir.Expression:
    at = to.number(node)
    target = node.target
    name = ir.Name(target.value if isinstance(target, cst.Name) else "_", to.number(target))
    return ir.Named(name, lower_expression(node.value, to), at)


def _await(node: cst.Await, to: Numbering) -> ir.Expression:
    at = to.number(node)
    return ir.Await(lower_expression(node.expression, to), at)


def _yield(node: cst.Yield, to: Numbering) -> ir.Expression:
    at = to.number(node)
    to.yields = True
    value = node.value
    if isinstance(value, cst.From):
        return ir.Yield(lower_expression(value.item, to), is_from=True, at=at)
    return ir.Yield(_maybe(value, to), is_from=False, at=at)


_EXPRESSIONS: dict[type, Callable[[Any, Numbering], ir.Expression]] = {
    cst.Name: _name,
    cst.Attribute: _attribute,
    cst.Call: _call,
    cst.Subscript: _subscript,
    cst.UnaryOperation: _unary,
    cst.BinaryOperation: _binary,
    cst.BooleanOperation: _binary,
    cst.Comparison: _compare,
    cst.IfExp: _conditional,
    cst.Tuple: _sequence("tuple"),
    cst.List: _sequence("list"),
    cst.Set: _sequence("set"),
    cst.Dict: _dict,
    cst.ListComp: _comprehension("list"),
    cst.SetComp: _comprehension("set"),
    cst.GeneratorExp: _comprehension("generator"),
    cst.DictComp: _dict_comprehension,
    cst.StarredElement: _starred,
    cst.Lambda: _lambda,
    cst.Integer: _number(integer_value),
    cst.Float: _number(float),
    cst.Imaginary: _number(complex),
    cst.Ellipsis: _ellipsis,
    cst.SimpleString: _string,
    cst.ConcatenatedString: _concatenated,
    cst.FormattedString: _formatted,
    cst.NamedExpr: _named,
    cst.Await: _await,
    cst.Yield: _yield,
}

# What not every libcst that we run with has, or does not show.
_NEWER: dict[str, Callable[[Any, Numbering], ir.Expression]] = {
    "StarredDictComp": _starred_dict_comprehension,
    "TemplatedString": _formatted,
}

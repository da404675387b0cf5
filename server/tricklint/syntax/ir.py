"""The compact tree that everything after the parser reads.

Nodes are plain named tuples.  `at` numbers the nodes of one *leaf* (a stretch of about 20
lines that is parsed on its own), in the order of lowering, so a node is named by its leaf
and its `at`: see `NodeRef`.  No node knows a position; `syntax.module` finds it on demand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from .leaf import Leaf


class NodeRef(NamedTuple):
    """A node of the program: where its leaf stands, and its number in it."""

    leaf: Leaf
    at: int


class Section(NamedTuple):
    """A run of statements from one leaf; None means the leaf of the enclosing node."""

    leaf: Leaf | None
    body: tuple[Statement, ...]


Block: TypeAlias = tuple[Section, ...]


# Expressions


class Name(NamedTuple):
    """An identifier; True, False and None are constants."""

    id: str
    at: int


class Constant(NamedTuple):
    """A literal: None, bool, int, float, complex, str (parts joined), bytes or Ellipsis."""

    value: object
    at: int


class Attribute(NamedTuple):
    """`value.attr`."""

    value: Expression
    attr: str
    at: int


class Argument(NamedTuple):
    """One argument of a call.  `star` is "", "*" or "**"; `at` covers keyword and value."""

    value: Expression
    keyword: str | None
    star: str
    at: int


class Call(NamedTuple):
    """`func(*args)`, arguments in the order they are written."""

    func: Expression
    args: tuple[Argument, ...]
    at: int


class Subscript(NamedTuple):
    """`index` is a Sequence of kind "tuple" when more than one index is written."""

    value: Expression
    index: Expression  # pyright: ignore[reportIncompatibleMethodOverride]
    at: int


class Slice(NamedTuple):
    """`lower:upper:step`."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None
    at: int


class Unary(NamedTuple):
    """`op` as written: "-", "+", "~" or "not"."""

    op: str
    operand: Expression
    at: int


class Binary(NamedTuple):
    """`op` as written: "+", "@", "//", "and", "or" and so on."""

    left: Expression
    op: str
    right: Expression
    at: int


class Compare(NamedTuple):
    """`a < b <= c` has two comparisons: ("<", b) and ("<=", c); "is not" is one operator."""

    left: Expression
    comparisons: tuple[tuple[str, Expression], ...]
    at: int


class Conditional(NamedTuple):
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression
    at: int


class Sequence(NamedTuple):
    """A display.  `kind` is "list", "tuple" or "set"."""

    kind: str
    items: tuple[Expression, ...]
    at: int


class Dict(NamedTuple):
    """A key of None is `**value`."""

    items: tuple[tuple[Expression | None, Expression], ...]
    at: int


class Generator(NamedTuple):
    """One `for target in iter if ...` of a comprehension."""

    target: Expression
    iter: Expression
    conditions: tuple[Expression, ...]


class Comprehension(NamedTuple):
    """`kind` is "list", "set", "dict" or "generator"; `key` is there for "dict" only."""

    kind: str
    key: Expression | None
    element: Expression
    generators: tuple[Generator, ...]
    at: int


class Lambda(NamedTuple):
    """`lambda params: body`."""

    params: tuple[Parameter, ...]
    body: Expression
    at: int


class Joined(NamedTuple):
    """An f-string or implicitly joined strings with one: only the values in it."""

    values: tuple[Expression, ...]
    at: int


class Starred(NamedTuple):
    """`*value`."""

    value: Expression
    at: int


class Named(NamedTuple):
    """`target := value`."""

    target: Name
    value: Expression
    at: int


class Await(NamedTuple):
    """`await value`."""

    value: Expression
    at: int


class Yield(NamedTuple):
    """`is_from` for `yield from`."""

    value: Expression | None
    is_from: bool
    at: int


Expression: TypeAlias = (
    Name
    | Constant
    | Attribute
    | Call
    | Subscript
    | Slice
    | Unary
    | Binary
    | Compare
    | Conditional
    | Sequence
    | Dict
    | Comprehension
    | Lambda
    | Joined
    | Starred
    | Named
    | Await
    | Yield
)


# Statements


class Parameter(NamedTuple):
    """`kind` is "positional" (before /), "plain", "star", "keyword" (after *) or "double"."""

    name: str
    kind: str
    annotation: Expression | None
    default: Expression | None
    at: int


class ExpressionStatement(NamedTuple):
    """An expression alone on its line; a docstring is one."""

    value: Expression
    at: int


class Assign(NamedTuple):
    """`a = b = value` has two targets."""

    targets: tuple[Expression, ...]
    value: Expression
    at: int


class AugmentedAssign(NamedTuple):
    """`op` without the "=": "+", "@"."""

    target: Expression
    op: str
    value: Expression
    at: int


class AnnotatedAssign(NamedTuple):
    """`target: annotation = value`."""

    target: Expression
    annotation: Expression
    value: Expression | None
    at: int


class Return(NamedTuple):
    """`return value`."""

    value: Expression | None
    at: int


class Raise(NamedTuple):
    """`raise value`; what follows `from` is left out."""

    value: Expression | None
    at: int


class Delete(NamedTuple):
    """`del a, b`."""

    targets: tuple[Expression, ...]
    at: int


class Assert(NamedTuple):
    """`assert test`; the message is left out."""

    test: Expression
    at: int


class Pass(NamedTuple):
    """`pass`."""

    at: int


class Break(NamedTuple):
    """`break`."""

    at: int


class Continue(NamedTuple):
    """`continue`."""

    at: int


class Scope(NamedTuple):
    """`global a, b` or `nonlocal a`."""

    is_global: bool
    names: tuple[str, ...]
    at: int


class Import(NamedTuple):
    """`import a.b as c, d` has (("a.b", "c"), ("d", None))."""

    names: tuple[tuple[str, str | None], ...]
    at: int


class ImportFrom(NamedTuple):
    """`from ..a import b as c`: module "a", level 2, names (("b", "c"),); star is ("*", None)."""

    module: str
    level: int
    names: tuple[tuple[str, str | None], ...]
    at: int


class If(NamedTuple):
    """`elif` is an If alone in `orelse`."""

    test: Expression
    body: Block
    orelse: Block
    at: int


class For(NamedTuple):
    """`for target in iter`, with its `else`."""

    target: Expression
    iter: Expression
    body: Block
    orelse: Block
    is_async: bool
    at: int


class While(NamedTuple):
    """`while test`, with its `else`."""

    test: Expression
    body: Block
    orelse: Block
    at: int


class With(NamedTuple):
    """Each item is a value and the target behind its `as`."""

    items: tuple[tuple[Expression, Expression | None], ...]
    body: Block
    is_async: bool
    at: int


class Handler(NamedTuple):
    """`except type as name`.  `leaf` is where `type` stands, None for the leaf of the Try."""

    type: Expression | None
    name: str | None
    body: Block
    leaf: Leaf | None = None


class Try(NamedTuple):
    """`except*` is read as `except`."""

    body: Block
    handlers: tuple[Handler, ...]
    orelse: Block
    final: Block
    at: int


class Case(NamedTuple):
    """`names` are what the pattern binds; `constants` the literals, if it is only literals.

    `leaf` is where `guard` stands, None for the leaf of the Match.
    """

    names: tuple[str, ...]
    constants: tuple[object, ...] | None
    guard: Expression | None
    body: Block
    leaf: Leaf | None = None


class Match(NamedTuple):
    """`match subject` with its cases."""

    subject: Expression
    cases: tuple[Case, ...]
    at: int


class FunctionDef(NamedTuple):
    """`def` or `async def`; a lambda is an expression."""

    name: str
    params: tuple[Parameter, ...]
    returns: Expression | None
    decorators: tuple[Expression, ...]
    body: Block
    is_async: bool
    is_generator: bool
    at: int


class ClassDef(NamedTuple):
    """`args` are the bases and keywords as written."""

    name: str
    args: tuple[Argument, ...]
    decorators: tuple[Expression, ...]
    body: Block
    at: int


class Hole(NamedTuple):
    """Text that could not be read.  `names` are the identifiers in it: all may change."""

    names: tuple[str, ...]
    at: int


Statement: TypeAlias = (
    ExpressionStatement
    | Assign
    | AugmentedAssign
    | AnnotatedAssign
    | Return
    | Raise
    | Delete
    | Assert
    | Pass
    | Break
    | Continue
    | Scope
    | Import
    | ImportFrom
    | If
    | For
    | While
    | With
    | Try
    | Match
    | FunctionDef
    | ClassDef
    | Hole
)

Node: TypeAlias = Expression | Statement | Argument | Parameter

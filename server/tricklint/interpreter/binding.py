"""Binding the arguments of a call to the parameters of a function."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..syntax import ir
from .library import Arguments
from .store import MISSING
from .values import OTHERS, Function, Mapping, Unknown, Value, sequence

if TYPE_CHECKING:
    from .frames import Scope
    from .machine import Machine


def bind_parameters(
    machine: Machine,
    params: tuple[ir.Parameter, ...],
    function: Function,
    args: Arguments,
    scope: Scope,
) -> None:
    """Fill the scope of a new run.  What was not given and has no default is unknown."""
    positional = list(args.positional)
    keywords = dict(args.keywords)
    for param in params:
        if param.kind == "star":
            value: Value = sequence("tuple", tuple(positional), not args.open)
            positional = []
        elif param.kind == "double":
            others = {OTHERS: Unknown(param.name, given=True)} if args.open else {}
            value = Mapping({**keywords, **others})
            keywords = {}
        elif positional and param.kind != "keyword":
            value = positional.pop(0)
        elif param.name in keywords and param.kind != "positional":
            value = keywords.pop(param.name)
        else:
            value = _default(function, param, args)
        scope.names[param.name] = value


def _default(function: Function, param: ir.Parameter, args: Arguments) -> Value:
    default = function.defaults.get(param.name)
    if default is None or args.open:
        return Unknown(param.name, given=True)
    return default


def bind_unknown(
    machine: Machine, params: tuple[ir.Parameter, ...], scope: Scope, kinds: dict[str, str]
) -> None:
    """Fill the scope of a function that nobody in sight calls; `kinds` are the annotations."""
    for param in params:
        if scope.names.get(param.name, MISSING) is not MISSING:
            continue
        value = Unknown(param.name, given=True, kind=kinds.get(param.name, ""))
        if param.kind == "star":
            scope.names[param.name] = sequence("tuple", (value,), exact=False)
        elif param.kind == "double":
            scope.names[param.name] = Mapping({OTHERS: value})
        else:
            scope.names[param.name] = value

"""Which code can matter at all, by names alone: cheap, and never too little.

A function matters if it mentions a name that a rule needs (`step`, `view`), or a name under
which code that matters is known: another function, a class, an attribute, a module's variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from ..syntax import ir
from .search import self_assignments, statements

if TYPE_CHECKING:
    from ..syntax.leaf import Leaf
    from ..syntax.module import Definition, Module

Names: TypeAlias = frozenset[str]
Links: TypeAlias = tuple[tuple[str, Names], ...]

# The methods that run when a class is only named.
_IMPLIED = ("__init__", "__call__", "forward", "__enter__", "__iter__", "__next__", "training_step")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The names in each function of a module, and what each of its own names leads to.

    `links` may be those of an earlier text that lead to the same; then it is not `exact`.
    """

    module: Module
    functions: dict[str, Names]
    parts: dict[str, Links]  # by function; what is outside of them under ""
    links: Links
    exact: bool = True


class Relevance:
    """Which names lead to code that matters, in all modules of a program as it is edited."""

    def __init__(self, telling: Iterable[str], contextual: Iterable[str]) -> None:
        self._telling, self._contextual = frozenset(telling), frozenset(contextual)
        self._mentions: dict[str, Mentions] = {}
        # Names that a function may mention to be of any interest: those that lead somewhere.
        self._heads: Names = frozenset()
        self._headed: tuple[Links, ...] = ()
        self._led: dict[object, set[str]] = {}

    def refresh(self, modules: Mapping[str, Module]) -> None:
        """These are the modules now."""
        if len(modules) != len(self._mentions):
            self._mentions = {path: one for path, one in self._mentions.items() if path in modules}
        for path, module in modules.items():
            self._mentions[path] = self._of(module, self._mentions.get(path))
        if not _are_same(self._headed, self._links()):
            self._links_changed()

    def _links_changed(self) -> None:
        heads = frozenset(name for links in self._links() for name, _ in links)
        if heads != self._heads:
            self._heads = heads
            for path, known in self._mentions.items():
                if not known.exact:
                    self._mentions[path] = _with_parts(known.module, known.functions, known.parts)
        self._headed = self._links()
        self._led.clear()

    def _links(self) -> tuple[Links, ...]:
        return tuple(one.links for one in self._mentions.values())

    def _of(self, module: Module, known: Mentions | None) -> Mentions:
        if known is None or known.module.digest != module.digest:
            return mentions(module)
        if known.module is module:
            return known
        now, before = module.functions, known.module.functions
        if now.keys() != before.keys():
            return mentions(module)
        changed = [key for key, one in now.items() if not one.means(before[key])]
        if not changed:
            return replace(known, module=module)
        functions = known.functions | {key: now[key].words for key in changed}
        parts = known.parts | {key: _links_of_function(now[key]) for key in changed}
        if any(self._leads_elsewhere(before[key], now[key]) for key in changed):
            return _with_parts(module, functions, parts)
        return Mentions(module, functions, parts, known.links, exact=False)

    def _leads_elsewhere(self, before: Definition, now: Definition) -> bool:
        rest = before.words ^ now.words
        known = (self._heads, self._telling, self._contextual)
        return _attributes(before) != _attributes(now) or not all(
            rest.isdisjoint(one) for one in known
        )

    def names(self, path: str) -> Mapping[str, Names]:
        """The names in each function of a module."""
        return self._mentions[path].functions

    def telling(self) -> set[str]:
        """The names that lead to something a rule needs."""
        if None not in self._led:
            self._led[None] = leading_to(self._telling, self._links())
        return self._led[None]

    def contextual(self, path: str) -> set[str]:
        """The names in a module that lead to code whose findings may depend on who calls it."""
        if path not in self._led:
            links = self._mentions[path].links
            start = {name for name, names in links if not self._contextual.isdisjoint(names)}
            self._led[path] = leading_to(start, [links])
        return self._led[path]

    def callers(self, path: str, names: set[str]) -> set[str]:
        """`names`, and those in a module that lead to one of them."""
        return leading_to(names, [self._mentions[path].links])


def _are_same(left: tuple[Links, ...], right: tuple[Links, ...]) -> bool:
    return len(left) == len(right) and all(a is b for a, b in zip(left, right, strict=True))


def mentions(module: Module) -> Mentions:
    """What a module's text names."""
    functions = {key: one.words for key, one in module.functions.items()}
    parts = {key: _links_of_function(one) for key, one in module.functions.items()}
    return _with_parts(module, functions, {"": _outline(module.digest, module), **parts})


def _with_parts(module: Module, functions: dict[str, Names], parts: dict[str, Links]) -> Mentions:
    return Mentions(module, functions, parts, tuple(chain.from_iterable(parts.values())))


def _links_of_function(definition: Definition) -> Links:
    names, links = definition.words, _attributes(definition)
    owner, _, name = definition.key.partition("#")[0].rpartition(".")
    if owner and name in _IMPLIED:
        return (*links, (name, names), (owner.rpartition(".")[2], names))
    return (*links, (name, names))


def leading_to(names: Iterable[str], links: Iterable[Links]) -> set[str]:
    """These names, and all through which they are reached."""
    found = set(names)
    rest = [link for some in links for link in some]
    while True:
        left: list[tuple[str, Names]] = []
        before = len(found)
        for link in rest:
            if link[0] in found:
                continue
            if found.isdisjoint(link[1]):
                left.append(link)
            else:
                found.add(link[0])
        if len(found) == before:
            return found
        rest = left


_ASSIGNMENT = re.compile(r"\w\.\w+[\s\\]*(?::[^=\n]*)?=(?!=)")


def _attributes(definition: Definition) -> Links:
    """What a method's attributes are made of.  Only a method that seems to set some is read."""
    if not any(_ASSIGNMENT.search(text) for text in definition.text):
        return ()
    return tuple(
        (name, frozenset(one for value, _ in values for one in identifiers(value)))
        for name, values in self_assignments(definition.node, definition.leaf).items()
    )


_OUTLINES: dict[bytes, Links] = {}
_MOST_OUTLINES = 5_000


def _outline(digest: bytes, module: Module) -> Links:
    """What the module's variables and classes are made of, their functions left out."""
    found = _OUTLINES.get(digest)
    if found is None:
        if len(_OUTLINES) >= _MOST_OUTLINES:
            _OUTLINES.clear()
        leaf = module.outline[0].leaf if module.outline else None
        found = _OUTLINES[digest] = tuple(_links_of(module.outline, leaf))
    return found


def _links_of(block: ir.Block, leaf: Leaf | None) -> Iterator[tuple[str, Names]]:
    if leaf is None:
        return
    for statement, _ in statements(block, leaf):
        if isinstance(statement, ir.ClassDef):
            yield statement.name, frozenset(identifiers(statement.args))
            yield from _links_of(statement.body, leaf)
        elif isinstance(statement, ir.Assign):
            value = frozenset(identifiers(statement.value))
            for target in statement.targets:
                yield from ((name, value) for name in identifiers(target))
        elif isinstance(statement, ir.ImportFrom):
            yield from ((alias, frozenset((name,))) for name, alias in statement.names if alias)
        elif isinstance(statement, ir.For):
            value = frozenset(identifiers(statement.iter))
            yield from ((name, value) for name in identifiers(statement.target))


def identifiers(node: Any) -> Iterator[str]:
    """Every name, attribute and keyword in a tree, and every short text that may be one."""
    if isinstance(node, ir.Name):
        yield node.id
        return
    if isinstance(node, ir.Constant):
        if isinstance(node.value, str) and node.value.isidentifier():
            yield node.value
        return
    if isinstance(node, ir.ImportFrom):
        yield from (name for names in node.names for name in names if name)
        return
    if isinstance(node, ir.Attribute):
        yield node.attr
    elif isinstance(node, ir.Argument) and node.keyword:
        yield node.keyword
    for part in node:
        if isinstance(part, tuple):
            yield from identifiers(part)

"""Which code can matter at all, by names alone: cheap, and never too little.

A function matters if it mentions a name that a rule needs (`step`, `view`), or a name under
which code that matters is known: another function, a class, an attribute, a module's variable.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
    links: Links
    exact: bool


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
            self._heads_changed()

    def _heads_changed(self) -> None:
        heads = frozenset(name for links in self._links() for name, _ in links)
        if heads != self._heads:
            self._heads = heads
            for path, known in self._mentions.items():
                if not known.exact:
                    self._mentions[path] = mentions(known.module)
        self._headed = self._links()
        self._led.clear()

    def _links(self) -> tuple[Links, ...]:
        return tuple(one.links for one in self._mentions.values())

    def _of(self, module: Module, known: Mentions | None) -> Mentions:
        if known is None or known.module.digest != module.digest:
            return mentions(module)
        if known.module is module:
            return known
        functions, old = module.functions, known.module.functions
        if functions.keys() != old.keys():
            return mentions(module)
        names = known.functions
        for key, definition in functions.items():
            if definition.digest != old[key].digest:
                (was, links), (now, new_links) = _of_function(old[key]), _of_function(definition)
                rest = was ^ now
                if links != new_links or not rest.isdisjoint(self._heads):
                    return mentions(module)
                if not rest.isdisjoint(self._telling) or not rest.isdisjoint(self._contextual):
                    return mentions(module)
                names = {**names, key: now}
        return Mentions(module, names, known.links, known.exact and names is known.functions)

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
    functions: dict[str, Names] = {}
    links: list[tuple[str, Names]] = list(_outline(module.digest, module))
    for key, definition in module.functions.items():
        found = _of_function(definition)
        functions[key] = found[0]
        links += found[1]
        owner, _, name = key.partition("#")[0].rpartition(".")
        links.append((name, found[0]))
        if owner and name in _IMPLIED:
            links.append((owner.rpartition(".")[2], found[0]))
    return Mentions(module, functions, tuple(links), True)


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


_FUNCTIONS: dict[bytes, tuple[Names, Links]] = {}
_MOST_FUNCTIONS = 50_000


def _of_function(definition: Definition) -> tuple[Names, Links]:
    digest = definition.digest
    found = _FUNCTIONS.get(digest)
    if found is None:
        if len(_FUNCTIONS) >= _MOST_FUNCTIONS:
            _FUNCTIONS.clear()
        node, leaf = definition.node, definition.leaf
        attributes = tuple(
            (name, frozenset(one for value, _ in values for one in identifiers(value)))
            for name, values in self_assignments(node, leaf).items()
        )
        found = _FUNCTIONS[digest] = (frozenset(identifiers(node)), attributes)
    return found


_OUTLINES: dict[bytes, Links] = {}
_MOST_OUTLINES = 5_000


def _outline(digest: bytes, module: Module) -> Links:
    """What the module's variables and classes are made of, their functions left out."""
    found = _OUTLINES.get(digest)
    if found is None:
        if len(_OUTLINES) >= _MOST_OUTLINES:
            _OUTLINES.clear()
        leaf = module.body[0].leaf if module.body else None
        found = _OUTLINES[digest] = tuple(_links_of(module.body, leaf))
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

"""Which code can matter at all, by names alone: cheap, and never too little.

A function matters if it mentions a name that a rule needs (`step`, `view`), or a name under
which code that matters is known: another function, a class, an attribute, a module's variable.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from ..syntax import ir
from .leading import Leading, Links, Names
from .search import self_assignments, statements

if TYPE_CHECKING:
    from ..syntax.leaf import Leaf
    from ..syntax.module import Definition, Module
    from .library import Library

# The methods that run when a class is only named.
_IMPLIED = ("__init__", "__call__", "forward", "__enter__", "__iter__", "__next__", "training_step")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The names in each function of a module, and what each of its own names leads to."""

    module: Module
    functions: dict[str, Names]
    parts: dict[str, Links]  # by function; what is outside of them under ""

    @property
    def links(self) -> Iterable[Links]:
        """All of them."""
        return self.parts.values()


class Relevance:
    """Which names lead to code that matters, in all modules of a program as it is edited."""

    def __init__(self, library: Library) -> None:
        self._telling, self._contextual = frozenset(library.telling), frozenset(library.contextual)
        self._beside = tuple(library.telling_beside)
        self._companions = frozenset[str]().union(*(some for some, _ in self._beside))
        self._mentions: dict[str, Mentions] = {}
        self._to_telling: Leading | None = None
        self._to_contextual: dict[str, Leading] = {}

    def refresh(self, modules: Mapping[str, Module]) -> None:
        """These are the modules now."""
        if self._mentions.keys() != modules.keys():
            self._to_telling = None
            self._mentions = {path: one for path, one in self._mentions.items() if path in modules}
        for path, module in modules.items():
            known = self._mentions.get(path)
            if known is None or known.module is not module:
                self._mentions[path] = self._renewed(path, module, known)

    def _renewed(self, path: str, module: Module, known: Mentions | None) -> Mentions:
        now = module.functions
        if known is None or not _are_alike(known, module):
            self._to_telling = None
            self._to_contextual.pop(path, None)
            return mentions(module)
        changed = module.rewritten(known.module)
        if not changed:
            return replace(known, module=module)
        parts = {key: _links_of_function(now[key]) for key in changed}
        words = {key: now[key].words for key in changed}
        self._note_links([(known.parts[key], parts[key]) for key in changed], path)
        if any(not self._companions.isdisjoint(words[k] ^ known.functions[k]) for k in changed):
            self._to_telling = None
        return Mentions(module, known.functions | words, known.parts | parts)

    def _note_links(self, changes: Sequence[tuple[Links, Links]], path: str) -> None:
        telling, contextual = self._to_telling, self._to_contextual.get(path)
        if telling and not all(telling.stands(before, now) for before, now in changes):
            self._to_telling = None
        if contextual and not all(contextual.stands(before, now) for before, now in changes):
            del self._to_contextual[path]

    def names(self, path: str) -> Mapping[str, Names]:
        """The names in each function of a module."""
        return self._mentions[path].functions

    def telling(self) -> set[str]:
        """The names that lead to something a rule needs."""
        if self._to_telling is None:
            self._to_telling = Leading(self._telling_here(), self._links())
        return self._to_telling.reached

    def _links(self) -> Iterator[Links]:
        return chain.from_iterable(one.links for one in self._mentions.values())

    def _telling_here(self) -> Names:
        found = self._telling
        for some, more in self._beside:
            named = any(not some.isdisjoint(names) for links in self._links() for _, names in links)
            found = found | more if named else found
        return found

    def contextual(self, path: str) -> set[str]:
        """The names in a module that lead to code whose findings may depend on who calls it."""
        if path not in self._to_contextual:
            links = self._mentions[path].links
            self._to_contextual[path] = Leading(self._contextual, links)
        return set(self._to_contextual[path].names)

    def callers(self, path: str, names: set[str]) -> set[str]:
        """`names`, and those in a module that lead to one of them."""
        return Leading(names, self._mentions[path].links).reached


def _are_alike(known: Mentions, module: Module) -> bool:
    """Are there the same functions, and is the rest of the text the same?"""
    is_same = known.module.digest == module.digest
    return is_same and known.functions.keys() == module.functions.keys()


def mentions(module: Module) -> Mentions:
    """What a module's text names."""
    functions = {key: one.words for key, one in module.functions.items()}
    parts = {key: _links_of_function(one) for key, one in module.functions.items()}
    return Mentions(module, functions, {"": _outline(module.digest, module), **parts})


def _links_of_function(definition: Definition) -> Links:
    names, links = definition.words, _attributes(definition)
    owner, _, name = definition.key.partition("#")[0].rpartition(".")
    if owner and name in _IMPLIED:
        return (*links, (name, names), (owner.rpartition(".")[2], names))
    return (*links, (name, names))


_ASSIGNMENT = re.compile(r"\w\.\w+[\s\\]*(?::[^=\n]*)?=(?!=)")


def _attributes(definition: Definition) -> Links:
    """What a method's attributes are made of, by way of its variables too.

    Only a method that seems to set some is read.
    """
    if not any(_ASSIGNMENT.search(text) for text in definition.text):
        return ()
    node, leaf = definition.node, definition.leaf
    assigned = self_assignments(node, leaf)
    variables = _variables(node, leaf) if assigned else {}
    found: list[tuple[str, Names]] = []
    for name, values in assigned.items():
        names = {one for value, _ in values for one in identifiers(value)}
        todo = list(names)
        while todo:
            new = variables.get(todo.pop(), _NO_NAMES) - names
            names |= new
            todo += new
        found.append((name, frozenset(names)))
    return tuple(found)


_NO_NAMES: Names = frozenset()


def _variables(node: ir.FunctionDef, leaf: Leaf) -> dict[str, Names]:
    """All that stands beside each variable of a function: `layers += [nn.ReLU()]`."""
    local: set[str] = set()
    mentioned: list[Names] = []
    for one, _ in statements(node.body, leaf):
        if isinstance(one, ir.Assign):
            local.update(target.id for target in one.targets if isinstance(target, ir.Name))
        if isinstance(one, ir.Assign | ir.AugmentedAssign | ir.ExpressionStatement):
            mentioned.append(frozenset(identifiers(one)))
    found: dict[str, Names] = {}
    for names in mentioned:
        for name in names & local:
            found[name] = found.get(name, _NO_NAMES) | names
    return found


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

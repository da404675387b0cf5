"""Positions of libcst nodes: code is generated once, and only counted, not built.

The rules are those of `libcst.metadata.PositionProvider` (parentheses around an expression and
white space around a statement do not belong to it), at a sixth of its price.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import NamedTuple

import libcst as cst
from libcst._nodes.internal import CodegenState


class Extent(NamedTuple):
    """Where a node starts and ends, as (line, column) from 0.

    `outer` is with the parentheses around it; for a suite it starts right behind the colon.
    """

    start: tuple[int, int]
    end: tuple[int, int]
    outer_start: tuple[int, int]
    outer_end: tuple[int, int]


def extents(module: cst.Module) -> dict[int, Extent]:
    """The extent of every node, by `id(node)`."""
    counter = _Counter(module.default_indent, module.default_newline)
    module._codegen(counter)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return counter.found


class _Counter(CodegenState):
    def __init__(self, indent: str, newline: str) -> None:
        super().__init__(indent, newline)
        self.line = 0
        self.column = 0
        self.found: dict[int, Extent] = {}
        self.inner: dict[int, tuple[tuple[int, int], tuple[int, int]]] = {}
        self.starts: list[tuple[int, int]] = []

    def add_token(self, value: str) -> None:
        if "\n" not in value and "\r" not in value:
            self.column += len(value)
            return
        unified = value.replace("\r\n", "\n").replace("\r", "\n")
        self.line += unified.count("\n")
        self.column = len(unified) - unified.rindex("\n") - 1

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.column += len(token)

    def pop_trailing_newline(self) -> None:
        pass

    def before_codegen(self, node: cst.CSTNode) -> None:  # noqa: ARG002
        self.starts.append((self.line, self.column))

    def after_codegen(self, node: cst.CSTNode) -> None:
        outer_start = self.starts.pop()
        outer_end = (self.line, self.column)
        start, end = self.inner.get(id(node), (outer_start, outer_end))
        self.found[id(node)] = Extent(start, end, outer_start, outer_end)

    def record_syntactic_position(  # pyright: ignore[reportIncompatibleMethodOverride]
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> AbstractContextManager[None]:
        return _Recording(self, node, start_node, end_node)


class _Recording(AbstractContextManager[None]):
    __slots__ = ("counter", "end_node", "node", "start", "start_node")

    def __init__(
        self,
        counter: _Counter,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self.counter = counter
        self.node = node
        self.start_node = start_node
        self.end_node = end_node
        self.start = (counter.line, counter.column)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            return
        counter = self.counter
        start, end = self.start, (counter.line, counter.column)
        if self.start_node is not None:
            start = counter.found[id(self.start_node)].start
        if self.end_node is not None:
            end = counter.found[id(self.end_node)].end
        counter.inner[id(self.node)] = (start, end)

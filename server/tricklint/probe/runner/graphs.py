"""Questions to the graph that a tensor came from.

What we know of a node stands in its own `metadata`, so it lives and dies with the graph.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_SCALE = "tricklint_scale"
_FLOOR = "tricklint_floor"

# Nodes that give the same numbers in another form.
_SAME = ("View", "Reshape", "ToCopy", "Alias", "Squeeze", "Unsqueeze", "Transpose", "Permute", "T",
         "Clone", "Expand", "UnsafeView", "Contiguous", "Select", "Slice")  # fmt: skip
# Nodes that keep a sum of losses one.
_SUMS = ("Add", "Mean", "Sum", "Stack", "Cat", *_SAME)


def name_of(node: Any) -> str:
    """`AddBackward0` is `Add`."""
    return "" if node is None else str(node.name()).partition("Backward")[0]


def children(node: Any) -> list[Any]:
    """The nodes that feed a node; None for a constant."""
    return [child for child, _ in node.next_functions]


def producer(node: Any) -> Any:
    """The node that made the numbers, behind views and casts."""
    for _ in range(20):
        if name_of(node) not in _SAME:
            break
        inner = [child for child in children(node) if child is not None]
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def shape_of(node: Any) -> tuple[int, ...] | None:
    """The shape of what a node gives; older versions of torch do not say."""
    known = getattr(node, "_input_metadata", None)
    return tuple(known[0].shape) if known else None


def walk(node: Any, limit: int = 20_000) -> Iterator[Any]:
    """All nodes of a graph, each once."""
    todo, seen = [node], {node}
    while todo and limit:
        limit -= 1
        current = todo.pop()
        yield current
        for child in children(current):
            if child is not None and child not in seen:
                seen.add(child)
                todo.append(child)


def leaves(node: Any) -> Iterator[Any]:
    """The tensors that a backward pass gives gradients to."""
    for one in walk(node):
        variable = getattr(one, "variable", None)
        if variable is not None:
            yield variable


def set_scale(node: Any, scale: float) -> None:
    """Remember the factor of a GradScaler."""
    if node is not None:
        node.metadata[_SCALE] = scale


def scale_of(node: Any) -> float:
    """The factor of a GradScaler, or 1."""
    return float(node.metadata.get(_SCALE, 1.0)) if node is not None else 1.0


def set_floor(node: Any, *, known: bool) -> None:
    """Remember of a loss whether a model that fits perfectly brings it to 0."""
    if node is not None:
        node.metadata[_FLOOR] = known


def floor_is_zero(node: Any, depth: int = 12) -> bool:
    """Whether a loss is surely made of such losses only."""
    if node is None or depth == 0:
        return False
    known = node.metadata.get(_FLOOR)
    if known is not None:
        return bool(known)
    name, inner = name_of(node), children(node)
    if name in ("Mul", "Div"):
        inner = [child for child in inner if child is not None]
        return len(inner) == 1 and floor_is_zero(inner[0], depth - 1)
    if name in ("Pow", "Abs", "Square"):
        return name_of(inner[0]) in ("Sub", "Rsub")
    return name in _SUMS and all(floor_is_zero(child, depth - 1) for child in inner)

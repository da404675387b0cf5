"""The program as rules see it: a fixed list of questions, and the text behind every node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from .finding import Span
from .interpreter.biases import CancelledBias, NeededBias
from .interpreter.facts import Fact, LossInput, Reshape, Update
from .syntax import ir
from .syntax.ir import NodeRef
from .syntax.module import Module


class Files(Protocol):
    """What is known of files without a look into them."""

    def named_elsewhere(self, path: str, name: str) -> bool:
        """Does a file that imports this one, directly or not, mention the name?"""
        ...

    def imported_by(self, path: str) -> frozenset[str]:
        """The files that this one imports, directly or not."""
        ...


@dataclass(frozen=True, slots=True)
class Program:
    """What was seen in all that was run.  Facts come once each, in a fixed order."""

    modules: Mapping[str, Module]
    facts: tuple[Fact, ...]
    files: Files

    @property
    def updates(self) -> Iterable[Update]:
        """Steps of an optimizer that use the wrong gradients."""
        return (fact for fact in self.facts if isinstance(fact, Update))

    @property
    def losses(self) -> Iterable[LossInput]:
        """Inputs of losses whose range is known."""
        return (fact for fact in self.facts if isinstance(fact, LossInput))

    @property
    def reshapes(self) -> Iterable[Reshape]:
        """Views that change which number stands where."""
        return (fact for fact in self.facts if isinstance(fact, Reshape))

    @property
    def cancelled_biases(self) -> Iterable[CancelledBias]:
        """Layers whose bias the norm behind them takes away."""
        return (fact for fact in self.facts if isinstance(fact, CancelledBias))

    @property
    def needed_biases(self) -> frozenset[NodeRef]:
        """The calls that decide the bias of a layer whose output something else sees."""
        facts = (fact for fact in self.facts if isinstance(fact, NeededBias))
        return frozenset(call for fact in facts for call in fact.calls)

    def module_of(self, ref: NodeRef) -> Module:
        """The module that a node stands in; KeyError if that is gone."""
        for module in self.modules.values():
            if module.holds(ref):
                return module
        raise KeyError(ref)

    def span(self, ref: NodeRef) -> Span:
        """Where a node stands."""
        return self.module_of(ref).span(ref)

    def node(self, ref: NodeRef) -> ir.Node:
        """The node of this name."""
        return self.module_of(ref).node(ref)

    def function_of(self, ref: NodeRef) -> NodeRef | None:
        """The function that a node stands in; None in the module's own code."""
        module = self.module_of(ref)
        around = module.parents(ref)
        return next((one for one in around if isinstance(module.node(one), ir.FunctionDef)), None)

    def text(self, ref: NodeRef) -> str:
        """A node as the user wrote it."""
        module = self.module_of(ref)
        return module.text_of(module.span(ref))

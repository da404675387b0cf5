"""The program as rules see it: a fixed list of questions, and the text behind every node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .finding import Span
from .interpreter.data_facts import Labels, PartUse, Prepared, Reassigned, Scale
from .interpreter.facts import Fact, LossInput, Reshape, Update
from .syntax import ir
from .syntax.ir import NodeRef
from .syntax.module import Module


@dataclass(frozen=True, slots=True)
class Program:
    """What was seen in all that was run.  Facts come once each, in a fixed order."""

    modules: Mapping[str, Module]
    facts: tuple[Fact, ...]

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
    def data(self) -> Iterable[Prepared]:
        """Data sets with the transforms of their images."""
        return (fact for fact in self.facts if isinstance(fact, Prepared))

    @property
    def reassigned(self) -> Iterable[Reassigned]:
        """Data sets that are given another transform later on."""
        return (fact for fact in self.facts if isinstance(fact, Reassigned))

    @property
    def scales(self) -> Iterable[Scale]:
        """Images of another scale than what is done with them."""
        return (fact for fact in self.facts if isinstance(fact, Scale))

    @property
    def part_uses(self) -> Iterable[PartUse]:
        """Batches that are taken of parts of data sets."""
        return (fact for fact in self.facts if isinstance(fact, PartUse))

    @property
    def labels(self) -> Iterable[Labels]:
        """What happens to the labels of data sets."""
        return (fact for fact in self.facts if isinstance(fact, Labels))

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

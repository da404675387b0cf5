"""The program as rules see it: a fixed list of questions, and the text behind every node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from .finding import Span
from .interpreter.biases import CancelledBias, DoubtedNorm, HookedSomewhere, NeededBias
from .interpreter.data_facts import (
    Augmented,
    Labels,
    LabelUse,
    PartUse,
    Prepared,
    Reassigned,
    Scale,
    ScaleFault,
    Split,
    UnitMeant,
)
from .interpreter.facts import (
    Clip,
    ClipFault,
    ClipUsed,
    Fact,
    LossInput,
    Recurrent,
    Reshape,
    Shifted,
    Tended,
    Update,
)
from .interpreter.mode_facts import ModeSlip, ModeUse
from .interpreter.trainings import Cut, Pass, Restart, Training
from .syntax import ir
from .syntax.ir import NodeRef
from .syntax.module import Module

# These faults of a clip are there even if it also works on some way.
_WHOEVER_USES_IT = (ClipFault.SCALED, ClipFault.SPENT)


class Files(Protocol):
    """What is known of files without a look into them."""

    def named_elsewhere(self, path: str, *names: str) -> bool:
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
        shifted = {fact.at for fact in self.facts if isinstance(fact, Shifted)}
        return (f for f in self.facts if isinstance(f, Reshape) and f.at not in shifted)

    @property
    def clips(self) -> Iterable[Clip]:
        """Clips that do not do what they are for, on any way."""
        used = {fact.at for fact in self.facts if isinstance(fact, ClipUsed)}
        for fact in self.facts:
            if isinstance(fact, Clip) and (fact.at not in used or fact.fault in _WHOEVER_USES_IT):
                yield fact

    @property
    def unclipped(self) -> Iterable[Recurrent]:
        """Steps with gradients of recurrent layers that nothing clips on any way."""
        tended = {fact.at for fact in self.facts if isinstance(fact, Tended)}
        return (f for f in self.facts if isinstance(f, Recurrent) and f.at not in tended)

    @property
    def trainings(self) -> Iterable[Training]:
        """Loops whose turns are steps of a training, each once."""
        found = {fact.loop: fact for fact in self.facts if isinstance(fact, Training)}
        return found.values()

    @property
    def passes(self) -> Iterable[Pass]:
        """Passes over loaders that train."""
        return (fact for fact in self.facts if isinstance(fact, Pass))

    @property
    def cuts(self) -> Iterable[Cut]:
        """Loops that train and always end in their first turn."""
        return (fact for fact in self.facts if isinstance(fact, Cut))

    @property
    def restarts(self) -> Iterable[Restart]:
        """Loops that train on the first batch of a loader again and again."""
        return (fact for fact in self.facts if isinstance(fact, Restart))

    @property
    def cancelled_biases(self) -> Iterable[CancelledBias]:
        """Layers whose bias the norm behind them takes away."""
        return (fact for fact in self.facts if isinstance(fact, CancelledBias))

    @property
    def needed_biases(self) -> frozenset[NodeRef]:
        """The calls that decide the bias of a layer whose output something else sees."""
        facts = (fact for fact in self.facts if isinstance(fact, NeededBias))
        return frozenset(call for fact in facts for call in fact.calls)

    @property
    def doubted_norms(self) -> frozenset[NodeRef]:
        """The calls that make norms which do not just take the mean away."""
        return frozenset(fact.norm for fact in self.facts if isinstance(fact, DoubtedNorm))

    @property
    def hooks_any_layer(self) -> bool:
        """Is a hook given the outputs of a layer out of sight?"""
        return any(isinstance(fact, HookedSomewhere) for fact in self.facts)

    @property
    def mode_uses(self) -> Iterable[ModeUse]:
        """Models that run in the wrong mode."""
        return (fact for fact in self.facts if isinstance(fact, ModeUse))

    @property
    def mode_slips(self) -> Iterable[ModeSlip]:
        """Places that do not follow the mode, or do not set it."""
        return (fact for fact in self.facts if isinstance(fact, ModeSlip))

    @property
    def data(self) -> Iterable[Prepared]:
        """Data sets with the transforms of their images."""
        return (fact for fact in self.facts if isinstance(fact, Prepared))

    @property
    def augmented(self) -> Iterable[Augmented]:
        """Transforms that harm labels and are applied elsewhere than in their data set."""
        return (fact for fact in self.facts if isinstance(fact, Augmented))

    @property
    def reassigned(self) -> Iterable[Reassigned]:
        """Data sets that are given another transform later on."""
        return (fact for fact in self.facts if isinstance(fact, Reassigned))

    @property
    def scales(self) -> Iterable[Scale]:
        """Images of another scale than what is done with them.

        Images of 0..1 count where their classes are learned, and nothing else sees them.
        """
        meant = {fact.at for fact in self.facts if isinstance(fact, UnitMeant)}
        tests = {one.at for one in self.data if one.split is Split.TEST}
        tests -= {one.at for one in self.data if one.split is not Split.TEST}
        learned = {one.data for one in self.labels if one.use is LabelUse.TARGET} - tests
        for fact in self.facts:
            if isinstance(fact, Scale) and (
                fact.fault is not ScaleFault.UNIT_INPUT
                or (fact.data in learned and fact.at not in meant)
            ):
                yield fact

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

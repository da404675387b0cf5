"""What a run saw of the data: which data sets there are, and what is done to their samples."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from .facts import Fact

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef


# Mean and standard deviation, of each channel.
Statistics: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]


class Split(Enum):
    """Which part of its data a data set was asked for."""

    TRAIN = "training"
    TEST = "test"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Step:
    """One transform of a pipeline: the call that makes it, and its class.

    `statistics` are those of a Normalize; `change` is what it surely does to some images, and `harm`
    what that does to the labels of this data set, empty if nothing is known; without `severe` the
    labels stay true and only the images become odd.
    """

    at: NodeRef
    name: str
    is_random: bool = False
    harm: str = ""
    severe: bool = True
    statistics: Statistics | None = None
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Prepared(Fact):
    """A known data set with the transforms that surely apply to its images.

    `pipeline` is the call that made the outermost transform; `folder` the path of a folder of
    images that names a known data set.
    """

    at: NodeRef
    data: str
    split: Split
    pipeline: NodeRef | None
    steps: tuple[Step, ...]
    folder: str = ""

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        pipeline = () if self.pipeline is None else (self.pipeline,)
        return (self.at, *pipeline, *(step.at for step in self.steps))


@dataclass(frozen=True, slots=True)
class Augmented(Fact):
    """A transform that is applied to the images of a data set by other code than its own."""

    at: NodeRef
    data: str
    folder: str
    step: Step

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at, self.step.at)


class ScaleFault(Enum):
    """What is wrong between the scale of an image and what is done with it."""

    BYTE_STATISTICS = "statistics of 0..255 for an image of 0..1"
    UNIT_STATISTICS = "statistics of 0..1 for an image of 0..255"
    NOT_A_TENSOR = "normalized before it is a float tensor"
    RAW_INPUT = "0..255 enters a network"
    UNIT_INPUT = "0..1 enters a network that learns to tell classes"
    PRETRAINED_RAW = "0..255 enters a network with weights for normalized images"
    PRETRAINED_UNIT = "0..1 enters a network with weights for normalized images"
    PRETRAINED_OTHER = "normalized with other statistics than those of the weights"


@dataclass(frozen=True, slots=True)
class Scale(Fact):
    """An image of the wrong scale.

    `at` is the Normalize, or what made floats of the bytes; `source` the transform that gave the
    image its scale; `data` the data set; `layer` the first layer that the image enters, or the
    network `name`; `imagenet` says that the weights want the statistics of ImageNet.
    """

    fault: ScaleFault
    at: NodeRef
    source: NodeRef | None = None
    data: NodeRef | None = None
    layer: NodeRef | None = None
    name: str = ""
    imagenet: bool = False

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        found = (self.at, self.source, self.data, self.layer)
        return tuple(one for one in found if one is not None)


@dataclass(frozen=True, slots=True)
class UnitMeant(Fact):
    """Images of 0..1 that something else than a first layer sees.

    That is a loss that compares them with what a network draws, arithmetic, or code out of sight;
    `at` gave them their scale.
    """

    EXCUSE = True
    PIECE = True
    DENIES = Scale

    at: NodeRef

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.at,)


@dataclass(frozen=True, slots=True)
class Reassigned(Fact):
    """The transform of a data set is replaced later on; of any, if `data` is None."""

    data: NodeRef | None

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return () if self.data is None else (self.data,)


@dataclass(frozen=True, slots=True)
class PartUse(Fact):
    """Batches of one part of a data set are taken; `evaluates`: while no gradients are recorded.

    `split` is the call that made the part, `number` says which of its parts.
    """

    data: NodeRef
    split: NodeRef
    number: int
    evaluates: bool

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.data, self.split)


class LabelUse(Enum):
    """What happens to the labels of a data set."""

    GIVEN = "given"  # a loop over batches of it is in sight
    READ = "read"  # something is computed from them
    TARGET = "target"  # a cross entropy learns them


@dataclass(frozen=True, slots=True)
class Labels(Fact):
    """The labels of a data set are given to a loop, or read there."""

    data: NodeRef
    use: LabelUse

    @property
    def places(self) -> tuple[NodeRef, ...]:
        """The nodes that the fact speaks of."""
        return (self.data,)

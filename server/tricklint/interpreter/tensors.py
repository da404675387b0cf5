"""Tensors, as far as anything is known of them: shape, range, and where that comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from .values import NOTHING, Object, Reach, Slots, Value

if TYPE_CHECKING:
    from ..syntax.ir import NodeRef
    from .shape import Shape


class Range(Enum):
    """What the numbers of a tensor are."""

    UNKNOWN = "unknown"
    PROBABILITY = "probability"
    LOG_PROBABILITY = "log-probability"
    SCALED = "scaled"  # by a GradScaler: so will the gradients be
    COUNTED = "counted"  # of arange: a toy, whose axes mean nothing
    LABEL = "label"  # the targets that a known data set gives
    BYTES = "bytes"  # pixels as they are stored, integers from 0 to 255
    RAW = "0..255"  # the same as floats
    UNIT = "0..1"
    NORMALIZED = "normalized"
    FED = "scores of 0..255"  # what a first layer makes of RAW, before any normalization
    FED_UNIT = "scores of 0..1"  # the same of UNIT, if it is known of which data set


TOUCHED = "touched"


@dataclass(frozen=True, slots=True)
class Origin:
    """The call that gave a tensor its range; with `is_layer`, the one that made the layer.

    `through` is the first layer that pixels went through.  `cells` are shared by all that comes
    from the call: "touched" in them says that something was done to it in place, "data" is the data
    set that the image is one of, "statistics" are those that it was normalized with.
    """

    ref: NodeRef
    is_layer: bool
    through: NodeRef | None = None
    cells: Slots = field(default_factory=dict[Any, Any], compare=False, repr=False)

    @property
    def touched(self) -> bool:
        """Was something done in place to what comes from it?"""
        return TOUCHED in self.cells


@dataclass(eq=False, slots=True)
class Tensor(Value):
    """A tensor.  `origin` is where it got its range.

    `output_of` are the layers whose output it is, with nothing done to it, if they add a bias.
    `reordered` is the view that gave it its axes in another order; `cut` says that it is only a
    part of such a view.  `turned` says that its axes were permuted.
    """

    reach: Reach = NOTHING
    shape: Shape | None = None
    range: Range = Range.UNKNOWN
    origin: Origin | None = None
    output_of: frozenset[Object] = frozenset()
    reordered: NodeRef | None = None
    cut: bool = False
    turned: bool = False


@dataclass(frozen=True, slots=True)
class ShapeOf(Value):
    """`x.shape` of a tensor whose number of axes is not known yet."""

    tensor: Value

"""The labels that a known data set gives: does anything read them?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .data_facts import Labels, LabelUse
from .tensors import Range, Tensor
from .values import Sequence, Value

if TYPE_CHECKING:
    from .machine import Machine


def read(machine: Machine, values: tuple[Value, ...]) -> None:
    """A loss, a comparison or code out of sight is given these: are they labels of known data?"""
    for value in values:
        for one in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(one, Tensor) and one.range is Range.LABEL and one.origin:
                machine.report(Labels(one.origin.ref, LabelUse.READ))

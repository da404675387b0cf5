"""Fixes that put a Normalize behind what makes images of 0..1, or correct its numbers."""

from __future__ import annotations

from .. import fixes
from ..finding import Edit, Fix, Safety
from ..interpreter.data_facts import Prepared, Scale, Statistics
from ..libraries.statistics import IMAGENET, PUBLISHED
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef

_TO_UNIT = ("ToTensor", "ToDtype", "ConvertImageDtype")


def insert_published(program: Program, data: NodeRef) -> tuple[Fix, ...]:
    """The statistics of a public data set, in all pipelines of its images: test images are no others."""
    own = next((one for one in program.data if one.at == data), None)
    statistics = PUBLISHED.get(own.data) if own is not None else None
    if own is None or statistics is None:
        return ()
    makers = [_maker(one) for one in program.data if one.data == own.data]
    known = [one for one in makers if one is not None]
    if len(known) < len(makers):
        return ()
    return _insert_all(program, known, statistics, own.data)


def _maker(data: Prepared) -> NodeRef | None:
    """The step of a pipeline that makes its images lie between 0 and 1, if they stay there."""
    if any(step.name == "Normalize" for step in data.steps):
        return None
    found = [step.at for step in data.steps if step.name in _TO_UNIT]
    return found[0] if len(found) == 1 else None


def insert_imagenet(program: Program, fact: Scale) -> tuple[Fix, ...]:
    """The statistics of ImageNet, which the weights of torchvision's networks are made for."""
    if not fact.imagenet:
        return ()
    own = next((one for one in program.data if one.at == fact.data), None)
    beside = [] if own is None else [one for one in program.data if one.data == own.data]
    makers = [fact.at, *(at for one in beside if (at := _maker(one)) is not None)]
    return _insert_all(program, makers, IMAGENET, "ImageNet")


def _insert_all(
    program: Program, makers: list[NodeRef], statistics: Statistics, name: str
) -> tuple[Fix, ...]:
    edits = [_insert(program, at, statistics) for at in dict.fromkeys(makers)]
    known = tuple(edit for edit in edits if edit is not None)
    if len(known) < len(edits):
        return ()
    return (Fix(f"Normalize with the statistics of {name}", known, Safety.UNSAFE),)


def _insert(program: Program, at: NodeRef, statistics: Statistics) -> Edit | None:
    name = _beside(program, at, "Normalize")
    if name is None:
        return None
    text = f"{name}({_numbers(statistics[0])}, {_numbers(statistics[1])})"
    if fixes.items_around(program, at):
        return fixes.add_behind(program, at, text)
    compose = _beside(program, at, "Compose")
    if compose is None:
        return None
    return fixes.replace(program, at, f"{compose}([{program.text(at)}, {text}])")


def _numbers(values: tuple[float, ...]) -> str:
    inner = ", ".join(f"{one:.4f}".rstrip("0") for one in values)
    return f"({inner},)" if len(values) == 1 else f"({inner})"


def _beside(program: Program, at: NodeRef, name: str) -> str | None:
    """How another transform of the same package is written: `transforms.ToTensor` tells."""
    node = program.node(at)
    if not isinstance(node, ir.Call):
        return None
    func = node.func
    if isinstance(func, ir.Attribute):
        owner = program.text(NodeRef(at.leaf, func.value.at))
        return f"{owner}.{name}" if func.attr in _TO_UNIT else None
    if isinstance(func, ir.Name) and func.id in _TO_UNIT:
        paths = (f"torchvision.transforms.{name}", f"torchvision.transforms.v2.{name}")
        return next((one for path in paths if (one := fixes.name_of(program, at, path))), None)
    return None


def replace_statistics(program: Program, at: NodeRef) -> tuple[Fix, ...]:
    """Those of ImageNet, where mean and deviation are written as they are."""
    node = program.node(at)
    given = node.args if isinstance(node, ir.Call) else ()
    if len(given) < 2 or not all(isinstance(one.value, ir.Sequence) for one in given[:2]):
        return ()
    names = tuple(one.keyword for one in given[:2])
    if names not in ((None, None), ("mean", "std")):
        return ()
    edits: list[Edit] = []
    for one, values in zip(given[:2], IMAGENET, strict=True):
        edits.append(
            fixes.replace_display(program, NodeRef(at.leaf, one.value.at), _numbers(values))
        )
    return (Fix("Use the statistics of ImageNet", tuple(edits), Safety.UNSAFE),)

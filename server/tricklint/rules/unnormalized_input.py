"""Images reach the network on another scale than it, or their statistics, are made for.

## What

Pixels from 0 to 255 enter the first layer of a network as they are; or `Normalize` subtracts
statistics that belong to another scale (0..255 after `ToTensor`, 0..1 before it), comes before
the image is a tensor at all, or uses other numbers for the test images than for the training ones.
Or a network with published weights gets images that nothing normalizes, though all networks of
torchvision are trained on normalized ones.  As a piece of advice: a classifier learns from images
of 0..1 that nothing shifts or scales, neither the transforms nor the data set, the loop or the model.

## Why

The default weights of a layer are made for inputs of about unit variance.  With pixels of up to
255 the first activations, and with them the loss and its gradients, are a hundred times too large:
training explodes, or creeps with a learning rate that is small enough not to.  Statistics of the
wrong scale make all images nearly one constant, far from 0, that the weights have to undo.  And a
model that is tested on other numbers than it was trained on gets worse for no reason; so do weights
that were trained elsewhere.  Between 0 and 1 all inputs are positive, so all gradients of a neuron's
weights have one sign, and learning has to zigzag: it works, but takes more steps.

Source: LeCun et al., Efficient BackProp, 1998, section 4.3 (inputs should have mean 0 and equal
variance, http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf);
https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToDtype.html (only with
`scale=True` are bytes divided by 255); https://docs.pytorch.org/vision/stable/models.html (what the
pretrained networks want).

## Bad

```python
import torch
from torch import nn
from torchvision import datasets

images = datasets.MNIST("data").data.float()
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scores = model(images)
```

## Good

```python
import torch
from torch import nn
from torchvision import datasets

images = datasets.MNIST("data").data.float() / 255
model = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
scores = model(images)
```

## Quiet when

Anything is computed with the pixels on their way (a division, a subtraction, a function out of
sight, an operation in place); the first layer is followed, or preceded, by a normalization such as
BatchNorm, which cancels the scale, or has weights of its own; nothing is trained there.

Of images between 0 and 1 nothing is said where no classes are learned from them, where anything else
than the network sees them (a loss that compares them with what was drawn, as of an autoencoder;
arithmetic, as of an attack; code out of sight), where the network also sees what another one draws,
as in a GAN, where a norm comes before the second layer, or where the file speaks of normalizing in
whatever way.  Of published weights nothing is said once others are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator

from .. import fixes, intent
from ..finding import Edit, Finding, Fix, Note, Safety, Severity
from ..interpreter.data_facts import Prepared, Scale, ScaleFault, Split, Statistics, Step
from ..libraries.statistics import differ
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from ._normalize_fixes import insert_imagenet, insert_published, replace_statistics
from .rule import Rule

RULE = Rule("TRK009", "unnormalized-input", Severity.WARNING, together=True)

_MESSAGES = {
    ScaleFault.RAW_INPUT: "pixels from 0 to 255 enter the network as they are",
    ScaleFault.BYTE_STATISTICS: (
        "these images lie between 0 and 1, but mean and std are those of 0..255: "
        "all of them become nearly the same"
    ),
    ScaleFault.UNIT_STATISTICS: (
        "these images lie between 0 and 255, but mean and std are those of 0..1"
    ),
    ScaleFault.NOT_A_TENSOR: "`Normalize` needs a float tensor, so it has to come after the conversion",
    ScaleFault.UNIT_INPUT: "these images enter the network between 0 and 1: nothing normalizes them",
    ScaleFault.PRETRAINED_RAW: "the weights of `{}` want normalized images, and get pixels from 0 to 255",
    ScaleFault.PRETRAINED_UNIT: "the weights of `{}` want normalized images, and get 0 to 1",
    ScaleFault.PRETRAINED_OTHER: "the weights of `{}` want the statistics of ImageNet, not these",
}
_MILD = (ScaleFault.UNIT_INPUT, ScaleFault.PRETRAINED_OTHER)
_AS_IT_FLOWS = (ScaleFault.RAW_INPUT, ScaleFault.PRETRAINED_RAW)
_SOURCES = {
    ScaleFault.BYTE_STATISTICS: "this divides by 255",
    ScaleFault.UNIT_STATISTICS: "this does not divide by 255",
}


def check(program: Program) -> Iterator[Finding]:
    """One finding for each place where the scale is wrong, and each pair of pipelines that differ."""
    replaced = tuple(program.reassigned)
    seen: set[NodeRef] = set()
    for fact in program.scales:
        is_pipeline = fact.fault not in _AS_IT_FLOWS
        if fact.at in seen or (is_pipeline and replaced):
            continue
        if fact.fault is not ScaleFault.UNIT_INPUT or not intent.is_unit_meant(program, fact):
            seen.add(fact.at)
            yield _finding(program, fact)
    if not replaced:
        yield from _differing(program, seen)


def _finding(program: Program, fact: Scale) -> Finding:
    notes: list[Note] = []
    if fact.source is not None and fact.fault in _SOURCES:
        notes.append(Note(program.span(fact.source), _SOURCES[fact.fault]))
    if fact.layer is not None:
        what = "the network that they enter" if fact.name else "the first layer that they reach"
        notes.append(Note(program.span(fact.layer), what))
    return RULE.finding(
        program.span(fact.at),
        _MESSAGES[fact.fault].format(fact.name),
        tuple(notes),
        _fixes(program, fact),
        severity=Severity.INFO if fact.fault in _MILD else None,
    )


def _fixes(program: Program, fact: Scale) -> tuple[Fix, ...]:
    match fact.fault:
        case ScaleFault.RAW_INPUT:
            return _scale_bytes(program, fact.at) or _divide(program, fact.at)
        case ScaleFault.UNIT_STATISTICS if fact.source is not None:
            return _scale_bytes(program, fact.source)
        case ScaleFault.BYTE_STATISTICS:
            return _small_statistics(program, fact.at)
        case ScaleFault.NOT_A_TENSOR:
            return _move(program, fact.at)
        case ScaleFault.UNIT_INPUT if fact.data is not None:
            return insert_published(program, fact.data)
        case ScaleFault.PRETRAINED_UNIT:
            return insert_imagenet(program, fact)
        case ScaleFault.PRETRAINED_OTHER:
            return replace_statistics(program, fact.at)
        case _:
            return ()


def _scale_bytes(program: Program, at: NodeRef) -> tuple[Fix, ...]:
    """`v2.ToDtype(torch.float32)` is told to divide."""
    node = program.node(at)
    if not isinstance(node, ir.Call) or _called(node) != "ToDtype" or not node.args:
        return ()
    given = next((one for one in node.args if one.keyword == "scale"), None)
    if given is not None:
        edit = fixes.replace(program, NodeRef(at.leaf, given.value.at), "True")
    elif len(node.args) == 1:
        first = NodeRef(at.leaf, node.args[0].at)
        edit = fixes.replace(program, first, f"{program.text(first)}, scale=True")
    else:
        return ()
    return (Fix("Pass `scale=True`", (edit,), Safety.UNSAFE),)


def _called(node: ir.Call) -> str:
    func = node.func
    return func.attr if isinstance(func, ir.Attribute) else getattr(func, "id", "")


def _divide(program: Program, at: NodeRef) -> tuple[Fix, ...]:
    """What makes floats of the bytes is divided by 255."""
    node = program.node(at)
    statement = program.node(program.module_of(at).statement_ref(at))
    if not isinstance(node, ir.Call) or _called(node)[:1].isupper():
        return ()  # a transform or a constructor of a type is no place for a division
    text = f"{program.text(at)} / 255"
    whole = isinstance(statement, ir.Assign | ir.Return) and statement.value == node
    edit = fixes.replace(program, at, text if whole else f"({text})")
    return (Fix("Divide by 255", (edit,), Safety.UNSAFE),)


def _small_statistics(program: Program, at: NodeRef) -> tuple[Fix, ...]:
    """The same statistics for 0..1, where they are written as numbers."""
    node = program.node(at)
    edits: list[Edit] = []
    for argument in node.args if isinstance(node, ir.Call) else ():
        listed = argument.value
        for item in listed.items if isinstance(listed, ir.Sequence) else ():
            if not isinstance(item, ir.Constant) or not isinstance(item.value, int | float):
                return ()
            number = f"{item.value / 255:.4f}"
            edits.append(fixes.replace(program, NodeRef(at.leaf, item.at), number))
    title = "Divide mean and std by 255"
    return (Fix(title, tuple(edits), Safety.UNSAFE),) if len(edits) in (2, 6) else ()


def _move(program: Program, at: NodeRef) -> tuple[Fix, ...]:
    """Behind the ToTensor of the same list; what lies between moves up."""
    items = fixes.items_around(program, at)
    first = next((n for n, item in enumerate(items) if item.at == at.at), None)
    last = next(
        (
            n
            for n, one in enumerate(items)
            if isinstance(one, ir.Call) and _called(one) == "ToTensor"
        ),
        None,
    )
    if first is None or last is None or last < first:
        return ()
    refs = [NodeRef(at.leaf, item.at) for item in items[first : last + 1]]
    texts = [program.text(ref) for ref in refs]
    moved = zip(refs, (*texts[1:], texts[0]), strict=True)
    edits = tuple(fixes.replace(program, ref, text) for ref, text in moved)
    return (Fix("Move it behind `ToTensor`", edits, Safety.UNSAFE),)


# Training and test images


def _differing(program: Program, wrong: set[NodeRef]) -> Iterator[Finding]:
    """Pairs of a training and a test set, alone of their data in a function, that differ.

    Numbers of the wrong scale are a mistake of their own, and nothing to be compared with.
    """
    groups: dict[tuple[str, NodeRef | None], list[Prepared]] = {}
    for data in program.data:
        groups.setdefault((data.data, program.function_of(data.at)), []).append(data)
    for group in groups.values():
        train = [one for one in group if one.split is Split.TRAIN]
        test = [one for one in group if one.split is Split.TEST]
        if len(train) == len(test) == 1 and len(group) == 2:
            first, second = _normalize(train[0]), _normalize(test[0])
            if first is None or second is None or not wrong.isdisjoint((first.at, second.at)):
                continue
            if differ(*_numbers(first, second)):
                yield _difference(program, first, second, test[0])


def _normalize(data: Prepared) -> Step | None:
    """Its only Normalize, with known numbers."""
    found = [step for step in data.steps if step.name == "Normalize"]
    return found[0] if len(found) == 1 and found[0].statistics is not None else None


def _numbers(first: Step, second: Step) -> tuple[Statistics, Statistics]:
    assert first.statistics is not None
    assert second.statistics is not None
    return first.statistics, second.statistics


def _difference(program: Program, train: Step, test: Step, data: Prepared) -> Finding:
    edit = fixes.replace(program, test.at, program.text(train.at))
    return RULE.finding(
        program.span(test.at),
        f"the test images of {data.data} are normalized with other numbers than the training images",
        (Note(program.span(train.at), "the numbers that the model learns with"),),
        (Fix("Use the numbers of the training images", (edit,), Safety.UNSAFE),),
    )

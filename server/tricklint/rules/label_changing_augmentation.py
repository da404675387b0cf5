"""Random changes of the images make their labels wrong, or reach the test images.

## What

A flip, a big rotation, a small crop or a big shift of the hue is applied to a data set whose classes
depend on just that: mirrored or turned digits, letters, writing and traffic signs are other classes,
or none, and a red light becomes a green one.  What is in the images is told by the data set
(MNIST, SVHN, EMNIST, Omniglot, GTSRB ...), by the path of a folder of images (`mnist/train`), or by
the names of the classes in sight ("turn left", "turn right").  The transforms are those of
torchvision, albumentations and kornia, in the data set's own pipeline or applied to its batches.
Or random transforms that are meant for training also change the images of a test set, or those that
a random split holds out.

## Why

The label stays what it was while the image becomes one of another class, so the model is taught
that both are the same, and what it learns of them at full size and upright gets worse.  Flips of
MNIST or SVHN are the textbook example.  On a test set, random changes make the images harder than
they are, and the score another one each time, so two models can no longer be compared.

Source: Shorten and Khoshgoftaar, A survey on Image Data Augmentation for Deep Learning, 2019,
https://doi.org/10.1186/s40537-019-0197-0 (flips and big rotations do not keep the labels of digits,
colours are not safe to change where they tell one thing from another).

## Bad

```python
from torchvision import datasets, transforms

augment = transforms.Compose(
    [
        transforms.RandomHorizontalFlip(),
        transforms.RandomAffine(10, translate=(0.1, 0.1)),
        transforms.ToTensor(),
    ]
)
train_set = datasets.MNIST("data", train=True, transform=augment)
image, label = train_set[0]
```

## Good

```python
from torchvision import datasets, transforms

augment = transforms.Compose(
    [
        transforms.RandomAffine(10, translate=(0.1, 0.1)),
        transforms.ToTensor(),
    ]
)
train_set = datasets.MNIST("data", train=True, transform=augment)
image, label = train_set[0]
```

## Quiet when

The images are natural ones, or what is in them is not in sight; the angles are small, or all images
are turned alike (`p=1`, or one fixed angle); the colours only fade to grey, or change by less than
a quarter of the colour circle; the labels are not read, as in self-supervised learning, or adapted by a target transform;
the transform is replaced later on, applied on some paths only, or out of sight.  A test set is
spoken of only where the training set beside it goes through the same random transforms, and no
other test set does without; a part of a random split only where batches of it are taken under
`no_grad` alone, and batches of another part are trained on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .. import fixes
from ..finding import Edit, Finding, Fix, Note, Safety, Severity, Span
from ..interpreter.data_facts import Augmented, LabelUse, Prepared, Split, Step
from ..interpreter.relevance import identifiers
from ..program import Program
from ..syntax import ir
from ..syntax.ir import NodeRef
from ._class_names import Pair, mixed_up
from .rule import Rule

RULE = Rule("TRK007", "label-changing-augmentation", Severity.WARNING, together=True)


def check(program: Program) -> Iterator[Finding]:
    """One finding for each transform that changes labels, and each test set that is augmented."""
    replaced = {fact.data for fact in program.reassigned}
    if None in replaced:
        return
    known = [fact for fact in program.data if fact.at not in replaced]
    unread = _without_labels(program)
    pairs = [
        pair
        for test in known
        if test.at not in unread and (pair := _trained_alike(program, known, test)) is not None
    ]
    # What a test set should not go through at all need not be said to change its labels.
    tests = {pair.test.at for pair in pairs}
    applied = [one for one in program.augmented if one.at not in replaced]
    spoken = [one for one in (*known, *applied) if one.at not in unread | tests]
    yield from _harmful(program, spoken)
    yield from (_test_finding(program, pair) for pair in pairs)
    yield from _augmented_parts(program, known)


def _harmful(program: Program, spoken: list[Prepared | Augmented]) -> Iterator[Finding]:
    seen: set[NodeRef] = set()
    for data in spoken:
        for step in data.steps if isinstance(data, Prepared) else (data.step,):
            if step.at in seen:
                continue
            if step.harm:
                seen.add(step.at)
                yield _harm(program, data, step)
            elif step.change is not None and data.data == "ImageFolder":
                pair = mixed_up(program, data.at, step.change)
                if pair is not None:
                    seen.add(step.at)
                    yield _mix_up(program, data, step, pair)


def _without_labels(program: Program) -> set[NodeRef]:
    """The data sets whose batches are seen and whose labels nobody reads."""
    given = {fact.data for fact in program.labels if fact.use is LabelUse.GIVEN}
    return given - {fact.data for fact in program.labels if fact.use is LabelUse.READ}


def _harm(program: Program, data: Prepared | Augmented, step: Step) -> Finding:
    effect = "changes what the labels say" if step.severe else "does not help"
    name = f"the images in `{data.folder}`" if data.folder else f"{data.data}"
    images = name if data.folder else f"the {data.data} images"
    return RULE.finding(
        program.span(step.at),
        f"`{step.name}` on {name} {effect}: {step.harm}",
        (Note(program.span(data.at), f"{images} go through it"),),
        _harm_fixes(program, step),
        severity=None if step.severe else Severity.INFO,
    )


def _mix_up(program: Program, data: Prepared | Augmented, step: Step, pair: Pair) -> Finding:
    return RULE.finding(
        program.span(step.at),
        f"`{step.name}` changes what the labels say: "
        f'"{pair.first}" and "{pair.second}" are different classes',
        (
            Note(program.span(pair.at), "the classes"),
            Note(program.span(data.at), "the images go through it"),
        ),
        _harm_fixes(program, step),
    )


def _harm_fixes(program: Program, step: Step) -> tuple[Fix, ...]:
    if step.name != "RandomResizedCrop":
        return _removal(program, (step,), f"Remove `{step.name}`")
    # It also sets the size of the images, so it stays, and crops less.
    node = program.node(step.at)
    if not isinstance(node, ir.Call) or not node.args:
        return ()
    size, *others = node.args
    if any(one.keyword in (None, "scale") for one in others):
        return ()
    first = NodeRef(step.at.leaf, size.at)
    edit = fixes.replace(program, first, f"{program.text(first)}, {_MILD_CROP}")
    return (Fix(f"Pass `{_MILD_CROP}`", (edit,), Safety.UNSAFE),)


_MILD_CROP = "scale=(0.8, 1.0)"


def _removal(program: Program, steps: tuple[Step, ...], title: str) -> tuple[Fix, ...]:
    """Without these items of the lists they are written in."""
    edits: list[Edit] = []
    for step in steps:
        count = len(fixes.items_around(program, step.at))
        edit = fixes.replace(program, step.at, "") if count == 1 else None
        if count > 1:
            edit = fixes.remove_item(program, step.at)
        if edit is None:
            return ()
        edits.append(edit)
    return (Fix(title, tuple(edits), Safety.UNSAFE),)


# Random transforms of test images


@dataclass(frozen=True, slots=True)
class _Pair:
    """A test set whose images are changed at random, and the training set beside it."""

    train: Prepared
    test: Prepared
    random: tuple[Step, ...]


def _trained_alike(program: Program, known: list[Prepared], test: Prepared) -> _Pair | None:
    """A test set, and a training set beside it that goes through the same random transforms.

    A second test set of the same data says that this one is changed on purpose.
    """
    random = tuple(step for step in test.steps if step.is_random)
    if test.split is not Split.TEST or not random:
        return None
    function = program.function_of(test.at)
    beside = [
        one
        for one in known
        if one.at != test.at and one.data == test.data and program.function_of(one.at) == function
    ]
    if any(one.split is not Split.TRAIN for one in beside):
        return None
    names = {step.name for step in random}
    for one in beside:
        if names <= {step.name for step in one.steps if step.is_random}:
            return _Pair(one, test, random)
    return None


def _test_finding(program: Program, pair: _Pair) -> Finding:
    train, test, random = pair.train, pair.test, pair.random
    names = ", ".join(f"`{step.name}`" for step in random)
    return RULE.finding(
        _argument_span(program, test),
        f"the test images of {test.data} are changed at random, as if for training: {names}",
        (
            Note(program.span(random[0].at), "made here"),
            Note(program.span(train.at), "the training set, which has the same random steps"),
        ),
        _test_fixes(program, train, test, random),
    )


def _augmented_parts(program: Program, known: list[Prepared]) -> Iterator[Finding]:
    """Parts of one data set share its transform, so those for validation are augmented too."""
    uses = list(program.part_uses)
    for data in known:
        random = [step for step in data.steps if step.is_random]
        trained = {(use.split, use.number) for use in uses if not use.evaluates}
        held = [
            use for use in uses if use.data == data.at and (use.split, use.number) not in trained
        ]
        if random and held and any(use.data == data.at and not use.evaluates for use in uses):
            names = ", ".join(f"`{step.name}`" for step in random)
            yield RULE.finding(
                _argument_span(program, data),
                f"the part of {data.data} that is held out is changed at random too: {names}",
                (Note(program.span(held[0].split), "the part that is used for evaluation only"),),
            )


def _argument(program: Program, data: Prepared) -> ir.Argument | None:
    node = program.node(data.at)
    arguments = node.args if isinstance(node, ir.Call) else ()
    return next((one for one in arguments if one.keyword == "transform"), None)


def _argument_span(program: Program, data: Prepared) -> Span:
    argument = _argument(program, data)
    at = data.at if argument is None else NodeRef(data.at.leaf, argument.at)
    return program.span(at)


def _test_fixes(
    program: Program, train: Prepared, test: Prepared, random: tuple[Step, ...]
) -> tuple[Fix, ...]:
    if test.pipeline is None or any(step.name not in _DROPPED for step in random):
        return ()
    if _SIZED & {step.name for step in random} and test.data not in _FIXED_SIZE:
        return ()
    if test.pipeline != train.pipeline:
        return _removal(program, random, "Remove the random transforms")
    return _own_pipeline(program, test, test.pipeline, random)


# Without these the images still have the size that they had.
_DROPPED = {
    "RandomHorizontalFlip",
    "RandomVerticalFlip",
    "RandomRotation",
    "RandomAffine",
    "RandomErasing",
    "RandomPerspective",
    "RandomGrayscale",
    "ColorJitter",
    "RandAugment",
    "AutoAugment",
    "TrivialAugmentWide",
    "RandomCrop",
}
# A crop after padding gives back the size of the images, where all have one size.
_SIZED = {"RandomCrop"}
_FIXED_SIZE = {"CIFAR10", "CIFAR100", "SVHN", "MNIST", "FashionMNIST", "KMNIST", "QMNIST", "EMNIST"}


def _own_pipeline(
    program: Program, test: Prepared, pipeline: NodeRef, random: tuple[Step, ...]
) -> tuple[Fix, ...]:
    """A second pipeline without the random parts, in front of the test set."""
    argument = _argument(program, test)
    if argument is None or not isinstance(argument.value, ir.Name):
        return ()
    name = f"test_{argument.value.id}"
    function = program.function_of(test.at)
    module = program.module_of(test.at)
    scope = module.body if function is None else program.node(function)
    text = _without(program, pipeline, {step.at for step in random})
    if text is None or name in identifiers(scope):
        return ()
    insertion = fixes.insert_before(program, test.at, f"{name} = {text}")
    if insertion is None:
        return ()
    use = fixes.replace(program, NodeRef(test.at.leaf, argument.value.at), name)
    return (Fix(f"Give the test set its own `{name}`", (insertion, use), Safety.UNSAFE),)


def _without(program: Program, pipeline: NodeRef, dropped: set[NodeRef]) -> str | None:
    """The call that makes a pipeline, written with the other transforms only."""
    node = program.node(pipeline)
    if not isinstance(node, ir.Call) or len(node.args) != 1:
        return None
    listed = node.args[0].value
    if not isinstance(listed, ir.Sequence):
        return None
    items = [NodeRef(pipeline.leaf, item.at) for item in listed.items]
    if not dropped <= set(items):
        return None
    kept = [program.text(item) for item in items if item not in dropped]
    maker = program.text(NodeRef(pipeline.leaf, node.func.at))
    flat = f"{maker}([{', '.join(kept)}])"
    if len(flat) <= _LONGEST:
        return flat
    return "\n".join([f"{maker}(", "    [", *(f"        {one}," for one in kept), "    ]", ")"])


_LONGEST = 60

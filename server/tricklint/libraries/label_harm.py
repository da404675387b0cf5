"""What a transform does to the labels of the images that it is applied to."""

from __future__ import annotations

from ..interpreter import pixels
from ..interpreter.data_facts import Augmented, Step
from ..interpreter.library import Call
from ..interpreter.values import NONE, Constant, Object, Value
from .known_data import LABEL_HARMS, Change, Harms, harms_in
from .torchvision_transforms import is_random, name_of, statistics_of


def data_of(dataset: Object) -> str:
    """The data in it, such as "MNIST"."""
    return dataset.kind.rpartition(".")[2]


def folder_of(dataset: Object) -> str:
    """The path of a folder of images, where that names what is in it."""
    root = dataset.config.get("root")
    path = root.value if isinstance(root, Constant) else None
    if data_of(dataset) != "ImageFolder" or not isinstance(path, str):
        return ""
    return path if harms_in(path) is not None else ""


def harms_of(dataset: Object) -> Harms | None:
    """What changes the labels of a data set."""
    return LABEL_HARMS.get(data_of(dataset)) or harms_in(folder_of(dataset))


def step_of(dataset: Object, step: Object, change: Change | None) -> Step:
    """A transform beside what it does to the labels, unless those are adapted to it."""
    assert step.ref is not None
    row = harms_of(dataset)
    if dataset.config.get("target_transform", NONE) != NONE:
        change = None
    harm, severe = "", True
    if row is not None and change is not None:
        harm, severe = row.harm(change), change not in row.mild
    return Step(step.ref, name_of(step), is_random(step), harm, severe, statistics_of(step), change)


def apply(call: Call, step: Object, change: Change | None, image: Value | None) -> None:
    """A transform is applied to an image in sight: of which data set is that?"""
    seen = None if change is None else pixels.data_of(image)
    if seen is None or step.ref is None or pixels.conditions(call.machine) != seen.conditions:
        return
    dataset = seen.dataset
    found = step_of(dataset, step, change)
    if found.harm and dataset.ref is not None:
        fact = Augmented(dataset.ref, data_of(dataset), folder_of(dataset), found)
        call.machine.report(fact)

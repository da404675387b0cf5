"""`torchvision.datasets`: which data a data set holds, which part of it, through what transform."""

from __future__ import annotations

from ..interpreter import calls, pixels
from ..interpreter.data_facts import Prepared, Reassigned, Split
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.tensors import Origin, Range, Tensor
from ..interpreter.values import (
    NONE,
    NOTHING,
    Bound,
    Class,
    Constant,
    Function,
    Instance,
    Object,
    Role,
    Unknown,
    Value,
    sequence,
)
from .known_data import COLLECTIONS, LABEL_HARMS
from .label_harm import data_of, folder_of, step_of
from .results import PIL_IMAGE
from .torchvision_transforms import change_of, steps_of

library = Library()

DATASETS = "torchvision.datasets"
_MNIST = "root train transform target_transform download"
_SPLIT = "root split transform target_transform download"
# The parameters, as far as they can be given by position, of the data sets for classification.
_PARAMETERS = {
    **dict.fromkeys(["MNIST", "FashionMNIST", "KMNIST", "USPS", "CIFAR10", "CIFAR100"], _MNIST),
    **dict.fromkeys(["SVHN", "GTSRB", "Food101", "Flowers102", "StanfordCars", "PCAM", "RenderedSST2"], _SPLIT),
    "QMNIST": "root what compat train",
    "EMNIST": "root split",
    "SEMEION": "root transform target_transform download",
    "Omniglot": "root background transform target_transform download",
    "STL10": "root split folds transform target_transform download",
    "FER2013": "root split transform target_transform",
    "Country211": _SPLIT,
    "DTD": "root split partition transform target_transform download",
    "FGVCAircraft": "root split annotation_level transform target_transform download",
    "EuroSAT": "root transform target_transform download",
    "ImageNet": "root split",
    "Imagenette": "root split size download transform target_transform",
    "ImageFolder": "root transform target_transform loader is_valid_file",
    "FakeData": "size image_size num_classes transform target_transform random_offset",
}  # fmt: skip
_TEST_NAMES = ("test", "val", "valid", "validation")
library.telling |= set(_PARAMETERS) - {"ImageFolder", "FakeData"}
library.contextual |= set(LABEL_HARMS)

for _name in (*_PARAMETERS, *sorted(COLLECTIONS - set(_PARAMETERS))):
    for _module in ("mnist", "cifar", "svhn", "folder", "usps", "gtsrb", "stl10", "imagenet"):
        library.aliases[f"{DATASETS}.{_module}.{_name}"] = f"{DATASETS}.{_name}"


def _make(name: str, names: str) -> None:
    path = f"{DATASETS}.{name}"

    @library.method(path, "__init__")
    def initialise(call: Call) -> Value:  # pyright: ignore[reportUnusedFunction]
        """A subclass: with a `__getitem__` of its own, images and labels are what that makes."""
        if isinstance(call.receiver, Instance) and not _has_own_samples(call.receiver):
            construct(call)
        return NONE

    @library.function(path)
    def construct(call: Call) -> Value:
        given = zip(names.split(), call.args.positional, strict=False)
        config = {**dict(call.args.keywords), **dict(given)}
        made = Object(Role.DATASET, path, config, ref=call.ref)
        transform = config.pop("transform", NONE)
        made.slots["transform"] = Unknown("transform") if call.args.open else transform
        call.machine.report(_prepared(made, call.args.open))
        if isinstance(made.slots["transform"], _CALLED):
            _image(call, made)  # whatever is wrong with it shows at once
        return made


for _name, _names in _PARAMETERS.items():
    _make(_name, _names)


@library.function(*(f"{DATASETS}.{name}" for name in sorted(COLLECTIONS - set(_PARAMETERS))))
def _other_collection(call: Call) -> Value:
    """Nothing is known of it but its order."""
    return Object(Role.HELPER, call.name, dict(call.args.keywords), ref=call.ref)


def _has_own_samples(instance: Instance) -> bool:
    return any(
        isinstance(one, Class) and "__getitem__" in one.slots for one in instance.cls.ancestry()
    )


def _prepared(dataset: Object, is_open: bool) -> Prepared:
    assert dataset.ref is not None
    transform = dataset.slots["transform"]
    pipeline = transform.ref if isinstance(transform, Object) else None
    split = Split.UNKNOWN if is_open else _split(dataset)
    found = (step for step in steps_of(transform) if step.ref)
    steps = tuple(step_of(dataset, step, change_of(step)) for step in found)
    return Prepared(dataset.ref, data_of(dataset), split, pipeline, steps, folder_of(dataset))


def _split(dataset: Object) -> Split:
    names = _PARAMETERS[data_of(dataset)].split()
    train = dataset.config.get("train", Constant(True))
    if "train" in names or "train" in dataset.config or data_of(dataset) == "EMNIST":
        if isinstance(train, Constant) and isinstance(train.value, bool):
            return Split.TRAIN if train.value else Split.TEST
        return Split.UNKNOWN
    split = dataset.config.get("split", Constant("train")) if "split" in names else NONE
    if not isinstance(split, Constant) or not isinstance(split.value, str):
        return Split.UNKNOWN
    if split.value in _TEST_NAMES:
        return Split.TEST
    return Split.TRAIN if split.value == "train" else Split.UNKNOWN


@library.attribute(Role.DATASET, "transform=", "transforms=", "target_transform=")
def _reassign(call: Call) -> Value:
    receiver = call.receiver
    assert isinstance(receiver, Object)
    call.machine.store.put(receiver.slots, call.name, call.args.positional[0])
    call.machine.report(Reassigned(receiver.ref))
    return NONE


@library.attribute(Unknown, "transform=", "transforms=", "target_transform=")
def _reassign_unknown(call: Call) -> Value:
    receiver = call.receiver
    assert isinstance(receiver, Unknown)
    call.machine.store.put(receiver.slots, call.name, call.args.positional[0])
    call.machine.report(Reassigned(None))
    return NONE


@library.method(Role.DATASET, "__getitem__")
def sample_of(call: Call) -> Value:
    """An image and its label."""
    receiver = call.receiver
    if not isinstance(receiver, Object) or receiver.kind not in library.functions:
        return Unknown("sample", NOTHING, given=True)
    assert receiver.ref is not None
    label = Tensor(range=Range.LABEL, origin=Origin(receiver.ref, is_layer=False))
    call.machine.labelled = True
    return sequence("tuple", (_image(call, receiver), label))


def _image(call: Call, dataset: Object) -> Value:
    """One of its images behind its transform."""
    unknown = Unknown("image", NOTHING, given=True)
    transform = dataset.slots.get("transform")
    if not isinstance(transform, Value) or transform == NONE:
        return unknown
    picture = Object(Role.HELPER, PIL_IMAGE, {"dataset": dataset}, ref=dataset.ref)
    result = calls.call(call.machine, transform, Arguments((picture,)), call.ref)
    pixels.mark(call.machine, result, dataset)
    return result if isinstance(result, Tensor) else unknown


_CALLED = Object | Function | Instance | Bound


@library.attribute(Role.DATASET, "data", "train_data", "test_data")
def _data(call: Call) -> Value:
    """All images in one tensor or array, as bytes."""
    receiver = call.receiver
    if isinstance(receiver, Object) and receiver.ref and data_of(receiver) in _IN_MEMORY:
        return pixels.image(Range.BYTES, receiver.ref)
    return call.machine.child(receiver, call.name, call.name)


_IN_MEMORY = ("MNIST", "FashionMNIST", "KMNIST", "QMNIST", "EMNIST", "CIFAR10", "CIFAR100", "SVHN")


@library.method(Role.DATASET, "*")
def _other(call: Call) -> Value:
    return Unknown(call.name)

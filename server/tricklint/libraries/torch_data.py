"""`torch.utils.data`: loaders, parts of data sets, and what comes out of them."""

from __future__ import annotations

from ..interpreter.attributes import get_item
from ..interpreter.data_facts import Labels, LabelUse
from ..interpreter.library import Call, Library, items_of
from ..interpreter.values import (
    NONE,
    NOTHING,
    Object,
    Range,
    Role,
    Sequence,
    Stream,
    Tensor,
    Unknown,
    Value,
    sequence,
)

library = Library()
library.aliases["torch.utils.data.dataloader.DataLoader"] = "torch.utils.data.DataLoader"
library.aliases["torch.utils.data.dataset"] = "torch.utils.data"

SUBSET = "torch.utils.data.Subset"


@library.function("torch.utils.data.DataLoader")
def _loader(call: Call) -> Value:
    config = dict(call.args.keywords)
    dataset = call.get(0, "dataset")
    if dataset is not None:
        config["dataset"] = dataset
    return Object(Role.LOADER, call.name, config)


@library.method(Role.LOADER, "__iter__")
def _batches(call: Call) -> Value:
    loader = call.receiver

    def batch() -> Value:
        return _batch(call, loader)

    return Stream(batch, loader)


def _batch(call: Call, loader: Value) -> Value:
    """Many samples of the data set, put together by the default collation."""
    unknown = Unknown("batch", NOTHING, given=True)
    if not isinstance(loader, Object) or loader.config.get("collate_fn", NONE) != NONE:
        return unknown
    dataset = loader.config.get("dataset")
    if not isinstance(dataset, Object) or dataset.role is not Role.DATASET:
        return unknown
    sample = get_item(call.machine, dataset, Unknown("index", NOTHING), call.ref)
    if isinstance(sample, Sequence):
        for item in sample.items:
            if isinstance(item, Tensor) and item.range is Range.LABEL and item.origin:
                call.machine.report(Labels(item.origin.ref, LabelUse.GIVEN))
        return sequence("list", sample.items, sample.exact)
    return unknown


@library.attribute(Role.LOADER, "dataset")
def _dataset(call: Call) -> Value:
    receiver = call.receiver
    held = receiver.config.get("dataset") if isinstance(receiver, Object) else None
    return held if held is not None else call.machine.child(receiver, "dataset", "dataset")


@library.method(Role.LOADER, "*")
def _other(call: Call) -> Value:
    return Unknown(call.name)


@library.function(SUBSET)
def _subset(call: Call) -> Value:
    return _part(call, call.get(0, "dataset"))


@library.function("torch.utils.data.random_split")
def _random_split(call: Call) -> Value:
    """Parts of one data set: they share its transform."""
    dataset = call.get(0, "dataset")
    lengths = items_of(call.get(1, "lengths"))
    parts = tuple(_part(call, dataset) for _ in lengths or (None,))
    return sequence("list", parts, exact=lengths is not None)


def _part(call: Call, dataset: Value | None) -> Object:
    made = Object(Role.DATASET, SUBSET, {}, ref=call.ref)
    made.slots["dataset"] = dataset if dataset is not None else Unknown("dataset")
    return made


@library.method(SUBSET, "__getitem__")
def _sample_of_part(call: Call) -> Value:
    receiver = call.receiver
    assert isinstance(receiver, Object)
    return get_item(call.machine, receiver.slots["dataset"], call.args.positional[0], call.ref)

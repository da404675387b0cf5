"""`torch.utils.data`: data sets, loaders and what comes out of them."""

from __future__ import annotations

import re
from dataclasses import replace

from ..interpreter import sizes
from ..interpreter.library import Call, Library, int_of
from ..interpreter.tensors import Tensor
from ..interpreter.values import (
    NONE,
    NOTHING,
    Class,
    Constant,
    Function,
    Instance,
    Loader,
    Number,
    Object,
    Order,
    Role,
    Sequence,
    Serving,
    Stream,
    Unknown,
    Value,
    sequence,
)
from .known_data import COLLECTIONS, SORTED

library = Library()
library.contextual |= {"DataLoader"}

DATA = "torch.utils.data"
LOADER = f"{DATA}.DataLoader"
DATASET = f"{DATA}.Dataset"
for _name in ("TensorDataset", "Dataset", "Subset", "ConcatDataset", "IterableDataset"):
    library.aliases[f"{DATA}.dataset.{_name}"] = f"{DATA}.{_name}"
library.aliases[f"{DATA}.dataset.random_split"] = f"{DATA}.random_split"
library.aliases[f"{DATA}.dataloader.DataLoader"] = LOADER

_PARAMETERS = ("dataset", "batch_size", "shuffle", "sampler", "batch_sampler")


@library.function(LOADER)
def _loader(call: Call) -> Value:
    config = dict(call.args.keywords)
    config |= dict(zip(_PARAMETERS, call.args.positional, strict=False))
    made = Loader(Role.LOADER, call.name, config, ref=call.ref)
    if not call.args.open:
        made.serving = _serving(call, made)
    return made


@library.method(Role.LOADER, "__iter__")
def _batches(call: Call) -> Value:
    return Stream(lambda: Unknown("batch", NOTHING, given=True), call.receiver)


@library.method(Role.LOADER, "*")
def _other(call: Call) -> Value:
    return Unknown(call.name)


@library.function(f"{DATA}.TensorDataset", f"{DATA}.Subset", f"{DATA}.ConcatDataset")
def _dataset(call: Call) -> Value:
    parts = dict(enumerate(call.args.positional))
    return Object(
        Role.HELPER,
        call.name,
        dict(call.args.keywords),
        {"parts": sequence("tuple", tuple(parts.values()), not call.args.open)},
    )


@library.function(f"{DATA}.random_split")
def _random_split(call: Call) -> Value:
    """Mixed once: in what order the parts come then is another one than that of the source."""
    return Unknown("split", NOTHING)


def _serving(call: Call, loader: Loader) -> Serving:
    config = loader.config
    shuffle = config.get("shuffle", NONE)
    if not isinstance(shuffle, Constant):
        return Serving()
    plain = all(config.get(name, NONE) == NONE for name in ("sampler", "batch_sampler"))
    if not plain:
        return Serving()
    if shuffle.value:
        return Serving(Order.DRAWN)
    serving = _order(config.get("dataset", NONE))
    return replace(serving, told="shuffle" in config) if _has_batches(call, config) else Serving()


def _order(dataset: Value) -> Serving:
    """The order in which a data set is read from its first sample to its last."""
    if isinstance(dataset, Instance):
        return _of_own(dataset)
    if not isinstance(dataset, Object):
        return Serving()
    name = dataset.kind.rpartition(".")[2]
    if dataset.kind.startswith("torchvision.datasets.") and name in COLLECTIONS:
        return Serving(Order.SORTED if name in SORTED else Order.FIXED, name, published=True)
    parts = dataset.slots.get("parts")
    if not isinstance(parts, Sequence) or not parts.exact or not parts.items:
        return Serving()
    if dataset.kind == f"{DATA}.TensorDataset":
        known = all(isinstance(one, Tensor | Unknown) for one in parts.items)
        return Serving(Order.FIXED, name) if known else Serving()
    if dataset.kind == f"{DATA}.Subset" and len(parts.items) == 2:
        return _of_subset(*parts.items)
    return Serving()


def _of_own(dataset: Instance) -> Serving:
    bases = dataset.cls.externals()
    if any("Iterable" in base for base in bases) or _method(dataset, "__iter__"):
        return Serving()
    known = [base for base in bases if base.startswith("torchvision.datasets.")]
    name, own = dataset.cls.name, dataset.cls.ref
    if DATASET in bases and _method(dataset, "__getitem__") and _method(dataset, "__len__"):
        return Serving(Order.FIXED, name, own)
    if known and not _method(dataset, "__getitem__"):
        is_sorted = known[0].rpartition(".")[2] in SORTED
        return Serving(Order.SORTED if is_sorted else Order.FIXED, name, own)
    return Serving()


def _method(dataset: Instance, name: str) -> bool:
    return any(
        isinstance(base, Class) and isinstance(base.slots.get(name), Function)
        for base in dataset.cls.ancestry()
    )


def _of_subset(dataset: Value, indices: Value) -> Serving:
    """Only a range is surely in order."""
    whole = _order(dataset)
    if isinstance(indices, Stream) and indices.source is None and whole.order is Order.FIXED:
        return whole
    return Serving()


def _has_batches(call: Call, config: dict[str, Value]) -> bool:
    """May the data be more than one batch?"""
    size = config.get("batch_size")
    if size is None:
        return True
    if isinstance(size, Number) or size == NONE:
        return False
    if isinstance(size, Unknown):
        return size.hint not in ("len", "size", "shape")
    count, most = _length(call, config.get("dataset", NONE)), int_of(size)
    return most is not None and (count is None or most < count)


def _length(call: Call, dataset: Value) -> int | None:
    parts = dataset.slots.get("parts") if isinstance(dataset, Object) else None
    first = parts.items[0] if isinstance(parts, Sequence) and parts.items else None
    if not isinstance(first, Tensor):
        return None
    shape = sizes.shape_of(call.machine, first)
    return shape.dims[0].number if shape is not None and shape.dims and not shape.prefix else None


_LOADER = re.compile(r"(?<!model)(?<!model_)loaders?$|_iter$|_dl$", re.IGNORECASE)


def _evidence(value: Value) -> Role | None:
    """By its name: `train_loader`, `dataloaders[phase]`, `self.trainloader`."""
    if not isinstance(value, Unknown):
        return None
    name = re.sub(r"\[.*?\]", "", value.hint).rpartition(".")[2]
    return Role.SOURCE if _LOADER.search(name) else None


library.evidence.append(_evidence)

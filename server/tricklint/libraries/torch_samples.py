"""What data sets and loaders give: the scale of images, and whose labels they are."""

from __future__ import annotations

from ..interpreter import calls, pixels
from ..interpreter.attributes import get_item
from ..interpreter.data_facts import Labels, LabelUse, PartUse
from ..interpreter.library import Arguments, Call, Library, items_of
from ..interpreter.search import names_one_of
from ..interpreter.tensors import Range, Tensor
from ..interpreter.values import (
    NONE,
    NOTHING,
    Class,
    Constant,
    Function,
    Instance,
    Mapping,
    Object,
    Role,
    Sequence,
    Stream,
    Unknown,
    Value,
    sequence,
)

library = Library()
library.aliases["torch.utils.data.dataset"] = "torch.utils.data"

SUBSET = "torch.utils.data.Subset"


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
    _use_part(call, loader, dataset)
    sample = _sample(call, dataset)
    if isinstance(sample, Sequence) and sample.exact:
        return sequence("list", tuple(_stacked(call, item) for item in sample.items))
    if isinstance(sample, Mapping):
        items = sample.slots.items()
        return Mapping({key: _stacked(call, item) for key, item in items})
    return unknown


def _use_part(call: Call, loader: Object, dataset: Value | None) -> None:
    """A part by `random_split`, or by a sampler that knows which indices are meant."""
    if not isinstance(dataset, Object) or dataset.role is not Role.DATASET:
        return
    whole, split, number = dataset, loader.ref, 0
    if dataset.kind == SUBSET:
        inner, part = dataset.slots["dataset"], dataset.config.get("part")
        if not isinstance(inner, Object) or not isinstance(part, Constant):
            return
        assert isinstance(part.value, int)
        whole, split, number = inner, dataset.ref, part.value
    elif loader.config.get("sampler", NONE) == NONE:
        return
    if whole.ref is not None and split is not None:
        call.machine.report(PartUse(whole.ref, split, number, call.machine.no_grad))


def _sample(call: Call, dataset: Value | None) -> Value | None:
    """What the data set gives for an index; one in sight is asked if it is about images."""
    index = Unknown("index", NOTHING)
    if isinstance(dataset, Object) and dataset.role is Role.DATASET:
        inner = dataset.slots.get("dataset")
        if isinstance(inner, Value):
            return _sample(call, inner)
        return get_item(call.machine, dataset, index, call.ref)
    if not isinstance(dataset, Instance):
        return None
    function = next(
        (
            one.slots["__getitem__"]
            for one in dataset.cls.ancestry()
            if isinstance(one, Class) and "__getitem__" in one.slots
        ),
        None,
    )
    if not isinstance(function, Function):
        return None
    if not names_one_of(calls.current(call.machine, function)[0], _READERS):
        return None
    return calls.call_method(call.machine, dataset, "__getitem__", Arguments((index,)), call.ref)


# Without one of them a sample is nothing that we know the scale of.
_READERS = frozenset(("imread", "read_image", "decode_image", "frombuffer", "Image", "ToTensor"))


def _stacked(call: Call, item: Value) -> Value:
    """The item for a whole batch.  Of its size nothing is known."""
    if not isinstance(item, Tensor):
        return Unknown("batch", NOTHING, given=True)
    if item.range is Range.LABEL and item.origin:
        call.machine.report(Labels(item.origin.ref, LabelUse.GIVEN))
    if pixels.range_of(item) is Range.UNKNOWN and item.range is not Range.LABEL:
        return Unknown("batch", NOTHING, given=True)
    return Tensor(range=item.range, origin=item.origin)


@library.attribute(Role.LOADER, "dataset")
def _dataset(call: Call) -> Value:
    receiver = call.receiver
    held = receiver.config.get("dataset") if isinstance(receiver, Object) else None
    return held if held is not None else call.machine.child(receiver, "dataset", "dataset")


@library.function(SUBSET)
def _subset(call: Call) -> Value:
    made = _part(call, call.get(0, "dataset"))
    made.slots["parts"] = sequence("tuple", call.args.positional, not call.args.open)
    return made


@library.function("torch.utils.data.random_split")
def _random_split(call: Call) -> Value:
    """Parts of one data set: they share its transform."""
    dataset = call.get(0, "dataset")
    lengths = items_of(call.get(1, "lengths"))
    if lengths is None:
        return sequence("list", (_part(call, dataset),), exact=False)
    parts = tuple(_part(call, dataset, number) for number in range(len(lengths)))
    return sequence("list", parts)


def _part(call: Call, dataset: Value | None, number: int | None = None) -> Object:
    config: dict[str, Value] = {} if number is None else {"part": Constant(number)}
    made = Object(Role.DATASET, SUBSET, config, ref=call.ref)
    made.slots["dataset"] = dataset if dataset is not None else Unknown("dataset")
    return made


@library.method(SUBSET, "__getitem__")
def _sample_of_part(call: Call) -> Value:
    return _sample(call, call.receiver) or Unknown("sample", NOTHING, given=True)

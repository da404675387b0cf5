"""`torch.utils.data`: loaders and what comes out of them."""

from __future__ import annotations

from ..interpreter.library import Call, Library
from ..interpreter.values import NOTHING, Object, Role, Stream, Unknown, Value

library = Library()
library.aliases["torch.utils.data.dataloader.DataLoader"] = "torch.utils.data.DataLoader"


@library.function("torch.utils.data.DataLoader")
def _loader(call: Call) -> Value:
    config = dict(call.args.keywords)
    dataset = call.get(0, "dataset")
    if dataset is not None:
        config["dataset"] = dataset
    return Object(Role.LOADER, call.name, config, ref=call.ref)


@library.method(Role.LOADER, "__iter__")
def _batches(call: Call) -> Value:
    return Stream(lambda: Unknown("batch", NOTHING, given=True), call.receiver)


@library.method(Role.LOADER, "*")
def _other(call: Call) -> Value:
    return Unknown(call.name)

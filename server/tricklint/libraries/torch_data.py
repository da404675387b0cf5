"""`torch.utils.data`: loaders and what comes out of them."""

from __future__ import annotations

import re

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
    return Object(Role.LOADER, call.name, config)


@library.method(Role.LOADER, "__iter__")
def _batches(call: Call) -> Value:
    return Stream(lambda: Unknown("batch", NOTHING, given=True), call.receiver)


@library.method(Role.LOADER, "*")
def _other(call: Call) -> Value:
    return Unknown(call.name)


_LOADER = re.compile(r"(?<!model)(?<!model_)loaders?$|_iter$|_dl$", re.IGNORECASE)


def _evidence(value: Value) -> Role | None:
    """By its name: `train_loader`, `dataloaders[phase]`, `self.trainloader`."""
    if not isinstance(value, Unknown):
        return None
    name = re.sub(r"\[.*?\]", "", value.hint).rpartition(".")[2]
    return Role.SOURCE if _LOADER.search(name) else None


library.evidence.append(_evidence)

"""Libraries that take part in the training loop: accelerate, Fabric, Lightning."""

from __future__ import annotations

from ..interpreter import events, trainings
from ..interpreter.library import Call, Library
from ..interpreter.values import NONE, Object, Role, Unknown, Value, sequence

library = Library()

ACCELERATOR = "accelerate.Accelerator"
LIGHTNING = "lightning.LightningModule"
LIGHTNING_DATA = "lightning.LightningDataModule"

library.aliases["accelerate.accelerator.Accelerator"] = ACCELERATOR
for _package in ("pytorch_lightning", "lightning.pytorch"):
    library.aliases[_package] = "lightning"
library.aliases["lightning_fabric"] = "lightning.fabric"
library.aliases["lightning.core.LightningModule"] = LIGHTNING
library.aliases["lightning.core.LightningDataModule"] = LIGHTNING_DATA
library.aliases["lightning.core.datamodule.LightningDataModule"] = LIGHTNING_DATA
library.telling |= {"train_dataloader"}
library.aliases["lightning.fabric.Fabric"] = "lightning.Fabric"
library.bases[LIGHTNING] = "torch.nn.Module"


@library.function(ACCELERATOR, "lightning.Fabric")
def _accelerator(call: Call) -> Value:
    return Object(Role.HELPER, call.name, {})


@library.method(ACCELERATOR, "prepare", "prepare_model", "prepare_data_loader", "unwrap_model")
@library.method(ACCELERATOR, "prepare_optimizer", "prepare_scheduler")
@library.method("lightning.Fabric", "setup", "setup_dataloaders", "setup_module")
@library.method("lightning.Fabric", "setup_optimizers")
def _prepare(call: Call) -> Value:
    """What is prepared stays what it is."""
    values = call.args.positional
    if call.args.open:
        return Unknown("prepared", given=True)
    return values[0] if len(values) == 1 else sequence("tuple", values)


@library.method(ACCELERATOR, "backward")
@library.method("lightning.Fabric", "backward")
@library.method(LIGHTNING, "manual_backward")
def _backward(call: Call) -> Value:
    loss = call.get(0, "loss") or call.get(0, "tensor")
    if loss is not None:
        events.backward(call.machine, events.reach_of(call.machine, loss), call.ref)
    return NONE


@library.method(ACCELERATOR, "*")
@library.method("lightning.Fabric", "*")
def _other(call: Call) -> Value:
    return Unknown(call.name)


@library.method(LIGHTNING, "optimizers")
def _optimizers(call: Call) -> Value:
    return call.machine.child(call.receiver, "optimizers()", "self.optimizers")


@library.method(LIGHTNING, "log", "log_dict", "print", "save_hyperparameters", "lr_schedulers")
@library.method(LIGHTNING, "toggle_optimizer", "untoggle_optimizer", "all_gather")
def _passive(call: Call) -> Value:
    return Unknown(call.name)


@library.result(LIGHTNING, "train_dataloader")
@library.result(LIGHTNING_DATA, "train_dataloader")
def _trained_on(call: Call) -> Value:
    """Its Trainer goes through it once an epoch."""
    trainings.train_on(call.machine, call.args.positional[0], call.ref, repeated=True)
    return NONE


def _unknown_backward(value: Value) -> Role | None:
    known = isinstance(value, Unknown) and value.hint.rpartition(".")[2] in (
        "accelerator",
        "fabric",
    )
    return Role.HELPER if known else None


library.evidence.append(_unknown_backward)


@library.method(Role.HELPER, "backward")
def _evident_backward(call: Call) -> Value:
    return _backward(call)

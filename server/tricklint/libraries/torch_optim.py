"""`torch.optim`: what steps and clears, and what only looks as if it did."""

from __future__ import annotations

import re

from ..interpreter import calls, clips, events
from ..interpreter.library import Arguments, Call, Library
from ..interpreter.search import written
from ..interpreter.values import (
    ANYTHING,
    NONE,
    Bound,
    Constant,
    External,
    Function,
    Instance,
    Number,
    Object,
    Params,
    Role,
    Unknown,
    Value,
)
from ..syntax import ir
from .torch_once import spend

library = Library()
library.telling |= {"step", "zero_grad"}
library.searching |= {"torch.optim.LBFGS"}
library.contextual |= {"step", "zero_grad", "backward"}

OPTIMIZER = "torch.optim.Optimizer"
_NAMES = (
    "Adadelta Adafactor Adagrad Adam Adamax AdamW ASGD LBFGS Muon NAdam RAdam RMSprop Rprop SGD "
    "SparseAdam"
)
for _name in _NAMES.split():
    library.aliases[f"torch.optim.{_name.lower()}.{_name}"] = f"torch.optim.{_name}"
library.aliases["torch.optim.optimizer.Optimizer"] = OPTIMIZER
library.aliases["transformers.optimization.AdamW"] = "torch.optim.AdamW"
library.aliases["transformers.AdamW"] = "torch.optim.AdamW"


@library.function(*(f"torch.optim.{name}" for name in _NAMES.split()))
def _optimizer(call: Call) -> Value:
    made = Object(Role.OPTIMIZER, call.name, {}, ref=call.ref)
    params = call.get(0, "params")
    spend(call, params)
    reach = ANYTHING if params is None else events.reach_of(call.machine, params)
    made.slots[events.PARAMS] = Params(reach)
    events.meet(call.machine, made, "")
    return made


_SCHEDULERS = (
    "LambdaLR MultiplicativeLR StepLR MultiStepLR ConstantLR LinearLR ExponentialLR PolynomialLR "
    "CosineAnnealingLR ChainedScheduler SequentialLR CyclicLR OneCycleLR ReduceLROnPlateau "
    "CosineAnnealingWarmRestarts"
)


@library.function(*(f"torch.optim.lr_scheduler.{name}" for name in _SCHEDULERS.split()))
def _scheduler(call: Call) -> Value:
    return Object(Role.PASSIVE, call.name, {})


def _evidence(value: Value) -> Role | None:
    """An unknown value is an optimizer by its annotation, or by its name where it is used as one."""
    if isinstance(value, Instance):
        bases = value.cls.externals()
        if any(base.startswith("torch.optim.lr_scheduler.") for base in bases):
            return Role.PASSIVE
        return Role.OPTIMIZER if OPTIMIZER in bases else None
    if not isinstance(value, Unknown):
        return None
    if value.kind.startswith("torch.optim.lr_scheduler") or _SCHEDULER.search(value.hint):
        return Role.PASSIVE
    if value.kind.startswith("torch.optim.") or _OPTIMIZER.search(_last(value.hint)):
        return Role.OPTIMIZER
    return None


_SCHEDULER = re.compile(r"sched", re.IGNORECASE)
_OPTIMIZER = re.compile(r"optim|^opt$|^opt_|_opt$|_opt_|^opt[A-Z0-9]|[a-z]Opt$", re.IGNORECASE)


def _last(hint: str) -> str:
    return re.sub(r"\[.*?\]", "", hint).rpartition(".")[2]


library.evidence.append(_evidence)


def receiver_name(call: Call) -> str:
    """The receiver as the user writes it here."""
    node = call.machine.call_node
    func = node.func if node is not None else None
    name = written(func.value) if isinstance(func, ir.Attribute) else ""
    return name or getattr(call.receiver, "hint", "") or "the optimizer"


@library.method(Role.OPTIMIZER, "step")
def _step(call: Call) -> Value:
    name = receiver_name(call)
    machine, optimizer = call.machine, call.receiver
    closure = call.get(0, "closure")
    if isinstance(optimizer, Unknown) and not _is_of_torch(call, optimizer, closure):
        events.may_clear(machine, events.owned(machine, optimizer))
        return Unknown("loss")
    is_closure = isinstance(closure, Function | Bound)
    again = is_closure and isinstance(optimizer, Object) and optimizer.kind.endswith("LBFGS")
    events.meet(machine, optimizer, name)
    for _ in range(2 if again else 1):
        if closure is not None and is_closure:
            calls.call(machine, closure, Arguments(), call.ref)
        events.step(machine, optimizer, name, call.ref)
    return Unknown("loss")


def _is_of_torch(call: Call, optimizer: Unknown, closure: Value | None) -> bool:
    """Other frameworks have optimizers too: MXNet's `step(1)` overwrites gradients by itself."""
    if isinstance(closure, Constant | Number) and closure != NONE:
        return False
    return bool(optimizer.kind) or any(
        isinstance(value, External) and value.path.partition(".")[0] in _FAMILY
        for frame in call.machine.frames
        for value in frame.module.scope.values()
    )


# A file that imports one of them means torch's optimizers.
_FAMILY = ("torch", "torchvision", "torchaudio", "lightning", "accelerate", "transformers", "timm")


@library.observer(Role.OPTIMIZER, "step")
def _own_step(call: Call) -> Value:
    """The user's own optimizer: whatever else its `step` does, it uses the gradients."""
    events.step(call.machine, call.receiver, receiver_name(call), call.ref)
    return NONE


@library.method(OPTIMIZER, "__init__")
def _init(call: Call) -> Value:
    params = call.get(0, "params")
    if isinstance(call.receiver, Instance) and params is not None:
        reach = events.reach_of(call.machine, params)
        call.machine.store.put(call.receiver.slots, events.PARAMS, Params(reach))
    return NONE


@library.method(Role.OPTIMIZER, "register_step_post_hook", "register_step_pre_hook")
def _hook(call: Call) -> Value:
    """From now on its steps do what the hook does."""
    events.freeze(call.machine, events.owned(call.machine, call.receiver), frozen=True)
    return NONE


@library.method(Role.OPTIMIZER, "zero_grad")
def _zero_grad(call: Call) -> Value:
    machine, optimizer = call.machine, call.receiver
    events.meet(machine, optimizer, receiver_name(call))
    events.clear(machine, events.owned(machine, optimizer), call.ref)
    clips.at_clear(machine, optimizer, call.ref)
    return NONE


@library.method(Role.OPTIMIZER, "state_dict", "load_state_dict", "add_param_group", "train", "eval")
@library.method(Role.OPTIMIZER, "get_lr", "__repr__", "share_memory")
def _no_gradient(call: Call) -> Value:
    return Unknown(call.name)


@library.attribute(Role.OPTIMIZER, "param_groups", "state", "defaults")
def _groups(call: Call) -> Value:
    return Unknown(call.name)


@library.method(Role.OPTIMIZER, "*")
def _other(call: Call) -> Value:
    """A method that optimizers of torch do not have: it may do anything to its gradients."""
    machine, optimizer = call.machine, call.receiver
    events.may_clear(machine, events.owned(machine, optimizer))
    return Unknown(call.name)


@library.method(Role.PASSIVE, "*")
def _passive(call: Call) -> Value:
    return Unknown(call.name)


@library.method(Role.PASSIVE, "optimizer")
def _scheduler_optimizer(call: Call) -> Value:
    return Unknown("optimizer")

"""Python's own functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..interpreter import attributes, calls, events, sizes
from ..interpreter.dims import Dim
from ..interpreter.iteration import MOST_UNROLLED, turns
from ..interpreter.library import Arguments, Call, Library, int_of
from ..interpreter.machine import PathEnds
from ..interpreter.tensors import Tensor
from ..interpreter.values import (
    NONE,
    NOTHING,
    TRUE,
    Constant,
    External,
    Function,
    Iterator,
    Mapping,
    Number,
    Params,
    Partial,
    Role,
    Sequence,
    Stream,
    Unknown,
    Value,
    sequence,
)

library = Library()
library.passive |= {"builtins", "math", "random", "os", "sys", "time", "json", "logging", "copy"}
library.passive |= {"pathlib", "argparse", "itertools", "functools", "collections", "typing"}
library.passive |= {"re", "glob", "shutil", "pickle", "csv", "datetime", "warnings", "dataclasses"}
library.passive |= {"string", "gc", "io", "contextlib", "numbers", "operator", "enum", "abc"}
library.passive |= {"numpy", "scipy", "pandas", "matplotlib", "sklearn", "PIL", "cv2", "tqdm"}
library.passive |= {"wandb", "tensorboardX", "yaml", "rich", "psutil", "subprocess", "urllib"}

# What loggers, meters, progress bars and writers are told; none of it touches a gradient.
library.passive_methods |= {
    "info", "debug", "warning", "warn", "error", "exception", "critical", "log", "print",
    "log_dict", "log_metrics", "add_scalar", "add_scalars", "add_image", "add_images", "add_text",
    "add_histogram", "add_figure", "add_graph", "add_embedding", "write", "writelines", "flush",
    "close", "update", "set_description", "set_description_str", "set_postfix", "set_postfix_str",
    "append", "extend", "add", "insert", "pop", "remove", "clear", "reset", "format", "join",
    "split", "strip", "items", "keys", "values", "get", "setdefault", "copy", "index", "count",
    "sort", "start", "stop", "tic", "toc", "save", "dump", "read", "plot", "legend", "show",
    "refresh", "set_epoch", "synchronize", "manual_seed", "seed", "state_dict", "load_state_dict",
    "record", "add_param_group", "set_lr", "get_lr", "get_last_lr", "barrier", "tolist", "item",
    "train", "eval", "to", "cuda", "cpu", "float", "half", "double", "size", "dim", "numel",
}  # fmt: skip


@library.function("builtins.super")
def _super(call: Call) -> Value:
    return Unknown("super()")


@library.function("builtins.range")
def _range(call: Call) -> Value:
    bounds = [int_of(value) for value in call.args.positional]
    if bounds and None not in bounds and len(bounds) <= 3:
        known = range(*[one for one in bounds if one is not None])  # range() checks the step
        if len(known) <= 4:
            return sequence("tuple", tuple(Constant(one) for one in known))
        if len(known) > MOST_UNROLLED:
            return Stream(lambda: Unknown("i", NOTHING), length=len(known))
    return Stream(lambda: Unknown("i", NOTHING))


@library.function("builtins.len")
def _len(call: Call) -> Value:
    value = call.get(0, "obj")
    if isinstance(value, Sequence) and value.exact:
        return Constant(len(value.items))
    if isinstance(value, Tensor):
        return sizes.number(sizes.axis(call.machine, value, 0))
    if isinstance(value, Constant) and isinstance(value.value, str):
        return Constant(len(value.value))
    return Unknown("len", NOTHING)


@library.function("builtins.enumerate")
def _enumerate(call: Call) -> Value:
    source = call.get(0, "iterable") or Unknown()
    found = turns(call.machine, source, call.ref)
    if found.exact:
        pairs = (sequence("tuple", (Constant(n), found.item(n))) for n in range(found.count))
        return sequence("list", tuple(pairs))
    state = _Counter(found.item)
    return Stream(
        lambda: sequence("tuple", (Unknown("i", NOTHING), state.next())),
        source,
        opened=found.opened,
    )


class _Counter:
    """Asks for one item after the other."""

    def __init__(self, item: Callable[[int], Value]) -> None:
        self._item = item
        self._number = -1

    def next(self) -> Value:
        self._number += 1
        return self._item(self._number)


@library.function("builtins.zip")
def _zip(call: Call) -> Value:
    found = [turns(call.machine, source, call.ref) for source in call.args.positional]
    if found and all(one.exact for one in found):
        count = min(one.count for one in found)
        rows = (sequence("tuple", tuple(one.item(n) for one in found)) for n in range(count))
        return sequence("list", tuple(rows))
    counters = [_Counter(one.item) for one in found]
    return Stream(
        lambda: sequence("tuple", tuple(one.next() for one in counters)),
        opened=tuple(inner for one in found for inner in one.opened),
    )


@library.function("builtins.iter", "tqdm.tqdm", "tqdm.auto.tqdm", "tqdm.notebook.tqdm")
@library.function("tqdm.trange.of", "rich.progress.track", "builtins.aiter")
def _same(call: Call) -> Value:
    value = call.get(0, "iterable")
    return value if value is not None else Unknown()


@library.function("tqdm.trange")
def _trange(call: Call) -> Value:
    return _range(call)


@library.function("builtins.int", "builtins.float", "builtins.abs", "builtins.round")
def _number(call: Call) -> Value:
    value = call.get(0, "x")
    if (
        isinstance(value, Constant)
        and isinstance(value.value, int)
        and call.name != "builtins.float"
    ):
        return value
    is_size = isinstance(value, Number) or (isinstance(value, Unknown) and value.given)
    return value if is_size and call.name == "builtins.int" and value else Unknown(reach=NOTHING)


@library.function(
    "math.sqrt", "math.log", "math.log2", "math.exp", "math.pow", "math.floor", "math.ceil",
    "numpy.sqrt", "numpy.prod", "math.prod",
)  # fmt: skip
def _scalar(call: Call) -> Value:
    value = call.get(0, "x")
    if isinstance(value, Tensor):
        return Unknown(call.name, NOTHING)
    return Number(Dim.of(sizes.fresh(call.machine, "number")))


@library.function("builtins.isinstance")
def _isinstance(call: Call) -> Value:
    value, cls = call.get(0, "obj"), call.get(1, "cls")
    names = cls.items if isinstance(cls, Sequence) else (cls,)
    is_module = value is not None and events.role_of(call.machine, value) is Role.LAYER
    if is_module and External("torch.nn.Module") in names:
        return TRUE
    kinds = {
        kind for name in names if isinstance(name, External) for kind in _KINDS.get(name.path, ())
    }
    known = all(isinstance(name, External) and name.path in _KINDS for name in names)
    if not known or not isinstance(value, Sequence | Mapping | Tensor | Constant):
        return Unknown(reach=NOTHING)
    return Constant(_kind(value) in kinds)


_KINDS = {
    "builtins.list": ("list",),
    "builtins.tuple": ("tuple",),
    "builtins.dict": ("dict",),
    "builtins.str": ("str",),
    "builtins.int": ("int", "bool"),
    "torch.Tensor": ("tensor",),
}


def _kind(value: Value) -> str:
    if isinstance(value, Sequence):
        return value.kind
    if isinstance(value, Mapping):
        return "dict"
    if isinstance(value, Constant):
        return type(value.value).__name__
    return "tensor"


@library.function("builtins.getattr")
def _getattr(call: Call) -> Value:
    owner, name = call.get(0, "obj"), call.get(1, "name")
    if owner is None or not isinstance(name, Constant) or not isinstance(name.value, str):
        return Unknown()
    if name.value.isdigit():  # only a container names its parts so
        return attributes.get_item(call.machine, owner, Constant(int(name.value)), call.ref)
    return attributes.get_attribute(call.machine, owner, name.value, call.ref)


@library.function("builtins.setattr")
def _setattr(call: Call) -> Value:
    owner, name, value = call.get(0, "obj"), call.get(1, "name"), call.get(2, "value")
    text = name.value if isinstance(name, Constant) else None
    if owner is not None:
        handler = call.machine.lookup(call.machine.tables.all.methods, owner, "__setattr__")
        if handler is not None:
            handler(replace(call, receiver=owner, args=Arguments(call.args.positional[1:])))
    if owner is not None and value is not None and isinstance(text, str):
        attributes.set_attribute(call.machine, owner, text, value, call.ref)
    return NONE


@library.function("builtins.sum")
def _sum(call: Call) -> Value:
    """Of losses, mostly: it depends on whatever they depend on."""
    source = call.get(0, "iterable") or Unknown()
    return Unknown("sum", events.reach_of(call.machine, source))


@library.function("builtins.filter")
def _filter(call: Call) -> Value:
    source = call.get(1, "iterable")
    return source if source is not None else Unknown()


@library.function("builtins.map")
def _map(call: Call) -> Value:
    function, source = call.get(0, "function"), call.get(1, "iterable")
    if function is None or source is None:
        return Unknown()
    found = turns(call.machine, source, call.ref)
    items = tuple(
        calls.call(call.machine, function, Arguments((found.item(n),)), call.ref)
        for n in range(found.count if found.exact else 1)
    )
    return sequence("list", items, found.exact)


@library.function("itertools.chain", "itertools.cycle", "itertools.islice")
def _chain(call: Call) -> Value:
    values = call.args.positional
    if call.name != "itertools.chain":
        return values[0] if values else Unknown()
    reach = NOTHING
    for value in values:
        reach = reach | events.reach_of(call.machine, value)
    if all(isinstance(value, Params | Sequence) for value in values):
        return Params(reach, once=Iterator(call.ref))
    return Unknown(reach=reach)


@library.function("functools.partial")
def _partial(call: Call) -> Value:
    if not call.args.positional:
        return Unknown()
    return Partial(call.args.positional[0], call.args.positional[1:], call.args.keywords)


@library.function("functools.wraps", "functools.lru_cache", "functools.cache")
@library.function("contextlib.contextmanager")
def _keeps(call: Call) -> Value:
    value = call.get(0, "function")
    return value if isinstance(value, Function) and "wraps" not in call.name else Unknown()


@library.function("copy.deepcopy", "copy.copy")
def _copy(call: Call) -> Value:
    """A copy has parameters of its own."""
    value = call.get(0, "x")
    return value if isinstance(value, Constant | Tensor) else Unknown("copy", given=True)


@library.function("sys.exit", "builtins.exit", "builtins.quit", "os._exit", "os.abort")
def _exit(call: Call) -> Value:
    raise PathEnds

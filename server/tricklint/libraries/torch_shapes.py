"""What the operations of `torch` and NumPy do to the order of axes and to their sizes."""

from __future__ import annotations

from ..interpreter import biases, pixels, shape_functions, sizes
from ..interpreter.dims import Dim
from ..interpreter.library import Call, Library, int_of
from ..interpreter.shape import Shape
from ..interpreter.tensors import Range, Tensor
from ..interpreter.values import Constant, Number, Object, Sequence, Unknown, Value
from .results import PIL_IMAGE, names_floats, operand, reach, tensor

library = Library()


@library.method(Tensor, "operator @")
@library.method(Tensor, "matmul", "bmm", "mm")
@library.function("torch.matmul", "torch.bmm", "torch.mm", "numpy.matmul")
def _matmul(call: Call) -> Value:
    value, call = operand(call)
    left = sizes.shape_of(call.machine, value)
    other = call.args.positional[0] if call.args.positional else None
    right = sizes.shape_of(call.machine, other) if other is not None else None
    if left is None or right is None:
        return tensor(call)
    made = Tensor(reach(call), shape_functions.matmul(call.machine.symbols, left, right))
    if isinstance(other, Tensor):
        made.reordered = other.reordered  # what is weighted stays where it was
    return made


@library.function("torch.nn.functional.scaled_dot_product_attention")
def _attention(call: Call) -> Value:
    query, value = call.get(0, "query"), call.get(2, "value")
    first = sizes.shape_of(call.machine, query) if query is not None else None
    last = sizes.shape_of(call.machine, value) if value is not None else None
    if first is None or last is None or not first.dims or not last.dims:
        return tensor(call)
    return Tensor(reach(call), Shape((*first.dims[:-1], last.dims[-1]), first.prefix))


_POINTWISE = (
    "relu gelu tanh sigmoid exp sqrt rsqrt abs sin cos neg silu elu selu leaky_relu "
    "relu6 hardtanh softplus mish hardswish logsigmoid normalize layer_norm batch_norm erf round "
    "floor ceil sign square pow add mul sub div alpha_dropout relu_ tanh_ "
    "sigmoid_ mul_ div_ add_ sub_ instance_norm group_norm rms_norm cumsum sort"
)


def _pointwise(call: Call) -> Value:
    value, call = operand(call)
    made = Tensor(reach(call), sizes.shape_of(call.machine, value))
    is_activation = call.name.rpartition(".")[2] in _ACTIVATIONS
    return pixels.activate(call.machine, value, made) if is_activation else made


_ACTIVATIONS = [
    "relu",
    "gelu",
    "tanh",
    "sigmoid",
    "silu",
    "elu",
    "selu",
    "leaky_relu",
    "relu6",
    "softplus",
    "mish",
    "relu_",
]

for _name in _POINTWISE.split():
    library.method(Tensor, _name)(_pointwise)
    library.function(f"torch.{_name}", f"torch.nn.functional.{_name}")(_pointwise)


_LIKE = "zeros_like ones_like rand_like randn_like empty_like full_like"


@library.function(
    *(f"{package}.{name}" for name in _LIKE.split() for package in ("torch", "numpy"))
)
def _like(call: Call) -> Value:
    value = call.get(0, "input")
    shape = sizes.shape_of(call.machine, value) if value is not None else None
    if value is not None:
        biases.see(call.machine, value)
    return Tensor(shape=shape)


@library.function("torch.from_numpy", "torch.as_tensor", "torch.tensor", "numpy.asarray")
@library.function("numpy.array", "torch.FloatTensor", "torch.Tensor")
def _converted(call: Call) -> Value:
    """The same numbers, perhaps as floats."""
    value = call.args.positional[0] if call.args.positional else call.get(0, "data")
    if value is None:
        return Tensor()
    shape = sizes.shape_of(call.machine, value)
    if isinstance(value, Object) and value.kind == PIL_IMAGE:
        value = pixels.of_picture(call.machine, value, call.ref)
    if not isinstance(value, Tensor):
        return Tensor(shape=shape)
    if call.name in ("torch.FloatTensor", "torch.Tensor") or names_floats(call.args.values()):
        floats = pixels.as_floats(value, call.ref, shape)
        return floats or Tensor(shape=shape)
    plain = len(call.args.values()) == 1 or call.name.startswith("numpy.")
    return pixels.keep(value, Tensor(shape=shape)) if plain else Tensor(shape=shape)


@library.function("torch.autograd.Variable")
def _variable(call: Call) -> Value:
    """Of the time before 0.4; a Variable is the tensor it wraps."""
    value = call.get(0, "data")
    return value if isinstance(value, Tensor) else tensor(call)


def _made(call: Call) -> Value:
    """`torch.randn(2, 3)`, `torch.zeros((2, 3))`, `np.zeros(shape)`."""
    named = call.args.get(-1, "size") or call.args.get(-1, "shape")
    values = call.args.positional if named is None else (named,)
    if call.name.startswith("numpy.") and not call.name.startswith("numpy.random."):
        values = values[:1]
    return Tensor(shape=_shape_from(call, values))


def _shape_from(call: Call, values: tuple[Value, ...]) -> Shape | None:
    if not values or not all(
        isinstance(one, Constant | Number | Sequence | Unknown) for one in values
    ):
        return None
    found = sizes.sizes_of(call.machine, values)
    single = len(values) == 1 and isinstance(values[0], Unknown)
    if found is None or None in found or single:
        return None
    return Shape(tuple(one for one in found if one is not None))


library.function(
    "torch.randn", "torch.rand", "torch.zeros", "torch.ones", "torch.empty", "numpy.zeros",
    "numpy.ones", "numpy.empty", "numpy.random.rand", "numpy.random.randn",
)(_made)  # fmt: skip


@library.function("torch.full")
def _full(call: Call) -> Value:
    size = call.get(0, "size")
    return Tensor(shape=_shape_from(call, (size,)) if size is not None else None)


@library.function("torch.randint")
def _randint(call: Call) -> Value:
    size = call.args.get(-1, "size")
    if size is None and isinstance(call.args.positional[-1], Sequence):
        size = call.args.positional[-1]
    return Tensor(shape=_shape_from(call, (size,)) if size is not None else None)


@library.function("torch.arange", "numpy.arange")
def _arange(call: Call) -> Value:
    count = call.get(0, "end") if len(call.args.positional) == 1 else None
    dim = sizes.dim_of(call.machine, count) if count is not None else None
    dim = dim if dim is not None else Dim.of(sizes.fresh(call.machine, "length"))
    return Tensor(shape=Shape((dim,)), range=Range.COUNTED)


def _reduced(call: Call) -> Value:
    """`mean(dim=1)`: one axis less, or of size 1."""
    value, call = operand(call)
    shape = sizes.shape_of(call.machine, value)
    keep = call.flag(2 if call.name.endswith("norm") else 1, "keepdim", default=False)
    axes = _axes(call)
    if shape is None or axes is None or keep is None:
        return tensor(call)
    return Tensor(reach(call), shape_functions.reduce(shape, axes, keepdim=keep))


def _axes(call: Call) -> tuple[int, ...] | None:
    """The axes that are named; None where they are not known, or all are meant."""
    given = call.get(1 if call.name.endswith("norm") else 0, "dim") or call.args.get(-1, "axis")
    items = given.items if isinstance(given, Sequence) else () if given is None else (given,)
    known = tuple(at for item in items if (at := int_of(item)) is not None)
    return known if known and len(known) == len(items) else None


for _name in ("mean", "sum", "prod", "std", "var", "norm", "logsumexp"):
    library.method(Tensor, _name)(_reduced)
    library.function(f"torch.{_name}")(_reduced)

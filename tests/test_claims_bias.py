"""What the page of bias-before-batch-norm claims, shown with the real library."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import TypeAlias

import pytest
import torch
from torch import Tensor, nn

Layer: TypeAlias = "nn.Conv1d | nn.Conv2d | nn.ConvTranspose2d | nn.Conv3d | nn.Linear"


@pytest.fixture(autouse=True)
def _same_numbers() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Every test draws the same numbers, whatever ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


CANCELLED: list[tuple[Layer, nn.Module, tuple[int, ...]]] = [
    (nn.Conv2d(3, 6, 3), nn.BatchNorm2d(6), (4, 3, 8, 8)),
    (nn.Conv2d(3, 6, 3, padding=1), nn.BatchNorm2d(6, affine=False), (4, 3, 8, 8)),
    (nn.Conv2d(3, 6, 3), nn.BatchNorm2d(6, track_running_stats=False), (4, 3, 8, 8)),
    (nn.ConvTranspose2d(3, 6, 3, 2, 1), nn.BatchNorm2d(6), (4, 3, 8, 8)),
    (nn.Conv1d(3, 6, 3), nn.BatchNorm1d(6), (4, 3, 8)),
    (nn.Conv3d(3, 6, 3), nn.BatchNorm3d(6), (4, 3, 5, 5, 5)),
    (nn.Linear(5, 6), nn.BatchNorm1d(6), (8, 5)),
    (nn.Conv2d(3, 6, 3), nn.InstanceNorm2d(6), (4, 3, 8, 8)),
    (nn.Conv2d(3, 6, 3), nn.InstanceNorm2d(6, affine=True), (4, 3, 8, 8)),
    (nn.Conv1d(3, 6, 3), nn.InstanceNorm1d(6, track_running_stats=True), (4, 3, 8)),
]
NEEDED: list[tuple[Layer, nn.Module, tuple[int, ...]]] = [
    (nn.Conv2d(3, 6, 3), nn.GroupNorm(2, 6), (4, 3, 8, 8)),
    (nn.Conv2d(3, 6, 3), nn.LayerNorm([6, 6, 6]), (4, 3, 8, 8)),
    (nn.Linear(5, 6), nn.LayerNorm(6), (8, 5)),
    (nn.Linear(5, 6), nn.BatchNorm1d(7), (4, 7, 5)),  # (batch, time, features)
    (nn.Linear(5, 6), nn.InstanceNorm1d(8), (8, 5)),  # taken for one sample of 8 channels
    (nn.Conv2d(3, 6, 3), nn.Sequential(nn.ReLU(), nn.BatchNorm2d(6)), (4, 3, 8, 8)),
    (nn.Conv2d(3, 6, 3), nn.Sequential(nn.Dropout(), nn.BatchNorm2d(6)), (4, 3, 8, 8)),
]


def _fresh(layer: Layer) -> Layer:
    """One of its own for each test, whose bias is too large to be overlooked."""
    fresh = copy.deepcopy(layer).double()
    fresh.reset_parameters()
    assert fresh.bias is not None
    nn.init.normal_(fresh.bias, std=3.0)
    return fresh


def _without_bias(layer: Layer) -> Layer:
    plain = copy.deepcopy(layer)
    plain.bias = None
    return plain


def _run(layer: Layer, norm: nn.Module, inputs: Tensor) -> Tensor:
    torch.manual_seed(1)
    return copy.deepcopy(norm).double().train()(layer(inputs))


def _inputs(size: tuple[int, ...]) -> Tensor:
    return torch.randn(size, dtype=torch.float64)


def _largest_gradients(layer: Layer, output: Tensor) -> tuple[float, float]:
    """Those of the bias and of the weight, for some loss."""
    (output * torch.randn_like(output)).sum().backward()
    assert layer.bias is not None
    assert layer.bias.grad is not None
    assert layer.weight.grad is not None
    return layer.bias.grad.abs().max().item(), layer.weight.grad.abs().max().item()


def _name(case: object) -> str:
    return type(case).__name__ if isinstance(case, nn.Module) else ""


@pytest.mark.parametrize(("layer", "norm", "size"), CANCELLED, ids=_name)
def test_the_output_is_the_same_without_the_bias(
    layer: Layer, norm: nn.Module, size: tuple[int, ...]
) -> None:
    layer, inputs = _fresh(layer), _inputs(size)
    assert torch.allclose(
        _run(layer, norm, inputs), _run(_without_bias(layer), norm, inputs), atol=1e-9
    )


@pytest.mark.parametrize(("layer", "norm", "size"), CANCELLED, ids=_name)
def test_the_bias_gets_no_gradient(layer: Layer, norm: nn.Module, size: tuple[int, ...]) -> None:
    layer = _fresh(layer)
    of_bias, of_weight = _largest_gradients(layer, _run(layer, norm, _inputs(size)))
    assert of_bias < 1e-9
    assert of_weight > 1e-2


@pytest.mark.parametrize(("layer", "norm", "size"), NEEDED, ids=_name)
def test_other_norms_keep_a_part_of_it(
    layer: Layer, norm: nn.Module, size: tuple[int, ...]
) -> None:
    layer, inputs = _fresh(layer), _inputs(size)
    output = _run(layer, norm, inputs)
    assert (output - _run(_without_bias(layer), norm, inputs)).abs().max() > 0.1
    assert _largest_gradients(layer, output)[0] > 1e-2


def test_at_evaluation_the_running_mean_holds_the_bias() -> None:
    layer = _fresh(nn.Conv2d(3, 6, 3))
    with_bias = nn.Sequential(layer, nn.BatchNorm2d(6).double())
    without = nn.Sequential(_without_bias(layer), nn.BatchNorm2d(6).double())
    for _ in range(100):
        batch = _inputs((4, 3, 8, 8))
        with_bias(batch)
        without(batch)
    new = _inputs((4, 3, 8, 8))
    assert torch.allclose(with_bias.eval()(new), without.eval()(new), atol=1e-3)


def test_a_checkpoint_with_the_bias_has_a_key_more() -> None:
    layer = nn.Conv2d(3, 6, 3)
    plain = nn.Conv2d(3, 6, 3, bias=False)
    with pytest.raises(RuntimeError, match="bias"):
        plain.load_state_dict(layer.state_dict())
    assert plain.load_state_dict(layer.state_dict(), strict=False).unexpected_keys == ["bias"]


def test_in_front_of_a_norm_that_trains_in_eval_mode_the_bias_learns() -> None:
    layer, norm = _fresh(nn.Conv2d(3, 6, 3)), nn.BatchNorm2d(6).double().eval()
    assert _largest_gradients(layer, norm(layer(_inputs((4, 3, 8, 8)))))[0] > 1e-2


def test_a_hook_sees_the_bias() -> None:
    layer, inputs, seen = _fresh(nn.Conv2d(3, 6, 3)), _inputs((4, 3, 8, 8)), list[Tensor]()
    plain = _without_bias(layer)
    for one in (layer, plain):
        one.register_forward_hook(lambda _module, _inputs, output: seen.append(output))
        nn.Sequential(one, nn.BatchNorm2d(6).double())(inputs)
    assert (seen[0] - seen[1]).abs().max() > 0.1

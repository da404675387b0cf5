"""What the page of TRK010 claims, shown once each with the real library on tiny data."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import clip_grad_norm_


@pytest.fixture(autouse=True)
def _same_numbers() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def _norm(model: nn.Module) -> float:
    norms = [p.grad.norm() for p in model.parameters() if p.grad is not None]
    return float(torch.stack(norms).norm())


def _loss(model: nn.Module) -> Tensor:
    return 100 * model(torch.ones(8, 4)).pow(2).mean()


Between = Callable[[nn.Module, Tensor, torch.optim.Optimizer], None]


def _moved(update: Between) -> float:
    """How far one update with rate 1 moves the parameters."""
    torch.manual_seed(1)
    model = nn.Linear(4, 1)
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    optimizer.zero_grad()
    update(model, _loss(model), optimizer)
    steps = [(p.detach() - q).norm() for p, q in zip(model.parameters(), before, strict=True)]
    return float(torch.stack(steps).norm())


def _clip(model: nn.Module) -> None:
    clip_grad_norm_(model.parameters(), 1.0)


def test_only_a_clip_between_backward_and_step_bounds_the_update() -> None:
    def never(_: nn.Module, loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
        loss.backward()
        optimizer.step()

    def between(model: nn.Module, loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
        loss.backward()
        _clip(model)
        optimizer.step()

    def early(model: nn.Module, loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
        _clip(model)
        loss.backward()
        optimizer.step()

    def late(model: nn.Module, loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
        loss.backward()
        optimizer.step()
        _clip(model)

    unclipped = _moved(never)
    assert unclipped > 10
    assert _moved(between) == pytest.approx(1.0, abs=1e-3)
    assert _moved(early) == unclipped
    assert _moved(late) == unclipped


def test_a_clip_of_another_model_bounds_nothing() -> None:
    other = nn.Linear(4, 1)
    _loss(other).backward()

    def wrong(_: nn.Module, loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
        loss.backward()
        _clip(other)
        optimizer.step()

    assert _moved(wrong) > 10


@pytest.mark.parametrize("unscales", [True, False])
def test_a_clip_of_scaled_gradients_leaves_almost_nothing(unscales: bool) -> None:
    scaler = torch.amp.GradScaler("cpu")
    scale = scaler.get_scale()
    assert scale == 65536

    def update(model: nn.Module, loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
        scaler.scale(loss).backward()
        if unscales:
            scaler.unscale_(optimizer)
        _clip(model)
        scaler.step(optimizer)
        scaler.update()

    wanted = 1.0 if unscales else 1.0 / scale
    assert _moved(update) == pytest.approx(wanted, rel=1e-2)


def test_unscaling_twice_raises_so_the_late_one_has_to_go() -> None:
    model, scaler = nn.Linear(4, 1), torch.amp.GradScaler("cpu")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scaler.scale(_loss(model)).backward()
    scaler.unscale_(optimizer)
    with pytest.raises(RuntimeError, match="unscale_"):
        scaler.unscale_(optimizer)


@pytest.mark.parametrize("filtered", [True, False])
def test_a_generator_that_the_optimizer_used_up_clips_nothing(filtered: bool) -> None:
    model = nn.Linear(4, 1)
    params: Iterator[nn.Parameter] = model.parameters()
    if filtered:
        params = filter(_takes_gradients, params)
    torch.optim.SGD(params, lr=0.1)
    _loss(model).backward()
    before = _norm(model)
    assert before > 10
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert clip_grad_norm_(params, 1.0) == 0.0
    assert _norm(model) == before
    assert bool(said) is not filtered  # a generator is warned about, a filter is not


def _takes_gradients(parameter: nn.Parameter) -> bool:
    return parameter.requires_grad


def test_a_clip_uses_up_its_generator_too() -> None:
    model = nn.Linear(4, 1)
    params = filter(_takes_gradients, model.parameters())
    _loss(model).backward()
    clip_grad_norm_(params, 1.0)
    assert _norm(model) == pytest.approx(1.0, abs=1e-3)
    model.zero_grad()
    _loss(model).backward()
    clip_grad_norm_(params, 1.0)
    assert _norm(model) > 10


def test_a_list_is_clipped_each_time() -> None:
    model = nn.Linear(4, 1)
    params = list(model.parameters())
    torch.optim.SGD(params, lr=0.1)
    for _ in range(2):
        model.zero_grad()
        _loss(model).backward()
        clip_grad_norm_(params, 1.0)
        assert _norm(model) == pytest.approx(1.0, abs=1e-3)


def test_the_old_name_still_clips() -> None:
    model = nn.Linear(4, 1)
    _loss(model).backward()
    with pytest.warns(FutureWarning):
        torch.nn.utils.clip_grad_norm(model.parameters(), 1.0)  # pyright: ignore[reportDeprecated]
    assert _norm(model) == pytest.approx(1.0, abs=1e-3)


def test_clipping_each_micro_batch_bounds_their_sum() -> None:
    model = nn.Linear(4, 1)
    for count in range(1, 5):
        _loss(model).backward()
        clip_grad_norm_(model.parameters(), 1.0)
        assert _norm(model) <= 1.0 + 1e-3, count


def _exploding(steps: int) -> nn.RNN:
    """Recurrent weights that stretch every state by half again."""
    rnn = nn.RNN(1, 4, nonlinearity="relu", bias=False)
    weights = dict(rnn.named_parameters())
    with torch.no_grad():
        weights["weight_hh_l0"].copy_(1.5 * torch.eye(4))
        weights["weight_ih_l0"].fill_(0.1)
    rnn(torch.ones(steps, 1, 1))[0][-1].sum().backward()
    return rnn


def test_recurrent_gradients_grow_exponentially_with_the_length_and_clipping_bounds_them() -> None:
    norms = [_norm(_exploding(steps)) for steps in (10, 20, 40, 80)]
    for short, long in itertools.pairwise(norms):
        assert long > 50 * short
    longest = _exploding(80)
    clip_grad_norm_(longest.parameters(), 1.0)
    assert _norm(longest) == pytest.approx(1.0, abs=1e-3)

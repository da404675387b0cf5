"""What the page on train and eval mode claims, shown once each with the real library."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import nn
from torch.nn import functional


@pytest.fixture(autouse=True)
def _same_numbers() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Every test draws the same numbers, whatever ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def _running_mean(norm: nn.BatchNorm1d) -> torch.Tensor:
    assert norm.running_mean is not None
    return norm.running_mean.clone()


def _train(model: nn.Module) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    functional.cross_entropy(model(torch.randn(8, 4) + 3), torch.randint(0, 2, (8,))).backward()
    optimizer.step()


class TestTrainEvalMode:
    """TRK002."""

    def test_in_train_mode_dropout_gives_another_result_each_time(self) -> None:
        model, x = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5)), torch.randn(6, 4)
        with torch.no_grad():
            assert not torch.equal(model(x), model(x))
            model.eval()
            assert torch.equal(model(x), model(x))

    def test_in_train_mode_batch_norm_mixes_the_samples_of_a_test_batch(self) -> None:
        norm, x = nn.BatchNorm1d(4), torch.randn(6, 4)
        with torch.no_grad():
            assert not torch.allclose(norm(x)[:3], norm(x[:3]), atol=1e-3)
            norm.eval()
            assert torch.allclose(norm(x)[:3], norm(x[:3]))

    def test_an_evaluation_in_train_mode_changes_running_statistics_even_under_no_grad(
        self,
    ) -> None:
        norm = nn.BatchNorm1d(4)
        before = _running_mean(norm)
        with torch.no_grad():
            norm(torch.randn(6, 4) + 5)
        assert not torch.allclose(_running_mean(norm), before, atol=0.1)
        norm.eval()
        before = _running_mean(norm)
        norm(torch.randn(6, 4) + 5)
        assert torch.equal(_running_mean(norm), before)

    def test_a_model_left_in_eval_mode_trains_without_dropout_and_with_old_statistics(self) -> None:
        norm, drop = nn.BatchNorm1d(4), nn.Dropout(0.5)
        model = nn.Sequential(norm, drop, nn.Linear(4, 2))
        before = _running_mean(norm)
        _train(model)
        assert not torch.equal(_running_mean(norm), before)
        model.eval()
        before = _running_mean(norm)
        _train(model)
        assert torch.equal(_running_mean(norm), before)
        x = torch.randn(6, 4)
        assert torch.equal(drop(x), x)

    def test_the_mode_holds_until_it_is_set_again(self) -> None:
        model = nn.Sequential(nn.Linear(4, 2), nn.Dropout(0.5))
        assert all(one.training for one in model.modules())
        model.eval()
        model.load_state_dict(nn.Sequential(nn.Linear(4, 2), nn.Dropout(0.5)).state_dict())
        assert not any(one.training for one in model.modules())
        model.train()
        assert all(one.training for one in model.modules())

    def test_without_call_nothing_is_set(self) -> None:
        model = nn.Dropout(0.5)
        model.eval  # noqa: B018  # pyright: ignore[reportUnusedExpression]
        assert model.training

    @pytest.mark.parametrize("name", ["dropout", "dropout1d", "dropout2d", "dropout3d"])
    def test_functional_dropout_drops_unless_it_is_told_the_mode(self, name: str) -> None:
        drop, x = getattr(functional, name), torch.ones(8, 8, 2, 2, 2)
        x = x[..., 0, 0] if name == "dropout1d" else x[..., 0] if name == "dropout2d" else x
        assert (drop(x, 0.5) == 0).any()
        assert torch.equal(drop(x, 0.5, training=False), x)

    def test_functional_alpha_dropout_does_not(self) -> None:
        x = torch.ones(8, 8)
        assert torch.equal(functional.alpha_dropout(x, 0.5), x)

    def test_a_dropout_made_in_a_forward_drops_in_eval_mode_unless_it_is_told(self) -> None:
        class Net(nn.Module):
            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return nn.Dropout(0.5)(x)

            def told(self, x: torch.Tensor) -> torch.Tensor:
                return nn.Dropout(0.5).train(self.training)(x)

        model, x = Net().eval(), torch.ones(8, 8)
        assert (model(x) == 0).any()
        assert torch.equal(model.told(x), x)

    @pytest.mark.parametrize(
        ("layer", "minds"),
        [
            (nn.Dropout(0.5), True),
            (nn.AlphaDropout(0.5), True),
            (nn.RReLU(), True),
            (nn.BatchNorm1d(4), True),
            (nn.InstanceNorm1d(4, track_running_stats=True), True),
            (nn.LSTM(4, 4, num_layers=2, dropout=0.5), True),
            (nn.TransformerEncoderLayer(4, 2), True),
            (nn.MultiheadAttention(4, 2, dropout=0.5), True),
            (nn.Dropout(0.0), False),
            (nn.BatchNorm1d(4, track_running_stats=False), False),
            (nn.InstanceNorm1d(4), False),
            (nn.GRU(4, 4, num_layers=2), False),
            (nn.MultiheadAttention(4, 2), False),
            (nn.TransformerEncoderLayer(4, 2, dropout=0.0), False),
            (nn.LayerNorm(4), False),
        ],
        ids=lambda one: str(one) if isinstance(one, bool) else type(one).__name__,
    )
    def test_which_layers_mind_the_mode(self, layer: nn.Module, minds: bool) -> None:
        x = torch.randn(4, 4, 4)
        args = (x, x, x) if isinstance(layer, nn.MultiheadAttention) else (x,)
        results: list[torch.Tensor] = []
        for training in (True, False):
            layer.train(training)
            with torch.no_grad():
                made = layer(*args)
            results.append(made[0] if isinstance(made, tuple) else made)
        assert torch.allclose(results[0], results[1], atol=1e-5) is not minds

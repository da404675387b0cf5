"""What the rule pages claim, shown once each with the real library on tiny data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

Batch = tuple[Tensor, Tensor]


@pytest.fixture(autouse=True)
def _same_numbers() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Every test draws the same numbers, whatever ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


def _batches(count: int, size: int = 4) -> list[Batch]:
    return [(torch.randn(size, 5), torch.randn(size, 1)) for _ in range(count)]


def _gradient(model: nn.Linear, batch: Batch) -> Tensor:
    """The gradient of one batch alone, taken without touching `.grad`."""
    inputs, targets = batch
    (gradient,) = torch.autograd.grad(functional.mse_loss(model(inputs), targets), model.weight)
    return gradient


def _grad(model: nn.Linear) -> Tensor:
    assert model.weight.grad is not None
    return model.weight.grad.clone()


class TestMissingZeroGrad:
    """TRK003."""

    def test_without_a_clear_each_step_uses_the_sum_of_all_gradients_so_far(self) -> None:
        model, batches = nn.Linear(5, 1), _batches(4)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        total = torch.zeros_like(model.weight)
        for batch in batches:
            total += _gradient(model, batch)
            functional.mse_loss(model(batch[0]), batch[1]).backward()
            assert torch.allclose(_grad(model), total, atol=1e-6)
            optimizer.step()
        assert not torch.allclose(total, _gradient(model, batches[-1]), atol=1e-3)

    def test_with_a_clear_each_step_uses_its_own_batch(self) -> None:
        model, batches = nn.Linear(5, 1), _batches(4)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for batch in batches:
            own = _gradient(model, batch)
            optimizer.zero_grad()
            functional.mse_loss(model(batch[0]), batch[1]).backward()
            assert torch.allclose(_grad(model), own, atol=1e-6)
            optimizer.step()

    def test_clearing_once_per_epoch_is_not_enough(self) -> None:
        model, batches = nn.Linear(5, 1), _batches(3)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(2):
            optimizer.zero_grad()
            total = torch.zeros_like(model.weight)
            for batch in batches:
                total += _gradient(model, batch)
                functional.mse_loss(model(batch[0]), batch[1]).backward()
                optimizer.step()
            assert torch.allclose(_grad(model), total, atol=1e-6)

    @pytest.mark.parametrize("set_to_none", [True, False])
    def test_a_clear_between_backward_and_step_leaves_the_parameters_still(
        self,
        set_to_none: bool,
    ) -> None:
        model, (batch,) = nn.Linear(5, 1), _batches(1)
        before = model.weight.detach().clone()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        functional.mse_loss(model(batch[0]), batch[1]).backward()
        optimizer.zero_grad(set_to_none=set_to_none)
        optimizer.step()
        assert torch.equal(model.weight, before)

        functional.mse_loss(model(batch[0]), batch[1]).backward()
        optimizer.step()
        assert not torch.equal(model.weight, before)

    def test_the_name_without_the_call_clears_nothing(self) -> None:
        model, (batch,) = nn.Linear(5, 1), _batches(1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        functional.mse_loss(model(batch[0]), batch[1]).backward()
        kept = _grad(model)
        optimizer.zero_grad  # noqa: B018  # pyright: ignore[reportUnusedExpression]
        assert torch.equal(_grad(model), kept)

    def test_a_wiped_accumulation_steps_with_its_last_micro_batch_only(self) -> None:
        model, batches = nn.Linear(5, 1), _batches(4)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        each = [_gradient(model, batch) / 4 for batch in batches]
        for batch in batches:
            optimizer.zero_grad()
            (functional.mse_loss(model(batch[0]), batch[1]) / 4).backward()
        assert torch.allclose(_grad(model), each[-1], atol=1e-6)

        optimizer.zero_grad()
        for batch in batches:
            (functional.mse_loss(model(batch[0]), batch[1]) / 4).backward()
        assert torch.allclose(_grad(model), torch.stack(each).sum(0), atol=1e-6)

    def test_the_generators_loss_leaves_gradients_in_the_discriminator(self) -> None:
        generator, discriminator = nn.Linear(3, 5), nn.Linear(5, 1)
        optimizer = torch.optim.SGD(generator.parameters(), lr=0.1)
        optimizer.zero_grad()
        (-discriminator(generator(torch.randn(4, 3))).mean()).backward()
        optimizer.step()
        leaked = _grad(discriminator)
        assert leaked.abs().sum() > 0

        own = torch.autograd.grad(discriminator(torch.ones(4, 5)).mean(), discriminator.weight)[0]
        discriminator(torch.ones(4, 5)).mean().backward()
        assert torch.allclose(_grad(discriminator), leaked + own, atol=1e-6)

    def test_the_discriminators_loss_leaves_none_in_the_generator_when_detached(self) -> None:
        generator, discriminator = nn.Linear(3, 5), nn.Linear(5, 1)
        discriminator(generator(torch.randn(4, 3)).detach()).mean().backward()
        assert generator.weight.grad is None

    def test_lbfgs_runs_its_closure_many_times_in_one_step(self) -> None:
        model, (batch,) = nn.Linear(5, 1), _batches(1)
        optimizer = torch.optim.LBFGS(model.parameters(), max_iter=5)
        seen: list[tuple[Tensor, Tensor]] = []

        def closure() -> Tensor:
            own = _gradient(model, batch)
            loss = functional.mse_loss(model(batch[0]), batch[1])
            loss.backward()
            seen.append((_grad(model), own))
            return loss

        optimizer.zero_grad()
        optimizer.step(closure)  # pyright: ignore[reportArgumentType]
        assert len(seen) > 1
        assert torch.allclose(*seen[0], atol=1e-6)
        assert not any(torch.allclose(used, own, atol=1e-6) for used, own in seen[1:])


class TestSoftmaxBeforeCrossEntropy:
    """TRK004."""

    @pytest.mark.parametrize("classes", [2, 10, 1000])
    def test_the_loss_cannot_fall_below_its_floor(self, classes: int) -> None:
        floor = math.log(math.e + classes - 1) - 1
        target = torch.tensor([0])
        perfect = torch.full((1, classes), -1000.0)
        perfect[0, 0] = 1000.0
        assert functional.cross_entropy(perfect, target).item() == 0.0
        assert functional.cross_entropy(perfect.softmax(1), target).item() == pytest.approx(
            floor, abs=1e-5
        )
        for scale in (0.1, 1.0, 10.0, 100.0):
            probabilities = (torch.randn(64, classes) * scale).softmax(1)
            assert (
                functional.cross_entropy(probabilities, torch.zeros(64).long()).item()
                >= floor - 1e-5
            )

    def test_a_confident_mistake_gets_almost_no_gradient(self) -> None:
        logits = torch.tensor([[20.0, 0.0, 0.0]], requires_grad=True)
        wrong = torch.tensor([1])
        (right_gradient,) = torch.autograd.grad(functional.cross_entropy(logits, wrong), logits)
        (lost_gradient,) = torch.autograd.grad(
            functional.cross_entropy(logits.softmax(1), wrong), logits
        )
        assert right_gradient.abs().max() > 0.9
        assert lost_gradient.abs().max() < 1e-6

    def test_the_same_training_learns_more_slowly(self) -> None:
        inputs, labels = torch.randn(60, 4), torch.arange(60) % 3
        inputs += 3 * functional.one_hot(labels, 4)

        def trained(output: Callable[[Tensor], Tensor]) -> float:
            torch.manual_seed(1)
            model = nn.Linear(4, 3)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
            for _ in range(10):
                optimizer.zero_grad()
                functional.cross_entropy(output(model(inputs)), labels).backward()
                optimizer.step()
            return functional.cross_entropy(model(inputs), labels).item()

        def identity(logits: Tensor) -> Tensor:
            return logits

        def softmax(logits: Tensor) -> Tensor:
            return logits.softmax(1)

        assert trained(identity) < 0.8 * trained(softmax)

    def test_log_softmax_changes_nothing(self) -> None:
        logits = torch.randn(8, 5, requires_grad=True)
        labels = torch.arange(8) % 5
        plain, twice = (
            functional.cross_entropy(logits, labels),
            functional.cross_entropy(logits.log_softmax(1), labels),
        )
        assert torch.allclose(plain, twice, atol=1e-6)
        (one,) = torch.autograd.grad(plain, logits)
        (other,) = torch.autograd.grad(twice, logits)
        assert torch.allclose(one, other, atol=1e-6)

    def test_nll_of_log_softmax_is_cross_entropy(self) -> None:
        logits, labels = torch.randn(8, 5), torch.arange(8) % 5
        assert torch.allclose(
            functional.nll_loss(logits.log_softmax(1), labels),
            functional.cross_entropy(logits, labels),
            atol=1e-6,
        )

    def test_the_prediction_is_the_same_without_the_softmax(self) -> None:
        logits = torch.randn(50, 7)
        assert torch.equal(logits.argmax(1), logits.softmax(1).argmax(1))


class TestViewAsPermute:
    """TRK006."""

    def test_a_view_keeps_the_numbers_in_their_order(self) -> None:
        matrix = torch.arange(6).view(2, 3)
        assert matrix.view(3, 2).tolist() == [[0, 1], [2, 3], [4, 5]]
        assert matrix.permute(1, 0).tolist() == [[0, 3], [1, 4], [2, 5]]

    def test_channels_last_viewed_as_channels_first_scrambles_the_image(self) -> None:
        images = torch.randn(2, 4, 5, 3)
        viewed, permuted = images.view(2, 3, 4, 5), images.permute(0, 3, 1, 2)
        assert viewed.shape == permuted.shape
        assert not torch.equal(viewed, permuted)
        for channel in range(3):
            assert torch.equal(permuted[:, channel], images[..., channel])

    def test_splitting_heads_by_view_mixes_time_and_heads(self) -> None:
        tokens = torch.randn(2, 5, 12)
        split = tokens.view(2, 5, 4, 3).transpose(1, 2)
        for head in range(4):
            assert torch.equal(split[:, head], tokens[..., 3 * head : 3 * head + 3])
        assert not torch.equal(tokens.view(2, 4, 5, 3), split)

    def test_merging_heads_needs_the_transpose_back(self) -> None:
        tokens = torch.randn(2, 5, 12)
        heads = tokens.view(2, 5, 4, 3).transpose(1, 2)
        assert torch.equal(heads.transpose(1, 2).reshape(2, 5, 12), tokens)
        assert not torch.equal(heads.reshape(2, 5, 12), tokens)

    def test_the_last_state_of_two_layers_viewed_by_batch_mixes_the_samples(self) -> None:
        gru = nn.GRU(3, 4, num_layers=2, batch_first=True)
        inputs = torch.randn(2, 6, 3)
        changed = inputs.clone()
        changed[1] += 1.0  # only the second sample

        last, other = gru(inputs)[1], gru(changed)[1]
        right = [states.transpose(0, 1).reshape(2, -1) for states in (last, other)]
        mixed = [states.reshape(2, -1) for states in (last, other)]
        assert torch.allclose(right[0][0], right[1][0])
        assert not torch.allclose(mixed[0][0], mixed[1][0])

    def test_merging_and_splitting_neighbours_moves_nothing(self) -> None:
        clip = torch.randn(2, 3, 4, 5, 6)
        folded = clip.view(6, 4, 5, 6)
        assert torch.equal(folded[4], clip[1, 1])
        assert torch.equal(folded.view(2, 3, 4, 5, 6), clip)

    def test_an_axis_of_length_one_can_stand_anywhere(self) -> None:
        states = torch.randn(1, 4, 5)
        assert torch.equal(states.view(4, 1, 5), states.transpose(0, 1))

"""What the pages about the order and the number of batches claim, shown once each with torch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, TensorDataset


@pytest.fixture(autouse=True)
def _same_numbers() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Every test draws the same numbers, whatever ran before it, and has one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield
    torch.set_num_threads(before)


def _sorted_data(each: int = 100) -> TensorDataset:
    """Three classes, one after the other."""
    labels = torch.tensor([0, 1, 2]).repeat_interleave(each)
    centres = torch.tensor([[2.0, 0.0], [-1.0, 1.7], [-1.0, -1.7]])
    return TensorDataset(centres[labels] + 2 * torch.randn(3 * each, 2), labels)


def _passes(loader: DataLoader[tuple[Tensor, ...]], count: int = 2) -> list[list[list[int]]]:
    return [[batch[-1].tolist() for batch in loader] for _ in range(count)]


def _predictions(*, shuffle: bool) -> tuple[Tensor, Tensor]:
    """After some epochs on sorted data, for the whole of it; and the labels."""
    data = _sorted_data()
    loader = DataLoader(data, batch_size=10, shuffle=shuffle)
    model = nn.Linear(2, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    for _ in range(3):
        for x, y in loader:
            optimizer.zero_grad()
            functional.cross_entropy(model(x), y).backward()
            optimizer.step()
    x, y = data.tensors
    return model(x).argmax(1), y


class TestUnshuffledTrainingData:
    """TRK008."""

    def test_a_loader_does_not_shuffle_by_itself(self) -> None:
        numbers = TensorDataset(torch.arange(20))
        first, second = _passes(DataLoader(numbers, batch_size=4))
        assert first == second == torch.arange(20).view(5, 4).tolist()

    def test_a_loader_that_shuffles_makes_other_batches_in_each_pass(self) -> None:
        numbers = TensorDataset(torch.arange(20))
        first, second = _passes(DataLoader(numbers, batch_size=4, shuffle=True))
        assert first != second

    def test_batches_of_sorted_data_hold_a_single_class(self) -> None:
        (batches,) = _passes(DataLoader(_sorted_data(), batch_size=10), 1)
        assert all(len(set(labels)) == 1 for labels in batches)

    def test_the_model_runs_after_the_class_that_comes_last(self) -> None:
        mixed, labels = _predictions(shuffle=True)
        in_order, _ = _predictions(shuffle=False)
        assert float((in_order == 2).float().mean()) > 0.5 > float((mixed == 2).float().mean())
        right = [float((one == labels).float().mean()) for one in (in_order, mixed)]
        assert right[0] < right[1] - 0.1

    def test_batch_norm_learns_the_statistics_of_the_last_class(self) -> None:
        data = _sorted_data()
        norm = nn.BatchNorm1d(2)
        for x, _ in DataLoader(data, batch_size=10):
            norm(x)
        x, y = data.tensors
        assert norm.running_mean is not None
        gaps = [float((norm.running_mean - x[y == one].mean(0)).norm()) for one in range(3)]
        assert min(gaps) == gaps[2]
        assert float((norm.running_mean - x.mean(0)).norm()) > 0.7


class TestSingleBatchTraining:
    """TRK011."""

    def test_a_new_iterator_gives_the_first_batch_again(self) -> None:
        loader = DataLoader(TensorDataset(torch.arange(20)), batch_size=4)
        taken = [next(iter(loader))[0].tolist() for _ in range(len(loader))]
        assert taken == [[0, 1, 2, 3]] * 5

    def test_an_iterator_made_once_goes_on(self) -> None:
        loader = DataLoader(TensorDataset(torch.arange(20)), batch_size=4)
        batches = iter(loader)
        taken = [next(batches)[0].tolist() for _ in range(len(loader))]
        assert sorted(one for batch in taken for one in batch) == list(range(20))

    def test_with_shuffling_each_first_batch_is_another(self) -> None:
        loader = DataLoader(TensorDataset(torch.arange(20)), batch_size=4, shuffle=True)
        assert next(iter(loader))[0].tolist() != next(iter(loader))[0].tolist()

    def test_the_model_learns_one_batch_by_heart(self) -> None:
        data = TensorDataset(torch.randn(64, 8), torch.randn(64, 1))
        loader = DataLoader(data, batch_size=4)
        model = nn.Linear(8, 1)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        for _ in range(200):
            x, y = next(iter(loader))
            optimizer.zero_grad()
            functional.mse_loss(model(x), y).backward()
            optimizer.step()
        inputs, targets = data.tensors
        with torch.no_grad():
            seen = functional.mse_loss(model(inputs[:4]), targets[:4])
            others = functional.mse_loss(model(inputs[4:]), targets[4:])
        assert float(seen) < 0.01
        assert float(others) > 0.5

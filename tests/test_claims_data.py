"""What the pages about data claim, shown with tensor operations on drawn digits."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional


@pytest.fixture(autouse=True)
def _same_numbers() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Every test draws the same numbers, whatever ran before it."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


# Which of the seven segments a digit has: top, upper left, upper right, middle, lower left, lower
# right, bottom.
_SEGMENTS = [
    "1110111",
    "0010010",
    "1011101",
    "1011011",
    "0111010",
    "1101011",
    "1101111",
    "1010010",
    "1111111",
    "1111011",
]


def digit(number: int) -> Tensor:
    """A digit as a pocket calculator shows it, 7 by 5 pixels of 0 or 1."""
    image = torch.zeros(7, 5)
    places = [(0, slice(1, 4)), (slice(1, 3), 0), (slice(1, 3), 4), (3, slice(1, 4))]
    places += [(slice(4, 6), 0), (slice(4, 6), 4), (6, slice(1, 4))]
    for place, segment in zip(places, _SEGMENTS[number], strict=True):
        image[place] = float(segment)
    return image


def half_turn(image: Tensor) -> Tensor:
    return torch.rot90(image, 2, (-2, -1))


def trained_on(images: Tensor, labels: Tensor) -> nn.Module:
    model = nn.Sequential(nn.Flatten(), nn.Linear(35, 32), nn.ReLU(), nn.Linear(32, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(150):
        optimizer.zero_grad()
        functional.cross_entropy(model(images), labels).backward()
        optimizer.step()
    return model


class TestLabelChangingAugmentation:
    """TRK007."""

    def test_a_turned_6_is_a_9_and_a_mirrored_2_a_5(self) -> None:
        assert torch.equal(half_turn(digit(6)), digit(9))
        assert torch.equal(digit(2).flip(-1), digit(5))
        assert torch.equal(digit(2).flip(-2), digit(5))

    def test_a_mirrored_arrow_to_the_left_is_one_to_the_right(self) -> None:
        left = torch.tensor([[0.0, 1, 0, 0], [1, 1, 1, 1], [0, 1, 0, 0]])
        right = torch.tensor([[0.0, 0, 1, 0], [1, 1, 1, 1], [0, 0, 1, 0]])
        assert torch.equal(left.flip(-1), right)

    def test_a_red_light_whose_hue_moves_by_a_quarter_is_mostly_green(self) -> None:
        red = torch.tensor([1.0, 0.0, 0.0])
        hue, *rest = colorsys.rgb_to_hsv(*red.tolist())
        moved = torch.tensor(colorsys.hsv_to_rgb(hue + 0.25, *rest))
        assert moved.argmax() == 1
        nearly = torch.tensor(colorsys.hsv_to_rgb(hue + 0.05, *rest))
        assert nearly.argmax() == 0

    def test_a_model_that_sees_half_of_them_turned_cannot_tell_6_from_9(self) -> None:
        labels = torch.arange(10)
        images = torch.stack([digit(number) for number in range(10)])
        both = torch.cat([images, half_turn(images)])
        upright = trained_on(images, labels)
        turned = trained_on(both, torch.cat([labels, labels]))
        pair = torch.stack([digit(6), digit(9)])
        sure = upright(pair).softmax(1)[:, [6, 9]]
        unsure = turned(pair).softmax(1)[:, [6, 9]]
        assert (sure.diagonal() > 0.9).all()
        assert torch.allclose(unsure, torch.full((2, 2), 0.5), atol=0.1)

    def test_random_test_images_give_another_score_each_time(self) -> None:
        images = torch.stack([digit(number) for number in range(10)])
        labels = torch.arange(10)
        model = trained_on(images, labels)

        def score() -> float:
            turned = torch.rand(10) < 0.5
            shown = torch.where(turned[:, None, None], images.flip(-1), images)
            return (model(shown).argmax(1) == labels).float().mean().item()

        assert len({score() for _ in range(20)}) > 1
        assert (model(images).argmax(1) == labels).all()


class TestUnnormalizedInput:
    """TRK009."""

    def test_raw_pixels_make_the_first_loss_and_gradients_a_hundred_times_larger(self) -> None:
        labels = torch.arange(10)
        images = torch.stack([digit(number) for number in range(10)])
        head = nn.Linear(32, 10)
        model = nn.Sequential(nn.Flatten(), nn.Linear(35, 32), nn.ReLU(), head)

        def size_of_gradient(scale: float) -> float:
            loss = functional.cross_entropy(model(images * scale), labels)
            return torch.autograd.grad(loss, head.weight)[0].norm().item()

        assert size_of_gradient(255) > 100 * size_of_gradient(1)

    def test_a_learning_rate_that_is_right_for_0_to_1_fails_on_0_to_255(self) -> None:
        labels = torch.arange(10)
        images = torch.stack([digit(number) for number in range(10)])

        def loss_after_training(scale: float) -> float:
            torch.manual_seed(0)
            model = nn.Sequential(nn.Flatten(), nn.Linear(35, 32), nn.ReLU(), nn.Linear(32, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
            for _ in range(100):
                optimizer.zero_grad()
                functional.cross_entropy(model(images * scale), labels).backward()
                optimizer.step()
            return functional.cross_entropy(model(images * scale), labels).item()

        assert loss_after_training(1) < 0.05
        assert loss_after_training(255) > 1

    def test_a_batch_norm_behind_the_first_layer_cancels_the_scale(self) -> None:
        images = torch.rand(8, 3, 6, 6)
        model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))
        assert torch.allclose(model(images), model(images * 255), atol=2e-3)

    def test_statistics_of_bytes_make_all_images_nearly_the_same(self) -> None:
        images = torch.rand(8, 1, 6, 6)
        normalized = (images - 125.3) / 63.0
        assert normalized.std() < 0.01
        assert abs(normalized.mean() + 125.3 / 63.0) < 0.01
        assert abs(((images - 125.3 / 255) / (63.0 / 255)).std() - 1) < 0.3

    def test_the_same_steps_lead_further_with_normalized_images_than_with_0_to_1(self) -> None:
        labels = torch.arange(10)
        images = torch.stack([digit(number) for number in range(10)])
        normalized = (images - images.mean()) / images.std()

        def loss_after_training(inputs: Tensor) -> float:
            torch.manual_seed(0)
            model = nn.Sequential(nn.Flatten(), nn.Linear(35, 32), nn.ReLU(), nn.Linear(32, 10))
            optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
            for _ in range(60):
                optimizer.zero_grad()
                functional.cross_entropy(model(inputs), labels).backward()
                optimizer.step()
            return functional.cross_entropy(model(inputs), labels).item()

        assert loss_after_training(normalized) < loss_after_training(images) / 2

    def test_weights_for_normalized_images_get_worse_on_those_of_0_to_1(self) -> None:
        labels = torch.arange(10)
        images = torch.stack([digit(number) for number in range(10)])
        normalized = (images - images.mean()) / images.std()
        noise = 0.3 * torch.randn(200, 7, 5)
        model = trained_on(normalized.repeat(20, 1, 1) + noise, labels.repeat(20))

        def score(inputs: Tensor) -> float:
            return (model(inputs).argmax(1) == labels).float().mean().item()

        assert score(normalized) == 1
        assert score(images) < 0.9

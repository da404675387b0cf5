"""Data sets of a few random images, each with the parameters that the real one has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import Dataset

Transform = Callable[[Any], Any] | None
_COUNT = 16


class _Images(Dataset[tuple[Any, int]]):
    _shape: tuple[int, ...] = (28, 28)

    def __init__(self, transform: Transform, target_transform: Transform) -> None:
        self.transform, self.target_transform = transform, target_transform
        self.data = torch.randint(0, 256, (_COUNT, *self._shape), dtype=torch.uint8)
        self.targets = torch.randint(0, 10, (_COUNT,))

    def __len__(self) -> int:
        return _COUNT

    def __getitem__(self, index: int) -> tuple[Any, int]:
        if index >= _COUNT:
            raise IndexError
        image: Any = self.data[index]
        label: Any = int(self.targets[index])
        image = self.transform(image) if self.transform else image
        return image, self.target_transform(label) if self.target_transform else label


class MNIST(_Images):
    """Grey images of 28 by 28 pixels."""

    def __init__(
        self,
        root: str,
        train: bool = True,
        transform: Transform = None,
        target_transform: Transform = None,
        download: bool = False,
    ) -> None:
        super().__init__(transform, target_transform)
        self.root, self.train, self.download = root, train, download


class FashionMNIST(MNIST):
    """As MNIST."""


class KMNIST(MNIST):
    """As MNIST."""


class CIFAR10(MNIST):
    """Coloured images of 32 by 32 pixels."""

    _shape = (32, 32, 3)


class SVHN(_Images):
    """Coloured images of 32 by 32 pixels, of which a part is asked for by name."""

    _shape = (32, 32, 3)

    def __init__(
        self,
        root: str,
        split: str = "train",
        transform: Transform = None,
        target_transform: Transform = None,
        download: bool = False,
    ) -> None:
        super().__init__(transform, target_transform)
        self.root, self.split, self.download = root, split, download


__all__ = ["CIFAR10", "KMNIST", "MNIST", "SVHN", "FashionMNIST", "Tensor"]

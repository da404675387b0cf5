"""The second version of the transforms."""

from __future__ import annotations

import torch
from torch import Tensor

from . import (
    ColorJitter,
    Compose,
    Lambda,
    Normalize,
    PILToTensor,
    RandomAffine,
    RandomCrop,
    RandomHorizontalFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomVerticalFlip,
)


class ToImage(PILToTensor):
    """Bytes stay bytes."""


class ToDtype:
    """Another type; only with `scale` are the numbers of bytes divided by 255."""

    def __init__(self, dtype: torch.dtype, scale: bool = False) -> None:
        self.dtype, self.scale = dtype, scale

    def __call__(self, img: Tensor) -> Tensor:
        """In that type."""
        scaled = self.scale and img.dtype is torch.uint8 and self.dtype.is_floating_point
        return img.to(self.dtype) / 255 if scaled else img.to(self.dtype)


__all__ = [
    "ColorJitter",
    "Compose",
    "Lambda",
    "Normalize",
    "PILToTensor",
    "RandomAffine",
    "RandomCrop",
    "RandomHorizontalFlip",
    "RandomResizedCrop",
    "RandomRotation",
    "RandomVerticalFlip",
    "ToDtype",
    "ToImage",
]

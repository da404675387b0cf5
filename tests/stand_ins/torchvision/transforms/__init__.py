"""Transforms of images that are byte tensors (height, width, channels) or float tensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

Numbers = float | Sequence[float]


class Compose:
    """One after the other."""

    def __init__(self, transforms: Sequence[Callable[[Any], Any]]) -> None:
        self.transforms = list(transforms)

    def __call__(self, img: Any) -> Any:
        """The image after all of them."""
        for transform in self.transforms:
            img = transform(img)
        return img


class Lambda:
    """Any function."""

    def __init__(self, lambd: Callable[[Any], Any]) -> None:
        self.lambd = lambd

    def __call__(self, img: Any) -> Any:
        """What it gives."""
        return self.lambd(img)


class ToTensor:
    """Bytes become numbers from 0 to 1, channels come first."""

    def __call__(self, pic: Tensor) -> Tensor:
        """Floats stay as they are, as in the real one."""
        return _channels_first(pic) / 255 if pic.dtype is torch.uint8 else _channels_first(pic)


class PILToTensor:
    """Bytes stay bytes."""

    def __call__(self, pic: Tensor) -> Tensor:
        """Only the channels come first."""
        return _channels_first(pic)


def _channels_first(image: Tensor) -> Tensor:
    return image.unsqueeze(0) if image.dim() == 2 else image.permute(2, 0, 1)


class Normalize:
    """Minus the mean, divided by the deviation, for each channel."""

    def __init__(self, mean: Sequence[float], std: Sequence[float], inplace: bool = False) -> None:
        self.mean, self.std, self.inplace = mean, std, inplace

    def __call__(self, tensor: Tensor) -> Tensor:
        """As in the real one, anything but floats is refused."""
        if not tensor.is_floating_point():
            raise TypeError("Input tensor should be a float tensor.")
        shape = (-1, 1, 1)
        return (tensor - torch.tensor(self.mean).view(shape)) / torch.tensor(self.std).view(shape)


class RandomHorizontalFlip:
    """Left and right change places."""

    _axis = 1

    def __init__(self, p: float = 0.5) -> None:
        self.p = p

    def __call__(self, img: Tensor) -> Tensor:
        """Mirrored or not."""
        axis = self._axis if img.dtype is torch.uint8 else self._axis - 2
        return img.flip(axis) if torch.rand(()) < self.p else img


class RandomVerticalFlip(RandomHorizontalFlip):
    """Top and bottom change places."""

    _axis = 0


class RandomRotation:
    """Here in steps of a quarter turn only: enough for a script to run."""

    def __init__(self, degrees: Numbers) -> None:
        self.degrees = degrees

    def __call__(self, img: Tensor) -> Tensor:
        """The image, turned if the angles allow for a quarter."""
        angles = self.degrees if isinstance(self.degrees, Sequence) else (self.degrees,)
        return torch.rot90(img, 1, (0, 1)) if max(map(abs, angles)) >= 90 else img


class RandomAffine(RandomRotation):
    """As a rotation."""

    def __init__(
        self,
        degrees: Numbers,
        translate: Sequence[float] | None = None,
        scale: Sequence[float] | None = None,
        shear: Numbers | None = None,
    ) -> None:
        super().__init__(degrees)
        self.translate, self.scale, self.shear = translate, scale, shear


class RandomCrop:
    """A window of the image, which is padded with zeros before."""

    def __init__(self, size: int, padding: int | None = None) -> None:
        self.size, self.padding = size, padding

    def __call__(self, img: Tensor) -> Tensor:
        """Of the size asked for."""
        pad = self.padding or 0
        padded = torch.zeros(
            img.shape[0] + 2 * pad, img.shape[1] + 2 * pad, *img.shape[2:], dtype=img.dtype
        )
        padded[pad : pad + img.shape[0], pad : pad + img.shape[1]] = img
        top = int(torch.randint(0, padded.shape[0] - self.size + 1, ()))
        left = int(torch.randint(0, padded.shape[1] - self.size + 1, ()))
        return padded[top : top + self.size, left : left + self.size]


class RandomResizedCrop(RandomCrop):
    """Here without the resizing."""

    def __init__(self, size: int, scale: Sequence[float] = (0.08, 1.0)) -> None:
        super().__init__(size)
        self.scale = scale


class ColorJitter:
    """Brightness only."""

    def __init__(self, brightness: Numbers = 0, contrast: Numbers = 0) -> None:
        self.brightness, self.contrast = brightness, contrast

    def __call__(self, img: Tensor) -> Tensor:
        """A little darker."""
        return (img * 0.9).to(img.dtype)

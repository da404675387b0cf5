"""A tensor with its heads already apart, and a frame stack."""

import torch


def heads_first(x: torch.Tensor) -> torch.Tensor:
    B, T, H, D = x.shape
    return x.transpose(1, 2)


def frames(clip: torch.Tensor) -> torch.Tensor:
    b, c, t, h, w = clip.shape
    return clip.transpose(1, 2).reshape(b * t, c, h, w)


heads_first(torch.randn(2, 5, 4, 3))
frames(torch.randn(2, 3, 4, 6, 5))

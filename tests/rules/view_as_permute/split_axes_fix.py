"""A tensor with its heads already apart, and a frame stack."""

import torch


def heads_first(x: torch.Tensor) -> torch.Tensor:
    B, T, H, D = x.shape
    return x.view(B, H, T, D)  #! TRK006 "view"


def frames(clip: torch.Tensor) -> torch.Tensor:
    b, c, t, h, w = clip.shape
    return clip.reshape(b * t, c, h, w)  #! TRK006 "reshape"


heads_first(torch.randn(2, 5, 4, 3))
frames(torch.randn(2, 3, 4, 6, 5))

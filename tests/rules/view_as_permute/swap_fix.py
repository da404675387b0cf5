"""Batch and time swapped by view, with sizes read from the tensor."""

import torch


def time_first(x: torch.Tensor) -> torch.Tensor:
    n, t, d = x.size()
    return x.view(t, n, d)  #! TRK006 "view"


def channels_first(x: torch.Tensor) -> torch.Tensor:
    batch, length, channels = x.shape
    y = x.reshape(batch, channels, length)  #! TRK006 "reshape"
    return y * 2


time_first(torch.randn(2, 3, 4))
channels_first(torch.randn(2, 3, 4))

"""Batch and time swapped by view, with sizes read from the tensor."""

import torch


def time_first(x: torch.Tensor) -> torch.Tensor:
    n, t, d = x.size()
    return x.transpose(0, 1)


def channels_first(x: torch.Tensor) -> torch.Tensor:
    batch, length, channels = x.shape
    y = x.transpose(1, 2)
    return y * 2


time_first(torch.randn(2, 3, 4))
channels_first(torch.randn(2, 3, 4))

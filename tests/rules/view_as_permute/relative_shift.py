"""Attention with relative positions shifts rows by leaving out the first entries of another view."""

import torch
from torch import nn


def rel_shift(x, klen=-1):
    x_size = x.shape
    x = x.reshape(x_size[1], x_size[0], x_size[2], x_size[3])
    x = x[1:, ...]
    x = x.reshape(x_size[0], x_size[1] - 1, x_size[2], x_size[3])
    return torch.index_select(x, 1, torch.arange(klen))


def rel_shift_of_the_last_axes(x):
    B, N, I, J = x.shape
    x = x.reshape(B, N, J, I)
    x = x[:, :, 1:, :]
    return x.reshape(B, N, I, J - 1)


def rel_shift_by(x, shift):
    B, N, I, J = x.shape
    x = x.reshape(B, N, J, I)
    x = x[:, :, shift:, :]
    return x.reshape(B, N, I, J - shift)


def without_the_last(x):
    B, W, L = x.shape
    return x.reshape(B, L, W)[:, :-1].reshape(B, W - 1, L)


def narrowed(x):
    B, W, L = x.shape
    return x.reshape(B, L, W).narrow(1, 1, L - 1).reshape(B, W, L - 1)


class Memory(nn.Module):
    def shift(self, x):
        zeros = torch.zeros((x.size(0), 1, *x.size()[2:]))
        padded = torch.cat([zeros, x], dim=1)
        padded = padded.view(x.size(1) + 1, x.size(0), *x.size()[2:])
        return padded[1:].view_as(x)


def swapped(x):
    B, T, C = x.shape
    y = x.reshape(T, B, C)  #! TRK006 "names the axes in another order"
    first = y[0]
    return first, y[:, :2]

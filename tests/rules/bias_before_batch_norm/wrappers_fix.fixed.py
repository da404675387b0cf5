"""Where a helper hands the bias on: at its call, or in its default."""

import torch
from torch import nn


def conv3x3(taken, given, bias=True):
    return nn.Conv2d(taken, given, 3, padding=1, bias=bias)


class Padded(nn.Module):
    def __init__(self, taken, given, use_bias=True):
        super().__init__()
        self.conv = conv3x3(taken, given, bias=use_bias)

    def forward(self, x):
        return self.conv(x)


class ConvNorm(nn.Module):
    def __init__(self, taken, given, bias=False):
        super().__init__()
        self.conv = nn.Conv2d(taken, given, 3, bias=bias)
        self.norm = nn.BatchNorm2d(given)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


def options(taken, given, **rest):
    return nn.Conv2d(taken, given, 1, **rest)


model = nn.Sequential(
    conv3x3(3, 8, bias=False),
    nn.BatchNorm2d(8),
    Padded(8, 8, use_bias=False),
    nn.BatchNorm2d(8),
    ConvNorm(8, 8),
    ConvNorm(8, 8),
    options(8, 8, stride=1, bias=False),
    nn.BatchNorm2d(8),
    conv3x3(8, 8, False),
    nn.BatchNorm2d(8),
    conv3x3(8, 1),
)
model(torch.randn(2, 3, 8, 8))

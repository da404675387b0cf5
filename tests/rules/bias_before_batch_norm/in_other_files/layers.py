import torch
from torch import nn


def conv(taken, given):
    """Other files use it without a norm."""
    return nn.Conv2d(taken, given, 3, padding=1)


def conv_with(taken, given, bias=True):
    return nn.Conv2d(taken, given, 3, padding=1, bias=bias)


def _private(taken, given):
    return nn.Conv2d(taken, given, 3, padding=1)  #! TRK005


class Stem(nn.Module):
    """Who uses it elsewhere gets layer and norm together."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)  #! TRK005 "`self.conv`"
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3)

    def forward(self, x):
        return self.conv(x)


class Here(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = conv(3, 8)
        self.conv2 = _private(8, 8)
        self.conv3 = Plain()
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv1(x)))
        x = torch.relu(self.norm(self.conv3(x)))
        return self.norm(self.conv2(x))

"""Layers that a helper makes: the place that decides, if all that is made there agrees."""

import torch
from torch import nn


def conv3x3(taken, given, stride=1, bias=True):
    return nn.Conv2d(taken, given, 3, stride=stride, padding=1, bias=bias)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = conv3x3(3, width)  #! TRK005 "the bias of `self.conv1`"
        #            ^^^^^^^^^^^^^^^^^
        self.conv2 = conv3x3(width, width, 2, True)  #! TRK005 "`self.conv2`"
        self.conv3 = conv3x3(width, width, bias=False)
        self.last = conv3x3(width, width)
        self.norms = nn.ModuleList([nn.BatchNorm2d(width) for _ in range(3)])

    def forward(self, x):
        x = torch.relu(self.norms[0](self.conv1(x)))
        x = torch.relu(self.norms[1](self.conv2(x)))
        x = torch.relu(self.norms[2](self.conv3(x)))
        return self.last(x)


class ConvBlock(nn.Module):
    """A block of its own: the layer and its norm are made in one place."""

    def __init__(self, taken, given, kernel=3, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(taken, given, kernel, **kwargs)  #! TRK005 "`self.conv`"
        self.norm = nn.BatchNorm2d(given)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


class UsesBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(ConvBlock(3, 8), ConvBlock(8, 8, 1, stride=2))

    def forward(self, x):
        return self.blocks(x)


class Padded(nn.Module):
    """Pads and convolves, nothing else; most of them are normalized by those who use it."""

    def __init__(self, taken, given, kernel=3, use_bias=True):
        super().__init__()
        self.pad = nn.ReflectionPad2d(kernel // 2)
        self.conv = nn.Conv2d(taken, given, kernel, bias=use_bias)

    def forward(self, x):
        return self.conv(self.pad(x))


class UsesPadded(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            Padded(3, 8),  #! TRK005 "the bias of this `Padded`"
            nn.InstanceNorm2d(8),
            nn.ReLU(),
            Padded(8, 8, use_bias=False),
            nn.InstanceNorm2d(8),
            nn.ReLU(),
            Padded(8, 3),
            nn.Tanh(),
        )

    def forward(self, x):
        return self.body(x)


def conv_norm(taken, given):
    conv = nn.Conv2d(taken, given, 3)  #! TRK005 "`conv`"
    norm = nn.BatchNorm2d(given)
    return nn.Sequential(conv, norm)


def plain_conv(taken, given):
    """No way to say it from outside, and one of them needs its bias."""
    return nn.Conv2d(taken, given, 1)


def conv_with(taken, given, **options):
    return nn.Conv2d(taken, given, 3, **options)


class UsesHelpers(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = conv_norm(3, 8)
        self.mixed1 = plain_conv(8, 8)
        self.norm1 = nn.BatchNorm2d(8)
        self.mixed2 = plain_conv(8, 8)
        self.open = conv_with(8, 8, padding=1)  #! TRK005 "`self.open`"
        self.norm2 = nn.BatchNorm2d(8)
        self.dark = conv_with(8, 8, **unknown_options())
        self.norm3 = nn.BatchNorm2d(8)

    def forward(self, x):
        x = torch.relu(self.norm1(self.mixed1(self.stem(x))))
        x = self.mixed2(x)
        return self.norm3(self.dark(self.norm2(self.open(x))))


def make_norm(width):
    return nn.BatchNorm2d(width)


class NormFromHelper(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)  #! TRK005
        self.norm = make_norm(8)

    def forward(self, x):
        return self.norm(self.conv(x))

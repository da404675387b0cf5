"""The norm is not always there, or may be another: the bias is needed then."""

import torch
from torch import nn


class ByFlag(nn.Module):
    def __init__(self, width, use_norm=True):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)
        self.norm = nn.BatchNorm2d(width) if use_norm else None

    def forward(self, x):
        x = self.conv(x)
        if self.norm is not None:
            x = self.norm(x)
        return torch.relu(x)


class ByFlagInForward(nn.Module):
    def __init__(self, use_norm):
        super().__init__()
        self.use_norm = use_norm
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        x = self.conv(x)
        if self.use_norm:
            x = self.norm(x)
        return torch.relu(x)


def block(taken, given, normalize=True):
    layers = [nn.Linear(taken, given)]
    if normalize:
        layers.append(nn.BatchNorm1d(given, 0.8))
    layers.append(nn.LeakyReLU(0.2))
    return layers


generator = nn.Sequential(*block(100, 128), *block(128, 256), nn.Linear(256, 784))
generator(torch.randn(4, 100))


def make_layers(plan, batch_norm=False):
    layers, channels = [], 3
    for width in plan:
        conv = nn.Conv2d(channels, width, 3, padding=1)
        if batch_norm:
            layers += [conv, nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
        else:
            layers += [conv, nn.ReLU(inplace=True)]
        channels = width
    return nn.Sequential(*layers)


class AnyNorm(nn.Module):
    def __init__(self, norm_layer=nn.BatchNorm2d):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = norm_layer(8)

    def forward(self, x):
        return self.norm(self.conv(x))


AnyNorm()(torch.randn(2, 3, 8, 8))


def get_norm(kind, width):
    if kind == "batch":
        return nn.BatchNorm2d(width)
    if kind == "instance":
        return nn.InstanceNorm2d(width)
    return None


def get_norm_or_leave(kind, width):
    if kind is None:
        return None
    return nn.BatchNorm2d(width)


class ByName(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = get_norm(kind, 8)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.norm2 = get_norm_or_leave(kind, 8)
        self.conv3 = nn.Conv2d(8, 8, 3)
        self.norm3 = {"batch": nn.BatchNorm2d(8), "none": nn.Identity()}[kind]

    def forward(self, x):
        x = self.conv(x)
        if self.norm:
            x = self.norm(x)
        x = self.conv2(x)
        if self.norm2:
            x = self.norm2(x)
        return self.norm3(self.conv3(x))


class NotTheLast(nn.Module):
    """All layers but the last have a norm; all are made by one call."""

    def __init__(self, depth):
        super().__init__()
        self.layers = nn.ModuleList(nn.Linear(8, 8) for _ in range(depth))
        self.norms = nn.ModuleList(nn.BatchNorm1d(8) for _ in range(depth - 1))

    def forward(self, x):
        for layer, norm in zip(self.layers[:-1], self.norms):
            x = torch.relu(norm(layer(x)))
        return self.layers[-1](x)


class LeavesTheLoop(nn.Module):
    def __init__(self, widths):
        super().__init__()
        layers = []
        for i, width in enumerate(widths):
            layers.append(nn.Conv2d(8, width, 1))
            if i == len(widths) - 1:
                break
            layers.append(nn.BatchNorm2d(width))
            layers.append(nn.ReLU())
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


class Bias(nn.Module):
    """The code decides it by itself."""

    def __init__(self, norm, biased):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=not norm)
        self.conv2 = nn.Conv2d(8, 8, 3, bias=biased)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.conv2(self.norm(self.conv(x))))


class Either(nn.Module):
    def __init__(self, groups):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        if groups:
            self.norm = nn.GroupNorm(4, 8)
        else:
            self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.conv(x))


class Adaptive(nn.Module):
    """Its statistics come from outside; it has to be told before it is called."""

    def __init__(self, width):
        super().__init__()
        self.weight = None

    def forward(self, x):
        assert self.weight is not None
        return x * self.weight


class ClassInVariable(nn.Module):
    def __init__(self, width, norm="in"):
        super().__init__()
        norm_layer = Adaptive if norm == "adain" else nn.InstanceNorm2d
        self.block = nn.Sequential(nn.Conv2d(width, width, 3), norm_layer(width))

    def forward(self, x):
        return x + self.block(x)

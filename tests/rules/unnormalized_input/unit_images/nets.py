"""Networks that images enter as they are, or behind a norm."""

import torch
import torch.nn.functional as F
from torch import nn


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(8 * 13 * 13, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        return self.fc(torch.flatten(x, 1))


class Batched(nn.Module):
    """A batch norm behind the first layer cancels scale and offset."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(1, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten())
        self.fc = nn.LazyLinear(10)

    def forward(self, x):
        return self.fc(self.body(x))


class Layered(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.LayerNorm(784)
        self.fc = nn.Linear(784, 10)

    def forward(self, x):
        return self.fc(self.norm(x.flatten(1)))


class Centring(nn.Module):
    """It does what a transform would do."""

    def __init__(self):
        super().__init__()
        self.body = Plain()

    def forward(self, x):
        return self.body((x - 0.13) / 0.31)


def prepared(x):
    return (x - x.flatten(1).amin(1)[:, None, None, None]) * 2


class Prepared(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = Plain()

    def forward(self, x):
        return self.body(prepared(x))

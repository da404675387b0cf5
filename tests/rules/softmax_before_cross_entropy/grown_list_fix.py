"""Layers that are gathered in a list: only the softmax goes, with the statement that adds it."""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F


def grown(depth):
    layers = []
    for _ in range(depth):
        layers += [nn.Linear(4, 4), nn.ReLU()]
    layers += [nn.Linear(4, 3)]
    layers += [nn.Softmax(dim=1)]
    return nn.Sequential(*layers)


def extended():
    layers = [nn.Linear(4, 4), nn.ReLU()]
    layers.extend([nn.Linear(4, 3), nn.Softmax(dim=1)])
    return nn.Sequential(*layers)


def named():
    return nn.Sequential(
        OrderedDict(
            [
                ("fc", nn.Linear(4, 3)),
                ("softmax", nn.Softmax(dim=1)),  # a row of numbers that sum to 1
            ]
        )
    )


class Rebound(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)
        self.softmax = nn.Softmax(dim=1)

    def forward(self, x):
        y = self.fc(x)
        y = self.softmax(y)
        return y


class OnlyInTheBranch(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        y = self.fc(x)
        y = F.softmax(y, dim=-1)  # probabilities
        return y


def train():
    criterion = nn.CrossEntropyLoss()
    x, target = torch.randn(8, 4), torch.randint(0, 3, (8,))
    criterion(grown(1)(x), target).backward()  #! TRK004
    criterion(extended()(x), target).backward()  #! TRK004
    criterion(named()(x), target).backward()  #! TRK004
    criterion(Rebound()(x), target).backward()  #! TRK004
    criterion(OnlyInTheBranch()(x), target).backward()  #! TRK004


if __name__ == "__main__":
    train()

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
    return nn.Sequential(*layers)


def extended():
    layers = [nn.Linear(4, 4), nn.ReLU()]
    layers.extend([nn.Linear(4, 3)])
    return nn.Sequential(*layers)


def named():
    return nn.Sequential(
        OrderedDict(
            [
                ("fc", nn.Linear(4, 3)),
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
        return y


class OnlyInTheBranch(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(4, 3)

    def forward(self, x):
        y = self.fc(x)
        return y


def train():
    criterion = nn.CrossEntropyLoss()
    x, target = torch.randn(8, 4), torch.randint(0, 3, (8,))
    criterion(grown(1)(x), target).backward()
    criterion(extended()(x), target).backward()
    criterion(named()(x), target).backward()
    criterion(Rebound()(x), target).backward()
    criterion(OnlyInTheBranch()(x), target).backward()


if __name__ == "__main__":
    train()

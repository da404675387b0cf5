"""Dropout that never asks for the mode, and calls without parentheses."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.functional import dropout


class Functional(nn.Module):
    def __init__(self, rate=0.1):
        super().__init__()
        self.rate = rate
        self.inner = nn.Linear(8, 8)
        self.outer = nn.Linear(8, 2)

    def forward(self, x):
        x = F.dropout(x, p=self.rate)  #! TRK002 "`F.dropout` drops in eval mode too"
        #   ^^^^^^^^^^^^^^^^^^^^^^^^^
        return self.outer(self.hidden(x))

    def hidden(module, x):
        return dropout(  #! TRK002 "`dropout` drops"
            F.relu(module.inner(x)),
            0.5,
        )


class Short(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 2)

    def forward(self, x):
        return F.dropout(self.linear(x))  #! TRK002 "`F.dropout`"


class MadeInside(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(8, 2)

    def forward(self, x):
        x = nn.Dropout(0.5)(x)  #! TRK002 "this Dropout is new in each forward"
        #   ^^^^^^^^^^^^^^^
        return self.linear(x)


class Right(nn.Module):
    """All ways to ask."""

    def __init__(self, p=0.5, always=True):
        super().__init__()
        self.p = p
        self.linear = nn.Linear(8, 2)
        self.lazy = None

    def forward(self, x, drop=True):
        x = F.dropout(x, self.p, self.training)
        x = F.dropout(x, p=self.p, training=self.training)
        x = F.dropout(x, self.p, True)  # on purpose
        x = F.dropout(x, 0.0)
        x = F.alpha_dropout(x, 0.5)  # its default is False
        if self.training:
            x = F.dropout(x, self.p)
        x = F.dropout(x, self.p) if self.training else x
        if drop:
            x = F.dropout(x, self.p)
        inside = nn.Dropout(self.p)
        inside.train(self.training)
        if self.lazy is None:
            self.lazy = nn.Dropout(self.p)
        return self.linear(self.lazy(inside(x)))


class Helper(nn.Module):
    """Its noise is for training only."""

    def forward(self, x):
        return self.noise(x) if self.training else x

    def step(self, x):
        if self.training:
            x = self.noise(x)
        return x

    def noise(self, x):
        return F.dropout(x, 0.1)


def augment(x):
    """No module, no mode: its caller knows what it does."""
    return F.dropout(x, 0.1)


def predict(x):
    model = nn.Sequential(nn.Linear(8, 2), nn.Dropout(0.5))
    model.eval  #! TRK002 "`model.eval` is not called: the parentheses are missing"
    #^^^^^^^^^
    with torch.no_grad():
        return model(x)


def predict_unknown(network, x):
    network.eval  #! TRK002 "`network.eval`"
    return network(x)


def settings(config):
    config.eval
    return config["eval"]


if __name__ == "__main__":
    for kind in (Functional, Short, MadeInside, Right):
        kind()(torch.randn(4, 8))
    predict(augment(torch.randn(4, 8)))
    predict_unknown(Short(), torch.randn(4, 8))

"""Nobody who uses this one has a hook."""

from torch import nn


def head():
    return nn.Sequential(nn.Linear(8, 4), nn.BatchNorm1d(4), nn.ReLU())  #! TRK005

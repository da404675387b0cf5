"""A helper hooks a layer of a model that somebody gives it."""

from torch import nn


def block():
    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())


def activations(model, x):
    seen = []
    model.features[0].register_forward_hook(lambda module, inputs, output: seen.append(output))
    model(x)
    return seen

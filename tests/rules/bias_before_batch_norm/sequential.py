"""In containers, however they are filled."""

from collections import OrderedDict

import torch
from torch import nn

plain = nn.Sequential(
    nn.Conv2d(3, 8, 3),  #! TRK005 "the bias of this `nn.Conv2d` has no effect" "BatchNorm2d behind it"
    #^^^^^^^^^^^^^^^^^^
    nn.BatchNorm2d(8),
    nn.ReLU(),
    nn.Conv2d(8, 8, 3, bias=True),  #! TRK005 "BatchNorm2d"
    nn.BatchNorm2d(8, affine=False),
    nn.Conv2d(8, 8, 3),
)
plain(torch.randn(2, 3, 9, 9))

nested = nn.Sequential(
    nn.Sequential(nn.Conv2d(3, 8, 3)),  #! TRK005
    nn.Sequential(nn.BatchNorm2d(8), nn.ReLU()),
)
nested(torch.randn(2, 3, 9, 9))

named = nn.Sequential(
    OrderedDict([("conv", nn.Conv1d(3, 8, 3)), ("norm", nn.BatchNorm1d(8))])  #! TRK005
)
named(torch.randn(2, 3, 9))

literal = nn.Sequential(OrderedDict({"conv": nn.Conv3d(3, 8, 3), "norm": nn.BatchNorm3d(8)}))  #! TRK005
literal(torch.randn(2, 3, 9, 9, 9))


class Listed(nn.Module):
    def __init__(self, width):
        super().__init__()
        layers = [nn.Conv2d(3, width, 3)]  #! TRK005
        layers.append(nn.BatchNorm2d(width))
        layers += [nn.Conv2d(width, width, 3), nn.InstanceNorm2d(width)]  #! TRK005 "InstanceNorm2d"
        layers.extend([nn.Conv2d(width, 1, 1)])
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


class Added(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential()
        self.features.add_module("conv", nn.Conv2d(3, 8, 3))  #! TRK005
        self.features.add_module("norm", nn.BatchNorm2d(8))
        self.features.append(nn.Conv2d(8, 8, 3))
        self.add_module("last", nn.Conv2d(8, 8, 1))  #! TRK005
        self.add_module("norm", nn.BatchNorm2d(8))

    def forward(self, x):
        x = torch.relu(self.features(x))
        return self.norm(self.last(x))


class FromText(nn.Module):
    """As in the papers: a list of widths, with a letter for a pool."""

    plan = [64, "M", 128, "M"]

    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width in self.plan:
            if width == "M":
                layers += [nn.MaxPool2d(2)]
            else:
                layers += [
                    nn.Conv2d(channels, width, 3, padding=1),  #! TRK005
                    nn.BatchNorm2d(width),
                    nn.ReLU(inplace=True),
                ]
                channels = width
        self.features = nn.Sequential(*layers)

    def forward(self, x):
        return self.features(x)


class Widths(nn.Module):
    """Built in a loop over widths that nobody knows; the last layer is another one."""

    def __init__(self, widths, classes):
        super().__init__()
        layers = []
        for before, after in zip(widths[:-1], widths[1:]):
            layers.append(nn.Linear(before, after))  #! TRK005 "BatchNorm1d"
            layers.append(nn.BatchNorm1d(after))
            layers.append(nn.ReLU())
        layers.append(nn.Linear(widths[-1], classes))
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


class InPairs(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.convs = nn.ModuleList()
        self.norms = nn.ModuleList()
        before = 3
        for after in widths:
            self.convs.append(nn.Conv1d(before, after, 1))  #! TRK005
            self.norms.append(nn.BatchNorm1d(after))
            before = after

    def forward(self, x):
        for i, conv in enumerate(self.convs):
            x = torch.relu(self.norms[i](conv(x)))
        return x


class Comprehended(nn.Module):
    def __init__(self, depth):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(8, 8, 3, padding=1) for _ in range(depth)])  #! TRK005
        self.norms = nn.ModuleList([nn.BatchNorm2d(8) for _ in range(depth)])

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = norm(conv(x)) + x
        return x


class FromConfiguration(nn.Module):
    def __init__(self, plan=(64, "M", 128)):
        super().__init__()
        self.plan = plan
        self.features = self.make_layers(3)

    def make_layers(self, channels):
        layers = []
        for width in self.plan:
            if type(width) is int:
                layers += [nn.Conv2d(channels, width, 3), nn.BatchNorm2d(width), nn.ReLU()]  #! TRK005
                channels = width
            elif width == "M":
                layers += [nn.MaxPool2d(2)]
        return nn.Sequential(*layers)

    def forward(self, x):
        return self.features(x)


def never_called(width):
    """Nobody in sight runs it, but whoever does runs the layers one after the other."""
    net = nn.Sequential(nn.Conv2d(3, width, 3), nn.BatchNorm2d(width))  #! TRK005
    net.append(nn.Conv2d(width, width, 3))  #! TRK005
    net.append(nn.BatchNorm2d(width))
    side_by_side = nn.ModuleList([nn.Conv2d(3, width, 3)])
    side_by_side.append(nn.BatchNorm2d(width))
    return net, side_by_side


def by_parts(width):
    """One of its layers is used alone."""
    net = nn.Sequential(nn.Conv2d(3, width, 3), nn.BatchNorm2d(width))
    return net[0](torch.randn(2, 3, 9, 9)).mean(), net

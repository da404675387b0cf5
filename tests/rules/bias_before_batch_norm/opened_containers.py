"""Containers that are gone through layer by layer, by part or by index, and not always to the end."""

import torch
from torch import nn


def nine():
    return nn.Sequential(
        nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
        nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
        nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
    )  # fmt: skip


class Whole(nn.Module):
    """Nothing is done with one layer alone but to look at it."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
        )  # fmt: skip
        for layer in self.features:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight)
                print(layer)
        for i, (name, layer) in enumerate(self.features.named_children()):
            print(i, name, [p.shape for p in layer.parameters()])
        kinds = [type(layer).__name__ for layer in self.features.children()]
        print(kinds)

    def forward(self, x):
        return self.features(x)


class Unlike(nn.Module):
    """The outputs of a long loop are kept."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x):
        found = []
        for layer in self.features:
            x = layer(x)
            found.append(x)
        return found


class SomeOfThem(nn.Module):
    """Which ones are kept is not known."""

    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip
        self.b = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip
        self.c = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x):
        y, z, found = x, x, []
        for i, layer in enumerate(self.a.children()):
            x = layer(x)
            if i in (0, 3, 6):
                found.append(x)
        for name, layer in self.b._modules.items():
            y = layer(y)
            if name in ("0", "6"):
                found.append(y)
        for i in range(len(self.c)):
            z = self.c[i](z)
            found.append(z)
        return found


class FromOneCall(nn.Module):
    """The layers of a long list that were made by one call fare alike."""

    def __init__(self, depth):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.layers = nn.ModuleList()
        self.norms = nn.ModuleList()
        for _ in range(depth):
            self.layers.append(nn.Linear(8, 8))  #! TRK005
            self.norms.append(nn.BatchNorm1d(8))
        self.last = nn.Linear(8, 8)

    def forward(self, x):
        x = torch.relu(self.first(x))
        for layer, norm in zip(self.layers, self.norms):
            x = torch.relu(norm(layer(x)))
        return self.last(x)


class Parts(nn.Module):
    """A known part ends where it ends: what is behind its last layer is not the norm."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x):
        x = self.features[:4](x)
        return x, self.features[4:](x)


class WholeParts(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
        )  # fmt: skip

    def forward(self, x):
        x = self.features[:3](x)
        return x, self.features[3:](x)


class UnknownParts(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x, depth):
        return self.features[:depth](x)


class Kept(nn.Module):
    """What is kept of a long container may be run in another order."""

    def __init__(self):
        super().__init__()
        self.a = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip
        self.b = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip
        self.c = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip
        self.d = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
        )  # fmt: skip
        self.e = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())

    def forward(self, x):
        kept = []
        for layer in self.a:
            if not isinstance(layer, nn.BatchNorm2d):
                kept.append(layer)
        others = [layer for layer in self.b if not isinstance(layer, nn.BatchNorm2d)]
        third = dict(self.c.named_children())["3"]
        first = getattr(self.d, "0")
        inner = self.e.get_submodule("0")
        y = nn.Sequential(*kept)(x) + nn.Sequential(*others)(x)
        return y, third(y), first(x), self.d(x), inner(x)


print(nine()(torch.randn(2, 3, 8, 8)))


class CountedByHand(nn.Module):
    """Each layer is shown, though the counter is set in front of the loop."""

    def __init__(self):
        super().__init__()
        self.steps = nn.Sequential(
            nn.Conv2d(3, 8, 3),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 8, 3),
            nn.BatchNorm2d(8),
            nn.ReLU(),
        )

    def forward(self, x):
        shown, at = [], 0
        while at < len(self.steps):
            x = self.steps[at](x)
            shown.append(x)
            at += 1
        return shown


class CountedBeside(nn.Module):
    """The same with a counter beside a loop over something else."""

    def __init__(self):
        super().__init__()
        self.steps = nn.Sequential(
            nn.Conv2d(3, 8, 3),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 8, 3),
            nn.BatchNorm2d(8),
            nn.ReLU(),
        )

    def forward(self, x, names):
        shown, at = {}, 0
        for name in names:
            x = self.steps[at](x)
            shown[name] = x
            at += 1
        return shown


class CountedBlocks(nn.Module):
    """A block at a time: only its output is shown."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(
            [
                nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU()),  #! TRK005
                nn.Sequential(nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU()),  #! TRK005
                nn.Sequential(nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU()),  #! TRK005
            ]
        )

    def forward(self, x):
        shown, at = [], 0
        while at < len(self.blocks):
            x = self.blocks[at](x)
            shown.append(x)
            at += 1
        return shown

"""A norm that makes room for something else does not always take the bias away."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
        )  # fmt: skip

    def forward(self, x):
        return self.features(x)


class Added(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x):
        return self.features(x)


class ByName(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())

    def forward(self, x):
        return self.features(x)


class InHelper(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())

    def forward(self, x):
        return self.features(x)


def strip(model):
    model.features[1] = nn.Identity()


class Built(nn.Module):
    """Parts that get their names while it is made replace none."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())  #! TRK005
        for i in range(8):
            setattr(self, f"head{i}", nn.Linear(8, 2))

    def forward(self, x):
        return self.head0(self.features(x).mean((2, 3)))


class OtherPlace(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())  #! TRK005

    def forward(self, x):
        return self.features(x)


x = torch.randn(2, 3, 8, 8)
net = Net()
net.features[1] = nn.Identity()
print(net(x))

added = Added()
added.features.add_module("4", nn.GroupNorm(2, 8))
print(added(x))

named = ByName()
print(named(x))
for name, module in list(named.named_modules()):
    if isinstance(module, nn.BatchNorm2d):
        setattr(named, name, nn.GroupNorm(2, 8))

other = OtherPlace()
other.features[2] = nn.GELU()
print(other(x), Built()(x))

helped = InHelper()
strip(helped)
print(helped(x))


def three():
    without = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())
    del without[1]
    between = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())
    between.insert(1, nn.ReLU())
    longer = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8))  #! TRK005
    longer.append(nn.ReLU())
    return without(x), between(x), longer(x)


print(three())

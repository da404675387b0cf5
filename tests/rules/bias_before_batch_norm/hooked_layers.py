"""A hook sees what a layer puts out, and what it gets."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.next = nn.Conv2d(8, 8, 3)
        self.next_norm = nn.BatchNorm2d(8)
        self.last = nn.Conv2d(8, 8, 3)  #! TRK005
        self.last_norm = nn.BatchNorm2d(8)
        self.act = nn.ReLU()

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        x = torch.relu(self.next_norm(self.next(x)))
        return self.act(self.last_norm(self.last(x)))


class Indexed(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU(),  #! TRK005
        )  # fmt: skip

    def forward(self, x):
        return self.features(x)


seen = []


def keep(module, inputs, output):
    seen.append(output.detach())


net = Net()
net.conv.register_forward_hook(lambda module, inputs, output: seen.append(output))
net.next_norm.register_forward_pre_hook(lambda module, inputs: seen.append(inputs))
net.act.register_forward_hook(keep)
print(net(torch.randn(2, 3, 12, 12)))

indexed = Indexed()
handle = indexed.features[0].register_forward_hook(keep)
print(indexed(torch.randn(2, 3, 8, 8)))

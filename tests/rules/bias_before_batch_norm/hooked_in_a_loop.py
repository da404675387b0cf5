"""A loop gives hooks to whatever layers there are."""

import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(8, 8)
        self.features = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())
        self.conv = nn.Conv2d(8, 8, 3)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.conv(self.features(x)))


class Watch:
    def __init__(self, model):
        self.out = {}
        for name, module in model.named_modules():
            if isinstance(module, nn.Conv2d):
                module.register_forward_hook(self.hook(name))

    def hook(self, name):
        def run(module, inputs, output):
            self.out[name] = output.detach()

        return run


model = Net()
watch = Watch(model)
model(torch.randn(2, 3, 8, 8))
print(watch.out)

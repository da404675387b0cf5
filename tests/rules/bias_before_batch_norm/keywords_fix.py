"""Where the layer takes whatever else it is given, and nothing in sight gives a decision."""

import torch
from torch import nn


class ConvNorm(nn.Module):
    def __init__(self, taken, given, **kwargs):
        super().__init__()
        self.conv = nn.Conv2d(taken, given, **kwargs)  #! TRK005
        self.norm = nn.BatchNorm2d(given)

    def forward(self, x):
        return torch.relu(self.norm(self.conv(x)))


model = nn.Sequential(ConvNorm(3, 8, kernel_size=3), ConvNorm(8, 8, kernel_size=1, stride=2))
model(torch.randn(2, 3, 8, 8))

"""Norms that stay in evaluation mode subtract a mean that was measured before."""

import torch
from torch import nn


class FineTuned(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.style = nn.Conv2d(8, 8, 3)  #! TRK005 "InstanceNorm2d"
        self.style_norm = nn.InstanceNorm2d(8)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        return self.style_norm(self.style(x))

    def train(self, mode=True):
        super().train(mode)
        for m in self.modules():
            if isinstance(m, nn.BatchNorm2d):
                m.eval()
        return self

"""Images that arrive with the channels last."""

import torch
from torch import nn


class Stem(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, padding=1)

    def forward(self, x: torch.Tensor):
        B, H, W, C = x.shape
        x = x.view(B, C, H, W)  #! TRK006 "view"
        return self.conv(x)


Stem()(torch.randn(2, 8, 9, 3))

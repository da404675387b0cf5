"""Sizes that a pool or a stride has worked out of unknown ones are as unknown as those."""

import torch
from torch import nn


class Wrong(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, padding=1)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = self.pool(self.conv(x))
        b, c, h, w = x.shape
        return x.view(b, w, c * h)  #! TRK006 "`view` of (b, 16," "joins axes"
        #      ^^^^^^^^^^^^^^^^^^^


class Strided(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3, stride=2)

    def forward(self, x):
        maps = self.conv(x)
        n, c, h, w = maps.size()
        return maps.reshape(n, h * w, c)  #! TRK006 "`reshape` of (n, c,"


class Square(nn.Module):
    """Run with images of one size: both sides are equal there, but only one of them was meant."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 4, stride=2, padding=1)

    def forward(self, x):
        out = self.conv(x)
        n, c, h, w = out.shape
        return out.reshape(w, n, c * h)  #! TRK006 "`reshape` of (n, 16,"


Square()(torch.randn(8, 1, 28, 28))


class Right(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 16, 3, stride=2)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = self.pool(self.conv(x))
        b, c, h, w = x.shape
        columns = x.permute(0, 3, 1, 2).reshape(b, w, c * h)
        flat = x.view(b, c * h * w)
        places = x.view(b, c, h * w).transpose(1, 2)
        again = places.transpose(1, 2).reshape(b, c, h, w)
        halves = x.view(b, 2, c // 2, h, w)
        return columns, flat, again, halves, x.reshape(b * c, h, w)


class Shuffled(nn.Module):
    """Channels are shuffled, and pixels, with the axes where they belong."""

    def __init__(self, groups=4):
        super().__init__()
        self.conv = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        self.groups = groups

    def forward(self, x):
        x = self.conv(x)
        b, c, h, w = x.size()
        x = x.view(b, self.groups, c // self.groups, h, w).transpose(1, 2).contiguous()
        x = x.view(b, -1, h, w)
        x = x.view(b, c // 4, 2, 2, h, w).permute(0, 1, 4, 2, 5, 3)
        return x.reshape(b, c // 4, 2 * h, 2 * w)


class Windows(nn.Module):
    def __init__(self, size=7):
        super().__init__()
        self.embed = nn.Conv2d(3, 96, kernel_size=4, stride=4)
        self.size = size

    def forward(self, x):
        x = self.embed(x)
        B, C, H, W = x.shape
        x = x.view(B, C, H // self.size, self.size, W // self.size, self.size)
        return x.permute(0, 2, 4, 3, 5, 1).reshape(-1, self.size * self.size, C)

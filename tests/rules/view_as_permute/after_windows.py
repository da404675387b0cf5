"""Reshapes of what convolutions, pools and resizing give."""

import torch
from torch import nn
from torch.nn import functional as F


class PixelsAsSequence(nn.Module):
    """A patch embedding whose patches become a sequence by a view."""

    def __init__(self, dim, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, kernel_size=patch, stride=patch)

    def forward(self, images):
        x = self.proj(images)
        B, C, H, W = x.shape
        return x.view(B, H * W, C)  #! TRK006 "joins axes"


class PixelsAsSequenceRight(nn.Module):
    def __init__(self, dim, patch):
        super().__init__()
        self.proj = nn.Conv2d(3, dim, kernel_size=patch, stride=patch)

    def forward(self, images):
        x = self.proj(images)
        B, C, H, W = x.shape
        return x.flatten(2).transpose(1, 2).view(B, H * W, C)


class Backbone(nn.Module):
    """The sizes of a known image are followed through strides, pools and padding."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 64, 7, stride=2, padding=3)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.up = nn.ConvTranspose2d(64, 32, 2, stride=2)
        self.down = nn.AdaptiveAvgPool2d((7, 5))


def run():
    net = Backbone()
    x = net.pool(net.stem(torch.randn(8, 3, 224, 160)))
    seen = x.view(8, 64, 56 * 40)
    wrong = x.view(8, 56 * 40, 64)  #! TRK006
    grown = net.up(x).reshape(8, 112, 80, 32)  #! TRK006
    small = net.down(x).view(8, 64, 35).transpose(1, 2)
    turned = net.down(x).view(8, 7, 5, 64)  #! TRK006
    twice = F.interpolate(x, scale_factor=2).view(8, 64, 112 * 80)
    return seen, wrong, grown, small, turned, twice


def pooled():
    x = torch.randn(4, 16, 9, 6)
    half = F.max_pool2d(x, 3)
    kept, places = F.max_pool2d(x, kernel_size=3, return_indices=True)
    a = half.view(4, 3, 2, 16)  #! TRK006
    b = kept.view(4, 16, -1)
    c = F.avg_pool2d(x, 3, ceil_mode=True).view(4, 16 * 3 * 2)
    d = F.adaptive_avg_pool2d(x, 1).view(4, 16)
    e = F.pixel_shuffle(x, 4).view(4, 36, 24)
    f = nn.Unfold(3)(x).view(4, 16, 9, -1)
    return a, b, c, d, e, f, places


def tokens():
    """Self-attention gives what it was given."""
    attention = nn.MultiheadAttention(64, 8, batch_first=True)
    x = torch.randn(4, 10, 64)
    out, weights = attention(x, x, x)
    heads = out.view(4, 8, 10, 8)  #! TRK006
    return heads, weights.view(4, 100)


class Decoder(nn.Module):
    """A vector becomes an image, and an image a vector: splits and merges of neighbours."""

    def __init__(self, latent=16, channels=8):
        super().__init__()
        self.channels = channels
        self.fc = nn.Linear(latent, channels * 4 * 4)
        self.up = nn.Sequential(
            nn.Upsample(scale_factor=2),
            nn.Conv2d(channels, 3, 3, padding="same"),
            nn.Flatten(),
            nn.Unflatten(1, (3, 64)),
        )

    def forward(self, z):
        h = self.fc(z).view(-1, self.channels, 4, 4)
        return self.up(h).view(-1, 3, 8, 8)


class NormalisedOverPixels(nn.Module):
    """Two shapes meet: the larger one goes on."""

    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(3, channels, 3, padding=1)
        self.gain = nn.Linear(channels, channels)

    def forward(self, x):
        B, _, H, W = x.shape
        y = self.conv(x)
        gate = torch.sigmoid(self.gain(y.mean(dim=(2, 3)))).unsqueeze(-1).unsqueeze(-1)
        y = y * gate
        scrambled = y.view(B, H, W, -1)  #! TRK006
        return scrambled, y.view(B, -1, H * W).transpose(1, 2)

"""By dataflow through `forward`: the order in which the layers are built says nothing."""

import torch
import torch.nn.functional as F
from torch import nn


class OtherOrder(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(16)
        self.bn2 = nn.BatchNorm2d(32)
        self.conv1 = nn.Conv2d(3, 16, 3)  #! TRK005 "the bias of `self.conv1` has no effect"
        #            ^^^^^^^^^^^^^^^^^^^
        self.conv2 = nn.Conv2d(16, 32, 3)  #! TRK005 "`self.conv2`"
        self.bn3 = nn.BatchNorm1d(10)
        self.fc1 = nn.Linear(32, 10)  #! TRK005 "`self.fc1`" "BatchNorm1d"
        self.fc2 = nn.Linear(10, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.conv2(x)
        x = self.bn2(x)
        x = F.relu(x).mean((2, 3))
        return self.fc2(F.relu(self.bn3(self.fc1(x))))


class Others(nn.Module):
    """Transposed, in one and three dimensions, over all processes, by instance."""

    def __init__(self, channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(channels, 8, 4, 2, 1)  #! TRK005 "`self.up`"
        self.up_norm = nn.BatchNorm2d(8)
        self.flat = nn.Conv1d(8, 8, 3)  #! TRK005 "SyncBatchNorm"
        self.flat_norm = nn.SyncBatchNorm(8)
        self.deep = nn.ConvTranspose3d(8, 8, 3)  #! TRK005
        self.deep_norm = nn.InstanceNorm3d(8, affine=True)
        self.style = nn.Conv2d(8, 8, 3, 1, 1, 1, 1, True)  #! TRK005 "InstanceNorm2d"
        self.style_norm = nn.InstanceNorm2d(8, affine=True, track_running_stats=True)

    def forward(self, x, y, z):
        x = self.style_norm(self.style(F.relu(self.up_norm(self.up(x)))))
        return x, self.flat_norm(self.flat(y)), self.deep_norm(self.deep(z))


class Lazy(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.LazyConv2d(8, 3)  #! TRK005 "LazyBatchNorm2d"
        self.norm = nn.LazyBatchNorm2d()
        self.fc = nn.LazyLinear(10)  #! TRK005
        self.fc_norm = nn.BatchNorm1d(10)
        self.unknown = nn.LazyLinear(10)
        self.unknown_norm = nn.LazyBatchNorm1d()

    def forward(self, x, tokens):
        x = torch.relu(self.norm(self.conv(x)))
        x = self.fc_norm(self.fc(x.flatten(1)))
        return x, self.unknown_norm(self.unknown(tokens))


class Flattened(nn.Module):
    """Flat input: (batch, features), whatever the norm was told."""

    def __init__(self, size, hidden):
        super().__init__()
        self.fc = nn.Linear(size, 2 * hidden)  #! TRK005
        self.norm = nn.BatchNorm1d(hidden * 2)

    def forward(self, x):
        x = x.view(x.size(0), -1)
        return self.norm(self.fc(x))


class EitherWay(nn.Module):
    """Two layers, one norm: on both ways it is the next to see the output."""

    def __init__(self):
        super().__init__()
        self.near = nn.Conv2d(3, 8, 3, padding=1)  #! TRK005
        self.far = nn.Conv2d(3, 8, 3, padding=2, dilation=2)  #! TRK005
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x, far):
        if far:
            x = self.far(x)
        else:
            x = self.near(x)
        return self.norm(x)


class Together(nn.Module):
    """Both are there or none is."""

    def __init__(self, down):
        super().__init__()
        self.down = None
        if down:
            self.down = nn.Sequential(nn.Conv2d(8, 8, 1), nn.BatchNorm2d(8))  #! TRK005

    def forward(self, x):
        return x if self.down is None else x + self.down(x)


class Sizes(nn.Module):
    """What is only asked for its shape is not looked at."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)  #! TRK005
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        y = self.conv(x)
        n, c, h, w = y.shape
        assert c == 8 and len(y) == n and y.size(2) == h
        return self.norm(y).view(n, c, h * w)


class Frozen(nn.Module):
    """The gradient is off, the bias is cancelled all the same."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)  #! TRK005
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        with torch.no_grad():
            return self.norm(self.conv(x))


class Wrapped(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.utils.spectral_norm(nn.Conv2d(3, 8, 3))  #! TRK005
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.conv(x))


class Shared(nn.Module):
    """Layers of the class itself, which all of its objects use."""

    conv = nn.Conv2d(3, 8, 3)  #! TRK005 "`conv`"
    norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.conv(x))

"""Something else than the norm sees the output, or the norm does not take the bias away."""

import torch
import torch.nn.functional as F
from torch import nn


class Without(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3, bias=False)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.conv(x))


class Between(nn.Module):
    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList()
        self.conv1 = nn.Conv2d(8, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.conv3 = nn.Conv2d(8, 8, 3)
        self.conv4 = nn.Conv2d(8, 8, 3)
        self.conv5 = nn.Conv2d(8, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.pool = nn.MaxPool2d(2)
        self.drop = nn.Dropout2d()

    def forward(self, x):
        x = self.norm(F.relu(self.conv1(x)))
        x = self.norm(self.pool(self.conv2(x)))
        x = self.norm(self.drop(self.conv3(x)))
        x = self.norm(self.conv4(x) * 2 + x)
        return self.norm(self.conv5(x).permute(0, 1, 3, 2))


class Skip(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        y = self.conv(x)
        return self.norm(y) + y


class Features(nn.Module):
    """The outputs are kept, and given out."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(8, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.conv3 = nn.Conv2d(8, 8, 3)
        self.conv4 = nn.Conv2d(8, 8, 3)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        found = []
        y = self.conv1(x)
        found.append(y)
        x = self.norm(y)
        self.last = self.conv2(x)
        x = self.norm(self.last)
        y = self.conv3(x)
        found += [y.detach()]
        x = self.norm(y)
        y = self.conv4(x)
        return self.norm(y), {"raw": y, "all": found}


class TwoUses(nn.Module):
    def __init__(self):
        super().__init__()
        self.shared = nn.Conv2d(8, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.shared(x)) + torch.sigmoid(self.shared(x))


class TwoMethods(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Conv2d(8, 8, 3)
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.embed(x))

    def raw(self, x):
        return self.embed(x).mean()


class SharedNorm(nn.Module):
    """One norm may serve many layers, each of which it takes the bias of."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(8, 8, 1)  #! TRK005
        self.second = nn.Conv2d(8, 8, 1)  #! TRK005
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return self.norm(self.second(self.norm(self.first(x))))


class OtherNorms(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(8, 8, 3)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.conv3 = nn.Conv2d(8, 8, 3)
        self.fc = nn.Linear(8, 8)
        self.group = nn.GroupNorm(4, 8)
        self.layer = nn.LayerNorm([8, 28, 28])
        self.last = nn.LayerNorm(8)
        self.local = nn.LocalResponseNorm(2)

    def forward(self, x):
        x = self.group(self.conv1(x))
        x = self.layer(self.conv2(x))
        x = self.local(self.conv3(x))
        return self.last(self.fc(x.mean((2, 3))))


class Sequences(nn.Module):
    """(batch, time, features): the norm's channels are the steps, or are turned to be the features."""

    def __init__(self, steps):
        super().__init__()
        self.fc = nn.Linear(16, 32)
        self.norm = nn.BatchNorm1d(steps)
        self.fc2 = nn.Linear(32, 32)
        self.norm2 = nn.BatchNorm1d(32)
        self.fc3 = nn.Linear(32, 32)
        self.norm3 = nn.InstanceNorm1d(32)

    def forward(self, x):
        x = self.norm(self.fc(x))
        x = self.norm2(self.fc2(x).transpose(1, 2)).transpose(1, 2)
        return self.norm3(self.fc3(x))


class Square(nn.Module):
    """As many steps as features: the norm fits, and takes the mean of the steps."""

    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(32, 32)
        self.norm = nn.BatchNorm1d(32)

    def forward(self, x):
        batch, steps, features = x.shape
        return self.norm(self.fc(x))


class Tied(nn.Module):
    """The bias is also that of a layer without a norm."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3)
        self.other = nn.Conv2d(8, 8, 3)
        self.other.bias = self.conv.bias
        self.norm = nn.BatchNorm2d(8)

    def forward(self, x):
        return torch.relu(self.other(self.norm(self.conv(x))))


class Unknown(nn.Module):
    def __init__(self, backbone, norm):
        super().__init__()
        self.backbone = backbone
        self.conv = nn.Conv2d(8, 8, 3)
        self.norm = norm
        self.bn = nn.BatchNorm2d(8)

    def forward(self, x):
        x = self.norm(self.conv(x))
        return self.bn(self.backbone(x))


class Looked(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(8, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3)
        self.conv3 = nn.Conv2d(8, 8, 3)
        self.conv4 = nn.Conv2d(8, 8, 3)

    def forward(self, x):
        y = self.conv(x)
        mask = y > 0
        x = self.norm(y) * mask
        y = self.conv2(x)
        print(y.numpy().max())
        x = self.norm(y)
        y = self.conv3(x)
        y[:, 0] = 0
        x = self.norm(y)
        y = self.conv4(x)
        for sample in y:
            print(sample)
        return self.norm(y)

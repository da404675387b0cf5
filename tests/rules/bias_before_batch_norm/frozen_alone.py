"""A norm that is put in evaluation mode by itself, or trained in that mode."""

import torch
from torch import nn


class Frozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)
        self.norm = nn.BatchNorm2d(8)
        self.next = nn.Conv2d(8, 8, 3)  #! TRK005
        self.next_norm = nn.BatchNorm2d(8)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        return torch.relu(self.next_norm(self.next(x)))

    def train(self, mode=True):
        super().train(mode)
        self.norm.eval()
        return self


class FrozenPart(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())
        self.head = nn.Sequential(nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.ReLU())  #! TRK005

    def forward(self, x):
        return self.head(self.stem(x))

    def train(self, mode=True):
        super().train(mode)
        self.stem.eval()
        return self


alone = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())
alone.train()
alone[1].eval()
print(alone(torch.randn(2, 3, 8, 8)))

tested = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())  #! TRK005
tested.eval()
print(tested(torch.randn(2, 3, 8, 8)))


def fit(model, batches):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x in batches:
        loss = model(x).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def in_eval_mode(batches):
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 2, 3))
    model.eval()
    fit(model, batches)


def in_train_mode(batches):
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.ReLU())  #! TRK005
    model.train()
    fit(model, batches)

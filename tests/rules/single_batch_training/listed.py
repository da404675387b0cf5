"""Batches that are put into a list, each of them the first of a new pass."""

import itertools

import torch
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets

model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
optimizer = optim.SGD(model.parameters(), lr=0.1)
fixed_loader = DataLoader(datasets.MNIST("data"), batch_size=64)
mixed_loader = DataLoader(datasets.MNIST("data"), batch_size=64, shuffle=True)


def learn(x, y):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()


batches = [next(iter(fixed_loader)) for _ in range(100)]  #! TRK011 "`fixed_loader` anew in each turn"
#          ^^^^^^^^^^^^^^^^^^^^^^^^
for x, y in batches:
    learn(x, y)

# Right: each first batch is another one.
for x, y in [next(iter(mixed_loader)) for _ in range(100)]:
    learn(x, y)

# Right: the iterator goes on.
some = iter(fixed_loader)
for x, y in [next(some) for _ in range(100)]:
    learn(x, y)

# Right: a batch is repeated in so many words.
for x, y in [next(iter(fixed_loader))] * 100:
    learn(x, y)
for x, y in itertools.repeat(next(iter(fixed_loader)), 100):
    learn(x, y)

# Right: only looked at.
for x, y in [next(iter(fixed_loader)) for _ in range(3)]:
    print(x.shape, y.shape)


def collected(epochs):
    kept = []
    for _ in range(20):
        kept.append(next(iter(fixed_loader)))  #! TRK011
    for epoch in range(epochs):
        for i, (x, y) in enumerate(kept):
            learn(x, y)


def of_several():
    """Right: one batch of each."""
    pair = [next(iter(fixed_loader)), next(iter(mixed_loader))]
    for x, y in pair:
        learn(x, y)


def smoke_test():
    """Right: its name says so."""
    for x, y in [next(iter(fixed_loader)) for _ in range(3)]:
        learn(x, y)


class Trainer:
    def __init__(self, steps):
        self.model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
        self.optimizer = optim.Adam(self.model.parameters())
        self.batches = [next(iter(fixed_loader)) for _ in range(steps)]  #! TRK011

    def fit(self):
        for x, y in self.batches:
            with torch.enable_grad():
                loss = nn.functional.cross_entropy(self.model(x), y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

"""Helpers of another file clip, or do not."""

import torch
import torch.nn.functional as F
from helpers import Classifier, limit, limit_late, update


def right(loader):
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        limit(model)
        optimizer.step()


def too_late(loader):
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
        limit_late(model)


def forgotten(loader):
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        update(optimizer, F.cross_entropy(model(x), y))


if __name__ == "__main__":
    batches = [(torch.randn(8, 25, 4), torch.zeros(8).long())]
    right(batches)
    too_late(batches)
    forgotten(batches)

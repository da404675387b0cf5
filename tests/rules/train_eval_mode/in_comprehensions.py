"""Evaluations in comprehensions and in generators that are gone through at once."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def build():
    return nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 2))


def train(model, loader, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def summed(loader, held_out):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(5):
        train(model, loader, optimizer)
        with torch.no_grad():
            right = sum(
                (model(x).argmax(1) == y).sum().item()  #! TRK002 "`model` is evaluated in train mode"
                for x, y in held_out
            )
        print(epoch, right)


def listed(loader, held_out):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train(model, loader, optimizer)
    losses = [F.cross_entropy(model(x), y).item() for x, y in held_out]  #! TRK002 "`model` is evaluated"
    return np.mean(losses)


def picked(loader, held_out):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train(model, loader, optimizer)
    with torch.no_grad():
        scores = torch.cat([model(x) for x, _ in held_out])  #! TRK002 "`model` is evaluated"
    return scores.argmax(dim=1)


def in_eval_mode(loader, held_out):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for epoch in range(5):
        train(model, loader, optimizer)
        model.eval()
        with torch.no_grad():
            print(epoch, sum((model(x).argmax(1) == y).sum().item() for x, y in held_out))


def consumed_later(loader, held_out):
    """The generator runs where it is gone through, and there the mode is right."""
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train(model, loader, optimizer)
    rights = ((model(x).argmax(1) == y).sum().item() for x, y in held_out)
    model.eval()
    with torch.no_grad():
        print(sum(rights))


def trained_in_one(loader):
    """These losses are what it is trained on."""
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for batches in loader:
        optimizer.zero_grad()
        losses = [F.cross_entropy(model(x), y) for x, y in batches]
        print(max(one.item() for one in losses))
        torch.stack(losses).mean().backward()
        optimizer.step()


def several_models(loader):
    """A list of models is no data."""
    models = [build() for _ in range(3)]
    optimizers = [torch.optim.SGD(one.parameters(), lr=0.1) for one in models]
    for x, y in loader:
        for one in optimizers:
            one.zero_grad()
        scores = [one(x) for one in models]
        print([(one.argmax(1) == y).sum().item() for one in scores])
        sum(F.cross_entropy(one, y) for one in scores).backward()
        _ = [one.step() for one in optimizers]


def on_what_it_learns(loader):
    """How well it does on the data that it is trained on, in the mode of the training."""
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    train(model, loader, optimizer)
    print(np.mean([F.cross_entropy(model(x), y).item() for x, y in loader]))

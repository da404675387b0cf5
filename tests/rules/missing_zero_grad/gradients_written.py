"""Gradients changed by hand between backward and step: changed, not erased."""

import torch
import torch.nn.functional as F
from torch import nn


def clamped(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        for p in model.parameters():
            p.grad.data.clamp_(-1, 1)
        optimizer.step()


def scaled_and_noisy(model, loader, optimizer, scale=0.5):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        for p in model.parameters():
            if p.grad is not None:
                p.grad.mul_(scale)
                p.grad += 0.01 * torch.randn_like(p.grad)
        optimizer.step()


def faked():
    """A test of an optimizer fills in gradients of its own."""
    model = nn.Linear(5, 5)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(3):
        model(torch.randn(2, 5)).sum().backward()
        for p in model.parameters():
            p.grad.fill_(0.01)
        optimizer.step()


def signs():
    model = nn.Linear(5, 5)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(3):
        optimizer.zero_grad()
        model(torch.randn(2, 5)).sum().backward()
        for p in model.parameters():
            p.grad = p.grad.sign()
        optimizer.step()


def averaged_over_workers(model, loader, optimizer, dist):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        for p in model.parameters():
            dist.all_reduce(p.grad.data)
            p.grad.data /= dist.get_world_size()
        optimizer.step()


def copied_from_another(loader):
    """A worker's gradients go into the shared network (A3C)."""
    shared, local = nn.Linear(784, 10), nn.Linear(784, 10)
    optimizer = torch.optim.SGD(shared.parameters(), lr=0.1)
    for x, y in loader:
        local.load_state_dict(shared.state_dict())
        local.zero_grad()
        F.cross_entropy(local(x.flatten(1)), y).backward()
        for p, q in zip(shared.parameters(), local.parameters()):
            p.grad = q.grad
        optimizer.step()


def filled_with_zero():
    """Filling with zero is a clear, and here it stands in the wrong place."""
    model = nn.Linear(5, 5)
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(3):
        model(torch.randn(2, 5)).sum().backward()
        for p in model.parameters():
            p.grad.zero_()  #! TRK003 "`optimizer`"
        optimizer.step()


faked()
signs()
filled_with_zero()

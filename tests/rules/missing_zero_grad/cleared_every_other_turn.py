"""Right: another model's backward may reach this optimizer, but a clear may follow it."""

import torch
from torch import nn


def compare(copied, loader, accelerator):
    model = nn.Linear(3, 1)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    other = torch.optim.AdamW(copied.parameters(), lr=1e-3)
    for iteration, (x, y) in enumerate(loader):
        (model(x) - y).pow(2).mean().backward()
        optimizer.step()
        accelerator.backward((copied(x) - y).pow(2).mean())
        other.step()
        did_step = (iteration + 1) % 2 == 0
        if did_step:
            optimizer.zero_grad()
        other.zero_grad()


def without(model, loader):
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    for iteration, (x, y) in enumerate(loader):
        (model(x) - y).pow(2).mean().backward()  #! TRK003 "gradients of `optimizer` are not cleared"
        optimizer.step()
        if iteration % 2 == 0:
            print(iteration)

import torch
import torch.nn.functional as F


def train_epoch(model, loader, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def accuracy(output, target):
    return (output.argmax(1) == target).float().mean()


@torch.no_grad()
def evaluate(model, loader):
    total = 0.0
    for x, y in loader:
        total += accuracy(model(x), y).item()  #! TRK002 "`model` is evaluated in train mode"
    return total / len(loader)


@torch.no_grad()
def evaluate_in_mode(model, loader):
    model.eval()
    total = 0.0
    for x, y in loader:
        total += accuracy(model(x), y).item()
    return total / len(loader)

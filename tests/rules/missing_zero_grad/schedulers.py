"""Schedulers of one's own hold the optimizer and never clear."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.lr_scheduler import LRScheduler, _LRScheduler


class WarmUpLR(_LRScheduler):
    def __init__(self, optimizer, total_iters, last_epoch=-1):
        self.total_iters = total_iters
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        return [base_lr * self.last_epoch / (self.total_iters + 1e-8) for base_lr in self.base_lrs]


class PolynomialLR(LRScheduler):
    def __init__(self, optimizer, max_iter, gamma=0.9, last_epoch=-1):
        self.max_iter = max_iter
        self.gamma = gamma
        super().__init__(optimizer, last_epoch)

    def get_lr(self):
        factor = (1 - self.last_epoch / self.max_iter) ** self.gamma
        return [base_lr * factor for base_lr in self.base_lrs]


class HandMade:
    """Not a subclass of anything."""

    def __init__(self, optimizer, lr):
        self.optimizer = optimizer
        self.lr = lr
        self.steps = 0

    def step(self):
        self.steps += 1
        for group in self.optimizer.param_groups:
            group["lr"] = self.lr / self.steps


def train(loader):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    warmup = WarmUpLR(optimizer, 10)
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()
        warmup.step()


def train_right(loader):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = PolynomialLR(optimizer, 100)
    for x, y in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        scheduler.step()


def train_polynomial(loader):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = PolynomialLR(optimizer, 100)
    for x, y in loader:
        scheduler.step()
        loss = F.cross_entropy(model(x), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def train_hand_made(loader):
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = HandMade(optimizer, 0.1)
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()
        scheduler.step()


def through_forward_itself(model, loader, criterion, optimizer):
    """`model.forward(x)` is the same forward pass."""
    for images, labels in loader:
        output = model.forward(images)
        loss = criterion(output, labels)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def through_forward_itself_right(model, loader, criterion, optimizer):
    for images, labels in loader:
        optimizer.zero_grad()
        output = model.forward(images)
        loss = criterion(output, labels)
        loss.backward()
        optimizer.step()

"""A model whose only part that minds the mode is a function that it hands its mode on to."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class Net(nn.Module):
    def __init__(self, rate=0.5):
        super().__init__()
        self.rate = rate
        self.hidden = nn.Linear(4, 8)
        self.out = nn.Linear(8, 2)

    def forward(self, x):
        x = F.relu(self.hidden(x))
        x = F.dropout(x, self.rate, self.training)
        return self.out(x)


class Pair(nn.Module):
    """It stands in a part, and in a method beside `forward`."""

    def __init__(self):
        super().__init__()
        self.left, self.right = Net(), Net()

    def forward(self, x):
        return self.thin(self.left(x)) + self.right(x)

    def thin(self, x):
        return F.dropout(x, p=0.2, training=self.training)


def train(model, loader, optimizer):
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def never_evaluates(loader, held_out):
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    train(net, loader, optimizer)
    with torch.no_grad():
        for x, y in held_out:
            print((net(x).argmax(1) == y).sum())  #! TRK002 "`net` is evaluated in train mode: its Dropout"


def parts_never_evaluate(loader, held_out):
    pair = Pair()
    optimizer = torch.optim.SGD(pair.parameters(), lr=0.1)
    train(pair, loader, optimizer)
    with torch.no_grad():
        for x, y in held_out:
            print((pair(x).argmax(1) == y).sum())  #! TRK002 "`pair` is evaluated in train mode"


def never_back(loader, held_out):
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for epoch in range(3):
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(net(x), y).backward()  #! TRK002 "`net` trains in eval mode after its first evaluation"
            optimizer.step()
        net.eval()
        with torch.no_grad():
            for x, y in held_out:
                print((net(x).argmax(1) == y).sum())


def right(loader, held_out):
    net = Net()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for epoch in range(3):
        train(net, loader, optimizer)
        net.eval()
        with torch.no_grad():
            for x, y in held_out:
                print((net(x).argmax(1) == y).sum())


class Always(nn.Module):
    """The mode is none of its business: dropout on purpose, or as the caller wants it."""

    def __init__(self):
        super().__init__()
        self.out = nn.Linear(4, 2)

    def forward(self, x, drop=False):
        x = F.dropout(x, 0.1, training=True)
        return self.out(F.dropout(x, 0.0, self.training) if drop else F.dropout(x, 0.5, drop))


def minds_nothing(loader, held_out):
    net = Always()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    train(net, loader, optimizer)
    with torch.no_grad():
        for x, y in held_out:
            print((net(x).argmax(1) == y).sum())


def frozen_part(loader, held_out):
    """One part stays in eval mode, and the whole is put there for the evaluation."""
    pair = Pair()
    optimizer = torch.optim.SGD(pair.right.parameters(), lr=0.1)
    for epoch in range(3):
        pair.train()
        pair.left.eval()
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(pair(x), y).backward()
            optimizer.step()
        pair.eval()
        with torch.no_grad():
            for x, y in held_out:
                print((pair(x).argmax(1) == y).sum())

"""Loops whose helpers live in engine.py."""

import engine
import torch
from engine import backward_step, build_optimizer, careless_step
from torch import nn

data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
loss_fn = nn.CrossEntropyLoss()


def right():
    net = nn.Linear(6, 3)
    optimizer = build_optimizer(net, 1e-3)
    for x, y in data:
        backward_step(loss_fn(net(x), y), optimizer, 1.0, net.parameters())


def wrong_in_the_helper():
    net = nn.Linear(6, 3)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y in data:
        careless_step(loss_fn(net(x), y), optimizer)


def right_with_the_same_kind_of_helper():
    net = nn.Linear(6, 3)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for x, y in data:
        optimizer.zero_grad()
        engine.caller_clears_step(loss_fn(net(x), y), optimizer)


def right_clear_in_helper():
    net = nn.Linear(6, 3)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for step, (x, y) in enumerate(data):
        engine.clear(optimizer)
        loss = loss_fn(net(x), y)
        loss.backward()
        optimizer.step()
        engine.log(step, loss, optimizer)


def wrong_the_helper_only_logs():
    """A call that receives the optimizer and is in sight: it does not clear."""
    net = nn.Linear(6, 3)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for step, (x, y) in enumerate(data):
        loss = loss_fn(net(x), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()
        engine.log(step, loss, optimizer)


def wrong_built_elsewhere():
    net = nn.Linear(6, 3)
    optimizer = build_optimizer(net, 1e-3)
    for step, (x, y) in enumerate(data):
        loss = loss_fn(net(x), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


if __name__ == "__main__":
    right()
    wrong_in_the_helper()
    right_with_the_same_kind_of_helper()
    right_clear_in_helper()
    wrong_the_helper_only_logs()
    wrong_built_elsewhere()

"""The update is a function, and the loop is somewhere else."""

from functools import partial

import torch
import torch.nn as nn
import torch.nn.functional as F


def train_step(model, batch, optimizer, loss_fn):
    x, y = batch
    pred = model(x)
    loss = loss_fn(pred, y)
    loss.backward()  #! TRK003 "`optimizer`"
#   ^^^^^^^^^^^^^^^
    optimizer.step()
    return loss.item()


def train_step_right(model, batch, optimizer, loss_fn):
    x, y = batch
    optimizer.zero_grad()
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def train_step_cleared_by_the_caller(model, batch, optimizer, loss_fn):
    x, y = batch
    loss = loss_fn(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def backward_and_step(loss, opt):
    loss.backward()
    opt.step()


def optimise(loss, opt, clip=None, params=()):
    opt.zero_grad()
    loss.backward()
    if clip is not None:
        nn.utils.clip_grad_norm_(params, clip)
    opt.step()


def train(model, loader, optimizer, loss_fn, epochs=2):
    for epoch in range(epochs):
        for batch in loader:
            loss = train_step(model, batch, optimizer, loss_fn)
        print(epoch, loss)


def train_right(model, loader, optimizer, loss_fn, epochs=2):
    for epoch in range(epochs):
        losses = [train_step_right(model, batch, optimizer, loss_fn) for batch in loader]
        print(epoch, sum(losses))


def train_clearing_around(model, loader, optimizer, loss_fn):
    for batch in loader:
        optimizer.zero_grad()
        train_step_cleared_by_the_caller(model, batch, optimizer, loss_fn)


def train_with_helper(model, loader, optimizer):
    for x, y in loader:
        optimise(F.cross_entropy(model(x), y), optimizer, clip=1.0, params=model.parameters())


def train_with_half_helper(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        backward_and_step(F.cross_entropy(model(x), y), optimizer)


def get_backward(scale, loss):
    (loss * scale).backward()  #! TRK003 "`sgd`"


def train_with_partial():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    net = nn.Linear(6, 3)
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    scaled = partial(get_backward, 0.5)
    for x, y in data:
        scaled(F.cross_entropy(net(x), y))
        sgd.step()


def train_with_optimizer_factory():
    """The class arrives through partial, as configs like it."""
    make_optimizer = partial(torch.optim.AdamW, lr=1e-3, weight_decay=0.01)
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    net = nn.Linear(6, 3)
    optimizer = make_optimizer(net.parameters())
    for x, y in data:
        loss = F.cross_entropy(net(x), y)
        loss.backward()  #! TRK003 "`optimizer`"
        optimizer.step()


def train_with_optimizer_factory_right():
    make_optimizer = partial(torch.optim.AdamW, lr=1e-3, weight_decay=0.01)
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    net = nn.Linear(6, 3)
    optimizer = make_optimizer(net.parameters())
    for x, y in data:
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()


def main():
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    model = nn.Linear(6, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    loss_fn = nn.CrossEntropyLoss()
    train_right(model, data, optimizer, loss_fn)
    train_clearing_around(model, data, optimizer, loss_fn)
    train_with_helper(model, data, optimizer)
    train_with_half_helper(model, data, optimizer)
    train_with_partial()
    train_with_optimizer_factory()
    train_with_optimizer_factory_right()


if __name__ == "__main__":
    main()

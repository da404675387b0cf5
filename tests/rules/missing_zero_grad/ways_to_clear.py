"""Every correct way to clear: none of them may be called missing."""

import torch
from torch import nn


def grad_none(model, loader, optimizer, criterion):
    for x, y in loader:
        for p in model.parameters():
            p.grad = None
        criterion(model(x), y).backward()
        optimizer.step()


def grad_zero_in_place(model, loader, optimizer, criterion):
    for x, y in loader:
        for p in model.parameters():
            if p.grad is not None:
                p.grad.zero_()
        criterion(model(x), y).backward()
        optimizer.step()


def grad_data_zero(model, loader, optimizer, criterion):
    for x, y in loader:
        for name, p in model.named_parameters():
            if p.grad is not None:
                p.grad.data.zero_()
        criterion(model(x), y).backward()
        optimizer.step()


def grad_fill(model, loader, optimizer, criterion):
    for x, y in loader:
        for p in model.parameters():
            if p.grad is not None:
                p.grad.detach_()
                p.grad.fill_(0)
        criterion(model(x), y).backward()
        optimizer.step()


def through_param_groups(model, loader, optimizer, criterion):
    for x, y in loader:
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.grad = None
        criterion(model(x), y).backward()
        optimizer.step()


def comprehension(model, loader, optimizer, criterion):
    for x, y in loader:
        [setattr(p, "grad", None) for p in model.parameters()]
        criterion(model(x), y).backward()
        optimizer.step()


def bound_method(model, loader, optimizer, criterion):
    reset = optimizer.zero_grad
    for x, y in loader:
        reset()
        criterion(model(x), y).backward()
        optimizer.step()


def alias(model, loader, optimizer, criterion):
    opt = optimizer
    for x, y in loader:
        opt.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


def known_alias(loader):
    model = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    opt = optimizer
    for x, y in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()


def autograd_grad(model, loader, optimizer, criterion):
    """Gradients written, never accumulated."""
    for x, y in loader:
        loss = criterion(model(x), y)
        params = list(model.parameters())
        for p, g in zip(params, torch.autograd.grad(loss, params)):
            p.grad = g
        optimizer.step()


def clear_in_unknown_helper(model, loader, optimizer, criterion, prepare):
    for x, y in loader:
        prepare(optimizer)
        criterion(model(x), y).backward()
        optimizer.step()


def clear_in_nested_function(model, loader, optimizer, criterion):
    def before_batch():
        optimizer.zero_grad()

    for x, y in loader:
        before_batch()
        criterion(model(x), y).backward()
        optimizer.step()


def clear_by_lambda(model, loader, optimizer, criterion):
    clear = lambda: optimizer.zero_grad()  # noqa: E731
    for x, y in loader:
        clear()
        criterion(model(x), y).backward()
        optimizer.step()


def in_try(model, loader, optimizer, criterion):
    for x, y in loader:
        try:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        except RuntimeError as error:
            print("out of memory", error)


def in_finally(model, loader, optimizer, criterion):
    for x, y in loader:
        try:
            criterion(model(x), y).backward()
            optimizer.step()
        finally:
            optimizer.zero_grad()


def in_while(model, loader, optimizer, criterion):
    it = iter(loader)
    step = 0
    while step < 3:
        x, y = next(it)
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
        step += 1


def in_while_forgetting(model, loader, optimizer, criterion):
    it = iter(loader)
    step = 0
    while step < 3:
        x, y = next(it)
        criterion(model(x), y).backward()  #! TRK003 "`optimizer`"
        optimizer.step()
        step += 1


def new_optimizer_each_time(model, loader, criterion):
    """A new optimizer does not clear: the gradients belong to the parameters."""
    for x, y in loader:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()


def new_model_each_time(loader, criterion):
    for x, y in loader:
        model = nn.Sequential(nn.Flatten(), nn.LazyLinear(10))
        model(x)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        criterion(model(x), y).backward()
        optimizer.step()


def functional_loop(w, xs, ys):
    """One tensor is trained, and its gradient is dropped by name."""
    optimizer = torch.optim.SGD([w], lr=0.1)
    for x, y in zip(xs, ys):
        w.grad = None
        ((x * w).sum() - y).pow(2).backward()
        optimizer.step()

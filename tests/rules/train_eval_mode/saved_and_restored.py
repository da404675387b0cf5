"""Modes that are saved, restored, or set under a condition."""

import contextlib
import functools

import torch
import torch.nn as nn
import torch.nn.functional as F


def build():
    return nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.5), nn.Linear(16, 3))


@contextlib.contextmanager
def evaluating(network):
    was_training = network.training
    network.eval()
    try:
        yield network
    finally:
        network.train(was_training)


def in_eval_mode(function):
    @functools.wraps(function)
    def wrapper(network, *args):
        was_training = network.training
        network.eval()
        result = function(network, *args)
        if was_training:
            network.train()
        return result

    return wrapper


def epoch(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def hits(model, loader):
    with torch.no_grad():
        return int(sum((model(x).argmax(1) == y).sum() for x, y in loader))


def count(model, loader):
    found = 0
    with torch.no_grad():
        for x, y in loader:
            found += (model(x).argmax(1) == y).sum().item()
    return found


@in_eval_mode
def decorated(model, loader):
    return count(model, loader)


def restored_by_hand(model, loader):
    mode = model.training
    model.eval()
    found = count(model, loader)
    model.train(mode)
    return found


def fit_with_manager(loader, test_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        epoch(model, loader, optimizer)
        with evaluating(model):
            count(model, test_loader)


def fit_with_decorator(loader, test_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        epoch(model, loader, optimizer)
        decorated(model, test_loader)


def fit_by_hand(loader, test_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        epoch(model, loader, optimizer)
        restored_by_hand(model, test_loader)


def fit_with_a_flag(loader, test_loader, use_eval):
    """The user decides, as in some image translation code."""
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    epoch(model, loader, optimizer)
    if use_eval:
        model.eval()
    count(model, test_loader)


def fit_with_two_equal_conditions(loader, test_loader, every):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for number in range(30):
        epoch(model, loader, optimizer)
        if number % every == 0:
            model.eval()
            count(model, test_loader)
        print(number)
        if number % every == 0:
            model.train()


def fit_with_an_eval_now_and_then(loader, test_loader, every):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for number in range(30):
        for x, y in loader:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)  #! TRK002 "`model` trains in eval mode"
            loss.backward()
            optimizer.step()
        if number % every == 0:
            model.eval()
            print(count(model, test_loader))


def fit_and_freeze_late(loader, test_loader):
    """From some epoch on the whole model is kept in eval mode, on purpose."""
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for number in range(30):
        model.train()
        if number > 20:
            model.eval()
        epoch(model, loader, optimizer)


def scored_before(loader, test_loader):
    """The first score is the one of a model that has learned nothing."""
    model = build()
    model.eval()
    print(count(model, test_loader))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()  #! TRK002 "`model` trains in eval mode"
        optimizer.step()


def score_after_the_last_epoch(loader, test_loader):
    """Under this condition nothing comes after it."""
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for number in range(30):
        epoch(model, loader, optimizer)
        if number == 29:
            model.eval()
            print(count(model, test_loader))


class Detector(nn.Module):
    """Its losses come in train mode only."""

    def __init__(self):
        super().__init__()
        self.net = build()

    def forward(self, x, y):
        scores = self.net(x)
        if self.training:
            return F.cross_entropy(scores, y)
        return scores.argmax(1)


def validation_loss_of_a_detector(loader, test_loader):
    model = Detector()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        model.train()
        for x, y in loader:
            optimizer.zero_grad()
            model(x, y).backward()
            optimizer.step()
        with torch.no_grad():
            for x, y in test_loader:
                print(model(x, y).item())


def score_in_a_mode(model, test_loader, train):
    """A lesson that shows what batch norm does in either mode."""
    if train == True:
        model.train()
    if train == False:
        model.eval()
    found = 0
    for x, y in test_loader:
        found += (model(x).argmax(1) == y).sum().item()
    return found


def both_modes(loader, test_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    epoch(model, loader, optimizer)
    print(score_in_a_mode(model, test_loader, train=True))
    print(score_in_a_mode(model, test_loader, train=False))


def run(model, batches, optimizer, training):
    """One function for both: here the caller forgot to say which."""
    if training:
        model.train()
    found = 0
    with torch.set_grad_enabled(training):
        for x, y in batches:
            out = model(x)  #! TRK002 "`model` is evaluated in train mode"
            loss = F.cross_entropy(out, y)
            if training:
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
            found += (out.argmax(1) == y).sum().item()
    return found


def fit_by_run(loader, test_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        run(model, loader, optimizer, True)
        run(model, test_loader, optimizer, False)


def accuracy_of_modules_and_functions(net, batches):
    """What is no module has no mode."""
    found = 0.0
    with torch.no_grad():
        for x, y in batches:
            if isinstance(net, torch.nn.Module):
                net.eval()
                found += (net(x).argmax(dim=1) == y).float().sum().item()
                net.train()
            else:
                found += (net(x).argmax(dim=1) == y).float().sum().item()
    return found


def fit_with_both_kinds(loader, test_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        epoch(model, loader, optimizer)
        accuracy_of_modules_and_functions(model, test_loader)

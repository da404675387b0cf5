"""The gradients are computed, thrown away, and then the optimizer steps on nothing."""

import torch
from torch import nn, optim


def train(model, loader, optimizer, criterion):
    for x, y in loader:
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        optimizer.zero_grad()  #! TRK003 "`optimizer`"
#       ^^^^^^^^^^^^^^^^^^^^^
        optimizer.step()


def train_clipped(model, loader, optimizer, criterion):
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.zero_grad()  #! TRK003 "`optimizer`"
        optimizer.step()
        print(loss.item())


def train_right(model, loader, optimizer, criterion):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()


def only_when_it_blows_up(model, loader, optimizer, criterion):
    """Throwing away a bad gradient on purpose is fine."""
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        norm = nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        if not torch.isfinite(norm):
            print("skipping a bad batch")
            optimizer.zero_grad()
        optimizer.step()


def skipped_with_continue(model, loader, optimizer, criterion):
    for x, y in loader:
        loss = criterion(model(x), y)
        loss.backward()
        if torch.isnan(loss):
            optimizer.zero_grad()
            continue
        optimizer.step()
        optimizer.zero_grad()


def through_the_model():
    data = [(torch.randn(4, 6), torch.randn(4, 1)) for _ in range(4)]
    net = nn.Linear(6, 1)
    opt = optim.SGD(net.parameters(), lr=0.01)
    for x, y in data:
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        net.zero_grad()  #! TRK003 "`opt`"
#       ^^^^^^^^^^^^^^^
        opt.step()


def through_the_model_right():
    data = [(torch.randn(4, 6), torch.randn(4, 1)) for _ in range(4)]
    net = nn.Linear(6, 1)
    opt = optim.SGD(net.parameters(), lr=0.01)
    for x, y in data:
        net.zero_grad()
        loss = nn.functional.mse_loss(net(x), y)
        loss.backward()
        opt.step()


def another_models_gradients():
    """Clearing a *different* model between backward and step is fine."""
    data = [(torch.randn(4, 6), torch.randn(4, 1)) for _ in range(4)]
    student, teacher = nn.Linear(6, 1), nn.Linear(6, 1)
    opt = optim.SGD(student.parameters(), lr=0.01)
    for x, y in data:
        opt.zero_grad()
        loss = nn.functional.mse_loss(student(x), teacher(x).detach())
        loss.backward()
        teacher.zero_grad()
        opt.step()


through_the_model()
through_the_model_right()
another_models_gradients()

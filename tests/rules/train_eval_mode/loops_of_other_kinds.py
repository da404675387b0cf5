"""Mixed precision, accumulation, closures, whole data at once."""

import torch
import torch.nn as nn
import torch.nn.functional as F


def build():
    return nn.Sequential(nn.Linear(8, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 3))  #! TRK005


def score(model, loader):
    model.eval()
    hits = 0
    with torch.inference_mode():
        for x, y in loader:
            hits += (model(x).argmax(1) == y).sum().item()
    return hits


def mixed_precision(loader, val_loader):
    model = build()
    optimizer = torch.optim.AdamW(model.parameters())
    scaler = torch.amp.GradScaler()
    for _ in range(3):
        for x, y in loader:
            optimizer.zero_grad()
            with torch.autocast("cuda"):
                loss = F.cross_entropy(model(x), y)  #! TRK002 "`model` trains in eval mode"
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        score(model, val_loader)


def mixed_precision_right(loader, val_loader):
    model = build()
    optimizer = torch.optim.AdamW(model.parameters())
    scaler = torch.amp.GradScaler()
    for _ in range(3):
        model.train()
        for x, y in loader:
            optimizer.zero_grad()
            with torch.autocast("cuda"):
                loss = F.cross_entropy(model(x), y)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        score(model, val_loader)


def accumulation(loader, val_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        for number, (x, y) in enumerate(loader):
            loss = F.cross_entropy(model(x), y) / 4  #! TRK002 "`model` trains in eval mode"
            loss.backward()
            if (number + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()
        score(model, val_loader)


def every_thousand_steps(loader, val_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.train()
    for number, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y)  #! TRK002 "`model` trains in eval mode"
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if number % 1000 == 0:
            print(score(model, val_loader))


def every_thousand_steps_right(loader, val_loader):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.train()
    for number, (x, y) in enumerate(loader):
        loss = F.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if number % 1000 == 0:
            print(score(model, val_loader))
            model.train()


def closure(loader, val_loader):
    model = build()
    optimizer = torch.optim.LBFGS(model.parameters())
    for _ in range(3):
        for x, y in loader:

            def evaluate():
                optimizer.zero_grad()
                loss = F.cross_entropy(model(x), y)  #! TRK002 "`model` trains in eval mode"
                loss.backward()
                return loss

            optimizer.step(evaluate)
        score(model, val_loader)


def whole_data(x_train, y_train, x_test, y_test):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()
        F.cross_entropy(model(x_train), y_train).backward()
        optimizer.step()
        with torch.inference_mode():
            logits = model(x_test)  #! TRK002 "`model` is evaluated in train mode"
            print(F.cross_entropy(logits, y_test))


def whole_data_right(x_train, y_train, x_test, y_test):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(100):
        model.train()
        optimizer.zero_grad()
        F.cross_entropy(model(x_train), y_train).backward()
        optimizer.step()
        model.eval()
        with torch.inference_mode():
            print(F.cross_entropy(model(x_test), y_test))


def score_in_the_end(x_train, y_train, x_test, y_test):
    model = build()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(100):
        optimizer.zero_grad()
        F.cross_entropy(model.forward(x_train), y_train).backward()
        optimizer.step()
    with torch.no_grad():
        out = model.forward(x_test)  #! TRK002 "`model` is evaluated in train mode"
        print((out.argmax(1) == y_test).float().mean())


def one_of_two(loader, val_loader, wide):
    """Which of the two it is nobody knows, and only one minds the mode."""
    model = build() if wide else nn.Linear(8, 3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        for x, y in val_loader:
            print((model(x).argmax(1) == y).sum().item())

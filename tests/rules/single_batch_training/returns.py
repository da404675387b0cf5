"""A `return` at the end of the loop that trains."""

import torch
from accelerate import Accelerator
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets


def train(model, loader, criterion, optimizer):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
        return total / len(loader)  #! TRK011 "of `loader`"
#       ^^^^^^^^^^^^^^^^^^^^^^^^^^


def train_right(model, loader, criterion, optimizer):
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    return total / len(loader)


def train_one_epoch(model, loader, optimizer):
    losses, correct = [], 0
    for i, (x, y) in enumerate(loader):
        optimizer.zero_grad()
        scores = model(x)
        loss = nn.functional.cross_entropy(scores, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        correct += (scores.argmax(1) == y).sum().item()
        if i % 100 == 0:
            print(i, loss.item())
        return sum(losses), correct  #! TRK011


def left_for_debugging(model, loader, optimizer):
    """Right as far as anybody can see: it is named so."""
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
        return


def fit(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
        print("done")
        return  #! TRK011


def train_step(model, loader, optimizer):
    """Right: it is for one step."""
    for x, y in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()
        return


def learn(model, loader, optimizer):
    """Right as far as anybody can see: it takes one batch, and says what its loss was."""
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()


def until(model, loader, optimizer, enough):
    """Right: it goes on until that is enough."""
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
        if total > enough:
            return total
    return total


def first_score(model, loader):
    """Right: nothing is trained."""
    total = 0.0
    with torch.no_grad():
        for x, y in loader:
            total += nn.functional.cross_entropy(model(x), y).item()
            return total


def gradients(model, loader):
    """Right: nothing steps."""
    total = 0.0
    for x, y in loader:
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        total += loss.item()
        return total


def cross_validate(model, folds, optimizer):
    """Right as far as this rule goes: a fold is no batch."""
    scores = []
    for loader in folds:
        for x, y in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()
        scores.append(0.0)
        return scores


class Trainer:
    def __init__(self, model):
        self.model = model
        self.optimizer = optim.SGD(model.parameters(), lr=0.1)
        self.scaler = torch.amp.GradScaler()
        self.loader = DataLoader(datasets.MNIST("data"), batch_size=64, shuffle=True)

    def run_epoch(self):
        running = 0.0
        for x, y in self.loader:
            self.optimizer.zero_grad()
            with torch.autocast("cuda"):
                loss = nn.functional.cross_entropy(self.model(x), y)
            self.scaler.scale(loss).backward()
            self.scaler.step(self.optimizer)
            self.scaler.update()
            running += loss.item()
            return running / len(self.loader)  #! TRK011 "of `self.loader`"


def adversarial(generator, critic, loader):
    ours, theirs = optim.Adam(generator.parameters()), optim.Adam(critic.parameters())
    lost = []
    for real, _ in loader:
        theirs.zero_grad()
        loss = critic(generator(torch.randn(8, 100)).detach()).mean() - critic(real).mean()
        loss.backward()
        theirs.step()
        ours.zero_grad()
        (-critic(generator(torch.randn(8, 100))).mean()).backward()
        ours.step()
        lost.append(loss.item())
        return lost  #! TRK011


def accelerated(model, loader):
    accelerator = Accelerator()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    total = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        accelerator.backward(loss)
        optimizer.step()
        total += loss.item()
        return total  #! TRK011

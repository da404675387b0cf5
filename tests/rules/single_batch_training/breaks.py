"""A `break` at the end of the loop that trains."""

import torch
from accelerate import Accelerator
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets


def train(model, loader, criterion, optimizer, epochs):
    for epoch in range(epochs):
        for i, (x, y) in enumerate(loader):
            optimizer.zero_grad()
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            print(epoch, i, loss.item())
            break  #! TRK011 "of `loader`"
        #   ^^^^^


def evaluate(model, loader):
    """Right: a look at some predictions."""
    model.eval()
    with torch.no_grad():
        for x, y in loader:
            print(model(x).argmax(1), y)
            break


def train_some(model, loader, criterion, optimizer, limit):
    """Right: it may go on."""
    for i, (x, y) in enumerate(loader):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
        if i >= limit:
            break


def train_until(model, loader, criterion, optimizer):
    """Right: it goes on after a `continue`."""
    for x, y in loader:
        if x.isnan().any():
            continue
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
        break


def train_commented(model, loader, criterion, optimizer):
    """Right: it says so."""
    for x, y in loader:
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
        break  # only a sanity check


def overfit(model, loader, criterion, optimizer, epochs):
    """Right: its name says so."""
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
            break


def retry(model, batch, criterion, optimizer):
    """Right: one more attempt where the first one failed."""
    x, y = batch
    for attempt in range(3):
        try:
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        except RuntimeError:
            torch.cuda.empty_cache()
            continue
        break


class Trainer:
    def __init__(self, model, dry_run):
        self.model, self.dry_run = model, dry_run
        self.optimizer = optim.SGD(model.parameters(), lr=0.1)
        self.loader = DataLoader(datasets.MNIST("data"), batch_size=64, shuffle=True)

    def run_epoch(self):
        for x, y in self.loader:
            loss = self.step(x, y)
            print(loss)
            break  #! TRK011 "of `self.loader`"

    def run_with_flag(self):
        for x, y in self.loader:
            self.step(x, y)
            if self.dry_run:
                break

    def run_behind_flag(self):
        if self.dry_run:
            for x, y in self.loader:
                self.step(x, y)
                break

    def look(self):
        """Right: gradients are looked at, nothing steps."""
        for x, y in self.loader:
            nn.functional.cross_entropy(self.model(x), y).backward()
            break

    def step(self, x, y):
        self.optimizer.zero_grad()
        loss = nn.functional.cross_entropy(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


def adversarial(generator, critic, loader):
    ours, theirs = optim.Adam(generator.parameters()), optim.Adam(critic.parameters())
    scaler = torch.amp.GradScaler()
    for epoch in range(5):
        for real, _ in loader:
            theirs.zero_grad()
            with torch.autocast("cuda"):
                loss = critic(generator(torch.randn(8, 100)).detach()).mean() - critic(real).mean()
            scaler.scale(loss).backward()
            scaler.step(theirs)
            scaler.update()
            ours.zero_grad()
            scaler.scale(-critic(generator(torch.randn(8, 100))).mean()).backward()
            scaler.step(ours)
            scaler.update()
            break  #! TRK011


def phases(model, loaders, criterion, optimizer):
    for epoch in range(5):
        for phase in ("train", "val"):
            for x, y in loaders[phase]:
                with torch.set_grad_enabled(phase == "train"):
                    loss = criterion(model(x), y)
                    if phase == "train":
                        optimizer.zero_grad()
                        loss.backward()
                        optimizer.step()
                break  #! TRK011


def phases_with_short_validation(model, loaders, criterion, optimizer):
    """Right: only the validation is cut short."""
    for epoch in range(5):
        for phase in ("train", "val"):
            for x, y in loaders[phase]:
                loss = criterion(model(x), y)
                if phase == "val":
                    break
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()


def accumulate(model, loader, optimizer):
    for i, (x, y) in enumerate(loader):
        nn.functional.cross_entropy(model(x), y).backward()
        if (i + 1) % 4 == 0:
            optimizer.step()
            optimizer.zero_grad()
        break  #! TRK011


def closures(model, loader):
    optimizer = optim.LBFGS(model.parameters())
    for x, y in loader:

        def closure():
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            return loss

        optimizer.step(closure)
        break  #! TRK011


def accelerated(model, loader):
    accelerator = Accelerator()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for x, y in loader:
        optimizer.zero_grad()
        accelerator.backward(nn.functional.cross_entropy(model(x), y))
        optimizer.step()
        break  #! TRK011

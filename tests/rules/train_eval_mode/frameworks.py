"""Frameworks set the modes of what they run."""

import lightning.pytorch as pl
import torch
import torch.nn as nn
import torch.nn.functional as F
from accelerate import Accelerator
from ignite.engine import Engine, Events, create_supervised_evaluator
from transformers import Trainer, TrainingArguments


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(8, 3)
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        return self.drop(self.fc(x))


class Lit(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = Net()

    def training_step(self, batch, batch_idx):
        x, y = batch
        return F.cross_entropy(self.net(x), y)

    def validation_step(self, batch, batch_idx):
        x, y = batch
        self.log("acc", (self.net(x).argmax(1) == y).float().mean())

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())


def lightning(loader, test_loader):
    model = Lit()
    trainer = pl.Trainer(max_epochs=1)
    trainer.fit(model, loader)
    with torch.no_grad():
        for x, y in test_loader:
            print((model.net(x).argmax(1) == y).sum().item())


def huggingface(data, test_loader):
    model = Net()
    Trainer(model=model, args=TrainingArguments("out"), train_dataset=data).train()
    with torch.no_grad():
        for x, y in test_loader:
            print((model(x).argmax(1) == y).sum().item())


def ignite(loader, test_loader):
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def step(engine, batch):
        x, y = batch
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss.item()

    trainer = Engine(step)
    evaluator = create_supervised_evaluator(model)

    @trainer.on(Events.EPOCH_COMPLETED)
    def score(engine):
        evaluator.run(test_loader)
        with torch.no_grad():
            for x, y in test_loader:
                print((model(x).argmax(1) == y).sum().item())

    trainer.run(loader, max_epochs=3)


def accelerated(loader, test_loader):
    """Accelerate leaves the modes to the user."""
    accelerator = Accelerator()
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for _ in range(3):
        model.train()
        for x, y in loader:
            optimizer.zero_grad()
            accelerator.backward(F.cross_entropy(model(x), y))
            optimizer.step()
        with torch.no_grad():
            for x, y in test_loader:
                print((model(x).argmax(1) == y).sum().item())  #! TRK002 "`model` is evaluated in"


def unknown_helpers(loader, test_loader, prepare, scored):
    """A helper out of sight got the model: it may have set any mode."""
    model = Net()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    prepare(model)
    with torch.no_grad():
        for x, y in test_loader:
            print((model(x).argmax(1) == y).sum().item())


def wrapped(loader, test_loader, wrap):
    """What wraps it sets its mode."""
    model = Net()
    engine = wrap(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    engine.eval()
    with torch.no_grad():
        for x, y in test_loader:
            print((model(x).argmax(1) == y).sum().item())


def parallel(loader, test_loader):
    model = nn.DataParallel(Net())
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    model.train()
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    model.module.eval()
    with torch.no_grad():
        for x, y in test_loader:
            print((model(x).argmax(1) == y).sum().item())

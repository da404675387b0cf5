"""Recurrent networks that something clips, or that are not trained."""

import torch
import torch.nn.functional as F
from accelerate import Accelerator
from torch import nn

from somewhere import clip_all, normalise, setup


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(32, 64, batch_first=True)
        self.fc = nn.Linear(64, 2)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])


def clipped(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def clipped_from_some_epoch_on(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for epoch in range(10):
        for x, y in loader:
            optimizer.zero_grad()
            F.cross_entropy(model(x), y).backward()
            if epoch > 3:
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()


def clamped_by_hand(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        for p in model.parameters():
            p.grad.data.clamp_(-1, 1)
        optimizer.step()


def clip_gradient(optimizer, grad_clip):
    for group in optimizer.param_groups:
        for param in group["params"]:
            if param.grad is not None:
                param.grad.data.clamp_(-grad_clip, grad_clip)


def clamped_by_a_helper(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_gradient(optimizer, 5.0)
        optimizer.step()


def hooked(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for p in model.parameters():
        p.register_hook(lambda grad: torch.clamp(grad, -1, 1))
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def normalised_by_hand(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        norm = torch.cat([p.grad.flatten() for p in model.parameters()]).norm()
        for p in model.parameters():
            p.grad /= norm
        optimizer.step()


def out_of_sight(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        clip_all(model)
        optimizer.step()


def out_of_sight_with_a_value(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        norm = normalise(model.parameters())
        optimizer.step()
        print(norm)


def model_out_of_sight_with_a_value(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        norm = normalise(model)
        optimizer.step()
        print(norm)


def optimizer_out_of_sight(loader):
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    setup(optimizer)
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def accelerated(loader):
    accelerator = Accelerator()
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for x, y in loader:
        optimizer.zero_grad()
        accelerator.backward(F.cross_entropy(model(x), y))
        accelerator.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()


def head_only(loader):
    """The LSTM is not among the optimizer's parameters."""
    model = Net()
    optimizer = torch.optim.Adam(model.fc.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def frozen(loader):
    model = Net()
    for p in model.lstm.parameters():
        p.requires_grad = False
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def predict(loader):
    model = Net().eval()
    with torch.no_grad():
        return [model(x) for x, _ in loader]


def unknown_model(model, optimizer, loader):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def not_recurrent(loader):
    model = nn.Sequential(nn.Linear(4, 4), nn.TransformerEncoderLayer(4, 2), nn.Linear(4, 2))
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


class Base:
    """The loop is here, what the hooks do is in the subclass."""

    def __init__(self):
        self.model = Net()
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def fit(self, loader):
        for x, y in loader:
            self.optimizer.zero_grad()
            F.cross_entropy(self.model(x), y).backward()
            self.after_backward()
            self.optimizer.step()

    def after_backward(self):
        raise NotImplementedError


class Clipping(Base):
    def after_backward(self):
        nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)

"""L-BFGS runs its closure inside the step; frameworks clip by themselves."""

import lightning as L
import torch
import torch.nn.functional as F
from lightning.fabric import Fabric
from torch import nn
from torch.nn.utils import clip_grad_norm_


def in_the_closure(x, y):
    model = nn.Linear(4, 1)
    optimizer = torch.optim.LBFGS(model.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        clip_grad_norm_(model.parameters(), 1.0)
        return loss

    for _ in range(10):
        optimizer.step(closure)


def in_the_closure_too_early(x, y):
    model = nn.Linear(4, 1)
    optimizer = torch.optim.LBFGS(model.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "no gradients here"
        loss.backward()
        return loss

    for _ in range(10):
        optimizer.step(closure)


def behind_the_closure(x, y):
    model = nn.Linear(4, 1)
    optimizer = torch.optim.LBFGS(model.parameters())

    def closure():
        optimizer.zero_grad()
        loss = F.mse_loss(model(x), y)
        loss.backward()
        return loss

    for _ in range(10):
        optimizer.step(closure)
        clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "`optimizer` has already used"


def fabric_right(loader):
    fabric = Fabric()
    model = nn.GRU(4, 4)
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        fabric.backward(F.mse_loss(model(x)[0], y))
        fabric.clip_gradients(model, optimizer, max_norm=1.0)
        optimizer.step()


def fabric_forgetting(loader):
    fabric = Fabric()
    model = nn.GRU(4, 4)
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader:
        optimizer.zero_grad()
        fabric.backward(F.mse_loss(model(x)[0], y))
        optimizer.step()  #! TRK010 "the GRU"


class Automatic(L.LightningModule):
    """The trainer steps, and clips by `gradient_clip_val`."""

    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(4, 4)

    def training_step(self, batch, batch_idx):
        x, y = batch
        return F.mse_loss(self.rnn(x)[0], y)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())

    def on_before_optimizer_step(self, optimizer):
        clip_grad_norm_(self.parameters(), 1.0)


class Manual(L.LightningModule):
    def __init__(self):
        super().__init__()
        self.automatic_optimization = False
        self.rnn = nn.GRU(4, 4)

    def training_step(self, batch, batch_idx):
        x, y = batch
        optimizer = self.optimizers()
        optimizer.zero_grad()
        self.manual_backward(F.mse_loss(self.rnn(x)[0], y))
        self.clip_gradients(optimizer, gradient_clip_val=0.5)
        optimizer.step()

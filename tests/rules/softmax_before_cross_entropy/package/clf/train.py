"""Model and loss both come through relative imports."""

import torch
from torch import nn

from .losses import SmoothedLoss
from .nets import WideNet


def run(steps=3):
    model = WideNet(8, 3)
    criterion = SmoothedLoss()
    opt = torch.optim.Adam(model.parameters())
    for _ in range(steps):
        x, y = torch.randn(4, 8), torch.randint(0, 3, (4,))
        opt.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        opt.step()


def run_plain(steps=3):
    model = WideNet(8, 3)
    loss_fn = nn.CrossEntropyLoss()
    for _ in range(steps):
        x, y = torch.randn(4, 8), torch.randint(0, 3, (4,))
        loss_fn(model(x), y).backward()  #! TRK004 "`loss_fn`"


def run_right(steps=3):
    model = WideNet(8, 3)
    for _ in range(steps):
        x, y = torch.randn(4, 8), torch.randint(0, 3, (4,))
        loss = nn.functional.nll_loss(model(x).clamp_min(1e-8).log(), y)
        loss.backward()


if __name__ == "__main__":
    run()
    run_plain()
    run_right()

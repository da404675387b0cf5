"""Everything it needs comes through relative imports."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from .model import Regressor
from .utils import finish, make_optimizer


def loaders():
    full = TensorDataset(torch.randn(32, 6), torch.randn(32))
    return DataLoader(full, batch_size=8, shuffle=True), DataLoader(full, batch_size=8)


def train_right():
    train_loader, _ = loaders()
    model = Regressor(6)
    optimizer = make_optimizer("adam", model.parameters(), 1e-3)
    criterion = nn.MSELoss()
    for epoch in range(2):
        for x, y in train_loader:
            loss = criterion(model(x), y)
            loss.backward()
            finish(optimizer)


def train_wrong():
    train_loader, val_loader = loaders()
    model = Regressor(6)
    optimizer = make_optimizer("sgd", model.parameters(), 1e-3)
    criterion = nn.MSELoss()
    for epoch in range(2):
        model.train()
        for x, y in train_loader:
            loss = criterion(model(x), y)
            loss.backward()  #! TRK003 "`optimizer`"
            optimizer.step()
        model.eval()
        with torch.no_grad():
            print(sum(criterion(model(x), y) for x, y in val_loader))


if __name__ == "__main__":
    train_right()
    train_wrong()

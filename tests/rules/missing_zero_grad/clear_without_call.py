"""`optimizer.zero_grad` without the parentheses does nothing."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset

dataset = TensorDataset(torch.randn(40, 5), torch.randint(0, 2, (40,)))
loader = DataLoader(dataset, batch_size=10, shuffle=True)

model = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 2))
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(2):
    for x, y in loader:
        optimizer.zero_grad  #! TRK003 "`optimizer.zero_grad`"
#       ^^^^^^^^^^^^^^^^^^^
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()


class Trainer:
    def __init__(self, net, lr):
        self.net = net
        self.opt = optim.SGD(self.net.parameters(), lr=lr)
        self.loss = nn.MSELoss()

    def train_epoch(self, batches):
        for x, y in batches:
            self.opt.zero_grad  #! TRK003 "`self.opt.zero_grad`"
#           ^^^^^^^^^^^^^^^^^^
            self.loss(self.net(x), y).backward()
            self.opt.step()

    def train_epoch_right(self, batches):
        for x, y in batches:
            self.opt.zero_grad()
            self.loss(self.net(x), y).backward()
            self.opt.step()


def passed_on(net, batches):
    """Here the bound method is a value that somebody calls."""
    opt = optim.SGD(net.parameters(), lr=0.1)
    clear = opt.zero_grad
    for x, y in batches:
        clear()
        nn.functional.mse_loss(net(x), y).backward()
        opt.step()

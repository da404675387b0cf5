"""Trainer classes: everything hangs on self, built in __init__ or later."""

import torch
import torch.nn as nn
import torch.optim as optim


class Net(nn.Module):
    def __init__(self, n_in=16, n_out=4):
        super().__init__()
        self.fc1 = nn.Linear(n_in, 32)
        self.fc2 = nn.Linear(32, n_out)

    def forward(self, x):
        return self.fc2(torch.relu(self.fc1(x)))


class Trainer:
    """Never clears."""

    def __init__(self, train_loader, lr=1e-3):
        self.model = Net()
        self.optimizer = optim.Adam(self.model.parameters(), lr=lr)
        self.loss_fn = nn.CrossEntropyLoss()
        self.train_loader = train_loader

    def fit(self, epochs):
        for epoch in range(epochs):
            loss = self.train_epoch()
            print(epoch, loss)

    def train_epoch(self):
        self.model.train()
        total = 0.0
        for batch in self.train_loader:
            x, y = batch
            out = self.model(x)
            loss = self.loss_fn(out, y)
            loss.backward()  #! TRK003 "`self.optimizer`"
#           ^^^^^^^^^^^^^^^
            self.optimizer.step()
            total += loss.item()
        return total


class SplitTrainer:
    """Clears in a method of its own: right."""

    def __init__(self, model, train_loader, cfg):
        self.model = model
        self.train_loader = train_loader
        self.cfg = cfg
        self._build_optimizer()

    def _build_optimizer(self):
        self.optimizer = optim.SGD(self.model.parameters(), lr=0.1)

    def _reset(self):
        self.optimizer.zero_grad()

    def _update(self, loss):
        loss.backward()
        self.optimizer.step()

    def run(self):
        for x, y in self.train_loader:
            self._reset()
            loss = nn.functional.cross_entropy(self.model(x), y)
            self._update(loss)


class SplitTrainerForgets:
    """The same split into methods, with the reset defined and never called."""

    def __init__(self, model, train_loader):
        self.model = model
        self.train_loader = train_loader
        self._build_optimizer()

    def _build_optimizer(self):
        self.optimizer = optim.SGD(self.model.parameters(), lr=0.1)

    def _reset(self):
        self.optimizer.zero_grad()

    def _update(self, loss):
        loss.backward()  #! TRK003 "`self.optimizer`"
        self.optimizer.step()

    def run(self):
        for x, y in self.train_loader:
            loss = nn.functional.cross_entropy(self.model(x), y)
            self._update(loss)


class GivenOptimizer:
    """The optimizer comes from outside, the loop is here."""

    def __init__(self, model, optimizer, criterion, train_loader):
        self.model = model
        self.optimizer = optimizer
        self.criterion = criterion
        self.train_loader = train_loader

    def train_epoch(self):
        for x, y in self.train_loader:
            loss = self.criterion(self.model(x), y)
            loss.backward()  #! TRK003 "`self.optimizer`"
            self.optimizer.step()

    def train_epoch_right(self):
        for x, y in self.train_loader:
            loss = self.criterion(self.model(x), y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()


class Solver:
    """One public step method; whoever loops over it is not in sight, so nothing is certain
    in `step` alone, but `train` loops."""

    def __init__(self, model):
        self.net = model
        self.opt = optim.AdamW(self.net.parameters())
        self.losses = []

    def step(self, x, y):
        self.opt.zero_grad()
        loss = nn.functional.cross_entropy(self.net(x), y)
        loss.backward()
        self.opt.step()
        self.losses.append(loss.item())

    def train(self, loader):
        for x, y in loader:
            self.step(x, y)


class LazySolver:
    """Step method without a clear, called from a loop of the same class."""

    def __init__(self, model):
        self.net = model
        self.opt = optim.AdamW(self.net.parameters())

    def step(self, x, y):
        loss = nn.functional.cross_entropy(self.net(x), y)
        loss.backward()  #! TRK003 "`self.opt`"
        self.opt.step()
        return loss.item()

    def train(self, loader):
        return [self.step(x, y) for x, y in loader]


class Agent(nn.Module):
    """The optimizer lives in the model itself."""

    def __init__(self):
        super().__init__()
        self.q = nn.Linear(16, 4)
        self.optimizer = optim.Adam(self.parameters(), lr=1e-4)

    def forward(self, x):
        return self.q(x)

    def learn(self, batches):
        for x, y in batches:
            self.optimizer.zero_grad()
            loss = nn.functional.cross_entropy(self(x), y)
            loss.backward()
            self.optimizer.step()

    def learn_by_own_clear(self, batches):
        for x, y in batches:
            self.zero_grad()
            loss = nn.functional.cross_entropy(self(x), y)
            loss.backward()
            self.optimizer.step()

    def learn_forgetting(self, batches):
        for x, y in batches:
            loss = nn.functional.cross_entropy(self(x), y)
            loss.backward()  #! TRK003 "`self.optimizer`"
            self.optimizer.step()


if __name__ == "__main__":
    data = [(torch.randn(8, 16), torch.randint(0, 4, (8,))) for _ in range(4)]
    Trainer(data).fit(2)
    SplitTrainer(Net(), data, {}).run()
    SplitTrainerForgets(Net(), data).run()
    LazySolver(Net()).train(data)
    Solver(Net()).train(data)
    Agent().learn(data)

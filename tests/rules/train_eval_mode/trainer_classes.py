"""Trainer classes: the model hangs on self; modes are set in methods, or nowhere."""

import torch
import torch.nn as nn
import torch.optim as optim


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear = nn.Linear(width, width)  #! TRK005
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x):
        return torch.relu(self.norm(self.linear(x)))


class Net(nn.Module):
    def __init__(self, width=8):
        super().__init__()
        self.blocks = nn.ModuleList([Block(width) for _ in range(2)])
        self.head = nn.Linear(width, 3)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


class Base:
    def __init__(self, train_loader, valid_loader):
        self.model = Net()
        self.optimizer = optim.Adam(self.model.parameters(), lr=1e-3)
        self.criterion = nn.CrossEntropyLoss()
        self.train_loader = train_loader
        self.valid_loader = valid_loader

    def fit(self, epochs):
        for _ in range(epochs):
            self.train_epoch()
            self.validate()

    def train_epoch(self):
        for x, y in self.train_loader:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(x), y)
            loss.backward()
            self.optimizer.step()

    def validate(self):
        raise NotImplementedError


class Forgets(Base):
    """The base class trains, this one validates: no mode anywhere."""

    def validate(self):
        total = 0.0
        with torch.no_grad():
            for x, y in self.valid_loader:
                out = self.model(x)  #! TRK002 "`self.model` is evaluated in train mode"
                total += self.criterion(out, y).item()
        return total


class Restores(Base):
    def validate(self):
        self.model.eval()
        total = 0.0
        with torch.no_grad():
            for x, y in self.valid_loader:
                total += self.criterion(self.model(x), y).item()
        self.model.train()
        return total


class Stays:
    """Validates in eval mode and goes on in it."""

    def __init__(self, model, train_loader, valid_loader):
        self.model = model
        self.optimizer = optim.Adam(self.model.parameters(), lr=1e-3)
        self.criterion = nn.CrossEntropyLoss()
        self.loaders = {"train": train_loader, "valid": valid_loader}

    def run(self):
        for epoch in range(5):
            self._one_epoch()
            if epoch % 2 == 0:
                self._score()

    def _one_epoch(self):
        for x, y in self.loaders["train"]:
            loss = self.criterion(self.model(x), y)  #! TRK002 "`self.model` trains in eval mode"
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()

    @torch.no_grad()
    def _score(self):
        self._set_mode(False)
        hits = 0
        for x, y in self.loaders["valid"]:
            hits += (self.model(x).argmax(1) == y).sum().item()
        return hits

    def _set_mode(self, training):
        self.model.train(training)


class Switches(Stays):
    """The same with a switch at the head of each epoch."""

    def _one_epoch(self):
        self._set_mode(True)
        for x, y in self.loaders["train"]:
            loss = self.criterion(self.model(x), y)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()


class Method(nn.Module):
    """The model trains itself, and its own `train` method hides that of torch."""

    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(8, 3), nn.Dropout(0.1))
        self.optimizer = optim.SGD(self.parameters(), lr=0.1)

    def forward(self, x):
        return self.net(x)

    def fit(self, batches, held_out):
        for _ in range(3):
            super().train()
            for x, y in batches:
                self.optimizer.zero_grad()
                nn.functional.cross_entropy(self(x), y).backward()
                self.optimizer.step()
            self.eval()
            with torch.no_grad():
                for x, y in held_out:
                    print((self(x).argmax(1) == y).sum())

    def train(self, mode=True):
        print("frozen norms would go here")
        return super().train(mode)


class Uncalled:
    """Nobody in sight makes one, so nobody in sight says in which mode it is used."""

    def __init__(self, loader):
        self.model = Net()
        self.loader = loader

    def score(self):
        with torch.no_grad():
            return [(self.model(x).argmax(1) == y).sum().item() for x, y in self.loader]

    def total(self):
        hits = 0
        with torch.no_grad():
            for x, y in self.loader:
                hits += (self.model(x).argmax(1) == y).sum().item()
        return hits


if __name__ == "__main__":
    train = [(torch.randn(4, 8), torch.randint(0, 3, (4,))) for _ in range(4)]
    valid = [(torch.randn(4, 8), torch.randint(0, 3, (4,))) for _ in range(4)]
    Forgets(train, valid).fit(2)
    Restores(train, valid).fit(2)
    Stays(Net(), train, valid).run()
    Switches(Net(), train, valid).run()
    Method().fit(train, valid)

"""A base trainer that owns the loop and clears."""

from abc import abstractmethod

import torch


class BaseTrainer:
    def __init__(self, model, criterion, optimizer, config):
        self.model = model
        self.criterion = criterion
        self.optimizer = optimizer
        self.epochs = config["epochs"]

    @abstractmethod
    def _train_epoch(self, epoch):
        raise NotImplementedError

    def train(self):
        for epoch in range(1, self.epochs + 1):
            result = self._train_epoch(epoch)
            print(epoch, result)

    def before_batch(self):
        self.optimizer.zero_grad()


class LoopingTrainer:
    """Template method: the base loops and clears, the subclass computes the update."""

    def __init__(self, model, loader):
        self.model = model
        self.loader = loader
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def fit(self):
        for batch in self.loader:
            self.optimizer.zero_grad()
            self.update(batch)

    def update(self, batch):
        raise NotImplementedError


class CarelessTrainer:
    """Template method again, and here nobody clears."""

    def __init__(self, model, loader):
        self.model = model
        self.loader = loader
        self.optimizer = torch.optim.Adam(self.model.parameters())

    def fit(self):
        for batch in self.loader:
            self.update(batch)

    def update(self, batch):
        raise NotImplementedError

"""Subclasses of the base trainers."""

import torch
import torch.nn.functional as F
from base import BaseTrainer, CarelessTrainer, LoopingTrainer
from torch import nn


class Trainer(BaseTrainer):
    def __init__(self, model, criterion, optimizer, config, data_loader):
        super().__init__(model, criterion, optimizer, config)
        self.data_loader = data_loader

    def _train_epoch(self, epoch):
        self.model.train()
        for batch_idx, (data, target) in enumerate(self.data_loader):
            self.before_batch()
            loss = self.criterion(self.model(data), target)
            loss.backward()
            self.optimizer.step()
        return loss.item()


class ForgetfulTrainer(BaseTrainer):
    def __init__(self, model, criterion, optimizer, config, data_loader):
        super().__init__(model, criterion, optimizer, config)
        self.data_loader = data_loader

    def _train_epoch(self, epoch):
        self.model.train()
        for batch_idx, (data, target) in enumerate(self.data_loader):
            loss = self.criterion(self.model(data), target)
            loss.backward()  #! TRK003 "`self.optimizer`"
#           ^^^^^^^^^^^^^^^
            self.optimizer.step()
        return loss.item()


class Classifier(LoopingTrainer):
    def update(self, batch):
        x, y = batch
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()
        self.optimizer.step()


class CarelessClassifier(CarelessTrainer):
    def update(self, batch):
        x, y = batch
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()  #! TRK003 "`self.optimizer`"
        self.optimizer.step()


class CarefulClassifier(CarelessTrainer):
    def update(self, batch):
        x, y = batch
        self.optimizer.zero_grad()
        loss = F.cross_entropy(self.model(x), y)
        loss.backward()
        self.optimizer.step()


if __name__ == "__main__":
    data = [(torch.randn(4, 6), torch.randint(0, 3, (4,))) for _ in range(4)]
    net = nn.Linear(6, 3)
    sgd = torch.optim.SGD(net.parameters(), lr=0.1)
    Trainer(net, nn.CrossEntropyLoss(), sgd, {"epochs": 2}, data).train()
    Classifier(nn.Linear(6, 3), data).fit()
    CarelessClassifier(nn.Linear(6, 3), data).fit()
    CarefulClassifier(nn.Linear(6, 3), data).fit()

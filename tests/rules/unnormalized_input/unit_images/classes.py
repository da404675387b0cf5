"""The same in classes, with phases, accumulation and mixed precision."""

import torch
import torch.nn.functional as F
from nets import Batched, Plain
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Trainer:
    def __init__(self, root):
        self.model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
        self.optimizer = optim.SGD(self.model.parameters(), lr=0.1)
        self.criterion = nn.CrossEntropyLoss()
        steps = transforms.Compose(
            [
                transforms.RandomRotation(10),
                transforms.ToTensor(),  #! TRK009
            ]
        )
        self.loader = DataLoader(datasets.MNIST(root, transform=steps), batch_size=8, shuffle=True)

    def fit(self):
        for x, y in self.loader:
            self.optimizer.zero_grad()
            self.criterion(self.model(x), y).backward()
            self.optimizer.step()


class NormedTrainer:
    """Right: its model has a batch norm."""

    def __init__(self, root):
        self.model = Batched()
        self.optimizer = optim.SGD(self.model.parameters(), lr=0.1)
        self.criterion = nn.CrossEntropyLoss()
        data = datasets.KMNIST(root, transform=transforms.ToTensor())
        self.loader = DataLoader(data, batch_size=8, shuffle=True)

    def fit(self):
        for x, y in self.loader:
            self.optimizer.zero_grad()
            self.criterion(self.model(x), y).backward()
            self.optimizer.step()


def phases(root):
    to_tensor = transforms.ToTensor()  #! TRK009
    model = Plain()
    optimizer = optim.Adam(model.parameters())
    loaders = {
        phase: DataLoader(
            datasets.QMNIST(root, train=phase == "train", transform=to_tensor),
            batch_size=32,
            shuffle=phase == "train",
        )
        for phase in ("train", "test")
    }
    for phase in ("train", "test"):
        model.train(phase == "train")
        for x, y in loaders[phase]:
            with torch.set_grad_enabled(phase == "train"):
                loss = F.cross_entropy(model(x), y)
                if phase == "train":
                    optimizer.zero_grad()
                    loss.backward()
                    optimizer.step()


def accumulate(root):
    model, scaler = Plain(), torch.amp.GradScaler()
    optimizer = optim.Adam(model.parameters())
    data = datasets.FashionMNIST(root, transform=transforms.ToTensor())  #! TRK009
    for i, (x, y) in enumerate(DataLoader(data, batch_size=8, shuffle=True)):
        with torch.autocast("cuda"):
            loss = F.cross_entropy(model(x), y) / 4
        scaler.scale(loss).backward()
        if (i + 1) % 4 == 0:
            scaler.step(optimizer)
            scaler.update()
            optimizer.zero_grad()


def train(model, loader, optimizer):
    for x, y in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()


def main(root):
    """The loop is a function of its own."""
    data = datasets.USPS(root, transform=transforms.ToTensor())  #! TRK009
    model = nn.Sequential(nn.Flatten(), nn.Linear(256, 99), nn.ReLU(), nn.Dropout(), nn.Linear(99, 10))
    train(model, DataLoader(data, 64, shuffle=True), optim.SGD(model.parameters(), lr=0.1))

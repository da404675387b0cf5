"""Trainers, phases, GANs, closures and frameworks."""

import lightning
import torch
from accelerate import Accelerator
from torch import nn, optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

TO_TENSOR = transforms.ToTensor()


class Trainer:
    def __init__(self, model, args):
        self.model = model
        self.criterion = nn.CrossEntropyLoss()
        self.optimizer = optim.Adam(self.model.parameters())
        self.train_loader = DataLoader(datasets.ImageFolder(args.root), args.batch_size)  #! TRK008 "`self.train_loader`"
        self.mixed_loader = DataLoader(datasets.ImageFolder(args.root), args.batch_size, True)
        self.test_loader = DataLoader(datasets.ImageFolder(args.root), args.batch_size)

    def fit(self, epochs):
        for epoch in range(epochs):
            self.run_epoch(self.train_loader)
            self.run_epoch(self.mixed_loader)
            self.evaluate()

    def run_epoch(self, loader):
        self.model.train()
        for batch in loader:
            self.optimizer.zero_grad()
            self.training_step(batch).backward()
            self.optimizer.step()

    def training_step(self, batch):
        x, y = batch
        return self.criterion(self.model(x), y)

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        return sum(self.training_step(batch) for batch in self.test_loader)


class LateTrainer:
    """The loader is made by a method, and may be replaced by another."""

    def __init__(self, model):
        self.model = model
        self.optimizer = optim.Adam(model.parameters())
        self.loader = None

    def setup(self, distributed):
        data = datasets.CIFAR10("data")
        self.loader = DataLoader(data, batch_size=64)
        if distributed:
            self.loader = DataLoader(data, batch_size=64, shuffle=True)

    def fit(self):
        self.setup(torch.distributed.is_initialized())
        for epoch in range(10):
            for x, y in self.loader:
                self.optimizer.zero_grad()
                nn.functional.cross_entropy(self.model(x), y).backward()
                self.optimizer.step()


def phases(model, optimizer, criterion):
    data = {x: datasets.ImageFolder(f"data/{x}", TO_TENSOR) for x in ["train", "val"]}
    right = {x: DataLoader(data[x], batch_size=4, shuffle=(x == "train")) for x in ["train", "val"]}
    wrong = {x: DataLoader(data[x], batch_size=4, shuffle=False) for x in ["train", "val"]}  #! TRK008
    for loaders in (right, wrong):
        for epoch in range(25):
            for phase in ["train", "val"]:
                model.train(phase == "train")
                for inputs, labels in loaders[phase]:
                    optimizer.zero_grad()
                    with torch.set_grad_enabled(phase == "train"):
                        loss = criterion(model(inputs), labels)
                        if phase == "train":
                            loss.backward()
                            optimizer.step()


def gan(generator, discriminator, loss):
    ours = optim.Adam(generator.parameters())
    theirs = optim.Adam(discriminator.parameters())
    faces = DataLoader(datasets.CelebA("data", transform=TO_TENSOR), batch_size=64)  #! TRK008 "`faces`"
    mixed = DataLoader(datasets.CelebA("data", transform=TO_TENSOR), batch_size=64, shuffle=True)
    for loader in (faces, mixed):
        for epoch in range(5):
            for i, (real, _) in enumerate(loader):
                theirs.zero_grad()
                fake = generator(torch.randn(real.size(0), 100))
                (loss(discriminator(real), 1) + loss(discriminator(fake.detach()), 0)).backward()
                theirs.step()
                if i % 5 == 0:
                    ours.zero_grad()
                    loss(discriminator(fake), 1).backward()
                    ours.step()


def accumulate(model):
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    loader = DataLoader(datasets.MNIST("data"), batch_size=8)  #! TRK008
    for epoch in range(5):
        for i, (x, y) in enumerate(loader):
            (nn.functional.cross_entropy(model(x), y) / 4).backward()
            if (i + 1) % 4 == 0:
                optimizer.step()
                optimizer.zero_grad()


def closures(model):
    optimizer = optim.LBFGS(model.parameters())
    loader = DataLoader(datasets.MNIST("data"), batch_size=512)  #! TRK008
    for epoch in range(5):
        for x, y in loader:

            def closure():
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(model(x), y)
                loss.backward()
                return loss

            optimizer.step(closure)


def accelerated(model):
    accelerator = Accelerator()
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    first = DataLoader(datasets.MNIST("data"), batch_size=8)  #! TRK008
    second = DataLoader(datasets.MNIST("data"), batch_size=8, shuffle=True)
    model, optimizer, first, second = accelerator.prepare(model, optimizer, first, second)
    for loader in (first, second):
        for epoch in range(5):
            for x, y in loader:
                optimizer.zero_grad()
                accelerator.backward(nn.functional.cross_entropy(model(x), y))
                optimizer.step()


def paired(model):
    """Right: two collections that belong together, sample by sample."""
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    low = DataLoader(datasets.CIFAR10("low"), batch_size=8)
    high = DataLoader(datasets.CIFAR10("high"), batch_size=8)
    for epoch in range(5):
        for (x, _), (y, _) in zip(low, high):
            optimizer.zero_grad()
            (model(x) - y).pow(2).mean().backward()
            optimizer.step()


def wrapped(model, wrap):
    """Right as far as anybody can see."""
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    loader = wrap(DataLoader(datasets.MNIST("data"), batch_size=8))
    for epoch in range(5):
        for x, y in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()


def owned_by_a_framework(module):
    """Right as far as anybody can see: the framework may put in a sampler of its own."""
    loader = DataLoader(datasets.MNIST("data"), batch_size=8)
    lightning.Trainer(max_epochs=3).fit(module, loader)


def test_that_it_learns():
    """Right: a test."""
    model = nn.Linear(2, 2)
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    loader = DataLoader(datasets.MNIST("data"), batch_size=8)
    for epoch in range(5):
        for x, y in loader:
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(x), y).backward()
            optimizer.step()

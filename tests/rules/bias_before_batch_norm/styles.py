"""The model in every style of training code."""

import lightning
import torch
from accelerate import Accelerator
from torch import nn
from torch.utils.data import DataLoader
from transformers import Trainer


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 3)  #! TRK005 "`self.conv`"
        self.norm = nn.BatchNorm2d(8)
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = torch.relu(self.norm(self.conv(x)))
        return self.head(x.mean((2, 3)))


class Lit(lightning.LightningModule):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 64), nn.BatchNorm1d(64), nn.ReLU())  #! TRK005
        self.head = nn.Sequential(nn.Linear(64, 64, bias=False), nn.BatchNorm1d(64), nn.Linear(64, 10))

    def training_step(self, batch, batch_idx):
        x, y = batch
        out = self.head(self.encoder(x.view(x.size(0), -1)))
        return nn.functional.cross_entropy(out, y)


class Discriminator(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(3, width, 4, 2, 1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, width * 2, 4, 2, 1),  #! TRK005
            nn.BatchNorm2d(width * 2),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width * 2, 1, 4),
            nn.Sigmoid(),
        )

    def forward(self, x):
        return self.main(x).view(-1)


class Runner:
    """The model is an attribute of a trainer, and made elsewhere than in `__init__`."""

    def __init__(self, config):
        self.config = config
        self.build()

    def build(self):
        self.model = nn.Sequential(
            nn.Conv2d(1, 4, 3),  #! TRK005
            nn.BatchNorm2d(4),
            nn.Conv2d(4, 4, 3, bias=False),
            nn.BatchNorm2d(4),
        )
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)

    def fit(self, loader):
        scaler = torch.amp.GradScaler()
        for i, (x, y) in enumerate(loader):
            with torch.autocast("cuda"):
                loss = self.model(x).pow(2).mean() / 2
            scaler.scale(loss).backward()
            if i % 2 == 1:
                scaler.step(self.optimizer)
                scaler.update()
                self.optimizer.zero_grad()


def run(dataset):
    loaders = {phase: DataLoader(dataset, shuffle=phase == "train") for phase in ("train", "val")}
    model = Net()
    optimizer = torch.optim.Adam(model.parameters())
    for phase in ("train", "val"):
        model.train(phase == "train")
        for x, y in loaders[phase]:
            optimizer.zero_grad()
            with torch.set_grad_enabled(phase == "train"):
                loss = nn.functional.cross_entropy(model(x), y)
                if phase == "train":
                    loss.backward()
                    optimizer.step()


def distributed(loader):
    accelerator = Accelerator()
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8))  #! TRK005
    optimizer = torch.optim.LBFGS(model.parameters())
    model, optimizer, loader = accelerator.prepare(model, optimizer, loader)
    for x, y in loader:

        def closure():
            optimizer.zero_grad()
            loss = model(x).mean()
            accelerator.backward(loss)
            return loss

        optimizer.step(closure)


def by_trainer(arguments, dataset):
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.BatchNorm2d(8))
    Trainer(model, arguments, train_dataset=dataset).train()


# Flat, as in a notebook
x = torch.randn(4, 3, 8, 8)
conv = nn.Conv2d(3, 8, 3)  #! TRK005 "`conv`"
norm = nn.BatchNorm2d(8)
h = conv(x)
h = norm(h)
h.shape
shown = nn.Conv2d(3, 8, 3)
h = shown(x)
print(h)
norm(h)
displayed = nn.Conv2d(3, 8, 3)
h = displayed(x)
h
norm(h)

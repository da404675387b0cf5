"""Data sets of one's own, read in order."""

import glob

import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset, IterableDataset
from torchvision import datasets


class Pictures(Dataset):
    def __init__(self, root, transform=None):
        self.paths = sorted(glob.glob(f"{root}/*/*.png"))
        self.transform = transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return self.transform(self.paths[index]), self.paths[index].split("/")[-2]


class Flowers(datasets.ImageFolder):
    """Only its labels differ."""

    def find_classes(self, directory):
        return ["rose", "tulip"], {"rose": 0, "tulip": 1}


class Flow(IterableDataset):
    def __iter__(self):
        yield from open("data.txt")


class Half:
    """Not a data set of torch: nobody knows what it does."""

    def __len__(self):
        return 1

    def __getitem__(self, index):
        return torch.zeros(2), 0


def train(model, loader, optimizer, epochs):
    for epoch in range(epochs):
        for x, y in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(x), y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()


def main(model, transform):
    optimizer = optim.AdamW(model.parameters())
    pictures = Pictures("train", transform)
    train(model, DataLoader(pictures, batch_size=16, num_workers=4), optimizer, 10)  #! TRK008 "this loader"
    train(model, DataLoader(pictures, batch_size=16, shuffle=True), optimizer, 10)
    flowers = Flowers("train")
    train(model, DataLoader(flowers, batch_size=16), optimizer, 10)  #! TRK008 "`Flowers` serves class after class"
    train(model, DataLoader(Flow(), batch_size=16), optimizer, 10)
    train(model, DataLoader(Half(), batch_size=16), optimizer, 10)
    train(model, DataLoader(pictures, batch_size=None), optimizer, 10)
    val_loader = DataLoader(pictures, batch_size=16)
    train(model, val_loader, optimizer, 10)

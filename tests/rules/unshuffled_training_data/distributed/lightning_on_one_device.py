"""On one device the loader is what it is."""

import lightning as L
import torch
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, transforms


class Digits(L.LightningDataModule):
    def setup(self, stage=None):
        self.train_set = datasets.MNIST("data", transform=transforms.ToTensor())

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=64)  #! TRK008


class Pictures(Dataset):
    def __init__(self, paths, labels):
        self.paths, self.labels = paths, labels

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return torch.load(self.paths[index]), self.labels[index]


class OwnData(L.LightningDataModule):
    def __init__(self, paths, labels):
        super().__init__()
        self.pictures = Pictures(paths, labels)

    def train_dataloader(self):
        return DataLoader(self.pictures, batch_size=16, drop_last=True)  #! TRK008


def main(model):
    L.Trainer(devices=1, max_epochs=10).fit(model, Digits())

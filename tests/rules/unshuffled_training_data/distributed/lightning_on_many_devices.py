"""Where several devices share the data, Lightning puts in a sampler that shuffles."""

import lightning as L
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class Digits(L.LightningDataModule):
    def setup(self, stage=None):
        self.train_set = datasets.MNIST("data", transform=transforms.ToTensor())

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=64)


def main(model):
    L.Trainer(devices=4, strategy="ddp").fit(model, Digits())

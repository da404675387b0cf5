"""What Lightning trains on is what `train_dataloader` gives."""

import lightning as L
import pytorch_lightning as pl
import torch
from lightning.pytorch import LightningDataModule
from torch import nn
from torch.utils.data import DataLoader, IterableDataset, random_split
from torchvision import datasets, transforms

TO_TENSOR = transforms.ToTensor()


class Digits(L.LightningDataModule):
    def __init__(self, root, batch_size=64):
        super().__init__()
        self.root, self.batch_size = root, batch_size

    def setup(self, stage=None):
        self.train_set = datasets.MNIST(self.root, transform=TO_TENSOR)
        self.val_set = datasets.MNIST(self.root, train=False, transform=TO_TENSOR)

    def train_dataloader(self):
        return DataLoader(self.train_set, self.batch_size)  #! TRK008 "this loader is trained on"
    #          ^^^^^^^^^^

    def val_dataloader(self):
        return DataLoader(self.val_set, self.batch_size)

    def test_dataloader(self):
        return DataLoader(self.val_set, self.batch_size)


class ShuffledDigits(Digits):
    """Right: its own loader takes the place of the other one."""

    def train_dataloader(self):
        return DataLoader(self.train_set, self.batch_size, shuffle=True)


class Flowers(pl.LightningModule):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.LazyLinear(5))

    def training_step(self, batch, batch_idx):
        x, y = batch
        return nn.functional.cross_entropy(self.net(x), y)

    def configure_optimizers(self):
        return torch.optim.Adam(self.parameters())

    def train_dataloader(self):
        flowers = datasets.ImageFolder("flowers/train", TO_TENSOR)
        loader = DataLoader(flowers, batch_size=32, shuffle=False)  #! TRK008 "class after class"
        return loader


class Halves(L.LightningDataModule):
    """Right as far as anybody can see: the parts are drawn at random, once."""

    def setup(self, stage=None):
        whole = datasets.FashionMNIST("data", transform=TO_TENSOR)
        self.train_part, self.val_part = random_split(whole, [50_000, 10_000])

    def train_dataloader(self):
        return DataLoader(self.train_part, batch_size=64)


class Drawn(LightningDataModule):
    """Right: a sampler draws."""

    def train_dataloader(self):
        data = datasets.CIFAR10("data", transform=TO_TENSOR)
        return DataLoader(data, 64, sampler=torch.utils.data.RandomSampler(data))


class Stream(IterableDataset):
    def __iter__(self):
        yield from torch.randn(100, 3)


class Streamed(L.LightningDataModule):
    """Right: there is nothing to shuffle."""

    def train_dataloader(self):
        return DataLoader(Stream(), batch_size=64)


class Asked(L.LightningDataModule):
    """Right: it is asked for."""

    def __init__(self, shuffle=False):
        super().__init__()
        self.shuffle = shuffle

    def train_dataloader(self):
        return DataLoader(datasets.MNIST("data"), batch_size=64, shuffle=self.shuffle)


class Meant(L.LightningDataModule):
    """Right: it says so."""

    def train_dataloader(self):
        # the order is that of the curriculum
        return DataLoader(datasets.MNIST("data"), batch_size=64)


class OverfitOneBatch(L.LightningModule):
    """Right: its name says so."""

    def train_dataloader(self):
        return DataLoader(datasets.MNIST("data"), batch_size=64)


class Several(L.LightningDataModule):
    """Right as far as anybody can see: they may belong together, sample by sample."""

    def train_dataloader(self):
        return [DataLoader(datasets.MNIST("a"), 64), DataLoader(datasets.MNIST("b"), 64)]


class Given(L.LightningDataModule):
    """Right as far as anybody can see."""

    def __init__(self, train_set):
        super().__init__()
        self.train_set = train_set

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=64)


class Helped(L.LightningDataModule):
    """One helper makes all loaders, by a flag."""

    def loader(self, train):
        data = datasets.MNIST("data", train=train, transform=TO_TENSOR)
        return DataLoader(data, batch_size=64, shuffle=train)

    def train_dataloader(self):
        return self.loader(True)

    def val_dataloader(self):
        return self.loader(False)


class NoFramework:
    """Right as far as anybody can see: nobody trains on it here."""

    def train_dataloader(self):
        return DataLoader(datasets.MNIST("data"), batch_size=64)

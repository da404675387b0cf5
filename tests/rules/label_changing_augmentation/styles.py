"""The same mistake in functions, classes, phase dicts and frameworks."""

import lightning as L
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms


def train_transform():
    return transforms.Compose(
        [
            transforms.RandomHorizontalFlip(),  #! TRK007 "on MNIST"
            transforms.ToTensor(),
        ]
    )


def loaders(batch_size):
    train_set = datasets.MNIST("data", train=True, transform=train_transform())
    test_set = datasets.MNIST("data", train=False, transform=transforms.ToTensor())
    return DataLoader(train_set, batch_size, shuffle=True), DataLoader(test_set, batch_size)


def train(model, loader, optimizer):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()


def main():
    train_loader, test_loader = loaders(64)
    model = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(3):
        train(model, train_loader, optimizer)


class Trainer:
    def __init__(self, model, root):
        self.model = model
        steps = [transforms.ToTensor()]
        steps.insert(0, transforms.RandomVerticalFlip())  #! TRK007 "on SVHN"
        self.transform = transforms.Compose(steps)
        self.data = datasets.SVHN(root, split="train", transform=self.transform)
        self.train_part, self.val_part = random_split(self.data, [60_000, 13_257])
        self.optimizer = torch.optim.Adam(model.parameters())
        self.criterion = nn.CrossEntropyLoss()

    def fit(self):
        for images, labels in DataLoader(self.train_part, batch_size=64, shuffle=True):
            self.optimizer.zero_grad()
            self.criterion(self.model(images.cuda()), labels.cuda()).backward()
            self.optimizer.step()


PHASES = {
    "train": transforms.Compose(
        [
            transforms.RandomRotation(degrees=180),  #! TRK007 "a 6 that is turned"
            transforms.ToTensor(),
        ]
    ),
    "val": transforms.Compose([transforms.ToTensor()]),
}
SETS = {
    phase: datasets.QMNIST("data", train=phase == "train", transform=PHASES[phase])
    for phase in ["train", "val"]
}


class Digits(L.LightningDataModule):
    def setup(self, stage=None):
        augment = transforms.Compose(
            [transforms.RandomHorizontalFlip(), transforms.ToTensor()]  #! TRK007 "on USPS"
        )
        self.train_set = datasets.USPS("data", train=True, transform=augment)

    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=64, shuffle=True)


def conditional_gan(generator, discriminator, optimizer):
    """The generator learns to draw what the label says."""
    flipping = transforms.Compose(
        [transforms.RandomHorizontalFlip(), transforms.ToTensor()]  #! TRK007 "on MNIST"
    )
    loader = DataLoader(datasets.MNIST("data", transform=flipping), batch_size=32, shuffle=True)
    for images, labels in loader:
        optimizer.zero_grad()
        fake = generator(torch.randn(images.size(0), 64), labels)
        loss = discriminator(fake, labels).mean() - discriminator(images, labels).mean()
        loss.backward()
        optimizer.step()


class Augmented(datasets.MNIST):
    """A data set of one's own that only brings its transform along."""

    def __init__(self, root, train=True):
        flips = transforms.Compose([transforms.RandomHorizontalFlip()])  #! TRK007 "on MNIST"
        super().__init__(root, train=train, transform=flips)


class Mirrored(datasets.MNIST):
    """Its labels are its own."""

    def __init__(self, root):
        super().__init__(root, transform=transforms.RandomHorizontalFlip())

    def __getitem__(self, index):
        image, label = super().__getitem__(index)
        return image, label % 2

"""Random transforms on test images."""

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.datasets import CIFAR10, CIFAR100, STL10, SVHN

transform = transforms.Compose(
    [
        transforms.RandomCrop(32, padding=4),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
    ]
)
train_set = CIFAR10("data", train=True, transform=transform)
test_set = CIFAR10("data", train=False, transform=transform)  #! TRK007 "test images of CIFAR10" "`RandomCrop`, `RandomHorizontalFlip`"
#                                       ^^^^^^^^^^^^^^^^^^^


def two_lists():
    """Copied along with the rest."""
    train_transform = transforms.Compose(
        [transforms.RandomHorizontalFlip(), transforms.ColorJitter(0.2), transforms.ToTensor()]
    )
    test_transform = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
    train = STL10("data", split="train", transform=train_transform)
    test = STL10("data", split="test", transform=test_transform)  #! TRK007 "`RandomHorizontalFlip`"
    return train, test


def right():
    """Each has its own; a crop without padding may leave the image as it is."""
    train_transform = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
    test_transform = transforms.Compose([transforms.Resize(32), transforms.ToTensor()])
    train = CIFAR100("data", transform=train_transform)
    test = CIFAR100("data", train=False, transform=test_transform)
    cropped = transforms.Compose([transforms.RandomCrop(32), transforms.ToTensor()])
    return train, test, CIFAR10("data", train=True, transform=cropped), CIFAR10("data", False, cropped)


def robustness():
    """One test set as it is, one changed on purpose."""
    noisy = transforms.Compose([transforms.ColorJitter(0.5), transforms.ToTensor()])
    train = CIFAR10("data", train=True, transform=noisy)
    clean = CIFAR10("data", train=False, transform=transforms.ToTensor())
    shifted = CIFAR10("data", train=False, transform=noisy)
    return train, clean, shifted


def only_the_test_set():
    """Changed on purpose: the training images are not."""
    jitter = transforms.Compose([transforms.ColorJitter(0.5), transforms.ToTensor()])
    train = SVHN("data", split="train", transform=transforms.ToTensor())
    test = SVHN("data", split="test", transform=jitter)
    return train, test


def given(name, train_transform, test_transform, train):
    return CIFAR10("data", train=train, transform=train_transform if train else test_transform)


def replaced():
    augment = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
    train = CIFAR10("data", train=True, transform=augment)
    test = CIFAR10("data", train=False, transform=augment)
    test.transform = transforms.ToTensor()
    return train, test


def digits():
    """Said once: the flip should not be there at all."""
    flips = transforms.Compose([transforms.RandomHorizontalFlip()])  #! TRK007 "on MNIST"
    copied = transforms.Compose([transforms.RandomHorizontalFlip()])
    train = datasets.MNIST("data", train=True, transform=flips)
    return train, datasets.MNIST("data", train=False, transform=copied)  #! TRK007 "test images"


def autoencoder(model: nn.Module):
    """Nobody reads the labels of the test set."""
    flips = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
    train = CIFAR100("data", train=True, transform=flips)
    test = CIFAR100("data", train=False, transform=flips)
    for images, _ in DataLoader(test, batch_size=32):
        print(torch.dist(model(images), images))
    return train


class Scores:
    """The labels of the test set are only compared with what the model says."""

    def __init__(self, model):
        self.model = model
        augmented = transforms.Compose([transforms.RandomCrop(32, padding=2), transforms.ToTensor()])
        train = SVHN("data", split="train", transform=augmented)
        test = SVHN("data", split="test", transform=augmented)  #! TRK007 "test images of SVHN"
        self.train_loader = DataLoader(train, 32, shuffle=True)
        self.test_loader = DataLoader(test, 32)
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train(self):
        for images, labels in self.train_loader:
            self.optimizer.zero_grad()
            nn.functional.cross_entropy(self.model(images), labels).backward()
            self.optimizer.step()

    def test(self):
        hits = 0
        for images, labels in self.test_loader:
            hits += (self.model(images).argmax(1) == labels).sum().item()
        return hits


class OneClass:
    """Labels that only choose a class are not learned."""

    def __init__(self, model):
        self.model = model
        flipped = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
        self.loader = DataLoader(SVHN("data", split="train", transform=flipped), 32, shuffle=True)
        self.optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    def train(self):
        for images, labels in self.loader:
            images = images[labels == 1]
            self.optimizer.zero_grad()
            (self.model(images) - images).pow(2).mean().backward()
            self.optimizer.step()

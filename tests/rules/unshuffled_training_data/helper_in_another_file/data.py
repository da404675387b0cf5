"""Builds the loaders."""

from torch.utils.data import DataLoader
from torchvision.datasets import CIFAR10


def build(root, transform):
    train_set = CIFAR10(root, train=True, transform=transform)
    test_set = CIFAR10(root, train=False, transform=transform)
    return {
        "train": DataLoader(train_set, batch_size=64),  #! TRK008 "same batches"
        "test": DataLoader(test_set, batch_size=64),
        "mixed": DataLoader(train_set, batch_size=64, shuffle=True),
    }

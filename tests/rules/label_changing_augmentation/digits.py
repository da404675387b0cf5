"""Flips and turns of digits, letters and signs, in scripts."""

import torch
import torchvision
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.transforms import v2

flips = transforms.Compose(
    [
        transforms.RandomHorizontalFlip(),  #! TRK007 "`RandomHorizontalFlip` on MNIST" "mirrored 2"
        # ^
        transforms.RandomRotation(15),
        transforms.ToTensor(),
        transforms.Normalize((0.1307,), (0.3081,)),
    ]
)
train_set = datasets.MNIST("data", train=True, transform=flips)

turned = [transforms.RandomRotation(180), transforms.ToTensor()]  #! TRK007 "a 6 that is turned"
#         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
usps = datasets.USPS("data", True, transforms.Compose(turned))

svhn = torchvision.datasets.SVHN(
    "data",
    split="train",
    transform=v2.Compose(
        [
            v2.RandomVerticalFlip(p=0.3),  #! TRK007 "upside-down digit"
            v2.RandomApply([v2.RandomHorizontalFlip()], p=0.5),  #! TRK007 "mirrored 2"
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
        ]
    ),
)

signs = datasets.GTSRB(
    "data",
    "train",
    transforms.Compose(
        [
            transforms.Resize((32, 32)),
            transforms.RandomHorizontalFlip(0.5),  #! TRK007 '"turn left"'
            transforms.ColorJitter(0.2, 0.2),
            transforms.ToTensor(),
        ]
    ),
)

letters = datasets.EMNIST(
    "data", split="letters", train=True, transform=transforms.RandomVerticalFlip()  #! TRK007 "M and W"
)

kana = datasets.KMNIST(
    "data",
    transform=transforms.Compose(
        [
            transforms.RandomResizedCrop(28),  #! TRK007 "so small a piece"
            transforms.RandomAffine(degrees=(-100, 100)),  #! TRK007 "hiragana that is turned"
            transforms.ToTensor(),
        ]
    ),
)

shoes = datasets.FashionMNIST(
    "data",
    transform=transforms.Compose(
        [
            transforms.RandomHorizontalFlip(),
            transforms.RandomVerticalFlip(),  #! TRK007 "no image of it is upside down"
            transforms.ToTensor(),
        ]
    ),
)

loader = DataLoader(train_set, batch_size=64, shuffle=True)

"""Augmentation that is right, or may be."""

import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.datasets import CIFAR10, MNIST, SVHN
from torchvision.transforms import functional as TF

import views

parser = argparse.ArgumentParser()
parser.add_argument("--data", default="mnist")
parser.add_argument("--flip", type=float, default=0.0)
parser.add_argument("--augment", action="store_true")
args = parser.parse_args()

# Natural images: a mirrored cat is a cat.
natural = transforms.Compose(
    [
        transforms.RandomCrop(32, padding=4),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
    ]
)
cifar = CIFAR10("data", train=True, transform=natural)
pets = datasets.OxfordIIITPet("data", transform=natural)
folder = datasets.ImageFolder("data/flowers/train", transform=natural)

# Small angles, small shifts, mild crops, colours.
gentle = transforms.Compose(
    [
        transforms.RandomRotation(20),
        transforms.RandomAffine(10, translate=(0.1, 0.1), scale=(0.9, 1.1)),
        transforms.RandomResizedCrop(28, scale=(0.8, 1.0)),
        transforms.RandomPerspective(0.2),
        transforms.ColorJitter(0.4, 0.4),
        transforms.ToTensor(),
    ]
)
digits = MNIST("data", train=True, transform=gentle)

# Half a turn at most is where opinions begin to differ.
steep = MNIST("data", transform=transforms.Compose([transforms.RandomRotation((-60, 60))]))

# EMNIST lies on its side: all images are put upright.
upright = transforms.Compose(
    [
        transforms.RandomRotation((90, 90)),
        transforms.RandomVerticalFlip(p=1.0),
        transforms.ToTensor(),
    ]
)
letters = datasets.EMNIST("data", split="letters", train=True, transform=upright)
turned = datasets.EMNIST(
    "data",
    "digits",
    transform=transforms.Compose(
        [lambda image: TF.hflip(TF.rotate(image, -90)), transforms.ToTensor()]
    ),
)

# Never applied, or not known how often.
never = MNIST("data", transform=transforms.RandomHorizontalFlip(p=0))
perhaps = MNIST("data", transform=transforms.RandomHorizontalFlip(p=args.flip))
switched_off = MNIST(
    "data", transform=transforms.RandomApply([transforms.RandomHorizontalFlip()], p=0.0)
)

# The labels are adapted, or the transform is the user's own.
mirrored_classes = SVHN(
    "data",
    transform=transforms.RandomHorizontalFlip(),
    target_transform=lambda label: label + 10,
)
two_views = MNIST("data", transform=views.TwoViews(transforms.RandomHorizontalFlip()))


def choose(name):
    """The flip and the data set depend on the same condition."""
    steps = [transforms.RandomCrop(32, padding=4)]
    if name == "cifar10":
        steps.append(transforms.RandomHorizontalFlip())
    steps += [transforms.ToTensor()]
    pipeline = transforms.Compose(steps)
    if name == "cifar10":
        return CIFAR10("data", transform=pipeline)
    return SVHN("data", transform=pipeline)


def choose_whole(name):
    """Two pipelines, of which one is for digits."""
    if name == "mnist":
        pipeline = transforms.ToTensor()
    else:
        pipeline = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
    return MNIST("data", transform=pipeline) if name == "mnist" else CIFAR10("data", pipeline)


def later():
    """Another transform takes its place."""
    train_set = MNIST("data", transform=transforms.RandomHorizontalFlip())
    train_set.transform = transforms.ToTensor()
    return DataLoader(train_set, batch_size=32, shuffle=True)


def gan(generator, discriminator, optimizer):
    """Nobody reads the labels."""
    flipping = transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ToTensor()])
    loader = DataLoader(MNIST("data", transform=flipping), batch_size=32, shuffle=True)
    for images, _ in loader:
        optimizer.zero_grad()
        noise = torch.randn(images.size(0), 64)
        loss = discriminator(generator(noise)).mean() - discriminator(images).mean()
        loss.backward()
        optimizer.step()


def autoencoder(model: nn.Module):
    """The image is its own target, the labels are moved and never used."""
    flipping = transforms.Compose([transforms.RandomVerticalFlip(), transforms.ToTensor()])
    loader = DataLoader(MNIST("data", transform=flipping), batch_size=32, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters())
    for batch, (images, labels) in enumerate(loader):
        images, labels = images.cuda(), labels.cuda()
        optimizer.zero_grad()
        nn.functional.mse_loss(model(images), images).backward()
        optimizer.step()
        if batch % 100 == 0:
            print(batch, images.shape)

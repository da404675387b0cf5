"""Transforms of kornia and albumentations, which know nothing of data sets."""

import albumentations as A
import kornia.augmentation as K
import numpy as np
import torch
from albumentations.pytorch import ToTensorV2
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

TO_TENSOR = transforms.ToTensor()


class Albumentation:
    def __init__(self, pipeline):
        self.pipeline = pipeline

    def __call__(self, image):
        return self.pipeline(image=np.array(image))["image"]


wrong = A.Compose(
    [
        A.HorizontalFlip(p=0.5),  #! TRK007 "`HorizontalFlip` on MNIST"
        A.Rotate(limit=15),
        A.Normalize(0.5, 0.5),
        ToTensorV2(),
    ]
)
digits = datasets.MNIST("data", transform=Albumentation(wrong))
steep = A.OneOf([A.Rotate(), A.RandomRotate90(), A.NoOp()])
gentle = A.Compose([A.Rotate(limit=10), A.ShiftScaleRotate(), A.ColorJitter(), A.ToGray()])
right = datasets.MNIST("data", transform=Albumentation(gentle))
house_numbers = datasets.SVHN(
    "data",
    transform=lambda image: A.VerticalFlip(p=0.2)(image=np.asarray(image))["image"],  #! TRK007 "on SVHN"
)
signs = datasets.GTSRB(
    "data",
    transform=Albumentation(
        A.Compose([A.HueSaturationValue(hue_shift_limit=60), A.RandomBrightnessContrast()])  #! TRK007 "forbids"
    ),
)
natural = datasets.CIFAR10("data", transform=Albumentation(wrong))
upright = datasets.EMNIST("data", "letters", transform=Albumentation(A.Transpose(p=1)))
never = datasets.MNIST("data", transform=Albumentation(A.HorizontalFlip(p=0)))
perhaps = datasets.MNIST("data", transform=Albumentation(A.HorizontalFlip(p=torch.rand(1))))


class Flipping(nn.Module):
    """The flip is a part of the model."""

    def __init__(self):
        super().__init__()
        self.flip = K.RandomHorizontalFlip()  #! TRK007 "`RandomHorizontalFlip` on QMNIST"
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(784, 10))

    def forward(self, x):
        return self.net(self.flip(x))


def learn(model, optimizer, x, y):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()


def train(model, optimizer):
    augment = K.AugmentationSequential(
        K.RandomVerticalFlip(p=0.5),  #! TRK007 "`RandomVerticalFlip` on KMNIST"
        K.RandomRotation(10.0),
        K.ColorJiggle(0.1, 0.1, 0.1, 0.1),
    )
    mirrored = nn.Sequential(K.RandomHorizontalFlip(), K.RandomAffine(20.0)).cuda()  #! TRK007 "on USPS"
    for x, y in DataLoader(datasets.KMNIST("data", transform=TO_TENSOR), 64, shuffle=True):
        learn(model, optimizer, augment(x.cuda()), y)
    for x, y in DataLoader(datasets.USPS("data", transform=TO_TENSOR), 64, shuffle=True):
        learn(model, optimizer, mirrored(x.to("cuda")), y)


def train_right(model, optimizer, flips, own):
    """Natural images, gentle turns, a flip that depends, or code that nobody knows."""
    flip, turn = K.RandomHorizontalFlip(), K.RandomRotation(degrees=15.0)
    for x, y in DataLoader(datasets.CIFAR10("data", transform=TO_TENSOR), 64, shuffle=True):
        learn(model, optimizer, flip(x), y)
    for x, y in DataLoader(datasets.MNIST("data", transform=TO_TENSOR), 64, shuffle=True):
        learn(model, optimizer, turn(x), y)
        if flips:
            x = flip(x)
        learn(model, optimizer, own(x), y)


def contrast(encoder, optimizer):
    """Right: nobody reads the labels, two views of one image belong together."""
    flip = K.RandomHorizontalFlip()
    for x, _ in DataLoader(datasets.MNIST("data", transform=TO_TENSOR), 64, shuffle=True):
        optimizer.zero_grad()
        (encoder(flip(x)) - encoder(x)).pow(2).mean().backward()
        optimizer.step()


def train_flipping():
    model = Flipping()
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in DataLoader(datasets.QMNIST("data", transform=TO_TENSOR), 64, shuffle=True):
        learn(model, optimizer, x, y)

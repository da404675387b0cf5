"""Augmentation that both parts of a random split share."""

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset, SubsetRandomSampler, random_split
from torchvision import datasets, transforms

augment = transforms.Compose(
    [
        transforms.RandomResizedCrop(224),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
    ]
)
plain = transforms.Compose([transforms.Resize((224, 224)), transforms.ToTensor()])


def train(model, loader, optimizer):
    model.train()
    for images, labels in loader:
        optimizer.zero_grad()
        F.cross_entropy(model(images), labels).backward()
        optimizer.step()


@torch.no_grad()
def evaluate(model, loader):
    model.eval()
    return sum((model(images).argmax(1) == labels).sum() for images, labels in loader)


def shared(model, optimizer, root):
    data = datasets.ImageFolder(root, transform=augment)  #! TRK007 "held out" "`RandomResizedCrop`"
    #                                 ^^^^^^^^^^^^^^^^^
    train_set, val_set = random_split(data, [0.8, 0.2])
    train(model, DataLoader(train_set, batch_size=32, shuffle=True), optimizer)
    with torch.no_grad():
        for images, labels in DataLoader(val_set, batch_size=32):
            print((model(images).argmax(1) == labels).sum())


def samplers(model, optimizer, indices):
    data = datasets.CIFAR10("data", train=True, transform=augment)  #! TRK007 "held out"
    train_loader = DataLoader(data, 32, sampler=SubsetRandomSampler(indices[:40_000]))
    val_loader = DataLoader(data, 32, sampler=SubsetRandomSampler(indices[40_000:]))
    for _ in range(10):
        train(model, train_loader, optimizer)
        evaluate(model, val_loader)


def two_data_sets(model, optimizer, root, indices):
    """Right: the part that is held out is read without augmentation."""
    train_set = torch.utils.data.Subset(datasets.ImageFolder(root, augment), indices[:900])
    val_set = torch.utils.data.Subset(datasets.ImageFolder(root, plain), indices[900:])
    train(model, DataLoader(train_set, batch_size=32, shuffle=True), optimizer)
    evaluate(model, DataLoader(val_set, batch_size=32))


class WithTransform(Dataset):
    def __init__(self, part, transform):
        self.part, self.transform = part, transform

    def __len__(self):
        return len(self.part)

    def __getitem__(self, index):
        image, label = self.part[index]
        return self.transform(image), label


def wrapped(model, optimizer, root):
    """Right: the transform comes behind the split."""
    train_part, val_part = random_split(datasets.ImageFolder(root), [0.8, 0.2])
    train(model, DataLoader(WithTransform(train_part, augment), 32, shuffle=True), optimizer)
    evaluate(model, DataLoader(WithTransform(val_part, plain), 32))


def nothing_random(model, optimizer, root):
    train_part, val_part = random_split(datasets.ImageFolder(root, plain), [0.8, 0.2])
    train(model, DataLoader(train_part, 32, shuffle=True), optimizer)
    evaluate(model, DataLoader(val_part, 32))


def both_trained_on(models, optimizers, root):
    """Cross validation: each part is trained on once, and evaluated once."""
    first, second = random_split(datasets.ImageFolder(root, augment), [0.5, 0.5])
    train(models[0], DataLoader(first, 32, shuffle=True), optimizers[0])
    evaluate(models[0], DataLoader(second, 32))
    train(models[1], DataLoader(second, 32, shuffle=True), optimizers[1])
    evaluate(models[1], DataLoader(first, 32))


def only_split(root):
    """What the parts are for is out of sight."""
    train_part, val_part = random_split(datasets.ImageFolder(root, augment), [0.8, 0.2])
    return DataLoader(train_part, 32, shuffle=True), DataLoader(val_part, 32)

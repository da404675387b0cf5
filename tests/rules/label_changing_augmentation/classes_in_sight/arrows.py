"""Two classes are each other's mirror image."""

import torch
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

CLASSES = ["forward", "turn left", "turn right"]


def loader(root):
    augment = transforms.Compose(
        [
            transforms.Resize((64, 64)),
            transforms.RandomHorizontalFlip(),  #! TRK007 '"turn left" and "turn right"'
            transforms.RandomVerticalFlip(),
            transforms.ColorJitter(hue=0.4),
            transforms.ToTensor(),
        ]
    )
    return DataLoader(datasets.ImageFolder(root, augment), batch_size=32, shuffle=True)


def train(model, root):
    optimizer = torch.optim.Adam(model.parameters())
    for x, y in loader(root):
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()

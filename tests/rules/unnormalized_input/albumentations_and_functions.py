"""Albumentations, and the functions of torchvision's transforms."""

import albumentations as A
import cv2
import numpy as np
import torch
from albumentations.pytorch import ToTensorV2
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import functional as TF


class Leaves(Dataset):
    def __init__(self, paths, labels, transform):
        self.paths, self.labels, self.transform = paths, labels, transform

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        image = cv2.cvtColor(cv2.imread(self.paths[index]), cv2.COLOR_BGR2RGB)
        image = self.transform(image=image)["image"]
        return image.float(), self.labels[index]  #! TRK009 "pixels from 0 to 255"


def train(paths, labels, transform):
    model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2))
    optimizer = torch.optim.Adam(model.parameters())
    loader = DataLoader(Leaves(paths, labels, transform), batch_size=16, shuffle=True)
    for images, targets in loader:
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images), targets).backward()
        optimizer.step()


def main(paths, labels, own):
    plain = A.Compose([A.Resize(224, 224), A.HorizontalFlip(p=0.5), ToTensorV2()])
    train(paths, labels, plain)
    train(paths, labels, A.Compose([A.Resize(224, 224), A.Normalize(), ToTensorV2()]))
    train(paths, labels, A.Compose([own, ToTensorV2()]))
    train(paths, labels, A.Compose([A.ToFloat(max_value=255), ToTensorV2()]))
    wrong = A.Compose(
        [
            A.Normalize(mean=(123.7, 116.3, 103.5), std=(58.4, 57.1, 57.4)),  #! TRK009 "mean and std"
            ToTensorV2(),
        ]
    )
    train(paths, labels, wrong)
    raw = A.Normalize((123.7, 116.3, 103.5), (58.4, 57.1, 57.4), max_pixel_value=1.0)
    train(paths, labels, A.Compose([raw, ToTensorV2()]))


def functions(path, optimizer):
    image = Image.open(path).convert("RGB")
    unit = TF.to_tensor(TF.resize(image, [32, 32]))
    right = TF.normalize(unit, [0.5, 0.5, 0.5], [0.5, 0.5, 0.5])
    wrong = TF.normalize(unit, [127.5, 127.5, 127.5], [127.5, 127.5, 127.5])  #! TRK009 "between 0 and 1"
    pixels = TF.pil_to_tensor(image)
    scaled = TF.convert_image_dtype(pixels, torch.float32)
    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.GELU())
    return net(right), net(wrong), net(scaled), net(pixels.float())  #! TRK009 "pixels from 0 to 255"


def unknown_source(array: np.ndarray):
    """Floats stay as they are, so these may well be of 0..255."""
    return TF.normalize(TF.to_tensor(array), [127.5], [127.5])

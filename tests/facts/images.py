"""The scale of images, from the file to the first layer."""

import cv2
import numpy as np
import torch
import torch.nn as nn
from PIL import Image
from torch.utils.data import DataLoader, random_split
from torchvision import datasets, transforms
from torchvision.transforms import v2

digits = datasets.MNIST("data", transform=transforms.ToTensor())
stored = digits.data  #= stored: Tensor bytes
floats = stored.float()  #= floats: Tensor 0..255
moved = floats.unsqueeze(1).cuda()  #= moved: Tensor 0..255
scaled = floats / 255  #= scaled: Tensor
cut = floats.clamp(0, 1)  #= cut: Tensor
photo = cv2.imread("cat.png")  #= photo: Tensor bytes
depth = cv2.imread("cat.png", cv2.IMREAD_UNCHANGED)  #= depth: Tensor
array = np.array(Image.open("cat.png"), dtype=np.float32)  #= array: Tensor 0..255
unit = transforms.ToTensor()(Image.open("cat.png"))  #= unit: Tensor 0..1
centred = transforms.Normalize([0.5], [0.5])(unit)  #= centred: Tensor normalized
unscaled = v2.ToDtype(torch.float32)(stored)  #= unscaled: Tensor 0..255
shrunk = v2.ToDtype(torch.float32, scale=True)(stored)  #= shrunk: Tensor 0..1
fed = nn.Linear(784, 10)(floats)  #= fed: Tensor (..., 10) scores of 0..255
normal = nn.BatchNorm1d(10)(fed)  #= normal: Tensor (..., 10)
train_part, val_part = random_split(digits, [50_000, 10_000])  #= val_part: Subset
images, labels = next(iter(DataLoader(train_part)))  #= images: Tensor 0..1
classes = labels.cuda()  #= classes: Tensor label

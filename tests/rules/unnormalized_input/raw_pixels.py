"""Pixels from 0 to 255 that enter a network."""

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn
from torch.utils.data import DataLoader, Dataset
from torchvision import datasets, io, transforms
from torchvision.transforms import v2


class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3)
        self.pool = nn.MaxPool2d(2)
        self.fc = nn.Linear(8 * 13 * 13, 10)

    def forward(self, x):
        x = self.pool(F.relu(self.conv1(x)))
        return self.fc(torch.flatten(x, 1))


class Normalizing(nn.Module):
    """A batch norm behind the first layer cancels the scale."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8 * 26 * 26, 10)

    def forward(self, x):
        return self.fc(torch.flatten(F.relu(self.bn1(self.conv1(x))), 1))


class Scaling(nn.Module):
    """It divides by itself."""

    def __init__(self):
        super().__init__()
        self.body = Plain()

    def forward(self, x):
        return self.body(x / 255.0)


plain, normalizing, scaling = Plain(), Normalizing(), Scaling()
optimizer = torch.optim.Adam(plain.parameters())
mnist = datasets.MNIST("data", train=True)

images = mnist.data.unsqueeze(1).float()  #! TRK009 "pixels from 0 to 255"
#        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
scores = plain(images)
normalizing(mnist.data.unsqueeze(1).float())
scaling(mnist.data.unsqueeze(1).float())
plain(mnist.data.unsqueeze(1).float() / 255)
plain(mnist.data.unsqueeze(1).float().div(255.0))
plain((mnist.data.unsqueeze(1).float() - 33.3) / 78.6)

flat = torch.tensor(mnist.train_data, dtype=torch.float32).view(-1, 784)  #! TRK009 "enter the network"
regression = nn.Linear(784, 10)
loss = F.cross_entropy(regression(flat), mnist.targets)

in_place = mnist.test_data.unsqueeze(1).float()
in_place.div_(255)
plain(in_place)

augmented = mnist.test_data.unsqueeze(1).float()
augmented /= 255
plain(augmented)

touched = mnist.test_data.unsqueeze(1).float()
touched[:] = touched - touched.mean()
plain(touched)

photo = torch.from_numpy(cv2.imread("cat.png")).permute(2, 0, 1).float()  #! TRK009
nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())(photo.unsqueeze(0))
nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 8, 3), nn.ReLU())(photo.unsqueeze(0))

picture = np.array(Image.open("cat.png").convert("L"), dtype=np.float32)  #! TRK009
nn.Sequential(nn.Flatten(), nn.Linear(784, 8), nn.Tanh())(torch.from_numpy(picture))
gray = np.asarray(Image.open("cat.png").convert("L")).astype(np.float32) / 255
nn.Sequential(nn.Flatten(), nn.Linear(784, 8), nn.Tanh())(torch.from_numpy(gray))

decoded = io.read_image("cat.png")
nn.Sequential(nn.Conv2d(3, 8, 3), nn.LeakyReLU(0.2))(decoded.to(torch.float32))  #! TRK009
nn.Sequential(nn.Conv2d(3, 8, 3), nn.LeakyReLU(0.2))(
    transforms.ConvertImageDtype(torch.float32)(decoded)
)


def train(model, optimizer):
    """The loader's images come from the transform."""
    steps = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32)])  #! TRK009
    loader = DataLoader(datasets.MNIST("data", transform=steps), batch_size=32, shuffle=True)
    net = Plain()
    for batch, labels in loader:
        optimizer.zero_grad()
        F.cross_entropy(net(batch), labels).backward()
        optimizer.step()


def train_right(optimizer):
    steps = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
    loader = DataLoader(datasets.MNIST("data", transform=steps), batch_size=32, shuffle=True)
    net = Plain()
    for batch, labels in loader:
        optimizer.zero_grad()
        F.cross_entropy(net(batch), labels).backward()
        optimizer.step()


def train_on_bytes(optimizer):
    loader = DataLoader(
        datasets.MNIST("data", transform=transforms.PILToTensor()), batch_size=32, shuffle=True
    )
    net = Plain()
    for batch, labels in loader:
        optimizer.zero_grad()
        F.cross_entropy(net(batch.float()), labels).backward()  #! TRK009
        optimizer.step()


class Photos(Dataset):
    def __init__(self, paths, labels, scale):
        self.paths, self.labels, self.scale = paths, labels, scale

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        image = cv2.imread(self.paths[index])
        image = cv2.cvtColor(image, cv2.COLOR_BGR2RGB).transpose(2, 0, 1)
        return torch.from_numpy(image).float(), self.labels[index]  #! TRK009


class ScaledPhotos(Photos):
    def __getitem__(self, index):
        image = cv2.imread(self.paths[index]).transpose(2, 0, 1) / 255.0
        return torch.from_numpy(image).float(), self.labels[index]


class PreparedPhotos(Photos):
    def __getitem__(self, index):
        image = cv2.imread(self.paths[index])
        return self.scale(image), self.labels[index]


class PhotoTrainer:
    def __init__(self, paths, labels, scale):
        self.model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2))
        self.optimizer = torch.optim.Adam(self.model.parameters())
        self.raw = DataLoader(Photos(paths, labels, scale), batch_size=8, shuffle=True)
        self.scaled = DataLoader(ScaledPhotos(paths, labels, scale), batch_size=8, shuffle=True)
        self.prepared = DataLoader(PreparedPhotos(paths, labels, scale), batch_size=8, shuffle=True)

    def fit(self):
        for loader in (self.raw, self.scaled, self.prepared):
            for x, y in loader:
                self.optimizer.zero_grad()
                F.cross_entropy(self.model(x), y).backward()
                self.optimizer.step()

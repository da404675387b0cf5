"""Scales in training code of every style."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.cuda.amp import GradScaler, autocast
from torch.utils.data import DataLoader, TensorDataset
from torchvision import datasets, transforms


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.model = nn.Sequential(nn.Linear(784, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))

    def forward(self, image):
        return self.model(image.view(image.size(0), -1))


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(784, 32), nn.ReLU())
        self.decoder = nn.Linear(32, 784)

    def forward(self, x):
        return torch.sigmoid(self.decoder(self.encoder(x.view(-1, 784))))


class Recurrent(nn.Module):
    """The rows of an image are a sequence."""

    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(28, 32, batch_first=True)
        self.head = nn.Linear(32, 10)

    def forward(self, x):
        return self.head(self.lstm(x.squeeze(1))[0][:, -1])


def gan(generator, optimizer_d, scaled):
    """Right: between -1 and 1 as the generator's tanh."""
    steps = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    loader = DataLoader(datasets.MNIST("data", transform=steps), batch_size=64, shuffle=True)
    discriminator = Discriminator()
    for images, _ in loader:
        optimizer_d.zero_grad()
        fake = generator(torch.randn(images.size(0), 100)).detach()
        loss = discriminator(fake).mean() - discriminator(images).mean()
        loss.backward()
        optimizer_d.step()


def gan_on_bytes(generator, optimizer_d):
    loader = DataLoader(
        datasets.MNIST("data", transform=transforms.PILToTensor()), batch_size=64, shuffle=True
    )
    discriminator = Discriminator()
    for images, _ in loader:
        real = images.float()  #! TRK009
        optimizer_d.zero_grad()
        fake = generator(torch.randn(real.size(0), 100)).detach()
        loss = discriminator(fake).mean() - discriminator(real).mean()
        loss.backward()
        optimizer_d.step()


def autoencoder():
    """Right: its sigmoid and the binary cross entropy need images of 0..1."""
    model = Autoencoder()
    optimizer = torch.optim.Adam(model.parameters())
    loader = DataLoader(datasets.MNIST("data", transform=transforms.ToTensor()), batch_size=64)
    for images, _ in loader:
        optimizer.zero_grad()
        F.binary_cross_entropy(model(images), images.view(-1, 784)).backward()
        optimizer.step()


def rows(amp):
    """With mixed precision; the rows of the pixels go into an LSTM."""
    model, scaler = Recurrent(), GradScaler()
    optimizer = torch.optim.Adam(model.parameters())
    data = datasets.FashionMNIST("data", train=True)
    images = data.data.float().unsqueeze(1)  #! TRK009
    loader = DataLoader(TensorDataset(images, data.targets), batch_size=64, shuffle=True)
    with autocast():
        loss = F.cross_entropy(model(images), data.targets)
    scaler.scale(loss).backward()
    scaler.step(optimizer)  #! TRK010
    scaler.update()
    return loader


class Trainer:
    def __init__(self, root, epochs):
        self.epochs = epochs
        self.model = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.ReLU(), nn.Linear(64, 10))
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=0.1)
        self.data = datasets.KMNIST(root, train=True)
        self.images = self.data.data.to(torch.float32)  #! TRK009
        self.scaled = self.data.data.to(torch.float32) / 255.0
        self.mean, self.std = self.images.mean(), self.images.std()

    def fit(self):
        for _ in range(self.epochs):
            self.optimizer.zero_grad()
            loss = F.cross_entropy(self.model(self.images), self.data.targets)
            loss.backward()
            self.optimizer.step()

    def fit_scaled(self):
        self.optimizer.zero_grad()
        F.cross_entropy(self.model(self.scaled), self.data.targets).backward()
        self.optimizer.step()

    def fit_normalized(self):
        self.optimizer.zero_grad()
        images = (self.images - self.mean) / self.std
        F.cross_entropy(self.model(images), self.data.targets).backward()
        self.optimizer.step()

    def fit_by_hand(self):
        """The scale is right behind a function that changes its argument."""
        images = self.data.data.to(torch.float32)
        scale_(images)
        self.model(images)


def scale_(images):
    images /= 255


def prepared(prepare, optimizer):
    """A function out of sight may scale in place."""
    images = datasets.MNIST("data").data.float()
    prepare(images)
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 10), nn.ReLU())(images)


def tokens():
    """Numbers of words are not pixels."""
    ids = torch.randint(0, 255, (4, 16))
    return nn.Sequential(nn.Embedding(255, 8), nn.Linear(8, 2), nn.ReLU())(ids)


def masks(model, path):
    """The pixels of a mask are classes: they are a target, no input."""
    import cv2

    mask = torch.from_numpy(cv2.imread(path, 0)).float()
    return F.binary_cross_entropy_with_logits(model(mask.size(0)), mask)


def demo(path):
    """Weights that are loaded may be made for such pixels, and nothing is trained here."""
    import cv2

    net = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.LazyLinear(2))
    net.load_state_dict(torch.load("net.pt"))
    return net(torch.from_numpy(cv2.imread(path)).permute(2, 0, 1).float().unsqueeze(0))


class HighPass(nn.Module):
    """The first layer is a fixed filter that is made for pixels."""

    def __init__(self, kernel):
        super().__init__()
        self.filter = nn.Conv2d(3, 8, 5)
        self.filter.weight = nn.Parameter(kernel)
        self.frozen = nn.Conv2d(3, 8, 5)
        self.frozen.requires_grad_(False)

    def forward(self, x):
        return F.relu(self.filter(x)) + F.relu(self.frozen(x))


def steganalysis(path, kernel):
    import cv2

    net = HighPass(kernel)
    optimizer = torch.optim.Adam(net.parameters())
    loss = net(torch.from_numpy(cv2.imread(path)).permute(2, 0, 1).float().unsqueeze(0)).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

"""Right: something is drawn, or compared with the images, so they have to be as they are."""

import torch
import torch.nn.functional as F
from nets import Plain
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

TO_TENSOR = transforms.ToTensor()


class Both(nn.Module):
    """It tells the class and draws the image again."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU())
        self.classes = nn.Linear(32, 10)
        self.pixels = nn.Linear(32, 784)

    def forward(self, x):
        inner = self.inner(x)
        return self.classes(inner), torch.sigmoid(self.pixels(inner))


def drawn_again():
    net = Both()
    optimizer = torch.optim.Adam(net.parameters())
    to_tensor = transforms.ToTensor()
    data = datasets.MNIST("data", transform=to_tensor)
    for images, labels in DataLoader(data, batch_size=64, shuffle=True):
        scores, drawn = net(images)
        loss = F.cross_entropy(scores, labels) + F.mse_loss(drawn, images.flatten(1))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def drawn_again_and_compared_by_a_module(compare):
    net, bce = Both(), nn.BCELoss()
    optimizer = torch.optim.Adam(net.parameters())
    data = datasets.MNIST("data", transform=transforms.ToTensor())
    for images, labels in DataLoader(data, batch_size=64, shuffle=True):
        scores, drawn = net(images)
        loss = F.cross_entropy(scores, labels) + bce(drawn, images.view(-1, 784))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def compared_out_of_sight(compare):
    net = Both()
    optimizer = torch.optim.Adam(net.parameters())
    data = datasets.MNIST("data", transform=transforms.ToTensor())
    for images, labels in DataLoader(data, batch_size=64, shuffle=True):
        scores, drawn = net(images)
        loss = F.cross_entropy(scores, labels) + compare(drawn, images)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def shaken():
    """The images are changed by as much as a person would not see."""
    net = Plain()
    optimizer = torch.optim.Adam(net.parameters())
    data = datasets.MNIST("data", transform=transforms.ToTensor())
    for images, labels in DataLoader(data, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        F.cross_entropy(net(images), labels).backward()
        optimizer.step()
        optimizer.zero_grad()
        F.cross_entropy(net(images + 0.1 * torch.randn(64, 1, 28, 28).sign()), labels).backward()
        optimizer.step()


class Critic(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.LeakyReLU(0.2))
        self.real, self.classes = nn.Linear(32, 1), nn.Linear(32, 10)

    def forward(self, x):
        inner = self.inner(x)
        return self.real(inner), self.classes(inner)


def against_each_other():
    """What is drawn ends in a sigmoid, so the images have to lie between 0 and 1."""
    critic = Critic()
    artist = nn.Sequential(nn.Linear(100, 784), nn.Sigmoid())
    theirs = torch.optim.Adam(critic.parameters())
    ours = torch.optim.Adam(artist.parameters())
    data = datasets.MNIST("data", transform=transforms.ToTensor())
    for images, labels in DataLoader(data, batch_size=64, shuffle=True):
        real, scores = critic(images)
        false, _ = critic(artist(torch.randn(64, 100)).detach())
        theirs.zero_grad()
        (F.cross_entropy(scores, labels) + false.mean() - real.mean()).backward()
        theirs.step()
        ours.zero_grad()
        (-critic(artist(torch.randn(64, 100)))[0].mean()).backward()
        ours.step()


def halves():
    """No classes are learned."""
    net = nn.Sequential(nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 2))
    optimizer = torch.optim.Adam(net.parameters())
    data = datasets.MNIST("data", transform=transforms.ToTensor())
    for images, _ in DataLoader(data, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        net(images).pow(2).mean().backward()
        optimizer.step()

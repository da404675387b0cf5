"""Classes are learned from images of 0..1, and nothing shifts or scales them."""

import torch
import torch.nn.functional as F
from nets import Batched, Centring, Layered, Plain, Prepared
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, transforms
from torchvision.transforms import v2

train_set = datasets.MNIST("data", train=True, transform=transforms.ToTensor())  #! TRK009 "between 0 and 1"
#                                                        ^^^^^^^^^^^^^^^^^^^^^
loader = DataLoader(train_set, batch_size=64, shuffle=True)
model = Plain()
optimizer = torch.optim.Adam(model.parameters())
for epoch in range(3):
    for images, labels in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()

flat = nn.Sequential(nn.Flatten(), nn.Linear(784, 64), nn.Tanh(), nn.Linear(64, 10), nn.LogSoftmax(1))
steps = v2.Compose(
    [
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),  #! TRK009
    ]
)
kana = DataLoader(datasets.KMNIST("data", transform=steps), batch_size=64, shuffle=True)
criterion = nn.NLLLoss()
optimizer = torch.optim.SGD(flat.parameters(), lr=0.1)
for images, labels in kana:
    images, labels = images.to("cuda"), labels.to("cuda")
    optimizer.zero_grad()
    criterion(flat(images), labels).backward()
    optimizer.step()


def learn(net, data):
    """Right: these nets, or the loop, do something about the scale."""
    optimizer = torch.optim.Adam(net.parameters())
    for images, labels in DataLoader(data, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        F.cross_entropy(net(images), labels).backward()
        optimizer.step()


def main(unknown):
    clothes = datasets.FashionMNIST("data", transform=transforms.ToTensor())
    for net in (Batched(), Layered(), Centring(), Prepared(), unknown):
        learn(net, clothes)


def in_the_loop():
    """Right: it is done in the loop."""
    net = Plain()
    optimizer = torch.optim.Adam(net.parameters())
    data = datasets.QMNIST("data", transform=transforms.ToTensor())
    for images, labels in DataLoader(data, batch_size=64, shuffle=True):
        optimizer.zero_grad()
        F.cross_entropy(net(images * 2 - 1), labels).backward()
        optimizer.step()


def by_a_lambda():
    """Right: it is done by the last step."""
    both = transforms.Compose([transforms.ToTensor(), transforms.Lambda(lambda x: x * 2 - 1)])
    learn(Plain(), datasets.EMNIST("data", "digits", transform=both))


def by_a_function_out_of_sight(scale):
    data = datasets.USPS("data", transform=transforms.Compose([transforms.ToTensor(), scale]))
    learn(Plain(), data)


class OwnDigits(datasets.MNIST):
    """Right: the data set does it."""

    def __getitem__(self, index):
        image, label = super().__getitem__(index)
        return (image - 0.13) / 0.31, label


def by_the_data_set():
    learn(Plain(), OwnDigits("data", transform=transforms.ToTensor()))


def evaluate(net):
    """Right: nothing is learned here, who knows what the weights are made for."""
    data = datasets.SVHN("data", split="test", transform=transforms.ToTensor())
    with torch.no_grad():
        for images, labels in DataLoader(data, batch_size=64):
            print(F.cross_entropy(Plain()(images), labels))


def of_two_scales(dark):
    """Right: only one of two pipelines is like that."""
    steps = transforms.ToTensor()
    if dark:
        steps = transforms.Compose([steps, transforms.Lambda(lambda x: x / 2)])
    learn(Plain(), datasets.SEMEION("data", transform=steps))

"""L-BFGS: the optimizer evaluates the loss itself, through a closure."""

import torch
import torch.nn as nn
from torch import optim
from torch.utils.data import DataLoader
from torchvision import datasets, transforms


class SmallNet(nn.Module):
    def __init__(self):
        super(SmallNet, self).__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 4, 3, stride=2, bias=False),
            nn.BatchNorm2d(4),
            nn.Tanh(),
        )
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(13 * 4, 10)

    def forward(self, x):
        x = self.body(x)
        n, c, h, w = x.shape
        x = x.permute(0, 2, 3, 1).reshape(n, h, w * c)
        return self.out(self.drop(x.mean(1)))


def make_loader(train):
    steps = [transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,))]
    if train:
        steps = [transforms.RandomAffine(10, translate=(0.1, 0.1)), *steps]
    data = datasets.MNIST("data", train=train, download=True, transform=transforms.Compose(steps))
    return DataLoader(data, batch_size=16, shuffle=train)


net = SmallNet()
criterion = nn.CrossEntropyLoss()
optimizer = optim.LBFGS(net.parameters(), lr=0.1, max_iter=4)
train_loader = make_loader(train=True)
test_loader = make_loader(train=False)

for epoch in range(2):
    net.train()
    for inputs, labels in train_loader:

        def closure():
            optimizer.zero_grad()
            loss = criterion(net(inputs), labels)
            loss.backward()
            return loss

        optimizer.step(closure)

    net.eval()
    hits = 0
    with torch.no_grad():
        for inputs, labels in test_loader:
            hits += (net(inputs).argmax(1) == labels).sum().item()
    print(epoch, hits / len(test_loader.dataset))

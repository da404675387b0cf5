"""Gradients of several small batches are summed up for each step."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader
from torchvision.datasets import KMNIST
from torchvision.transforms import Compose, Normalize, RandomAffine, ToTensor

ACCUMULATION_STEPS = 4


class Encoder(nn.Module):
    def __init__(self, channels, hidden):
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels, 5, padding=2, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.dropout = nn.Dropout(p=0.3)
        self.rnn = nn.GRU(channels * 28, hidden, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hidden, 10)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        batch, channels, height, width = x.shape
        x = x.transpose(1, 2).reshape(batch, height, channels * width)
        _, state = self.rnn(self.dropout(x))
        return self.fc(torch.cat((state[0], state[1]), dim=1))


def loaders(root="data"):
    normalize = Normalize((0.1918,), (0.3483,))
    train_data = KMNIST(
        root, train=True, transform=Compose([RandomAffine(5), ToTensor(), normalize]), download=True
    )
    test_data = KMNIST(root, train=False, transform=Compose([ToTensor(), normalize]))
    train_loader = DataLoader(train_data, batch_size=8, shuffle=True, drop_last=True)
    return train_loader, DataLoader(test_data, batch_size=64)


def run(epochs=2):
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    train_loader, test_loader = loaders()
    net = Encoder(8, 32).to(device)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)

    for epoch in range(epochs):
        net.train()
        optimizer.zero_grad()
        for step, (inputs, targets) in enumerate(train_loader):
            logits = net(inputs.to(device))
            loss = F.cross_entropy(logits, targets.to(device)) / ACCUMULATION_STEPS
            loss.backward()
            if (step + 1) % ACCUMULATION_STEPS == 0:
                torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
                optimizer.step()
                optimizer.zero_grad()

        net.eval()
        right = 0
        with torch.no_grad():
            for inputs, targets in test_loader:
                right += net(inputs.to(device)).argmax(1).cpu().eq(targets).sum().item()
        print(f"epoch {epoch}: {right / len(test_loader.dataset):.3f}")


run()

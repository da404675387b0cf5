"""Training code with mistakes, as somebody types it."""

SCRIPT = """\
import torch
from torch import nn

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
for _ in range(3):
    loss = model(torch.randn(8, 4)).pow(2).mean()
    loss.backward()
    optimizer.step()
"""

LOOP = """\
import torch
from torch import nn

model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
batches = [torch.randn(8, 4)]
for x in batches:
    loss = model(x).pow(2).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
"""

FUNCTIONS = """\
import torch
import torch.nn.functional as F


def train(model: torch.nn.Module, optimizer: torch.optim.Optimizer, loader) -> None:
    for x, y in loader:
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()


def evaluate(model: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    scores = torch.softmax(model(x), dim=1)
    return F.cross_entropy(scores, y)
"""

MODEL = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(4, 3)

    def forward(self, x):
        return torch.softmax(self.layer(x), dim=1)
"""

USER_OF_MODEL = """\
import torch
import torch.nn.functional as F

from model import Net

net = Net()
loss = F.cross_entropy(net(torch.randn(8, 4)), torch.zeros(8, dtype=torch.long))
"""

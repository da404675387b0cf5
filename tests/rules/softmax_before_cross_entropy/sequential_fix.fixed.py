"""A Sequential that ends in a softmax, laid out on several lines."""

import torch
import torch.nn as nn

net = nn.Sequential(
    nn.Linear(8, 16),  # hidden
    nn.ReLU(),
    nn.Linear(16, 3),
)
criterion = nn.CrossEntropyLoss()
opt = torch.optim.SGD(net.parameters(), lr=0.1)

for _ in range(3):
    opt.zero_grad()
    loss = criterion(net(torch.randn(4, 8)), torch.randint(0, 3, (4,)))
    loss.backward()
    opt.step()

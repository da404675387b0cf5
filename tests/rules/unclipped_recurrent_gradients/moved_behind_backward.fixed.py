"""A script that clips what was already used, and a function that clips too early."""

import torch
from torch import nn

batches = [(torch.randn(8, 4), torch.randn(8, 1)) for _ in range(3)]
model = nn.Linear(4, 1)
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for inputs, targets in batches:
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(model(inputs), targets)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)  # keep it small
    optimizer.step()
    print(loss.item())


def train(net, opt, criterion):
    for x, y in batches:
        opt.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(
            net.parameters(), max_norm=0.5
        )
        opt.step()
        print(norm)


train(model, optimizer, nn.MSELoss())

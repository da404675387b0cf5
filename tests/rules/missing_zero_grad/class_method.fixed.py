"""A trainer class whose comments and blank lines must survive the fix."""

import torch
from torch import nn


class Trainer:
    def __init__(self, net, data):
        self.net = net
        self.data = data
        self.optim = torch.optim.SGD(self.net.parameters(), lr=0.1)

    def train(self):
        for x, y in self.data:
            # forward
            pred = self.net(x)
            loss = nn.functional.mse_loss(pred, y)

            # backward
            self.optim.zero_grad()
            loss.backward()
            # update
            self.optim.step()


Trainer(nn.Linear(3, 1), [(torch.randn(5, 3), torch.randn(5, 1))] * 3).train()

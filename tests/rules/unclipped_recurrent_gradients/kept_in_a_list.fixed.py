"""Generators that the optimizer uses up."""

import torch
from torch import nn
from torch.nn.utils import clip_grad_norm_

batches = [(torch.randn(8, 4), torch.randn(8, 1)) for _ in range(3)]
model = nn.Linear(4, 1)
params = list(model.parameters())  # all of them
optimizer = torch.optim.SGD(params, lr=0.1)

for inputs, targets in batches:
    optimizer.zero_grad()
    nn.functional.mse_loss(model(inputs), targets).backward()
    clip_grad_norm_(params, 1.0)
    optimizer.step()


class Trainer:
    def __init__(self):
        self.net = nn.Linear(4, 1)
        self.trainable = list(filter(lambda p: p.requires_grad, self.net.parameters()))
        self.optimizer = torch.optim.SGD(self.trainable, lr=0.1)

    def fit(self):
        for x, y in batches:
            self.optimizer.zero_grad()
            nn.functional.mse_loss(self.net(x), y).backward()
            clip_grad_norm_(self.trainable, 1.0)
            self.optimizer.step()


Trainer().fit()

"""What the training script calls."""

import torch
from torch import nn


class Classifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(4, 8, batch_first=True)
        self.fc = nn.Linear(8, 2)

    def forward(self, x):
        return self.fc(self.gru(x)[0][:, -1])


def limit(model):
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)


def limit_late(model):
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)  #! TRK010 "holds no gradients here"


def update(optimizer, loss):
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()  #! TRK010 "the GRU go into `optimizer`"

"""The last states of all layers side by side."""

import torch
from torch import nn


class Encoder(nn.Module):
    def __init__(self, n_in: int, hidden: int, layers: int):
        super().__init__()
        self.gru = nn.GRU(n_in, hidden, layers, batch_first=True)
        self.fc = nn.Linear(hidden * layers, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        _, h_n = self.gru(x)
        h = h_n.transpose(0, 1).reshape(x.size(0), -1)
        return self.fc(h)


Encoder(5, 6, 2)(torch.randn(4, 7, 5))

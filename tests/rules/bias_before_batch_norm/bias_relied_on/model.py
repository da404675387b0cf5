"""Code elsewhere fills the biases: without one it would stop, so no fix is offered."""

from helpers import weights_init
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, 3)  #! TRK005
        self.norm = nn.BatchNorm2d(8)
        self.fc = nn.Linear(8, 8)  #! TRK005
        self.fc_norm = nn.BatchNorm1d(8)
        self.apply(weights_init)

    def forward(self, x):
        x = self.norm(self.conv(x))
        return self.fc_norm(self.fc(x.mean((2, 3))))

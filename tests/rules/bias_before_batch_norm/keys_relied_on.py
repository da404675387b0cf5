"""The key of a bias in a checkpoint is asked for: no fix is offered."""

import torch
from torch import nn

net = nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), nn.Linear(8, 1))  #! TRK005
out = net(torch.randn(4, 8))
print(out, net.state_dict()["0.bias"])

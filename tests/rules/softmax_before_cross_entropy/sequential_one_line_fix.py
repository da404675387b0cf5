"""A Sequential that ends in a softmax, on one line."""

import torch
from torch import nn

model = nn.Sequential(nn.Flatten(), nn.Linear(16, 3), nn.Softmax(dim=-1))
x, y = torch.randn(4, 4, 4), torch.randint(0, 3, (4,))
loss = nn.CrossEntropyLoss()(model(x), y)  #! TRK004 "CrossEntropyLoss"
loss.backward()

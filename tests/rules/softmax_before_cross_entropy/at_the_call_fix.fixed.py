"""The softmax is written at the loss call itself."""

import torch
import torch.nn.functional as F
from torch import nn

model = nn.Linear(6, 4)
images, labels = torch.randn(8, 6), torch.randint(0, 4, (8,))
outputs = model(images)
loss = F.cross_entropy(outputs, labels)
loss.backward()

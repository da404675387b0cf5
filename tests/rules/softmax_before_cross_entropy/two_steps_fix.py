"""A helper variable between the softmax and the loss."""

import torch
from torch import nn

model = nn.Linear(6, 4)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
x, y = torch.randn(8, 6), torch.randint(0, 4, (8,))

logits = model(x)
probs = torch.softmax(logits, dim=1)
loss = criterion(probs, y)  #! TRK004 "`criterion`"
loss.backward()
